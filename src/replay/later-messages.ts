import { type Lots, lots, type Ticks } from '../core/units.ts';
import type { LobsterMessage } from '../data/lobster-messages.ts';
import type { Side } from '../market/order.ts';

/** Lots that the messages still to come take off one order, in its place. */
interface Waiting {
  readonly side: Side;
  readonly price: Ticks;
  lots: number;
}

/** Waiting orders at a price that may be there now: those that were announced, and those that never are, both by number. */
interface WaitingAtPrice {
  readonly announced: Set<number>;
  readonly others: number[];
  /** Before this place, the others are over. */
  begin: number;
}

/** An order of which later messages tell that it rests. */
export interface WaitingOrder {
  readonly order: number;
  readonly lots: Lots;
}

/** A number that grows as a price gets better. */
export const keyOf = (side: Side, price: Ticks): number => (side === 'buy' ? price : -price);

/** Whether a message changes the visible book. */
export const isVisible = ({ kind }: LobsterMessage): boolean =>
  kind === 'submission' || kind === 'reduction' || kind === 'deletion' || kind === 'execution';

/**
 * What the messages after a row tell of the book at that row, the rows of the book file left aside.
 *
 * It rests on two facts of the format. A file of one level holds a message exactly if it changes the best price or its size, so that a
 * message at a worse price than the best proves that the best level is gone. And the numbers of orders grow in the order of arrival.
 */
export class LaterMessages {
  readonly #messages: readonly LobsterMessage[];
  /** Rows of the visible messages of each side, and how many of them are over. */
  readonly #rows: Readonly<Record<Side, number[]>> = { buy: [], sell: [] };
  readonly #over: Record<Side, number> = { buy: 0, sell: 0 };
  readonly #waiting = new Map<number, Waiting>();
  readonly #prices = new Map<number, WaitingAtPrice>();
  /** The order that was announced last. */
  #latest: number;

  constructor(messages: readonly LobsterMessage[]) {
    this.#messages = messages;
    const announced = new Set<number>();
    for (const [row, message] of messages.entries()) {
      if (!isVisible(message)) continue;
      const { kind, order, side, price } = message;
      this.#rows[side].push(row);
      if (kind === 'submission') announced.add(order);
      else {
        const known = this.#waiting.get(order);
        if (known === undefined) this.#waiting.set(order, { side, price, lots: message.lots });
        else known.lots += message.lots;
      }
    }
    this.#latest = (messages.find(({ kind }) => kind === 'submission')?.order ?? Number.POSITIVE_INFINITY) - 1;
    const others = [...this.#waiting].filter(([order]) => !announced.has(order)).sort(([a], [b]) => a - b);
    for (const [order, { side, price }] of others) this.#at(side, price).others.push(order);
  }

  /** To be called with each message, in order: from then on it is no later one. */
  pass(message: LobsterMessage): void {
    if (!isVisible(message)) return;
    const { kind, order, side } = message;
    this.#over[side] += 1;
    const waiting = this.#waiting.get(order);
    if (kind === 'submission') {
      this.#latest = Math.max(this.#latest, order);
      if (waiting !== undefined && waiting.lots > 0) this.#at(waiting.side, waiting.price).announced.add(order);
    } else if (waiting !== undefined) {
      waiting.lots -= message.lots;
      if (waiting.lots <= 0) this.#at(waiting.side, waiting.price).announced.delete(order);
    }
  }

  /**
   * Orders that rest at a price now, as later messages prove, in the order of arrival, with the lots that these messages take off: as
   * many as fit into the lots that are there.
   */
  at(side: Side, price: Ticks, size: Lots): readonly WaitingOrder[] {
    const here = this.#at(side, price);
    while (here.begin < here.others.length && this.#lotsOf(here.others[here.begin]) <= 0) here.begin += 1;
    const orders = [...here.announced];
    for (let place = here.begin; place < here.others.length; place += 1) {
      const order = here.others[place] ?? 0;
      // Numbers grow: one above the latest has yet to arrive.
      if (order > this.#latest) break;
      if (this.#lotsOf(order) > 0) orders.push(order);
    }
    let left: number = size;
    return orders
      .sort((a, b) => a - b)
      .flatMap((order) => {
        const taken = this.#lotsOf(order);
        if (taken > left) return [];
        left -= taken;
        return [{ order, lots: lots(taken) }];
      });
  }

  /**
   * The best level of a side now, where the messages to come determine it: they do when they take it down to nothing, for then what
   * they took is what was there. Undefined when an order at a better price comes before that, or nothing at all.
   *
   * @param gone key of the price at which the best level has just been emptied: what comes at it, or better, is a new level.
   */
  best(side: Side, gone: number): WaitingLevel | undefined {
    const rows = this.#rows[side];
    let price: Ticks | undefined;
    let taken = 0;
    for (let next = this.#over[side]; next < rows.length; next += 1) {
      const message = this.#messages[rows[next] ?? -1];
      if (message === undefined) break;
      const isNew = message.kind === 'submission';
      if (price === undefined) {
        if (isNew && keyOf(side, message.price) >= gone) return undefined;
        price = message.price;
      } else if (message.price !== price) {
        const isWorse = keyOf(side, message.price) < keyOf(side, price);
        // With nothing taken on balance the first message was a new level, better than one of which nothing is told.
        return isWorse && taken > 0 ? { price, lots: lots(taken) } : undefined;
      }
      taken += isNew ? -message.lots : message.lots;
    }
    return undefined;
  }

  #lotsOf(order: number | undefined): number {
    return (order === undefined ? undefined : this.#waiting.get(order)?.lots) ?? 0;
  }

  #at(side: Side, price: Ticks): WaitingAtPrice {
    const key = keyOf(side, price);
    const known = this.#prices.get(key);
    if (known !== undefined) return known;
    const none: WaitingAtPrice = { announced: new Set(), others: [], begin: 0 };
    this.#prices.set(key, none);
    return none;
  }
}

/** A price level as later messages tell it. */
export interface WaitingLevel {
  readonly price: Ticks;
  readonly lots: Lots;
}
