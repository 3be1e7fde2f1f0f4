import { type Lots, lots, NANOS_PER_SECOND, type OrderId, type Ticks } from '../../../core/units.ts';
import { type Perpetual, ticksAbove, ticksBelow } from '../../../market/instrument.ts';
import { type Report, type Side, signOf } from '../../../market/order.ts';
import type { AgentSetup, Desk } from '../../agent.ts';
import type { HedgeInspection } from '../../inspection.ts';
import { affordable, DEPTH_LEVELS } from './affordable.ts';
import { hedgeUnits } from './hedge-units.ts';
import type { Hedger, HedgingView } from './hedger.ts';
import type { HedgingParams } from './hedging-params.ts';

/** A hedge that is wanted: units to trade (bought above 0) and why. It must be done at any price if it is urgent. */
interface Wanted {
  readonly units: number;
  readonly isUrgent: boolean;
  /** Beyond the band by so little that it may rest in the book first. */
  readonly isSlight: boolean;
  readonly kind: HedgeInspection['kind'];
  readonly reason: string;
}

/** Sends the hedges of delta: one order in the underlying at a time, back to the edge of the band. */
export class DeltaHedger {
  /** The latest order, and why it was sent. */
  last: HedgeInspection | undefined;
  readonly #underlying: Perpetual;
  readonly #feePerUnit: AgentSetup['feePerUnit'];
  readonly #params: HedgingParams;
  readonly #limit: number;
  readonly #hedger: Hedger;
  #notBefore = 0;
  /** The latest order, the lots that it was to trade and has not, and its price if it rests. */
  #order: OrderId | undefined;
  #missing = 0;
  #restsAt: Ticks | undefined;
  /** Until when hedges rest before they take; undefined while none is wanted. */
  #restUntil: number | undefined;
  /** Delta that a trade left open and that is traded away whatever the band says. */
  #owed = 0;
  #owedFor = '';

  /** @param limit of delta, in units of the underlying. */
  constructor(
    underlying: Perpetual,
    params: HedgingParams,
    hedger: Hedger,
    { limit, feePerUnit }: { readonly limit: number; readonly feePerUnit: AgentSetup['feePerUnit'] },
  ) {
    this.#underlying = underlying;
    this.#params = params;
    this.#hedger = hedger;
    this.#limit = limit;
    this.#feePerUnit = feePerUnit;
  }

  open(desk: Desk): void {
    if (this.#params.costMaximumBp !== undefined) desk.watchDepth(this.#underlying.id, DEPTH_LEVELS);
  }

  hear(report: Readonly<Report>): void {
    if (report.order === this.#order && report.kind === 'fill') this.#missing -= report.lots;
  }

  /** Delta that a trade left open: the next hedge takes it away, on top of what the band asks for. */
  owe(delta: number, reason: string): void {
    this.#owed += delta;
    this.#owedFor = reason;
  }

  /** Forgets what was under way, as when the market closes. */
  forget(): void {
    this.#missing = 0;
    this.#restUntil = undefined;
    this.#owed = 0;
  }

  /** Hedges if delta is outside the band. Beyond the delta limit, or when `flatten` is set, the band shrinks to one lot around 0. */
  hedge(desk: Desk, view: Omit<HedgingView, 'isUnfinished'>, flatten: boolean): void {
    const { id } = this.#underlying;
    const isBusy = desk.openLots(id, 'buy') + desk.openLots(id, 'sell') > 0;
    if (!isBusy) this.#restsAt = undefined;
    else if (this.#restsAt === undefined) return;
    else {
      this.#lookAfter(desk, this.#restsAt, this.#wanted(view, flatten));
      return;
    }
    if (desk.now < this.#notBefore) return;
    const wanted = this.#wanted(view, flatten);
    if (wanted === undefined) {
      this.#missing = 0;
      this.#restUntil = undefined;
    } else if (!this.#rest(desk, wanted)) this.#take(desk, view.spot, view.quoting.theo.spot, wanted);
  }

  #wanted(view: Omit<HedgingView, 'isUnfinished'>, flatten: boolean): Wanted | undefined {
    const { lotSize } = this.#underlying;
    const limit = this.#limit;
    const isBeyond = Math.abs(view.delta) > limit;
    const isUrgent = flatten || isBeyond;
    const { centre, halfWidth } = isUrgent
      ? { centre: 0, halfWidth: lotSize }
      : this.#hedger.band({ ...view, isUnfinished: this.#missing > 0 });
    const width = Math.min(halfWidth, Math.max(lotSize, limit - Math.abs(centre)));
    const owed = -Math.round(this.#owed / lotSize) * lotSize;
    const units = owed + hedgeUnits(view.delta + owed, width, lotSize, centre);
    if (Math.abs(units) < lotSize / 2) return undefined;
    const delta = view.delta.toFixed(2);
    const isSlight = !isUrgent && owed === 0 && Math.abs(units) <= (this.#params.passive?.excessShare ?? 0) * Math.max(width, lotSize);
    if (flatten) return { units, isUrgent, isSlight, kind: 'flatten', reason: `delta ${delta}, and nothing is to be held` };
    if (isBeyond) return { units, isUrgent, isSlight, kind: 'limit', reason: `delta ${delta} beyond the limit of ${limit}` };
    if (owed !== 0) return { units, isUrgent, isSlight, kind: 'leftover', reason: this.#owedFor };
    const reason = `delta ${delta} outside ${centre.toFixed(2)} ± ${width.toFixed(2)}`;
    return { units, isUrgent, isSlight, kind: 'band', reason };
  }

  /** Withdraws the order that rests when it should not any longer: what is wanted then follows once its end was reported. */
  #lookAfter(desk: Desk, restsAt: Ticks, wanted: Wanted | undefined): void {
    if (this.#order === undefined) return;
    const isOver = wanted === undefined || !wanted.isSlight || desk.now >= (this.#restUntil ?? 0);
    if (isOver || restsAt !== this.#touch(desk, wanted.units)) desk.cancel(this.#order);
  }

  /** The best price of the others on the side that a hedge rests on. */
  #touch(desk: Desk, units: number): Ticks | undefined {
    const { bid, ask } = desk.bbo(this.#underlying.id);
    return units > 0 ? bid : ask;
  }

  /** Rests a hedge at the best price of its own side, if it may; true when nothing is to be taken for the time being. */
  #rest(desk: Desk, wanted: Wanted): boolean {
    const { passive } = this.#params;
    if (passive === undefined || !wanted.isSlight) return false;
    const isFirst = this.#restUntil === undefined;
    this.#restUntil ??= desk.now + passive.seconds * NANOS_PER_SECOND;
    const price = this.#touch(desk, wanted.units);
    if (desk.now >= this.#restUntil || price === undefined) return false;
    this.#missing = this.#lots(wanted.units);
    if (this.#send(desk, wanted, 'limit', price, this.#lots(wanted.units), isFirst)) this.#restsAt = price;
    return true;
  }

  /** Takes from the book, as much as may be paid for: all of it in an emergency. @param spot mid of the underlying. */
  #take(desk: Desk, spot: number, index: number, wanted: Wanted): void {
    const underlying = this.#underlying;
    const { slippageBp, everySeconds, costMaximumBp } = this.#params;
    const side: Side = wanted.units > 0 ? 'buy' : 'sell';
    const worst = spot * (1 + (signOf(side) * slippageBp) / 10_000);
    let price = side === 'buy' ? ticksAbove(underlying, worst) : ticksBelow(underlying, worst);
    let size = this.#lots(wanted.units);
    this.#missing = size;
    if (costMaximumBp !== undefined && !wanted.isUrgent) {
      const found = affordable(desk, underlying, side, { mid: spot, index, maximumBp: costMaximumBp }, this.#feePerUnit);
      if (found.price === undefined) return;
      price = found.price;
      size = lots(Math.min(size, found.lots));
    }
    if (!this.#send(desk, wanted, 'ioc', price, size)) return;
    this.#owed = 0;
    this.#restUntil = undefined;
    this.#notBefore = desk.now + everySeconds * NANOS_PER_SECOND;
  }

  #send(desk: Desk, wanted: Wanted, type: 'ioc' | 'limit', price: Ticks, size: Lots, tells = true): boolean {
    const { id, lotSize } = this.#underlying;
    const side: Side = wanted.units > 0 ? 'buy' : 'sell';
    const order = desk.submit({ instrument: id, side, type, price, lots: size, ...(type === 'limit' ? { post: 'reject' } : {}) });
    if (order === undefined) return false;
    this.#order = order;
    const { kind, reason } = wanted;
    // One that follows the best price is no new hedge.
    if (tells) this.last = { atSeconds: desk.now / NANOS_PER_SECOND, instrument: id, side, units: size * lotSize, kind, reason };
    return true;
  }

  #lots(units: number): Lots {
    return lots(Math.round(Math.abs(units) / this.#underlying.lotSize));
  }
}
