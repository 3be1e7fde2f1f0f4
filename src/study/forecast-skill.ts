import { FACTORS } from '../pricing/factors.ts';
import type { ErrorSeries } from '../sim/forecast-record.ts';
import { studentQuantile } from './student-t.ts';

/** Skill of forecasts of one factor at one horizon, over one run or several. */
export interface SkillRow {
  readonly factor: string;
  readonly horizonSeconds: number;
  /** 1 − (mean squared error)/(mean squared error of the random walk). */
  readonly r2VsRandomWalk: number;
  readonly ci95: readonly [low: number, high: number];
  /** Forecasts scored, and how many of them do not overlap. */
  readonly origins: number;
  readonly samples: number;
  /** Share of outcomes inside the 80 % interval. */
  readonly coverage80: number;
  /** Root-mean-square errors in the factor's unit. */
  readonly rmse: number;
  readonly walkRmse: number;
}

/** From this many runs on the interval rests on the runs as independent units. */
const RUNS_AS_UNITS = 8;

/**
 * Skill by factor and horizon. The interval is that of a ratio: each forecast counts by u = (w² − e²) − R²·w² with e its error and w the
 * walk's. With 8 runs or more the variance of Σu is taken over runs (Student, runs − 1 degrees of freedom); with fewer it is the long-run
 * variance within runs (Newey and West 1987, Bartlett weights, lag max(h − 1, n^⅓) steps), which overlapping horizons call for, with Student's
 * quantile for the samples that do not overlap. Where those are few the interval is still too narrow: with 24 of them 90 % of
 * the intervals hold the truth, with 4 of them 85 % (test/study/forecast-skill.slow.test.ts).
 *
 * @param runs error series of each run, all with the same factors and horizons; a run that never forecast has none.
 */
export function forecastSkill(runs: readonly (readonly ErrorSeries[])[], stepSeconds: number): SkillRow[] {
  const rows: SkillRow[] = [];
  for (const [index, first] of (runs.find((run) => run.length > 0) ?? []).entries()) {
    const parts = runs.map((run) => run[index]).filter((part) => part !== undefined && part.errors.length > 0) as ErrorSeries[];
    if (parts.length === 0) continue;
    rows.push(skillRow(first, parts, Math.max(1, Math.round(first.horizonSeconds / stepSeconds))));
  }
  return rows;
}

function skillRow(first: ErrorSeries, parts: readonly ErrorSeries[], steps: number): SkillRow {
  const walk = sum(parts, (part) => squares(part.walkErrors));
  const error = sum(parts, (part) => squares(part.errors));
  const origins = sum(parts, (part) => part.errors.length);
  const r2 = walk > 0 ? 1 - error / walk : 0;
  const influences = parts.map((part) =>
    part.errors.map((e, i) => (1 - r2) * (part.walkErrors[i] ?? 0) * (part.walkErrors[i] ?? 0) - e * e),
  );
  const byRun = parts.length >= RUNS_AS_UNITS;
  const variance = byRun
    ? (sum(influences, (u) => total(u) * total(u)) * parts.length) / (parts.length - 1)
    : sum(influences, (u) => longRunVariance(u, steps));
  const samples = sum(parts, (part) => Math.ceil(part.errors.length / steps));
  const quantile = studentQuantile(0.975, Math.max(1, (byRun ? parts.length : samples) - 1));
  const half = walk > 0 ? (quantile * Math.sqrt(Math.max(0, variance))) / walk : 0;
  return {
    factor: FACTORS[first.factor] ?? '',
    horizonSeconds: first.horizonSeconds,
    r2VsRandomWalk: r2,
    ci95: [r2 - half, r2 + half],
    origins,
    samples,
    coverage80: sum(parts, (part) => part.covered) / origins,
    rmse: Math.sqrt(error / origins),
    walkRmse: Math.sqrt(walk / origins),
  };
}

/** Variance of Σu for one series of dependent terms. */
function longRunVariance(u: readonly number[], steps: number): number {
  const lags = Math.min(u.length - 1, Math.max(steps - 1, Math.floor(Math.cbrt(u.length))));
  let variance = squares(u);
  for (let lag = 1; lag <= lags; lag += 1) {
    let cross = 0;
    for (let t = lag; t < u.length; t += 1) cross += (u[t] ?? 0) * (u[t - lag] ?? 0);
    variance += 2 * (1 - lag / (lags + 1)) * cross;
  }
  return variance;
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const squares = (values: readonly number[]): number => values.reduce((a, b) => a + b * b, 0);
const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((a, item) => a + of(item), 0);
