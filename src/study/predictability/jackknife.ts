import type { Interval } from '../bootstrap.ts';
import { studentQuantile } from '../student-t.ts';

/** A figure with its 95 % interval over runs. */
export interface Estimate {
  readonly value: number;
  readonly ci95: Interval;
}

/**
 * A function of sums over runs, with its 95 % interval: delete-one jackknife over runs (Efron and Tibshirani 1993, ch. 11), Student's t with
 * runs − 1 degrees of freedom. Runs are the units, so nothing is assumed of what depends on what within one.
 *
 * @param runs sums of each run, all of one length; two runs at least.
 * @returns undefined where the figure does not exist for all runs or for all but one of them.
 */
export function jackknife(
  runs: readonly Readonly<Float64Array>[],
  figure: (sums: Float64Array) => number | undefined,
): Estimate | undefined {
  const n = runs.length;
  if (n < 2) throw new RangeError('an interval over runs needs two runs or more');
  const total = new Float64Array(runs[0]?.length ?? 0);
  for (const run of runs) for (let i = 0; i < total.length; i += 1) total[i] = (total[i] ?? 0) + (run[i] ?? 0);
  const value = figure(total);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const rest = new Float64Array(total.length);
  let sum = 0;
  let squares = 0;
  for (const run of runs) {
    for (let i = 0; i < rest.length; i += 1) rest[i] = (total[i] ?? 0) - (run[i] ?? 0);
    const without = figure(rest);
    if (without === undefined || !Number.isFinite(without)) return undefined;
    sum += without - value;
    squares += (without - value) * (without - value);
  }
  const variance = ((n - 1) / n) * Math.max(0, squares - (sum * sum) / n);
  const half = variance === 0 ? 0 : studentQuantile(0.975, n - 1) * Math.sqrt(variance);
  return { value, ci95: [value - half, value + half] };
}
