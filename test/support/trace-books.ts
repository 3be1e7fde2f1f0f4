import { TRACE, type TraceObserver } from '../../src/kernel/trace.ts';
import type { Side } from '../../src/market/order.ts';

export interface RestingOrder {
  readonly id: number;
  readonly agent: number;
  readonly instrument: number;
  readonly side: Side;
  readonly price: number;
  lots: number;
}

/** The books as the trace alone tells them: what rests, in the order in which it came to rest. */
export class TraceBooks implements TraceObserver {
  readonly #orders = new Map<number, RestingOrder>();

  onRecord(kind: number, _at: number, instrument: number, agent: number, id: number, price: number, size: number, extra: number): void {
    if (kind === TRACE.accepted) {
      this.#orders.set(id, { id, agent, instrument, side: extra === 1 ? 'sell' : 'buy', price, lots: size });
    } else if (kind === TRACE.filled) this.#take(extra, size);
    else if (kind === TRACE.removed) this.#take(id, size);
  }

  #take(id: number, size: number): void {
    const order = this.#orders.get(id);
    // A taker's remainder that was dropped never rested.
    if (order === undefined) return;
    order.lots -= size;
    if (order.lots < 0) throw new Error(`order ${id} has less than nothing left`);
    if (order.lots === 0) this.#orders.delete(id);
  }

  /** Orders of one side of a book, best first, then oldest first. */
  queue(instrument: number, side: Side): RestingOrder[] {
    const sign = side === 'buy' ? -1 : 1;
    return [...this.#orders.values()]
      .filter((order) => order.instrument === instrument && order.side === side)
      .sort((a, b) => sign * (a.price - b.price));
  }
}
