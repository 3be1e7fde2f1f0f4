/** Mean of the index over the steps of the world from a moment on: the settlement price of one expiry. */
export class IndexAverage {
  readonly #from: number;
  #sum = 0;
  #count = 0;

  /** @param fromNanos samples before this time do not count. */
  constructor(fromNanos: number) {
    this.#from = fromNanos;
  }

  note(index: number, now: number): void {
    if (now <= this.#from) return;
    this.#sum += index;
    this.#count += 1;
  }

  /** Undefined while there was no sample. */
  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}
