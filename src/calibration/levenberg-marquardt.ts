import { invariant } from '../core/assert.ts';

/** A least-squares problem whose residuals each depend on a few of the parameters. */
export interface LeastSquares {
  readonly dimension: number;
  /** Adds every residual at these parameters, with its derivatives. The parameters are borrowed until it returns. */
  accumulate(parameters: Readonly<Float64Array>, into: NormalEquations): void;
}

/** Where a minimisation ended. */
export interface Minimum {
  readonly parameters: Float64Array;
  /** Sum of the squared (or Huber) residuals. */
  readonly cost: number;
  readonly iterations: number;
  /** False when the number of iterations ran out first. */
  readonly converged: boolean;
}

/** Cost, gradient JᵀWr and matrix JᵀWJ of a least-squares problem at one point, gathered row by row. */
export class NormalEquations {
  readonly dimension: number;
  cost = 0;
  readonly gradient: Float64Array;
  /** Row-major; both triangles are filled. */
  readonly matrix: Float64Array;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.gradient = new Float64Array(dimension);
    this.matrix = new Float64Array(dimension * dimension);
  }

  clear(): void {
    this.cost = 0;
    this.gradient.fill(0);
    this.matrix.fill(0);
  }

  /**
   * Adds one residual. `derivatives[i]` belongs to parameter `indices[i]`. Beyond `threshold` the loss grows linearly
   * (Huber 1964: r² up to the threshold c, then 2c|r| − c²), so that one stale quote cannot bend a curve.
   */
  add(residual: number, indices: readonly number[], derivatives: readonly number[], threshold = Number.POSITIVE_INFINITY): void {
    const size = Math.abs(residual);
    const weight = size <= threshold ? 1 : threshold / size;
    this.cost += size <= threshold ? residual * residual : threshold * (2 * size - threshold);
    for (let i = 0; i < indices.length; i += 1) {
      const row = indices[i]!;
      const slope = weight * derivatives[i]!;
      this.gradient[row]! += slope * residual;
      for (let j = 0; j < indices.length; j += 1) this.matrix[row * this.dimension + indices[j]!]! += slope * derivatives[j]!;
    }
  }
}

/** Stops at this many evaluations of the problem; a smooth fit of a surface takes 10 to 60. */
const ITERATIONS_MAXIMUM = 400;
const DAMPING_MAXIMUM = 1e14;

/**
 * Minimises a sum of squares by Levenberg–Marquardt with Marquardt's scaling of the damping (Marquardt 1963): a step solves
 * (JᵀJ + λ diag JᵀJ) d = −Jᵀr; λ falls after a step that helps and grows after one that does not. Deterministic. The cost
 * never ends above that of the start. Ends when a step lowers the cost by less than `tolerance` of itself.
 */
export function leastSquaresMinimum(problem: LeastSquares, start: ArrayLike<number>, tolerance = 1e-10): Minimum {
  const n = problem.dimension;
  invariant(start.length === n, () => `start has ${start.length} parameters, the problem ${n}`);
  let parameters = Float64Array.from(start);
  let trial = new Float64Array(n);
  let here = new NormalEquations(n);
  let there = new NormalEquations(n);
  const step = new Float64Array(n);
  const factor = new Float64Array(n * n);
  problem.accumulate(parameters, here);
  invariant(Number.isFinite(here.cost), 'least squares started at a point without a finite cost');
  let damping = 1e-3;
  let calm = 0;
  for (let iteration = 1; iteration <= ITERATIONS_MAXIMUM; iteration += 1) {
    const solved = dampedStep(here, damping, factor, step);
    if (solved) {
      for (let i = 0; i < n; i += 1) trial[i] = parameters[i]! + step[i]!;
      there.clear();
      problem.accumulate(trial, there);
    }
    if (solved && there.cost <= here.cost) {
      const gain = here.cost - there.cost;
      [parameters, trial] = [trial, parameters];
      [here, there] = [there, here];
      damping = Math.max(1e-12, damping / 5);
      // One small step can be a narrow bend of the valley; two in a row are the bottom.
      calm = gain <= tolerance * here.cost ? calm + 1 : 0;
      if (calm >= 2 || here.cost === 0) return { parameters, cost: here.cost, iterations: iteration, converged: true };
    } else {
      damping *= 6;
      if (damping > DAMPING_MAXIMUM) return { parameters, cost: here.cost, iterations: iteration, converged: true };
    }
  }
  return { parameters, cost: here.cost, iterations: ITERATIONS_MAXIMUM, converged: false };
}

/** Solves the damped normal equations by Cholesky into `step`; false when the matrix is not positive definite in floating point. */
function dampedStep(at: NormalEquations, damping: number, factor: Float64Array, step: Float64Array): boolean {
  const n = at.dimension;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = at.matrix[i * n + j]!;
      // A parameter that nothing depends on has a zero on the diagonal: it then stays where it is.
      if (i === j) sum += damping * sum + 1e-30;
      for (let k = 0; k < j; k += 1) sum -= factor[i * n + k]! * factor[j * n + k]!;
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j]!;
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  for (let i = 0; i < n; i += 1) {
    let sum = -at.gradient[i]!;
    for (let k = 0; k < i; k += 1) sum -= factor[i * n + k]! * step[k]!;
    step[i] = sum / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = step[i]!;
    for (let k = i + 1; k < n; k += 1) sum -= factor[k * n + i]! * step[k]!;
    step[i] = sum / factor[i * n + i]!;
  }
  return step.every(Number.isFinite);
}
