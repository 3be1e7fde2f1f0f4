import { LinearRegression } from '../../core/linear-regression.ts';

/**
 * Normal equations of many outputs on the same regressors: rows are added once and not kept, and any subset of regressors can be solved for any output,
 * at any penalty. Its own class because {@link LinearRegression} has one output, and the squares of the regressors are nearly all of the work.
 */
export class RidgeSystem {
  readonly regressors: number;
  readonly outputs: number;
  readonly #xx: Float64Array;
  readonly #xy: Float64Array;
  readonly #yy: Float64Array;
  count = 0;

  constructor(regressors: number, outputs: number) {
    this.regressors = regressors;
    this.outputs = outputs;
    this.#xx = new Float64Array(regressors * regressors);
    this.#xy = new Float64Array(regressors * outputs);
    this.#yy = new Float64Array(outputs);
  }

  /** Adds a row: regressors, then outputs. */
  add(x: Readonly<Float64Array>, y: Readonly<Float64Array>): void {
    const { regressors, outputs } = this;
    this.count += 1;
    for (let i = 0; i < regressors; i += 1) {
      const xi = x[i]!;
      if (xi === 0) continue;
      for (let j = 0; j <= i; j += 1) this.#xx[i * regressors + j]! += xi * x[j]!;
      for (let k = 0; k < outputs; k += 1) this.#xy[i * outputs + k]! += xi * y[k]!;
    }
    for (let k = 0; k < outputs; k += 1) this.#yy[k]! += y[k]! * y[k]!;
  }

  /**
   * Coefficients of an output on the regressors of a subset, the first of which is the constant and pays no penalty. The penalty is a share of each
   * regressor's own sum of squares, so that units do not matter.
   */
  solve(subset: readonly number[], output: number, penalty: number): Float64Array {
    const squares = subset.map((i, n) => (n === 0 ? 0 : penalty * this.#cross(i, i)));
    return LinearRegression.ofMoments(
      subset.length,
      (i, j) => this.#cross(subset[i]!, subset[j]!),
      (i) => this.#xy[subset[i]! * this.outputs + output]!,
    ).coefficients(squares);
  }

  /** Sum of squared errors of an output with these coefficients, and that of a forecast of 0. */
  squares(subset: readonly number[], output: number, beta: Readonly<Float64Array>): { readonly residual: number; readonly total: number } {
    let residual = this.#yy[output]!;
    for (const [n, i] of subset.entries()) {
      residual -= 2 * beta[n]! * this.#xy[i * this.outputs + output]!;
      for (const [m, j] of subset.entries()) residual += beta[n]! * beta[m]! * this.#cross(i, j);
    }
    return { residual, total: this.#yy[output]! };
  }

  #cross(i: number, j: number): number {
    return i >= j ? this.#xx[i * this.regressors + j]! : this.#xx[j * this.regressors + i]!;
  }
}
