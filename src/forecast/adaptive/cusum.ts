/**
 * One-sided cumulative sum (Page 1954, Biometrika 41): S ← max(0, S + x − k), alarm when S > h. Values are in standard deviations about what is
 * expected. For independent standard normals the mean time between false alarms is, by Siegmund's (1985) approximation with b = h + 1.166,
 * (e^(2kb) − 2kb − 1)/(2k²): 938 at k = ½, h = 5 (the Markov chain of Brook and Evans 1972 gives 930; test/forecast/adaptive/drift.slow.test.ts).
 */
export class Cusum {
  /** The sum so far, at least 0. */
  sum = 0;
  readonly #slack: number;
  readonly #threshold: number;

  /** @param slack k, and `threshold` h, in standard deviations. */
  constructor(slack: number, threshold: number) {
    this.#slack = slack;
    this.#threshold = threshold;
  }

  /** Takes in a value; true when it alarms, after which it starts afresh. */
  step(value: number): boolean {
    this.sum = Math.max(0, this.sum + value - this.#slack);
    if (this.sum <= this.#threshold) return false;
    this.reset();
    return true;
  }

  reset(): void {
    this.sum = 0;
  }
}
