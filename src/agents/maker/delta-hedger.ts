import { lots, NANOS_PER_SECOND } from '../../core/units.ts';
import { type Perpetual, ticksAbove, ticksBelow } from '../../market/instrument.ts';
import type { Side } from '../../market/order.ts';
import type { Desk } from '../agent.ts';
import { hedgeBand, hedgeUnits } from './hedger.ts';
import type { MakerParams } from './params.ts';
import type { PositionRisk } from './position-risk.ts';

/** Sends the hedges of delta: one immediate order in the underlying at a time, back to the edge of the band. */
export class DeltaHedger {
  readonly #underlying: Perpetual;
  readonly #params: MakerParams;
  #notBefore = 0;

  constructor(underlying: Perpetual, params: MakerParams) {
    this.#underlying = underlying;
    this.#params = params;
  }

  /** Hedges if delta is outside the band. Beyond the delta limit, or when `flatten` is set, the band shrinks to one lot. */
  hedge(desk: Desk, risk: Readonly<PositionRisk>, spot: number | undefined, flatten: boolean): void {
    const underlying = this.#underlying;
    if (spot === undefined || desk.now < this.#notBefore) return;
    if (desk.openLots(underlying.id, 'buy') + desk.openLots(underlying.id, 'sell') > 0) return;
    const units = hedgeUnits(risk.delta, this.#band(risk, spot, flatten), underlying.lotSize);
    if (units === 0) return;
    const { hedge } = this.#params;
    const side: Side = units > 0 ? 'buy' : 'sell';
    const worst = spot * (1 + (Math.sign(units) * hedge.slippageBp) / 10_000);
    const price = side === 'buy' ? ticksAbove(underlying, worst) : ticksBelow(underlying, worst);
    desk.submit({ instrument: underlying.id, side, type: 'ioc', price, lots: lots(Math.round(Math.abs(units) / underlying.lotSize)) });
    this.#notBefore = desk.now + hedge.everySeconds * NANOS_PER_SECOND;
  }

  #band(risk: Readonly<PositionRisk>, spot: number, flatten: boolean): number {
    const { hedge, limits } = this.#params;
    const { lotSize } = this.#underlying;
    if (flatten || Math.abs(risk.delta) > limits.delta) return lotSize;
    const terms = { costBp: hedge.costBp, riskAversion: hedge.riskAversion, bandMaximum: hedge.bandMaximum, lotSize };
    return Math.min(hedgeBand(terms, spot, risk.gamma), limits.delta);
  }
}
