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
