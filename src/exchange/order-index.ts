import { InvariantError } from '../core/assert.ts';
import type { OrderId } from '../core/units.ts';

const EMPTY = -1;

/**
 * Map from order id to a small whole number, without an allocation per entry: open addressing with linear probing, at
 * most a quarter full. Removal shifts what follows back, so that there are no tombstones and no decay under churn.
 *
 * Ids are safe integers from 0 up. The hash is multiplicative (Knuth, The Art of Computer Programming 3, 6.4), under
 * which ids given out in sequence hardly ever meet.
 */
export class OrderIndex {
  /** Pairs of order id and its number: both come with one line of the cache. */
  #pairs = blankPairs(16);
  #mask = 15;
  #shift = 28;
  #count = 0;

  /** Number of entries. */
  get size(): number {
    return this.#count;
  }

  /** The number stored for an order, or undefined. */
  find(order: OrderId): number | undefined {
    const pairs = this.#pairs;
    const mask = this.#mask;
    for (let place = home(order, this.#shift); ; place = (place + 1) & mask) {
      const key = pairs[2 * place]!;
      if (key === order) return pairs[2 * place + 1]!;
      if (key === EMPTY) return undefined;
    }
  }

  /** @throws InvariantError when the order is there already, or its id is negative or not whole. */
  add(order: OrderId, value: number): void {
    if (!(order >= 0 && Number.isSafeInteger(order))) throw new InvariantError(`order id ${order} is not a whole number from 0 up`);
    if (4 * this.#count > this.#mask) this.#grow();
    const pairs = this.#pairs;
    const mask = this.#mask;
    let place = home(order, this.#shift);
    for (let key = pairs[2 * place]!; key !== EMPTY; key = pairs[2 * place]!) {
      if (key === order) throw new InvariantError(`order id ${order} is in use`);
      place = (place + 1) & mask;
    }
    pairs[2 * place] = order;
    pairs[2 * place + 1] = value;
    this.#count += 1;
  }

  /** Takes an order out; nothing happens when it is not there. */
  remove(order: OrderId): void {
    const pairs = this.#pairs;
    const shift = this.#shift;
    const mask = this.#mask;
    let hole = home(order, shift);
    for (let key = pairs[2 * hole]!; key !== order; key = pairs[2 * hole]!) {
      if (key === EMPTY) return;
      hole = (hole + 1) & mask;
    }
    // An entry behind the hole moves into it unless its home lies between the two: probing for it would stop at the hole.
    for (let place = (hole + 1) & mask; ; place = (place + 1) & mask) {
      const key = pairs[2 * place]!;
      if (key === EMPTY) break;
      const fromHome = (place - home(key, shift)) & mask;
      if (fromHome < ((place - hole) & mask)) continue;
      pairs[2 * hole] = key;
      pairs[2 * hole + 1] = pairs[2 * place + 1]!;
      hole = place;
    }
    pairs[2 * hole] = EMPTY;
    this.#count -= 1;
  }

  #grow(): void {
    const old = this.#pairs;
    this.#mask = 2 * this.#mask + 1;
    this.#pairs = blankPairs(this.#mask + 1);
    this.#shift -= 1;
    this.#count = 0;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at]! !== EMPTY) this.add(old[at]! as OrderId, old[at + 1]!);
    }
  }
}

const blankPairs = (places: number): Float64Array => new Float64Array(2 * places).fill(EMPTY);

/** First place to look for an id; the high part counts too, so that ids above 2^32 do not all meet. */
function home(order: number, shift: number): number {
  // Ids below 2^32, which are nearly all there are, are spared the division.
  const high = order < 4_294_967_296 ? 0 : Math.imul(Math.floor(order / 4_294_967_296), 0x85ebca6b);
  return Math.imul((order | 0) ^ high, 0x9e3779b1) >>> shift;
}
