import { invariant } from '../../core/assert.ts';

/**
 * The last so many values, kept in order of size as well: their quantiles cost nothing, and a new value costs one shift of the sorted
 * array. Nothing is allocated after construction. Naive twin: sorting a copy (test/forecast/adaptive/sorted-window.test.ts).
 */
export class SortedWindow {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** @param capacity values that are kept, at least 1. */
  constructor(capacity: number) {
    invariant(Number.isInteger(capacity) && capacity > 0, () => `a window holds a whole number of values, not ${capacity}`);
    this.#ring = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity);
  }

  /** Values held, at most the capacity. */
  get count(): number {
    return this.#count;
  }

  /** Takes in a finite value; the oldest leaves once the window is full. */
  push(value: number): void {
    invariant(Number.isFinite(value), () => `a window holds finite values, not ${value}`);
    const sorted = this.#sorted;
    if (this.#count === this.#ring.length) {
      const old = this.#position(this.#ring[this.#next] ?? 0);
      sorted.copyWithin(old, old + 1, this.#count);
      this.#count -= 1;
    }
    const at = this.#position(value);
    sorted.copyWithin(at + 1, at, this.#count);
    sorted[at] = value;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.#count += 1;
  }

  /** The value of this rank, 0 the smallest; ranks beyond the ends give the ends, and an empty window 0. */
  ranked(rank: number): number {
    return this.#sorted[Math.max(0, Math.min(this.#count - 1, rank))] ?? 0;
  }

  /** Number of values below this one: where it stands, or would stand, in the sorted array. */
  #position(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
