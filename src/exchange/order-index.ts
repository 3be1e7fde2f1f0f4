import { InvariantError } from '../core/assert.ts';
import type { OrderId } from '../core/units.ts';

const EMPTY = -1;

/**
 * Map from order id to a small whole number, without an allocation per entry: open addressing with linear probing, at
 * most half full. Removal shifts what follows back, so that there are no tombstones and no decay under churn.
 *
 * Ids are safe integers from 0 up. The hash is multiplicative (Knuth, The Art of Computer Programming 3, 6.4), under
 * which ids given out in sequence hardly ever meet.
 */
export class OrderIndex {
  #keys = new Float64Array(16).fill(EMPTY);
  #values = new Int32Array(16);
  #shift = 28;
  #count = 0;

  /** Number of entries. */
  get size(): number {
    return this.#count;
  }

  /** The number stored for an order, or undefined. */
  find(order: OrderId): number | undefined {
    const keys = this.#keys;
    const mask = keys.length - 1;
    for (let place = home(order, this.#shift); ; place = (place + 1) & mask) {
      const key = keys[place]!;
      if (key === order) return this.#values[place]!;
      if (key === EMPTY) return undefined;
    }
  }

  /** @throws InvariantError when the order is there already, or its id is negative or not whole. */
  add(order: OrderId, value: number): void {
    if (!(order >= 0 && Number.isSafeInteger(order))) throw new InvariantError(`order id ${order} is not a whole number from 0 up`);
    if (2 * this.#count >= this.#keys.length) this.#grow();
    const keys = this.#keys;
    const mask = keys.length - 1;
    let place = home(order, this.#shift);
    while (keys[place]! !== EMPTY) {
      if (keys[place]! === order) throw new InvariantError(`order id ${order} is in use`);
      place = (place + 1) & mask;
    }
    keys[place] = order;
    this.#values[place] = value;
    this.#count += 1;
  }

  /** Takes an order out; nothing happens when it is not there. */
  remove(order: OrderId): void {
    const keys = this.#keys;
    const values = this.#values;
    const shift = this.#shift;
    const mask = keys.length - 1;
    let hole = home(order, shift);
    while (keys[hole]! !== order) {
      if (keys[hole]! === EMPTY) return;
      hole = (hole + 1) & mask;
    }
    // An entry behind the hole moves into it unless its home lies between the two: probing for it would stop at the hole.
    for (let place = (hole + 1) & mask; keys[place]! !== EMPTY; place = (place + 1) & mask) {
      const fromHome = (place - home(keys[place]!, shift)) & mask;
      if (fromHome < ((place - hole) & mask)) continue;
      keys[hole] = keys[place]!;
      values[hole] = values[place]!;
      hole = place;
    }
    keys[hole] = EMPTY;
    this.#count -= 1;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(2 * keys.length).fill(EMPTY);
    this.#values = new Int32Array(2 * keys.length);
    this.#shift -= 1;
    this.#count = 0;
    keys.forEach((key, place) => {
      if (key !== EMPTY) this.add(key as OrderId, values[place]!);
    });
  }
}

/** First place to look for an id; the high part counts too, so that ids above 2^32 do not all meet. */
function home(order: number, shift: number): number {
  return Math.imul((order | 0) ^ Math.imul(Math.floor(order / 4_294_967_296), 0x85ebca6b), 0x9e3779b1) >>> shift;
}
