/** A Gaussian belief over a few variables, with updates in place: what a Kalman filter is made of. */
export class Gaussian {
  readonly size: number;
  readonly mean: Float64Array;
  /** Row by row. */
  readonly covariance: Float64Array;
  readonly #gain: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.mean = new Float64Array(size);
    this.covariance = new Float64Array(size * size);
    this.#gain = new Float64Array(size);
  }

  /**
   * Learns that Σ weights · variable is exactly `value`. A sum without variance is known already, and teaches nothing.
   * @returns log-density of the value before it was known; 0 where nothing is learnt.
   */
  observe(weights: ArrayLike<number>, value: number): number {
    const { size, mean, covariance } = this;
    let expected = 0;
    let variance = 0;
    for (let i = 0; i < size; i += 1) {
      let row = 0;
      for (let j = 0; j < size; j += 1) row += (covariance[i * size + j] ?? 0) * (weights[j] ?? 0);
      this.#gain[i] = row;
      expected += (weights[i] ?? 0) * (mean[i] ?? 0);
      variance += (weights[i] ?? 0) * row;
    }
    if (!(variance > 0)) return 0;
    const surprise = value - expected;
    for (let i = 0; i < size; i += 1) {
      const gain = this.#gain[i] ?? 0;
      mean[i] = (mean[i] ?? 0) + (gain * surprise) / variance;
      for (let j = 0; j < size; j += 1)
        covariance[i * size + j] = (covariance[i * size + j] ?? 0) - (gain * (this.#gain[j] ?? 0)) / variance;
    }
    return -0.5 * (Math.log(2 * Math.PI * variance) + (surprise * surprise) / variance);
  }

  /** Mean and variance of Σ weights · variable. */
  moments(weights: ArrayLike<number>): { readonly mean: number; readonly variance: number } {
    const { size, mean, covariance } = this;
    let expected = 0;
    let variance = 0;
    for (let i = 0; i < size; i += 1) {
      expected += (weights[i] ?? 0) * (mean[i] ?? 0);
      for (let j = 0; j < size; j += 1) variance += (weights[i] ?? 0) * (covariance[i * size + j] ?? 0) * (weights[j] ?? 0);
    }
    return { mean: expected, variance };
  }

  /** Becomes the Gaussian with the mean and covariance of a mixture; chances sum to 1. */
  mix(parts: readonly Gaussian[], chances: ArrayLike<number>): void {
    const { size, mean, covariance } = this;
    mean.fill(0);
    covariance.fill(0);
    for (const [n, part] of parts.entries())
      for (let i = 0; i < size; i += 1) mean[i] = (mean[i] ?? 0) + (chances[n] ?? 0) * (part.mean[i] ?? 0);
    for (const [n, part] of parts.entries()) {
      const chance = chances[n] ?? 0;
      for (let i = 0; i < size; i += 1) {
        const di = (part.mean[i] ?? 0) - (mean[i] ?? 0);
        for (let j = 0; j < size; j += 1) {
          const dj = (part.mean[j] ?? 0) - (mean[j] ?? 0);
          covariance[i * size + j] = (covariance[i * size + j] ?? 0) + chance * ((part.covariance[i * size + j] ?? 0) + di * dj);
        }
      }
    }
  }
}
