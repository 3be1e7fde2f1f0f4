import { invariant } from './assert.ts';

/**
 * Least squares by accumulated normal equations: rows are added one at a time and not kept. With penalties it is the ridge regression of
 * Hoerl and Kennard (1970), one penalty per regressor.
 */
export class LinearRegression {
  readonly #k: number;
  readonly #xx: Float64Array;
  readonly #xy: Float64Array;
  #yy = 0;
  #count = 0;

  /** @param regressors per row, a constant included by the caller where one is wanted. */
  constructor(regressors: number) {
    this.#k = regressors;
    this.#xx = new Float64Array(regressors * regressors);
    this.#xy = new Float64Array(regressors);
  }

  /**
   * The regression with these sums of products of regressors with each other (`xx(i, j)` for j ≤ i) and with y; it has no rows, and so no squares.
   */
  static ofMoments(regressors: number, xx: (i: number, j: number) => number, xy: (i: number) => number): LinearRegression {
    const regression = new LinearRegression(regressors);
    for (let i = 0; i < regressors; i += 1) {
      regression.#xy[i] = xy(i);
      for (let j = 0; j <= i; j += 1) regression.#xx[i * regressors + j] = xx(i, j);
    }
    return regression;
  }

  get count(): number {
    return this.#count;
  }

  add(x: ArrayLike<number>, y: number): void {
    this.#count += 1;
    this.#yy += y * y;
    for (let i = 0; i < this.#k; i += 1) {
      const xi = x[i] ?? 0;
      this.#xy[i] = (this.#xy[i] ?? 0) + xi * y;
      for (let j = 0; j <= i; j += 1) this.#xx[i * this.#k + j] = (this.#xx[i * this.#k + j] ?? 0) + xi * (x[j] ?? 0);
    }
  }

  /**
   * Coefficients by a Cholesky factor; a regressor without variation of its own gets 0.
   *
   * @param penalties added to the sum of squares of each regressor, each at least 0: what a row with that regressor alone, its root, and y = 0
   *   would add. Leave a constant at 0, and standardise the others, or give each its own.
   */
  coefficients(penalties?: ArrayLike<number>): Float64Array {
    const k = this.#k;
    const l = new Float64Array(k * k);
    const at = (m: Float64Array, i: number, j: number): number => m[i * k + j] ?? 0;
    for (let i = 0; i < k; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = at(this.#xx, i, j) + (i === j ? (penalties?.[i] ?? 0) : 0);
        for (let n = 0; n < j; n += 1) sum -= at(l, i, n) * at(l, j, n);
        if (i === j) l[i * k + i] = sum > 1e-10 * at(this.#xx, i, i) ? Math.sqrt(sum) : 0;
        else l[i * k + j] = at(l, j, j) === 0 ? 0 : sum / at(l, j, j);
      }
    }
    const z = new Float64Array(k);
    for (let i = 0; i < k; i += 1) {
      let sum = this.#xy[i] ?? 0;
      for (let n = 0; n < i; n += 1) sum -= at(l, i, n) * (z[n] ?? 0);
      z[i] = at(l, i, i) === 0 ? 0 : sum / at(l, i, i);
    }
    const beta = new Float64Array(k);
    for (let i = k - 1; i >= 0; i -= 1) {
      let sum = z[i] ?? 0;
      for (let n = i + 1; n < k; n += 1) sum -= at(l, n, i) * (beta[n] ?? 0);
      beta[i] = at(l, i, i) === 0 ? 0 : sum / at(l, i, i);
    }
    return beta;
  }

  /** Sum of squared residuals, and that of y about 0: R² against a forecast of 0 is 1 − residual/total. */
  squares(): { readonly residual: number; readonly total: number } {
    invariant(this.#count > 0, 'a regression needs rows');
    const beta = this.coefficients();
    let explained = 0;
    for (let i = 0; i < this.#k; i += 1) explained += (beta[i] ?? 0) * (this.#xy[i] ?? 0);
    return { residual: Math.max(0, this.#yy - explained), total: this.#yy };
  }
}
