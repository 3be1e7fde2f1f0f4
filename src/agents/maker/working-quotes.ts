import { type InstrumentId, lots, type OrderId, type Ticks } from '../../core/units.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Report, Side } from '../../market/order.ts';
import type { Desk } from '../agent.ts';

interface Working {
  order: OrderId;
  price: Ticks;
  size: number;
}

/**
 * A maker's own quotes by single orders, as it means them to be: at most one per series and side. Price and size are changed by replacing, which
 * also fills up a size that traded away, and goes to the back of the queue.
 */
export class WorkingQuotes {
  readonly #bids: (Working | undefined)[];
  readonly #asks: (Working | undefined)[];

  constructor(series: number) {
    this.#bids = new Array<Working | undefined>(series).fill(undefined);
    this.#asks = new Array<Working | undefined>(series).fill(undefined);
  }

  #side(side: Side): (Working | undefined)[] {
    return side === 'buy' ? this.#bids : this.#asks;
  }

  /** Lots that this quote still offers, as far as known. */
  size(series: number, side: Side): number {
    return this.#side(side)[series]?.size ?? 0;
  }

  price(series: number, side: Side): Ticks | undefined {
    return this.#side(side)[series]?.price;
  }

  /** Brings one side of a series to this price and size, with as few messages as that takes; undefined takes it out. */
  set(desk: Desk, option: OptionSeries, side: Side, price: Ticks | undefined, size: number): void {
    const quotes = this.#side(side);
    const i = option.id - 1;
    const working = quotes[i];
    if (price === undefined) {
      if (working !== undefined) desk.cancel(working.order);
      quotes[i] = undefined;
      return;
    }
    if (working === undefined) {
      const order = desk.submit({ instrument: option.id, side, type: 'limit', price, lots: lots(size) });
      if (order !== undefined) quotes[i] = { order, price, size };
      return;
    }
    if (working.price === price && working.size === size) return;
    const order = desk.replace(working.order, price, lots(size));
    if (order === undefined) {
      desk.cancel(working.order);
      quotes[i] = undefined;
    } else quotes[i] = { order, price, size };
  }

  /** Takes a report into account; orders that are no longer meant are ignored. */
  hear(report: Readonly<Report>): void {
    const quotes = this.#side(report.side);
    const i = indexOf(report.instrument);
    const working = quotes[i];
    if (working === undefined || working.order !== report.order) return;
    if (report.kind === 'fill') working.size = report.remaining;
    if (report.kind === 'removed') working.size = report.remaining;
    if (report.kind === 'rejected' || ((report.kind === 'fill' || report.kind === 'removed') && report.remaining === 0))
      quotes[i] = undefined;
  }
}

const indexOf = (instrument: InstrumentId): number => instrument - 1;
