import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import type { ErrorSeries } from '../../src/sim/forecast-record.ts';
import { forecastSkill, type SkillRow } from '../../src/study/forecast-skill.ts';

const STEP = 30;

const series = (errors: readonly number[], walkErrors: readonly number[], more: Partial<ErrorSeries> = {}): ErrorSeries => ({
  factor: 0,
  horizonSeconds: STEP,
  errors,
  walkErrors,
  covered: 0,
  ...more,
});

function only(rows: readonly SkillRow[]): SkillRow {
  expect(rows).toHaveLength(1);
  return rows[0] as SkillRow;
}

/** Errors of a forecast that knows part of each change, and of the walk. */
function sample(path: string, count: number): { errors: number[]; walks: number[] } {
  const rng = streams('skill').stream(path);
  const errors: number[] = [];
  const walks: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const known = 0.4 * normal(rng);
    const rest = normal(rng);
    walks.push(known + rest);
    errors.push(0.3 * known + rest);
  }
  return { errors, walks };
}

describe('figures', () => {
  test('R² is one minus the ratio of mean squares; errors are root mean squares', () => {
    const row = only(forecastSkill([[series([1, -2, 2], [3, 0, -3], { covered: 2 })]], STEP));
    expect(row.r2VsRandomWalk).toBeCloseTo(1 - 9 / 18, 14);
    expect(row.rmse).toBeCloseTo(Math.sqrt(3), 14);
    expect(row.walkRmse).toBeCloseTo(Math.sqrt(6), 14);
    expect(row.coverage80).toBeCloseTo(2 / 3, 14);
    expect([row.factor, row.horizonSeconds, row.origins, row.samples]).toEqual(['level', 30, 3, 3]);
  });

  test('a forecast of no change has exactly none, whatever happened', () => {
    const { walks } = sample('zero', 50);
    const row = only(forecastSkill([[series(walks, walks)]], STEP));
    expect([row.r2VsRandomWalk, ...row.ci95]).toEqual([0, 0, 0]);
  });

  test('is pooled over runs by sums of squares, not by averages of R²', () => {
    const row = only(forecastSkill([[series([0], [1])], [series([6, 6], [6, 6])]], STEP));
    expect(row.r2VsRandomWalk).toBeCloseTo(1 - 72 / 73, 14);
    expect(row.origins).toBe(3);
  });

  test('forecasts count as samples where they do not overlap', () => {
    const { errors, walks } = sample('overlap', 25);
    const row = only(forecastSkill([[series(errors, walks, { horizonSeconds: 10 * STEP })]], STEP));
    expect([row.origins, row.samples]).toEqual([25, 3]);
  });

  test('one row per factor and horizon, in the order of the series', () => {
    const { errors, walks } = sample('rows', 9);
    const parts = [30, 300].flatMap((horizonSeconds) => [0, 1, 2, 3].map((factor) => series(errors, walks, { factor, horizonSeconds })));
    const rows = forecastSkill([parts], STEP);
    expect(rows.map(({ factor, horizonSeconds }) => `${factor} ${horizonSeconds}`)).toEqual(
      [30, 300].flatMap((seconds) => ['level', 'slope', 'skew', 'curvature'].map((name) => `${name} ${seconds}`)),
    );
  });
});

describe('runs without forecasts', () => {
  const { errors, walks } = sample('gaps', 40);

  test('take nothing away from those that have some, wherever they stand', () => {
    const full = [series(errors, walks)];
    const expected = forecastSkill([full], STEP);
    expect(expected).toHaveLength(1);
    expect(forecastSkill([full, []], STEP)).toEqual(expected);
    expect(forecastSkill([[], full], STEP)).toEqual(expected);
    expect(forecastSkill([[series([], [])], full], STEP)).toEqual(expected);
  });

  test('and nowhere at all there are no rows', () => {
    expect(forecastSkill([], STEP)).toEqual([]);
    expect(forecastSkill([[], []], STEP)).toEqual([]);
    expect(forecastSkill([[series([], [])]], STEP)).toEqual([]);
  });
});

describe('the 95 % interval', () => {
  /** Newey and West, written out: all pairs of terms, weighted by their distance. */
  function longRun(u: readonly number[], lags: number): number {
    let sum = 0;
    u.forEach((a, i) => {
      u.forEach((b, j) => {
        const lag = Math.abs(i - j);
        if (lag <= lags) sum += (1 - lag / (lags + 1)) * a * b;
      });
    });
    return sum;
  }

  const influence = (e: readonly number[], w: readonly number[], r2: number): number[] =>
    e.map((error, i) => (1 - r2) * (w[i] ?? 0) * (w[i] ?? 0) - error * error);
  const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

  test.each([
    // Of 163 degrees of freedom, and of 7 + 10 samples less one: quantiles at 97.5 %.
    [1, 4, 1.974625],
    [10, 9, 2.119905],
  ])('of a few runs at a horizon of %d steps counts the dependence over %d steps', (steps, lags, quantile) => {
    const runs = [sample('a', 64), sample('b', 100)];
    const row = only(
      forecastSkill(
        runs.map(({ errors, walks }) => [series(errors, walks, { horizonSeconds: steps * STEP })]),
        STEP,
      ),
    );
    const walk = runs.reduce((sum, run) => sum + squares(run.walks), 0);
    // Of 64 and of 100 terms the cube root is 4.
    const variance = runs.reduce((sum, run) => sum + longRun(influence(run.errors, run.walks, row.r2VsRandomWalk), lags), 0);
    const half = (quantile * Math.sqrt(variance)) / walk;
    expect((row.ci95[1] - row.r2VsRandomWalk) / half).toBeCloseTo(1, 6);
    expect((row.r2VsRandomWalk - row.ci95[0]) / half).toBeCloseTo(1, 6);
  });

  test('of eight runs or more rests on runs as units, with Student’s quantile', () => {
    const runs = Array.from({ length: 8 }, (_, i) => sample(`run ${i}`, 30 + i));
    const row = only(
      forecastSkill(
        runs.map(({ errors, walks }) => [series(errors, walks, { horizonSeconds: 5 * STEP })]),
        STEP,
      ),
    );
    const totals = runs.map(({ errors, walks }) => influence(errors, walks, row.r2VsRandomWalk).reduce((a, b) => a + b, 0));
    const walk = runs.reduce((sum, run) => sum + squares(run.walks), 0);
    // t of 7 degrees of freedom at 97.5 %: 2.364624.
    const half = (2.364624 * Math.sqrt((8 / 7) * squares(totals))) / walk;
    expect((row.ci95[1] - row.ci95[0]) / 2 / half).toBeCloseTo(1, 6);
  });

  test('runs without forecasts do not count as units', () => {
    const runs = Array.from({ length: 7 }, (_, i) => sample(`unit ${i}`, 30)).map(({ errors, walks }) => [series(errors, walks)]);
    expect(forecastSkill([...runs, [], []], STEP)).toEqual(forecastSkill(runs, STEP));
  });
});
