/**
 * Page-Hinkley test for a lasting rise of the mean of a stream (Page 1954, Biometrika 41; Hinkley 1971): with x̄ the mean since the start and
 * m_t = Σ (x_s − x̄_s − δ), it alarms when m_t is more than λ above its minimum so far. Values are in standard deviations of the stream.
 *
 * False alarms and delays at the settings of {@link DriftVote}: test/forecast/adaptive/drift.slow.test.ts.
 */
export class PageHinkley {
  readonly #delta: number;
  readonly #lambda: number;
  #count = 0;
  #mean = 0;
  #sum = 0;
  #least = 0;

  /** @param delta drift that is tolerated, and `lambda` the threshold, both in standard deviations. */
  constructor(delta: number, lambda: number) {
    this.#delta = delta;
    this.#lambda = lambda;
  }

  /** Takes in a value; true when it alarms, after which it starts afresh. */
  step(value: number): boolean {
    this.#count += 1;
    this.#mean += (value - this.#mean) / this.#count;
    this.#sum += value - this.#mean - this.#delta;
    this.#least = Math.min(this.#least, this.#sum);
    if (this.#sum - this.#least <= this.#lambda) return false;
    this.reset();
    return true;
  }

  reset(): void {
    this.#count = 0;
    this.#mean = 0;
    this.#sum = 0;
    this.#least = 0;
  }
}
