import { invariant } from '../../core/assert.ts';

/** How a regression forgets, and what it holds on to. */
export interface LeastSquaresTerms {
  /** Weight of the pull of each coefficient to 0, in rows of weight 1 with that regressor alone at 1. Above 0, so that there is always one answer. */
  readonly ridge: ArrayLike<number>;
  /** Rows after which a row's weight has fallen to 1/e; infinite: nothing is forgotten. */
  readonly memory: number;
}

/**
 * Least squares row by row, with forgetting: the coefficients that minimise Σ λ^(n−i) v_i (y_i − x_i·w)² + Σ ridge_j w_j², λ = e^(−1/memory), v
 * the rows' weights. The pull to 0 is not forgotten, unlike that of the textbook's recursion, so directions without news go back to 0: as a correction
 * of a frozen head, to the frozen head.
 *
 * Kept as the information matrix (Ljung and Söderström 1983, sec. 2.2), to which rows are added, and solved through its Cholesky root:
 * a sum of squares stays symmetric and positive, where the recursion of its inverse loses both to rounding once it forgets.
 * Equal to the batch solution to 1e-9 after 1e6 rows (test/forecast/adaptive/recursive-least-squares.test.ts). Nothing is allocated after construction;
 * k²/2 multiplications per row, k³/6 per solution.
 */
export class RecursiveLeastSquares {
  /** Solution of the last {@link solve}; 0 before. Borrowed. */
  readonly coefficients: Readonly<Float64Array>;
  readonly #solution: Float64Array;
  readonly #k: number;
  readonly #ridge: Float64Array;
  readonly #keep: number;
  /** Lower triangles, row by row. */
  readonly #information: Float64Array;
  readonly #root: Float64Array;
  readonly #moments: Float64Array;

  constructor({ ridge, memory }: LeastSquaresTerms) {
    this.#ridge = Float64Array.from(ridge);
    invariant(
      this.#ridge.every((value) => value > 0 && Number.isFinite(value)),
      'each regressor needs a ridge above 0',
    );
    invariant(memory > 0, 'the memory of a regression is above 0');
    const k = this.#ridge.length;
    this.#k = k;
    this.#keep = Math.exp(-1 / memory);
    this.#information = new Float64Array(k * k);
    this.#root = new Float64Array(k * k);
    this.#moments = new Float64Array(k);
    this.#solution = new Float64Array(k);
    this.coefficients = this.#solution;
  }

  /** Takes in a row; all earlier ones are forgotten by one row's share. A row that is not finite only ages the others. */
  add(x: Readonly<Float64Array>, y: number, weight = 1): void {
    const k = this.#k;
    const keep = this.#keep;
    const information = this.#information;
    const moments = this.#moments;
    let isSound = Number.isFinite(y) && Number.isFinite(weight);
    for (let i = 0; i < k; i += 1) isSound &&= Number.isFinite(x[i]!);
    const part = isSound ? weight : 0;
    for (let i = 0; i < k; i += 1) {
      const xi = isSound ? part * x[i]! : 0;
      for (let j = 0; j <= i; j += 1) information[i * k + j] = keep * information[i * k + j]! + (isSound ? xi * x[j]! : 0);
      moments[i] = keep * moments[i]! + (isSound ? xi * y : 0);
    }
  }

  /** Keeps only this share of the weight of all rows so far: what an alarm does. */
  forget(share: number): void {
    for (let i = 0; i < this.#information.length; i += 1) this.#information[i] = share * this.#information[i]!;
    for (let i = 0; i < this.#k; i += 1) this.#moments[i] = share * this.#moments[i]!;
  }

  /** Brings {@link coefficients} up to date. */
  solve(): void {
    const k = this.#k;
    const root = this.#root;
    const solution = this.#solution;
    for (let i = 0; i < k; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = this.#information[i * k + j]! + (i === j ? this.#ridge[i]! : 0);
        for (let n = 0; n < j; n += 1) sum -= root[i * k + n]! * root[j * k + n]!;
        // The ridge keeps pivots positive; the floor is for rounding alone.
        root[i * k + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12 * this.#ridge[i]!)) : sum / root[j * k + j]!;
      }
    }
    for (let i = 0; i < k; i += 1) {
      let sum = this.#moments[i]!;
      for (let n = 0; n < i; n += 1) sum -= root[i * k + n]! * solution[n]!;
      solution[i] = sum / root[i * k + i]!;
    }
    for (let i = k - 1; i >= 0; i -= 1) {
      let sum = solution[i]!;
      for (let n = i + 1; n < k; n += 1) sum -= root[n * k + i]! * solution[n]!;
      solution[i] = sum / root[i * k + i]!;
    }
  }

  /** The fitted value at a row, by the last solution. */
  value(x: Readonly<Float64Array>): number {
    let sum = 0;
    for (let i = 0; i < this.#k; i += 1) sum += this.#solution[i]! * x[i]!;
    return sum;
  }
}
