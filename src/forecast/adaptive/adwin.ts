/** Buckets of one size before two of them are merged. */
const PER_SIZE = 5;
/** Sizes 1, 2, 4, … of buckets: windows of up to 5 · (2^24 − 1) values. */
const SIZES = 24;
/** Either part of a cut holds at least so many values. */
const PART_MINIMUM = 10;

/**
 * Adaptive window (Bifet and Gavaldà 2007, SDM; ADWIN2): keeps the longest window of values in [0, 1] that no cut splits into two parts whose means
 * differ by more than ε, and drops the older part when one does. With n0, n1 the parts' lengths, 1/m = 1/n0 + 1/n1, δ' = δ/ln n and σ² the
 * window's variance, ε = √(2/m σ² ln(2/δ')) + 2/(3m) ln(2/δ'). Values are kept as sums of 1, 2, 4, … of them, at most 5 of a
 * size, so cuts are tried at the borders of those buckets: memory and work are logarithmic, nothing is allocated per step.
 *
 * Naive twin with the same borders from all values, and false alarms: test/forecast/adaptive/adwin.test.ts.
 */
export class Adwin {
  readonly #delta: number;
  /** Per size, oldest first: sums and sums of squares of its buckets. */
  readonly #sums = new Float64Array(SIZES * (PER_SIZE + 1));
  readonly #squares = new Float64Array(SIZES * (PER_SIZE + 1));
  readonly #buckets = new Int32Array(SIZES);
  #count = 0;
  #sum = 0;
  #square = 0;

  /** @param delta bound on the probability of a cut where nothing changes, per step. */
  constructor(delta: number) {
    this.#delta = delta;
  }

  /** Values in the window. */
  get count(): number {
    return this.#count;
  }

  /** Mean of the window. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Takes in a value of [0, 1]; true when the window was cut. */
  step(value: number): boolean {
    this.#insert(value);
    let isCut = false;
    while (this.#count >= 2 * PART_MINIMUM && this.#splits()) {
      this.#dropOldest();
      isCut = true;
    }
    return isCut;
  }

  #insert(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#square += value * value;
    this.#append(0, value, value * value);
    for (let size = 0; size < SIZES - 1 && (this.#buckets[size] ?? 0) > PER_SIZE; size += 1) {
      const at = size * (PER_SIZE + 1);
      this.#append(size + 1, (this.#sums[at] ?? 0) + (this.#sums[at + 1] ?? 0), (this.#squares[at] ?? 0) + (this.#squares[at + 1] ?? 0));
      this.#remove(size, 2);
    }
  }

  #append(size: number, sum: number, square: number): void {
    const at = size * (PER_SIZE + 1) + (this.#buckets[size] ?? 0);
    this.#sums[at] = sum;
    this.#squares[at] = square;
    this.#buckets[size] = (this.#buckets[size] ?? 0) + 1;
  }

  /** Removes the oldest buckets of a size. */
  #remove(size: number, buckets: number): void {
    const at = size * (PER_SIZE + 1);
    const end = at + (this.#buckets[size] ?? 0);
    this.#sums.copyWithin(at, at + buckets, end);
    this.#squares.copyWithin(at, at + buckets, end);
    this.#buckets[size] = (this.#buckets[size] ?? 0) - buckets;
  }

  #dropOldest(): void {
    let size = SIZES - 1;
    while (size > 0 && this.#buckets[size] === 0) size -= 1;
    const at = size * (PER_SIZE + 1);
    this.#count -= bucketLength(size);
    this.#sum -= this.#sums[at] ?? 0;
    this.#square -= this.#squares[at] ?? 0;
    this.#remove(size, 1);
  }

  /** Whether some border of buckets parts the window into two whose means differ too much. */
  #splits(): boolean {
    const mean = this.mean;
    const variance = Math.max(0, this.#square / this.#count - mean * mean);
    const logTerm = Math.log((2 * Math.log(this.#count)) / this.#delta);
    let older = 0;
    let olderSum = 0;
    for (let size = SIZES - 1; size >= 0; size -= 1) {
      for (let bucket = 0; bucket < (this.#buckets[size] ?? 0); bucket += 1) {
        older += bucketLength(size);
        olderSum += this.#sums[size * (PER_SIZE + 1) + bucket] ?? 0;
        const newer = this.#count - older;
        if (older < PART_MINIMUM || newer < PART_MINIMUM) continue;
        const inverse = 1 / older + 1 / newer;
        const epsilon = Math.sqrt(2 * inverse * variance * logTerm) + (2 / 3) * inverse * logTerm;
        if (Math.abs(olderSum / older - (this.#sum - olderSum) / newer) > epsilon) return true;
      }
    }
    return false;
  }

  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#square = 0;
  }
}

/** Values in a bucket of a size. */
const bucketLength = (size: number): number => 1 << size;
