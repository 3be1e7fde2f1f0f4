import { InputError } from '../core/assert.ts';
import type { Nanos } from '../core/units.ts';
import { longer } from './longer.ts';

/** Children per node of the heap: half as deep as a binary one, and the four times lie in one or two cache lines. */
const ARITY = 4;
const INITIAL_SLOTS = 256;

/**
 * Pending events, earliest first: ordered by time, then tie, then the order in which they were pushed.
 *
 * A 4-ary heap over typed arrays: nothing is allocated per event once the arrays have grown to the run's need. The heap
 * holds times and slot numbers only, so that a move is two writes; all else stays in its slot, and is looked at only where
 * times are equal. The popped event is read from the fields, before the next `push` or `pop`.
 */
export class EventQueue {
  /** Most events that may be pending at once. */
  readonly capacity: number;
  #pending = 0;
  #pushed = 0;
  #times: Float64Array;
  #slots: Int32Array;
  /** Slots not in use: the first `slotOf.length − pending` entries of a stack. */
  #free: Int32Array;
  #ties: Uint32Array;
  #sequences: Float64Array;
  #targets: Int32Array;
  #codes: Int32Array;
  #payloads: Float64Array;
  /** Time of the popped event, in an array of one: a field would hold an object of its own for each new time. */
  #poppedTime = 0;
  #popped = 0;

  /** `capacity` is the scenario's `limits.queue`; memory grows by doubling up to it. */
  constructor(capacity: number) {
    this.capacity = capacity;
    const slots = Math.min(capacity, INITIAL_SLOTS);
    this.#times = new Float64Array(slots);
    this.#slots = new Int32Array(slots);
    this.#free = freeSlots(0, slots);
    this.#ties = new Uint32Array(slots);
    this.#sequences = new Float64Array(slots);
    this.#targets = new Int32Array(slots);
    this.#codes = new Int32Array(slots);
    this.#payloads = new Float64Array(slots);
  }

  /** Number of pending events. */
  get size(): number {
    return this.#pending;
  }

  /** Time of the popped event. */
  get time(): Nanos {
    return this.#poppedTime as Nanos;
  }

  /** Tie of the popped event, unsigned 32 bits. */
  get tie(): number {
    return this.#ties[this.#popped]!;
  }

  /** Target of the popped event. */
  get target(): number {
    return this.#targets[this.#popped]!;
  }

  /** Code of the popped event, signed 32 bits. */
  get code(): number {
    return this.#codes[this.#popped]!;
  }

  /** Payload of the popped event: any number. */
  get payload(): number {
    return this.#payloads[this.#popped]!;
  }

  /** Time of the earliest pending event, or undefined when none is. */
  peekTime(): Nanos | undefined {
    return this.#pending === 0 ? undefined : (this.#times[0]! as Nanos);
  }

  /** True when an event is pending up to and including this time. */
  due(until: Nanos): boolean {
    return this.#pending > 0 && this.#times[0]! <= until;
  }

  /**
   * Adds an event. `tie` is an unsigned and `code` a signed 32-bit number; `target` is not negative.
   * @throws InputError when `capacity` events are pending already.
   */
  push(time: Nanos, tie: number, target: number, code: number, payload: number): void {
    if (this.#pending === this.#times.length) this.#grow();
    const slot = this.#free[this.#times.length - this.#pending - 1]!;
    this.#ties[slot] = tie;
    this.#sequences[slot] = this.#pushed;
    this.#targets[slot] = target;
    this.#codes[slot] = code;
    this.#payloads[slot] = payload;
    this.#pushed += 1;
    const node = this.#pending;
    this.#pending += 1;
    this.#rise(node, time, slot);
  }

  /** Takes the earliest event out, to be read from the fields before the next push or pop. False when none is pending. */
  pop(): boolean {
    if (this.#pending === 0) return false;
    this.#poppedTime = this.#times[0]!;
    this.#popped = this.#slots[0]!;
    this.#pending -= 1;
    const last = this.#pending;
    // The slot is free from now on, but keeps what it holds until the next push: the fields are read before that.
    this.#free[this.#times.length - last - 1] = this.#popped;
    if (last > 0) this.#sink(this.#times[last]!, this.#slots[last]!);
    return true;
  }

  /** Moves an event up from a node until its parent is earlier. */
  #rise(from: number, time: number, slot: number): void {
    const times = this.#times;
    const slots = this.#slots;
    let node = from;
    while (node > 0) {
      const parent = (node - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < time || (parentTime === time && this.#before(slots[parent]!, slot))) break;
      times[node] = parentTime;
      slots[node] = slots[parent]!;
      node = parent;
    }
    times[node] = time;
    slots[node] = slot;
  }

  /** Moves an event down from the root until no child is earlier. */
  #sink(time: number, slot: number): void {
    const times = this.#times;
    const slots = this.#slots;
    const pending = this.#pending;
    let node = 0;
    for (;;) {
      const first = ARITY * node + 1;
      if (first >= pending) break;
      const end = first + ARITY < pending ? first + ARITY : pending;
      let least = first;
      let leastTime = times[first]!;
      for (let child = first + 1; child < end; child += 1) {
        const childTime = times[child]!;
        if (childTime < leastTime || (childTime === leastTime && this.#before(slots[child]!, slots[least]!))) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && this.#before(slot, slots[least]!))) break;
      times[node] = leastTime;
      slots[node] = slots[least]!;
      node = least;
    }
    times[node] = time;
    slots[node] = slot;
  }

  /** Order of two slots of equal time. */
  #before(a: number, b: number): boolean {
    const tieA = this.#ties[a]!;
    const tieB = this.#ties[b]!;
    return tieA === tieB ? this.#sequences[a]! < this.#sequences[b]! : tieA < tieB;
  }

  #grow(): void {
    const old = this.#times.length;
    if (old >= this.capacity) {
      const message = `${this.capacity} events are pending and one more was scheduled; raise this limit, or send fewer orders`;
      throw new InputError('scenario', [{ path: 'limits.queue', message }]);
    }
    const slots = Math.min(this.capacity, 2 * old);
    this.#times = longer(this.#times, new Float64Array(slots));
    this.#slots = longer(this.#slots, new Int32Array(slots));
    // All old slots are in use, so only the new ones are free.
    this.#free = longer(freeSlots(old, slots), new Int32Array(slots));
    this.#ties = longer(this.#ties, new Uint32Array(slots));
    this.#sequences = longer(this.#sequences, new Float64Array(slots));
    this.#targets = longer(this.#targets, new Int32Array(slots));
    this.#codes = longer(this.#codes, new Int32Array(slots));
    this.#payloads = longer(this.#payloads, new Float64Array(slots));
  }
}

/** The slots from `start` to before `end`, to be handed out from the lowest. */
function freeSlots(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => end - 1 - i);
}
