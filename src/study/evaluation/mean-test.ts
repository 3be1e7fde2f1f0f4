import type { Interval } from '../bootstrap.ts';
import { studentQuantile, studentTwoSidedP } from '../student-t.ts';
import { sumVariance } from './dependent-sum.ts';
import { counts, type Membership, type Origins } from './origins.ts';

/** Whether a mean over origins differs from 0. */
export interface MeanTest {
  readonly mean: number;
  readonly statistic: number;
  /** Two-sided, of Student's t. */
  readonly p: number;
  readonly df: number;
  readonly n: number;
  readonly samples: number;
}

/**
 * Test of a mean of dependent values. With blocks as units it is the t test over blocks; else mean over long-run standard error, times the
 * small-sample factor √((n + 1 − 2h + h(h − 1)/n)/n) of Harvey, Leybourne and Newbold (1997, eq. 9), against Student's t with n − 1 degrees of
 * freedom ({@link sumVariance}). Values that are all 0 give statistic 0 and p 1. Undefined below two origins, and where values do not vary.
 */
export function meanTest(values: ArrayLike<number>, origins: Origins, member?: Membership): MeanTest | undefined {
  const { mean, n, deviations } = centred(values, origins, member);
  if (n < 2) return undefined;
  const { variance, isByBlock, samples, df } = sumVariance(deviations, origins, member);
  if (mean === 0 && variance === 0) return { mean, statistic: 0, p: 1, df, n, samples };
  if (variance === 0) return undefined;
  const h = origins.steps;
  const factor = isByBlock ? 1 : Math.sqrt(Math.max(0, n + 1 - 2 * h + (h * (h - 1)) / n) / n);
  const statistic = (factor * mean * n) / Math.sqrt(variance);
  const freedom = isByBlock ? df : n - 1;
  return { mean, statistic, p: studentTwoSidedP(statistic, freedom), df: freedom, n, samples };
}

/** A mean with its 95 % interval. */
export interface MeanEstimate {
  readonly value: number;
  readonly ci95: Interval;
  readonly n: number;
  readonly samples: number;
}

/** Mean of dependent values over the origins that count, Student's t on the samples that do not overlap; undefined where none counts. */
export function meanEstimate(values: ArrayLike<number>, origins: Origins, member?: Membership): MeanEstimate | undefined {
  const { mean, n, deviations } = centred(values, origins, member);
  if (n === 0) return undefined;
  const { variance, samples, df } = sumVariance(deviations, origins, member);
  const half = variance > 0 ? (studentQuantile(0.975, df) * Math.sqrt(variance)) / n : 0;
  return { value: mean, ci95: [mean - half, mean + half], n, samples };
}

function centred(values: ArrayLike<number>, origins: Origins, member: Membership) {
  let n = 0;
  let total = 0;
  for (let i = 0; i < origins.count; i += 1) {
    if (!counts(member, i)) continue;
    n += 1;
    total += values[i] ?? 0;
  }
  const mean = n === 0 ? 0 : total / n;
  const deviations = new Float64Array(origins.count);
  for (let i = 0; i < origins.count; i += 1) if (counts(member, i)) deviations[i] = (values[i] ?? 0) - mean;
  return { mean, n, deviations };
}
