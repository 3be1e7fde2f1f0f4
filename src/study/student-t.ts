import { inverseNormalCdf, normalCdf } from '../core/special.ts';

/** Coefficients of Lanczos' approximation for g = 7 (Godfrey 2001); relative error about 1e-15. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** ln Γ(x) for x > 0 (Lanczos 1964). */
export function logGamma(x: number): number {
  // Γ(x) = Γ(x + 1)/x keeps the argument where the series is at its best.
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  const z = x - 1;
  let series = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i += 1) series += (LANCZOS[i] ?? 0) / (z + i);
  const t = z + 7.5;
  return HALF_LOG_TWO_PI + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

/**
 * Regularised incomplete beta function I_x(a, b), for a, b > 0. Continued fraction of Abramowitz and Stegun (1964), 26.5.8, by the
 * method of Lentz (1976), on the side where it converges fast. Accuracy: 1e-12 (test/study/student-t.test.ts).
 * @param y 1 − x, given by the caller where that has more digits.
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, y)) / b;
}

const TINY = 1e-300;
const FRACTION_TERMS = 5000;

function betaFraction(a: number, b: number, x: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= FRACTION_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

/** P(|T| ≥ |t|) of Student's t with `df` > 0 degrees of freedom: the two-sided p-value. */
export function studentTwoSidedP(t: number, df: number): number {
  const square = t * t;
  return square === Infinity ? 0 : incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square));
}

/** P(T ≤ t) of Student's t. */
export function studentCdf(t: number, df: number): number {
  const tail = studentTwoSidedP(t, df) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Quantile of Student's t for p in (0, 1), by bisection on {@link studentCdf} to the last digits. */
export function studentQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability must lie in (0, 1), got ${p}`);
  const tail = Math.min(p, 1 - p);
  let high = Math.max(1, -2 * inverseNormalCdf(tail));
  while (studentTwoSidedP(high, df) / 2 > tail) high *= 2;
  let low = 0;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i += 1) {
    const middle = (low + high) / 2;
    if (studentTwoSidedP(middle, df) / 2 > tail) low = middle;
    else high = middle;
  }
  return p < 0.5 ? -(low + high) / 2 : (low + high) / 2;
}

/** Half of the width, in standard deviations, over which the chi density is integrated. */
const CHI_REACH = 9;
const CHI_STEPS = 800;

/**
 * P(T ≤ t) of the noncentral t with `df` degrees of freedom and noncentrality δ: E[Φ(tX − δ)] over X = χ(df)/√df
 * (Johnson, Kotz and Balakrishnan 1995, ch. 31), by Simpson's rule. Error below 1e-8 for df ≥ 1.
 */
export function noncentralCdf(t: number, df: number, delta: number): number {
  const spread = CHI_REACH / Math.sqrt(2 * df);
  const from = Math.max(0, 1 - spread);
  const step = (1 + spread - from) / CHI_STEPS;
  let mass = 0;
  let total = 0;
  for (let i = 0; i <= CHI_STEPS; i += 1) {
    const x = from + i * step;
    // Density up to a constant, which the division removes; (x − 1)(x + 1) keeps the digits of x² − 1.
    const density = x === 0 ? (df === 1 ? Math.exp(0.5 * df) : 0) : Math.exp((df - 1) * Math.log(x) - 0.5 * df * (x - 1) * (x + 1));
    const weight = density * (i === 0 || i === CHI_STEPS ? 1 : i % 2 === 1 ? 4 : 2);
    mass += weight;
    total += weight * normalCdf(t * x - delta);
  }
  return total / mass;
}
