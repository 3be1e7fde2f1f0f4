import type { AgentId, Lots, Nanos, Ticks } from '../core/units.ts';
import type { Line } from '../kernel/line.ts';
import type { Bbo } from '../market/data.ts';
import type { Side } from '../market/order.ts';
import type { OrderBook } from './order-book.ts';

/** Changes kept at first; grows while those that are still under way need more. */
const CHANGES = 8;
/** Numbers per level of a side: price and lots. */
const PAIR = 2;
/** In place of a price where a side ends: prices at the exchange are above 0. */
const NO_PRICE = 0;
const NO_ENTRY = -1;

/**
 * The best levels of one book as one agent sees them: its own orders taken out, each change from the nanosecond at which its line brings it.
 *
 * Changes are kept in a ring of numbers, each entry being the arrival, then price and lots of the bids, then of the offers, best first.
 * Arrivals never decrease: nobody sees a book go back in time. Nothing is allocated once the ring holds as many changes as are under way
 * at once.
 */
export class DelayedBook {
  readonly #owner: AgentId;
  #levels: number;
  #stride: number;
  #ring: Float64Array;
  #capacity = CHANGES;
  /** Number of entries ever written; the last is at (written − 1) mod capacity. */
  #written = 0;
  /** The book as it is now, in the layout of an entry without its arrival. */
  #present: Float64Array;
  #cursor = 0;
  readonly #note = (price: Ticks, size: Lots): void => {
    this.#present[this.#cursor] = price;
    this.#present[this.#cursor + 1] = size;
    this.#cursor += PAIR;
  };

  /** @param levels kept of each side; 1 is the top of the book. */
  constructor(owner: AgentId, levels: number) {
    this.#owner = owner;
    this.#levels = levels;
    this.#stride = 1 + 2 * PAIR * levels;
    this.#ring = new Float64Array(CHANGES * this.#stride);
    this.#present = new Float64Array(2 * PAIR * levels);
  }

  get levels(): number {
    return this.#levels;
  }

  /** When the last change arrives. */
  get arrival(): Nanos {
    return (this.#ring[this.#last] ?? 0) as Nanos;
  }

  /** Sends the book as it is now, unless the agent has been sent the same last: then false, and nothing is drawn. */
  send(book: OrderBook, now: Nanos, line: Line): boolean {
    this.#observe(book, 'buy', 0);
    this.#observe(book, 'sell', PAIR * this.#levels);
    if (this.#written > 0 && this.#isPresent(this.#last)) return false;
    const arrival = line.arrival(now);
    // What arrives together overwrites each other: nobody could see the changes in between.
    if (this.#written === 0 || this.#ring[this.#last] !== arrival) {
      this.#makeRoom(now);
      this.#written += 1;
      this.#ring[this.#last] = arrival;
    }
    this.#keep(this.#last + 1);
    return true;
  }

  /** The top as it is known at a moment. */
  top(now: Nanos, out: Bbo): void {
    const entry = this.#entryAt(now);
    const ask = entry + 1 + PAIR * this.#levels;
    out.bid = entry === NO_ENTRY ? undefined : this.#priceAt(entry + 1);
    out.bidLots = this.#lotsAt(entry === NO_ENTRY ? entry : entry + 2);
    out.ask = entry === NO_ENTRY ? undefined : this.#priceAt(ask);
    out.askLots = this.#lotsAt(entry === NO_ENTRY ? entry : ask + 1);
  }

  /** Visits the levels of a side as they are known at a moment, best first. */
  depth(now: Nanos, side: Side, visit: (price: Ticks, size: Lots) => void): void {
    const entry = this.#entryAt(now);
    if (entry === NO_ENTRY) return;
    const start = entry + 1 + (side === 'buy' ? 0 : PAIR * this.#levels);
    for (let at = start; at < start + PAIR * this.#levels; at += PAIR) {
      const price = this.#priceAt(at);
      if (price === undefined) return;
      visit(price, this.#lotsAt(at + 1));
    }
  }

  /** Keeps more levels from now on. What is under way stays as it was sent. */
  deepen(levels: number): void {
    const before = { ring: this.#ring, stride: this.#stride, side: PAIR * this.#levels };
    this.#levels = levels;
    this.#stride = 1 + 2 * PAIR * levels;
    this.#ring = new Float64Array(this.#capacity * this.#stride);
    this.#present = new Float64Array(2 * PAIR * levels);
    for (let n = 0; n < this.#capacity; n += 1) {
      const entry = before.ring.subarray(n * before.stride, (n + 1) * before.stride);
      this.#ring.set(entry.subarray(0, 1 + before.side), n * this.#stride);
      this.#ring.set(entry.subarray(1 + before.side), n * this.#stride + 1 + PAIR * levels);
    }
  }

  #priceAt(at: number): Ticks | undefined {
    const price = this.#ring[at] ?? NO_PRICE;
    return price === NO_PRICE ? undefined : (price as Ticks);
  }

  #lotsAt(at: number): Lots {
    return (this.#ring[at] ?? 0) as Lots;
  }

  /** Writes down a side of the book; what it has less than the levels that are kept is empty. */
  #observe(book: OrderBook, side: Side, start: number): void {
    if (this.#levels === 1) {
      // What nearly all ask for, after nearly every request.
      const price = book.bestExcluding(side, this.#owner);
      this.#present[start] = price ?? NO_PRICE;
      this.#present[start + 1] = price === undefined ? 0 : book.lotsExcluding(side, this.#owner);
      return;
    }
    this.#cursor = start;
    book.levelsExcluding(side, this.#owner, this.#levels, this.#note);
    for (const end = start + PAIR * this.#levels; this.#cursor < end; this.#cursor += 1) this.#present[this.#cursor] = NO_PRICE;
  }

  #keep(at: number): void {
    const present = this.#present;
    for (let i = 0; i < present.length; i += 1) this.#ring[at + i] = present[i] ?? 0;
  }

  #isPresent(entry: number): boolean {
    const present = this.#present;
    for (let i = 0; i < present.length; i += 1) if (this.#ring[entry + 1 + i] !== present[i]) return false;
    return true;
  }

  /** Where the last entry begins. */
  get #last(): number {
    return ((this.#written - 1 + this.#capacity) % this.#capacity) * this.#stride;
  }

  /** Where the latest entry begins that has arrived at a moment. */
  #entryAt(now: Nanos): number {
    for (let n = this.#written - 1; n >= 0 && n >= this.#written - this.#capacity; n -= 1) {
      const entry = (n % this.#capacity) * this.#stride;
      if ((this.#ring[entry] ?? 0) <= now) return entry;
    }
    return NO_ENTRY;
  }

  /** Doubles a full ring whose second-oldest entry is still under way: the oldest is then what the agent sees. */
  #makeRoom(now: Nanos): void {
    if (this.#written < this.#capacity) return;
    const second = ((this.#written + 1) % this.#capacity) * this.#stride;
    if ((this.#ring[second] ?? 0) <= now) return;
    // Oldest first, at the start of the longer ring.
    const longer = new Float64Array(2 * this.#ring.length);
    const oldest = (this.#written % this.#capacity) * this.#stride;
    longer.set(this.#ring.subarray(oldest));
    longer.set(this.#ring.subarray(0, oldest), this.#ring.length - oldest);
    this.#ring = longer;
    this.#written = this.#capacity;
    this.#capacity *= 2;
  }
}
