import { lots, NANOS_PER_SECOND, type OrderId, type Ticks } from '../core/units.ts';
import type { OptionSeries } from '../market/instrument.ts';
import type { Report, Side } from '../market/order.ts';
import type { Desk } from './agent.ts';

/** One side of a quote: the order that stands for it, and the price it was sent with. */
interface QuotedSide {
  readonly side: Side;
  order: OrderId | undefined;
  ticks: Ticks | undefined;
}

/** The two-sided quote of a reference maker in one series. */
export class ReferenceQuote {
  readonly option: OptionSeries;
  /** Fair value behind it, and how far that may go from there before the quote is stale, in dollars. */
  marked = 0;
  tolerance = 0;
  readonly #bid: QuotedSide = { side: 'buy', order: undefined, ticks: undefined };
  readonly #ask: QuotedSide = { side: 'sell', order: undefined, ticks: undefined };
  /** Lots on each side, and when a trade last took from them. */
  #size = 0;
  #tradedAt = -1e18;

  constructor(option: OptionSeries) {
    this.option = option;
  }

  /** True where neither side stands. */
  get isFresh(): boolean {
    return this.#bid.order === undefined && this.#ask.order === undefined;
  }

  /** A side traded, and long enough ago to be filled up. */
  isShort(refillSeconds: number, desk: Desk): boolean {
    if (!(desk.now - this.#tradedAt > refillSeconds * NANOS_PER_SECOND)) return false;
    const { id } = this.option;
    // A bid below the first tick is not missing: there is none to fill up.
    return (this.#bid.ticks !== undefined && desk.openLots(id, 'buy') < this.#size) || desk.openLots(id, 'sell') < this.#size;
  }

  /** Quotes this many lots at these prices; no bid where its price is undefined. */
  place(desk: Desk, bid: Ticks | undefined, ask: Ticks, size: number): void {
    this.#size = size;
    // The side that moves away goes first: the other would else meet its own old order.
    if (ask >= (this.#ask.ticks ?? 0)) {
      this.#set(desk, this.#ask, ask);
      this.#set(desk, this.#bid, bid);
    } else {
      this.#set(desk, this.#bid, bid);
      this.#set(desk, this.#ask, ask);
    }
  }

  hear(report: Readonly<Report>, desk: Desk): void {
    if (report.kind === 'fill') this.#tradedAt = desk.now;
    const gone = (report.kind === 'fill' && report.remaining === 0) || report.kind === 'removed' || report.kind === 'rejected';
    const side = report.side === 'buy' ? this.#bid : this.#ask;
    if (gone && side.order === report.order) side.order = undefined;
  }

  /** Moves one side; undefined takes it out. A size that is complete at the same price is left alone. It never takes from others. */
  #set(desk: Desk, quoted: QuotedSide, price: Ticks | undefined): void {
    const { side, order, ticks: at } = quoted;
    const { id } = this.option;
    quoted.ticks = price;
    if (price === undefined) {
      if (order !== undefined) desk.cancel(order);
      quoted.order = undefined;
    } else if (order === undefined) {
      quoted.order = desk.submit({ instrument: id, side, type: 'limit', price, lots: lots(this.#size), post: 'slide' });
    } else if (at !== price || desk.openLots(id, side) < this.#size) {
      quoted.order = desk.replace(order, price, lots(this.#size)) ?? order;
    }
  }
}
