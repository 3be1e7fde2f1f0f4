import { expect } from 'vitest';

/** Mean and its standard error, from independent values. */
export function meanOf(values: ArrayLike<number>): { readonly mean: number; readonly error: number; readonly sd: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] ?? 0;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += ((values[i] ?? 0) - mean) * ((values[i] ?? 0) - mean);
  const sd = Math.sqrt(squares / (values.length - 1));
  return { mean, error: sd / Math.sqrt(values.length), sd };
}

/** Fails unless the mean of independent values lies within four standard errors of what theory says. */
export function expectMean(values: ArrayLike<number>, theory: number, what: string): void {
  const { mean, error } = meanOf(values);
  const off = (mean - theory) / error;
  expect(Math.abs(off), `${what}: mean ${mean}, theory ${theory}, ${off.toFixed(2)} standard errors away`).toBeLessThan(4);
}

export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += ((a[i] ?? 0) - meanA.mean) * ((b[i] ?? 0) - meanB.mean);
  return sum / ((a.length - 1) * meanA.sd * meanB.sd);
}

/** Fails unless the mean squared deviation of independent values from their true mean lies within four standard errors of what theory says. */
export function expectVariance(values: ArrayLike<number>, mean: number, theory: number, what: string): void {
  expectCovariance(values, values, [mean, mean], theory, what);
}

/** The same for the mean product of deviations of pairs that are independent of each other. */
export function expectCovariance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [meanA, meanB]: readonly [a: number, b: number],
  theory: number,
  what: string,
): void {
  const products = Float64Array.from({ length: a.length }, (_, i) => ((a[i] ?? 0) - meanA) * ((b[i] ?? 0) - meanB));
  expectMean(products, theory, `(co)variance of ${what}`);
}

/** Fails unless `count` of `trials` lies within four standard errors of a binomial with this probability. */
export function expectShare(count: number, trials: number, probability: number, what: string): void {
  const error = Math.sqrt(Math.max(probability * (1 - probability), 1 / trials) / trials);
  const off = (count / trials - probability) / error;
  expect(Math.abs(off), `${what}: ${count} of ${trials}, theory ${probability}, ${off.toFixed(2)} standard errors away`).toBeLessThan(4);
}

/** Uniforms at the middles of `count` equal parts of (0, 1): means over them are integrals over the unit interval. */
export const strata = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => (i + 0.5) / count);
