import type { AgentId, Lots, OrderId } from '../core/units.ts';
import { longer } from '../kernel/longer.ts';
import type { Side } from '../market/order.ts';
import { OrderIndex } from './order-index.ts';

const INITIAL_SLOTS = 32;

/** No order: the end of a queue. */
export const NO_SLOT = -1;

/**
 * The resting orders of one book, each in a numbered slot, linked into queues: who is before and behind whom. Slots are
 * found by order id, and used again; what a slot held stays readable until the next order is added.
 */
export class OrderPool {
  readonly #index = new OrderIndex();
  #ids = new Float64Array(INITIAL_SLOTS);
  #owners = new Int32Array(INITIAL_SLOTS);
  /** 1 for a sell order. */
  #selling = new Uint8Array(INITIAL_SLOTS);
  #levels = new Int32Array(INITIAL_SLOTS);
  #open = new Float64Array(INITIAL_SLOTS);
  #previouses = new Int32Array(INITIAL_SLOTS);
  /** Next order of the queue; for a slot that is free again, the next such slot. */
  #nexts = new Int32Array(INITIAL_SLOTS);
  #free = NO_SLOT;
  /** Slots from here on were never used. */
  #fresh = 0;

  /** Number of resting orders. */
  get size(): number {
    return this.#index.size;
  }

  /** Slot of an order, or undefined when it does not rest. */
  find(id: OrderId): number | undefined {
    return this.#index.find(id);
  }

  id(slot: number): OrderId {
    return this.#ids[slot]! as OrderId;
  }

  owner(slot: number): AgentId {
    return this.#owners[slot]! as AgentId;
  }

  side(slot: number): Side {
    return this.#selling[slot]! === 1 ? 'sell' : 'buy';
  }

  /** Number of the order's price level, of its side. */
  level(slot: number): number {
    return this.#levels[slot]!;
  }

  /** Lots that still rest. */
  lots(slot: number): Lots {
    return this.#open[slot]! as Lots;
  }

  setLots(slot: number, lots: number): void {
    this.#open[slot] = lots;
  }

  previous(slot: number): number {
    return this.#previouses[slot]!;
  }

  next(slot: number): number {
    return this.#nexts[slot]!;
  }

  /** Lots of the orders from a slot to the end of its queue that are not `owner`'s. */
  lotsOfOthers(slot: number, owner: AgentId): Lots {
    let sum = 0;
    for (let at = slot; at !== NO_SLOT; at = this.#nexts[at]!) if (this.#owners[at] !== owner) sum += this.#open[at]!;
    return sum as Lots;
  }

  /**
   * Adds an order behind `last`, the end of a queue or `NO_SLOT`; returns its slot.
   * @throws InvariantError when the id rests already.
   */
  add(id: OrderId, owner: AgentId, side: Side, level: number, lots: Lots, last: number): number {
    const slot = this.#free === NO_SLOT ? this.#fresh : this.#free;
    this.#index.add(id, slot);
    if (slot === this.#fresh) this.#useFresh();
    else this.#free = this.#nexts[slot]!;
    this.#ids[slot] = id;
    this.#owners[slot] = owner;
    this.#selling[slot] = side === 'sell' ? 1 : 0;
    this.#levels[slot] = level;
    this.#open[slot] = lots;
    this.#previouses[slot] = last;
    this.#nexts[slot] = NO_SLOT;
    if (last !== NO_SLOT) this.#nexts[last] = slot;
    return slot;
  }

  /** Takes an order out of its queue and the index. */
  remove(slot: number): void {
    const before = this.#previouses[slot]!;
    const after = this.#nexts[slot]!;
    if (before !== NO_SLOT) this.#nexts[before] = after;
    if (after !== NO_SLOT) this.#previouses[after] = before;
    this.#index.remove(this.id(slot));
    this.#nexts[slot] = this.#free;
    this.#free = slot;
  }

  #useFresh(): void {
    this.#fresh += 1;
    const old = this.#ids.length;
    if (this.#fresh <= old) return;
    this.#ids = longer(this.#ids, new Float64Array(2 * old));
    this.#owners = longer(this.#owners, new Int32Array(2 * old));
    this.#selling = longer(this.#selling, new Uint8Array(2 * old));
    this.#levels = longer(this.#levels, new Int32Array(2 * old));
    this.#open = longer(this.#open, new Float64Array(2 * old));
    this.#previouses = longer(this.#previouses, new Int32Array(2 * old));
    this.#nexts = longer(this.#nexts, new Int32Array(2 * old));
  }
}
