import { InvariantError } from '../core/assert.ts';
import type { InstrumentId, OrderId } from '../core/units.ts';
import { OrderIndex } from '../exchange/order-index.ts';
import { longer } from '../kernel/longer.ts';
import type { Side } from '../market/order.ts';

const INITIAL_SLOTS = 64;
const NO_SLOT = -1;

/**
 * The orders of one desk that may still be alive, in numbered slots: where each is, and how many of its lots are open, which count until a
 * report says that they are filled or gone. Nothing is allocated once the arrays have grown to the number of orders that are alive at once.
 */
export class KnownOrders {
  readonly #index = new OrderIndex();
  #ids = new Float64Array(INITIAL_SLOTS);
  #instruments = new Int32Array(INITIAL_SLOTS);
  /** 1 for a sell order. */
  #selling = new Uint8Array(INITIAL_SLOTS);
  #open = new Float64Array(INITIAL_SLOTS);
  /** The order that was sent before, and the next one; for a slot that is free again, the next such slot. */
  #previous = new Int32Array(INITIAL_SLOTS);
  #next = new Int32Array(INITIAL_SLOTS);
  #first = NO_SLOT;
  #last = NO_SLOT;
  #free = NO_SLOT;
  /** Slots from here on were never used. */
  #fresh = 0;

  /** Slot of an order, or undefined when it is not alive. */
  find(order: OrderId): number | undefined {
    return this.#index.find(order);
  }

  instrument(slot: number): InstrumentId {
    return this.#instruments[slot]! as InstrumentId;
  }

  side(slot: number): Side {
    return this.#selling[slot]! === 1 ? 'sell' : 'buy';
  }

  /** Lots that may still trade. */
  open(slot: number): number {
    return this.#open[slot]!;
  }

  /** Takes lots off what may still trade, at most what is left; returns how many. */
  release(slot: number, size: number): number {
    const open = this.#open[slot]!;
    const released = size < open ? size : open;
    this.#open[slot] = open - released;
    return released;
  }

  /** @throws InvariantError when the id is in use. */
  add(order: OrderId, instrument: InstrumentId, side: Side, size: number): void {
    const slot = this.#free === NO_SLOT ? this.#fresh : this.#free;
    this.#index.add(order, slot);
    if (slot === this.#fresh) this.#useFresh();
    else this.#free = this.#next[slot]!;
    this.#ids[slot] = order;
    this.#instruments[slot] = instrument;
    this.#selling[slot] = side === 'sell' ? 1 : 0;
    this.#open[slot] = size;
    this.#previous[slot] = this.#last;
    this.#next[slot] = NO_SLOT;
    if (this.#last === NO_SLOT) this.#first = slot;
    else this.#next[this.#last] = slot;
    this.#last = slot;
  }

  /** @throws InvariantError when the order is not alive. */
  remove(order: OrderId): void {
    const slot = this.#index.find(order);
    if (slot === undefined) throw new InvariantError(`order ${order} is not alive`);
    const before = this.#previous[slot]!;
    const after = this.#next[slot]!;
    if (before === NO_SLOT) this.#first = after;
    else this.#next[before] = after;
    if (after === NO_SLOT) this.#last = before;
    else this.#previous[after] = before;
    this.#index.remove(order);
    this.#next[slot] = this.#free;
    this.#free = slot;
  }

  /** Visits the orders, oldest first. */
  forEach(visit: (order: OrderId, instrument: InstrumentId, side: Side) => void): void {
    for (let slot = this.#first; slot !== NO_SLOT; slot = this.#next[slot]!) {
      visit(this.#ids[slot]! as OrderId, this.instrument(slot), this.side(slot));
    }
  }

  #useFresh(): void {
    this.#fresh += 1;
    const old = this.#ids.length;
    if (this.#fresh <= old) return;
    this.#ids = longer(this.#ids, new Float64Array(2 * old));
    this.#instruments = longer(this.#instruments, new Int32Array(2 * old));
    this.#selling = longer(this.#selling, new Uint8Array(2 * old));
    this.#open = longer(this.#open, new Float64Array(2 * old));
    this.#previous = longer(this.#previous, new Int32Array(2 * old));
    this.#next = longer(this.#next, new Int32Array(2 * old));
  }
}
