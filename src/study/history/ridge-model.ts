import { LinearRegression } from '../../core/linear-regression.ts';
import type { RowModel } from './prequential.ts';

/** Regressors of a row: a constant first, then the others. */
export type Regressors = (row: number) => ArrayLike<number>;

/**
 * Least squares of the outcome on regressors of the row, all rows so far, the constants never shrunk. Ridge of Hoerl and Kennard (1970), in units of
 * each regressor's own spread: the penalty λ is the prior belief that a standardised coefficient has a standard deviation of 1/√λ of
 * the noise's, however many rows there are.
 *
 * Accuracy: equal to a fit from scratch (test/study/history/linear-models.test.ts).
 */
export class RidgeModel implements RowModel {
  readonly #regressors: Regressors;
  readonly #width: number;
  readonly #free: number;
  readonly #penalty: number;
  readonly #regression: LinearRegression;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #beta: Readonly<Float64Array> = new Float64Array(0);

  /**
   * @param width number of regressors.
   * @param free the first so many are never shrunk.
   * @param penalty λ of the others.
   */
  constructor(regressors: Regressors, width: number, free = 1, penalty = 0) {
    this.#regressors = regressors;
    this.#width = width;
    this.#free = free;
    this.#penalty = penalty;
    this.#regression = new LinearRegression(width);
    this.#sums = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  learn(row: number, outcome: number): void {
    const x = this.#regressors(row);
    this.#regression.add(x, outcome);
    for (let i = 0; i < this.#width; i += 1) {
      const value = x[i] ?? 0;
      this.#sums[i] = (this.#sums[i] ?? 0) + value;
      this.#squares[i] = (this.#squares[i] ?? 0) + value * value;
    }
  }

  refit(): void {
    const n = this.#regression.count;
    const penalties = this.#sums.map((sum, i) => {
      const variance = ((this.#squares[i] ?? 0) - (sum * sum) / n) / n;
      return i < this.#free ? 0 : this.#penalty * Math.max(0, variance);
    });
    this.#beta = this.#regression.coefficients(penalties);
  }

  predict(row: number): number {
    return product(this.#beta, this.#regressors(row));
  }
}

function product(beta: Readonly<Float64Array>, x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < beta.length; i += 1) sum += (beta[i] ?? 0) * (x[i] ?? 0);
  return sum;
}
