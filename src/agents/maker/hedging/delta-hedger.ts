import { lots, NANOS_PER_SECOND } from '../../../core/units.ts';
import { type Perpetual, ticksAbove, ticksBelow } from '../../../market/instrument.ts';
import type { Side } from '../../../market/order.ts';
import type { Desk } from '../../agent.ts';
import type { MakerParams } from '../params.ts';
import { hedgeUnits } from './hedge-units.ts';
import type { Hedger, HedgingView } from './hedger.ts';

/** Sends the hedges of delta: one immediate order in the underlying at a time, back to the edge of the band. */
export class DeltaHedger {
  readonly #underlying: Perpetual;
  readonly #params: MakerParams;
  readonly #hedger: Hedger;
  #notBefore = 0;

  constructor(underlying: Perpetual, params: MakerParams, hedger: Hedger) {
    this.#underlying = underlying;
    this.#params = params;
    this.#hedger = hedger;
  }

  /** Hedges if delta is outside the band. Beyond the delta limit, or when `flatten` is set, the band shrinks to one lot around 0. */
  hedge(desk: Desk, view: HedgingView, flatten: boolean): void {
    const underlying = this.#underlying;
    if (desk.now < this.#notBefore) return;
    if (desk.openLots(underlying.id, 'buy') + desk.openLots(underlying.id, 'sell') > 0) return;
    const limit = this.#params.limits.delta;
    const isUrgent = flatten || Math.abs(view.delta) > limit;
    const { centre, halfWidth } = isUrgent ? { centre: 0, halfWidth: underlying.lotSize } : this.#hedger.band(view);
    const width = Math.min(halfWidth, Math.max(underlying.lotSize, limit - Math.abs(centre)));
    const units = hedgeUnits(view.delta, width, underlying.lotSize, centre);
    if (units === 0) return;
    const { slippageBp, everySeconds } = this.#params.hedging;
    const side: Side = units > 0 ? 'buy' : 'sell';
    const worst = view.spot * (1 + (Math.sign(units) * slippageBp) / 10_000);
    const price = side === 'buy' ? ticksAbove(underlying, worst) : ticksBelow(underlying, worst);
    desk.submit({ instrument: underlying.id, side, type: 'ioc', price, lots: lots(Math.round(Math.abs(units) / underlying.lotSize)) });
    this.#notBefore = desk.now + everySeconds * NANOS_PER_SECOND;
  }
}
