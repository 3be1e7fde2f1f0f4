import { FACTORS } from '../pricing/factors.ts';
import type { ErrorSeries } from '../sim/forecast-record.ts';
import { lossSkill } from './evaluation/loss-ratio.ts';
import { originsOf } from './evaluation/origins.ts';

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

/**
 * Skill by factor and horizon, from the errors that runs keep ({@link lossSkill}). With 8 runs or more the interval rests on runs as independent
 * units, with fewer on the long-run variance within them. Where samples that do not overlap are few the interval is still too narrow: with 24
 * of them 90 % of the intervals hold the truth, with 4 of them 85 % (test/study/forecast-skill.slow.test.ts).
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
  const block = parts.flatMap((part, run) => part.errors.map(() => run));
  const losses = parts.flatMap((part) => part.errors.map((e) => e * e));
  const walks = parts.flatMap((part) => part.walkErrors.map((w) => w * w));
  const skill = lossSkill(losses, walks, originsOf(block, steps));
  const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    factor: FACTORS[first.factor] ?? '',
    horizonSeconds: first.horizonSeconds,
    r2VsRandomWalk: skill?.value ?? 0,
    ci95: skill?.ci95 ?? [0, 0],
    origins: losses.length,
    samples: skill?.samples ?? 0,
    coverage80: total(parts.map((part) => part.covered)) / losses.length,
    rmse: Math.sqrt(total(losses) / losses.length),
    walkRmse: Math.sqrt(total(walks) / losses.length),
  };
}
