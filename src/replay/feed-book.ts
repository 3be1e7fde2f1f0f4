import { agentId, type Lots, orderId, type Ticks } from '../core/units.ts';
import { LadderBook } from '../exchange/ladder-book.ts';
import type { FillSink } from '../exchange/order-book.ts';
import type { Side } from '../market/order.ts';

/** An order as a feed shows it. */
export interface FeedOrder {
  readonly side: Side;
  readonly price: Ticks;
  readonly volume: Lots;
  /** Grows with arrival, or with the last change of price. */
  readonly sequence: number;
}

/** The best level of a side. */
export interface Touch {
  /** Undefined where there is none. */
  readonly price: Ticks | undefined;
  readonly lots: Lots;
}

const NOBODY = agentId(0);
const NO_FILLS: FillSink = { fill: () => {}, prevented: () => {} };

/**
 * The orders of a feed as it shows them, nothing matched: it may be crossed. Each side is a book of its own, so that none meets the
 * other.
 */
export class FeedBook {
  readonly #orders = new Map<number, FeedOrder>();
  readonly #sides: Readonly<Record<Side, LadderBook>> = { buy: new LadderBook(), sell: new LadderBook() };
  #sequence = 0;

  get(order: number): FeedOrder | undefined {
    return this.#orders.get(order);
  }

  /** Adds an order, or puts it at another price, as the last there. */
  put(order: number, side: Side, price: Ticks, volume: Lots): void {
    this.remove(order);
    this.#sequence += 1;
    this.#orders.set(order, { side, price, volume, sequence: this.#sequence });
    this.#sides[side].place(orderId(order), NOBODY, side, price, volume, NO_FILLS);
  }

  /** Takes lots off an order, all at most. */
  reduce(order: number, by: Lots): void {
    const known = this.#orders.get(order);
    if (known === undefined) return;
    this.#sides[known.side].reduce(orderId(order), by);
    if (by >= known.volume) this.#orders.delete(order);
    else this.#orders.set(order, { ...known, volume: (known.volume - by) as Lots });
  }

  remove(order: number): void {
    const known = this.#orders.get(order);
    if (known !== undefined) this.reduce(order, known.volume);
  }

  /** The best level of a side. */
  touch(side: Side): Touch {
    return { price: this.#sides[side].best(side), lots: this.#sides[side].bestLots(side) };
  }

  /** Calls for up to `depth` levels of a side, best first. */
  levels(side: Side, depth: number, visit: (price: Ticks, size: Lots) => void): void {
    this.#sides[side].levels(side, depth, visit);
  }

  /** Whether the best bid is at the best offer or above. */
  get isCrossed(): boolean {
    const bid = this.#sides.buy.best('buy');
    const ask = this.#sides.sell.best('sell');
    return bid !== undefined && ask !== undefined && bid >= ask;
  }
}
