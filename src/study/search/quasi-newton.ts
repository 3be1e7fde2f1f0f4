/** A function's value at a point, with its derivatives. */
export interface Slope {
  readonly value: number;
  readonly gradient: Readonly<Float64Array>;
}

/** Share of what the slope promises that a step must bring (Armijo, 1966). */
const SUFFICIENT = 1e-4;
const HALVINGS_MAX = 30;
/** Longest step in any coordinate: logarithms of length scales must not run away in one step. */
const STEP_MAX = 2;

/**
 * Goes down from `start` by the method of Broyden, Fletcher, Goldfarb and Shanno with steps that are halved until they pay
 * (Nocedal and Wright 2006, Numerical Optimization, algorithms 3.1 and 6.1). Stops at a slope below 1e-5, when no step pays, or after `steps`.
 * It never returns a point with a higher value than that of `start`.
 */
export function minimum(of: (point: Readonly<Float64Array>) => Slope, start: readonly number[], steps: number): Float64Array {
  const n = start.length;
  let point: Float64Array = Float64Array.from(start);
  let here = of(point);
  let inverseHessian: Float64Array = identity(n);
  for (let step = 0; step < steps; step += 1) {
    if (Math.max(...here.gradient.map(Math.abs)) < 1e-5) break;
    let direction = times(inverseHessian, here.gradient).map((value) => -value);
    let descent = dot(direction, here.gradient);
    if (!(descent < 0)) {
      inverseHessian = identity(n);
      direction = here.gradient.map((value) => -value);
      descent = dot(direction, here.gradient);
    }
    let length = Math.min(1, STEP_MAX / Math.max(...direction.map(Math.abs)));
    let next: Float64Array | undefined;
    let there: Slope = here;
    for (let halving = 0; halving < HALVINGS_MAX && next === undefined; halving += 1) {
      const tried = point.map((value, i) => value + length * (direction[i] ?? 0));
      there = of(tried);
      if (there.value <= here.value + SUFFICIENT * length * descent) next = tried;
      else length /= 2;
    }
    if (next === undefined) break;
    const before = point;
    const gradientBefore = here.gradient;
    const moved = next.map((value, i) => value - (before[i] ?? 0));
    const bent = there.gradient.map((value, i) => value - (gradientBefore[i] ?? 0));
    inverseHessian = updated(inverseHessian, moved, bent);
    point = next;
    here = there;
  }
  return point;
}

/** The update of the inverse Hessian; unchanged where the curvature along the step was not positive. */
function updated(h: Float64Array, moved: Float64Array, bent: Float64Array): Float64Array {
  const n = moved.length;
  const curvature = dot(moved, bent);
  if (!(curvature > 1e-12)) return h;
  const hy = times(h, bent);
  const factor = (1 + dot(bent, hy) / curvature) / curvature;
  return h.map((value, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    const cross = (moved[i] ?? 0) * (hy[j] ?? 0) + (hy[i] ?? 0) * (moved[j] ?? 0);
    return value + factor * (moved[i] ?? 0) * (moved[j] ?? 0) - cross / curvature;
  });
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) matrix[i * n + i] = 1;
  return matrix;
}

function times(matrix: Float64Array, vector: Readonly<Float64Array>): Float64Array {
  const n = vector.length;
  return Float64Array.from({ length: n }, (_, i) => dot(matrix.subarray(i * n, (i + 1) * n), vector));
}

function dot(a: Readonly<Float64Array>, b: Readonly<Float64Array>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
