import type { Lots, Ticks } from '../core/units.ts';
import { longer } from '../kernel/longer.ts';
import type { Side } from '../market/order.ts';
import { NO_SLOT } from './order-pool.ts';

const INITIAL_LEVELS = 16;

/**
 * The price levels of one side of a book, best last: a sorted array over a pool of levels, so that the usual change, near
 * the best price, moves little. Memory depends on the number of levels in use, never on how far apart prices are.
 *
 * A level is known by a number that is stable while it exists. The queue of orders at a level belongs to the book; the
 * level keeps its first and last slot.
 */
export class PriceLevels {
  /** +1 for bids, −1 for offers: price times sign grows toward the best on both sides. */
  readonly #sign: 1 | -1;
  /** Price times sign, and level number, sorted by the former. */
  #keys = new Float64Array(INITIAL_LEVELS);
  #numbers = new Int32Array(INITIAL_LEVELS);
  #used = 0;
  #prices = new Float64Array(INITIAL_LEVELS);
  #sizes = new Float64Array(INITIAL_LEVELS);
  #counts = new Int32Array(INITIAL_LEVELS);
  #firsts = new Int32Array(INITIAL_LEVELS);
  #lasts = new Int32Array(INITIAL_LEVELS);
  /** Numbers not in use: the first `length − used` entries of a stack. */
  #free = Int32Array.from({ length: INITIAL_LEVELS }, (_, i) => i);

  constructor(side: Side) {
    this.#sign = side === 'buy' ? 1 : -1;
  }

  /** Number of levels. */
  get size(): number {
    return this.#used;
  }

  /** The level in a place: 0 is the best, `size − 1` the worst. */
  at(place: number): number {
    return this.#numbers[this.#used - 1 - place]!;
  }

  /** True when there is a level at `limit` or better; any level will do when `limit` is undefined. */
  reaches(limit: Ticks | undefined): boolean {
    return this.#used > 0 && (limit === undefined || this.#keys[this.#used - 1]! >= limit * this.#sign);
  }

  price(level: number): Ticks {
    return this.#prices[level]! as Ticks;
  }

  /** Sum of the lots that rest at a level. */
  lots(level: number): Lots {
    return this.#sizes[level]! as Lots;
  }

  /** Number of orders at a level. */
  orders(level: number): number {
    return this.#counts[level]!;
  }

  /** Slot of the first order of a level's queue. */
  first(level: number): number {
    return this.#firsts[level]!;
  }

  /** Slot of the last order of a level's queue; `NO_SLOT` while the level is new. */
  last(level: number): number {
    return this.#lasts[level]!;
  }

  /** Takes in an order at the end of a level's queue. */
  append(level: number, slot: number, lots: number): void {
    if (this.#counts[level]! === 0) this.#firsts[level] = slot;
    this.#lasts[level] = slot;
    this.change(level, lots, 1);
  }

  /** Lets go of an order that stood between two others, or `NO_SLOT`; the level closes with its last order. */
  detach(level: number, before: number, after: number, lots: number): void {
    if (before === NO_SLOT) this.#firsts[level] = after;
    if (after === NO_SLOT) this.#lasts[level] = before;
    this.change(level, -lots, -1);
    if (this.#counts[level]! === 0) this.#close(level);
  }

  /** Adds to a level's lots and number of orders; both may be negative. */
  change(level: number, lots: number, orders: number): void {
    this.#sizes[level] = this.#sizes[level]! + lots;
    this.#counts[level] = this.#counts[level]! + orders;
  }

  /** The level at a price; a new and empty one where there is none. */
  open(price: Ticks): number {
    const key = price * this.#sign;
    const place = this.#placeOf(key);
    if (place < this.#used && this.#keys[place]! === key) return this.#numbers[place]!;
    if (this.#used === this.#keys.length) this.#grow();
    const level = this.#free[this.#keys.length - this.#used - 1]!;
    const keys = this.#keys;
    const numbers = this.#numbers;
    // A loop and not copyWithin: most insertions are near the end, where the call costs more than it moves.
    for (let i = this.#used; i > place; i -= 1) {
      keys[i] = keys[i - 1]!;
      numbers[i] = numbers[i - 1]!;
    }
    keys[place] = key;
    numbers[place] = level;
    this.#used += 1;
    this.#prices[level] = price;
    this.#sizes[level] = 0;
    this.#counts[level] = 0;
    this.#firsts[level] = NO_SLOT;
    this.#lasts[level] = NO_SLOT;
    return level;
  }

  #close(level: number): void {
    const keys = this.#keys;
    const numbers = this.#numbers;
    this.#used -= 1;
    for (let i = this.#placeOf(this.#prices[level]! * this.#sign); i < this.#used; i += 1) {
      keys[i] = keys[i + 1]!;
      numbers[i] = numbers[i + 1]!;
    }
    this.#free[keys.length - this.#used - 1] = level;
  }

  /**
   * First place whose key is not below `key`. Keys are whole and differ, so between it and the best there are at most as many places as
   * ticks: where every tick near the best has its level, the first look finds it. From there on in steps that double, then by bisection.
   */
  #placeOf(key: number): number {
    const keys = this.#keys;
    const used = this.#used;
    if (used === 0) return 0;
    const nearest = used - 1 - (keys[used - 1]! - key);
    if (nearest >= used) return used;
    let low = nearest > 0 ? nearest : 0;
    let step = 1;
    let high = low;
    while (high < used && keys[high]! < key) {
      low = high + 1;
      high += step;
      step *= 2;
    }
    if (high > used) high = used;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const old = this.#keys.length;
    // All old numbers are in use, so only the new ones are free.
    const free = new Int32Array(2 * old);
    for (let i = 0; i < old; i += 1) free[i] = 2 * old - 1 - i;
    this.#free = free;
    this.#keys = longer(this.#keys, new Float64Array(2 * old));
    this.#numbers = longer(this.#numbers, new Int32Array(2 * old));
    this.#prices = longer(this.#prices, new Float64Array(2 * old));
    this.#sizes = longer(this.#sizes, new Float64Array(2 * old));
    this.#counts = longer(this.#counts, new Int32Array(2 * old));
    this.#firsts = longer(this.#firsts, new Int32Array(2 * old));
    this.#lasts = longer(this.#lasts, new Int32Array(2 * old));
  }
}
