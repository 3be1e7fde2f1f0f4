import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { SlowFactors } from '../../src/processes/surface-dynamics.ts';
import type { SurfaceParameters } from '../../src/processes/world-spec.ts';
import { correlation, expectMean } from '../support/moments.ts';

const REGIMES = Object.entries(WORLD_PRESETS).flatMap(([preset, { regimes }]) =>
  regimes.map((regime): [string, SurfaceParameters] => [`${preset} ${regime.name}`, regime.surface]),
);
const SPEEDS = Float64Array.of(Math.LN2 / 25, Math.LN2 / 8, Math.LN2 / 12, Math.LN2 / 10);

/** Changes of the factors over `count` separate days of `steps` steps each, with the day's sum of spot shocks. */
function days(
  p: SurfaceParameters,
  count: number,
  steps: number,
  name: string,
): { readonly spot: Float64Array; readonly changes: Float64Array[] } {
  const shocks = streams('0').stream(`${name} spot`);
  const rng = streams('0').stream(name);
  const spot = new Float64Array(count);
  const changes = p.dailySd.map(() => new Float64Array(count));
  for (let n = 0; n < count; n += 1) {
    const factors = new SlowFactors([0, 0, 0, 0], rng);
    for (let s = 0; s < steps; s += 1) {
      const shock = normal(shocks);
      spot[n] = (spot[n] ?? 0) + shock / Math.sqrt(steps);
      factors.step(p, undefined, SPEEDS, 1 / steps, shock, 0);
    }
    changes.forEach((column, f) => {
      column[n] = factors.values[f] ?? 0;
    });
  }
  return { spot, changes };
}

describe.each(REGIMES)('%s, without mean reversion', (name, p) => {
  const { spot, changes } = days(p, 8000, 4, name);
  const tolerance = 4 / Math.sqrt(8000);

  test('standard deviation per day', () => {
    changes.forEach((column, f) => {
      const sd = p.dailySd[f] ?? 0;
      expectMean(column, 0, `mean of factor ${f}`);
      expectMean(
        column.map((value) => (value * value) / (sd * sd)),
        1,
        `variance of factor ${f}`,
      );
    });
  });

  test('correlations: level with spot as asked for, the others with the level', () => {
    const [level, slope, skew, curvature] = changes;
    if (level === undefined || slope === undefined || skew === undefined || curvature === undefined) throw new Error('four factors');
    expect(Math.abs(correlation(spot, level) - p.spotLevelCorrelation)).toBeLessThan(tolerance);
    for (const [f, factor] of [slope, skew, curvature].entries()) {
      expect(Math.abs(correlation(factor, level) - (p.withLevel[f + 1] ?? 0))).toBeLessThan(tolerance);
    }
  });
});

const QUIET: SurfaceParameters = {
  premium: 0,
  slope: 0,
  skew: 0,
  curvature: 0,
  dailySd: [0, 0, 0, 0],
  withLevel: [1, -0.6, -0.15, -0.2],
  spotLevelCorrelation: -0.5,
  levelPerSpotJump: -2,
};

test('half of the way to the mean is gone after a half-life', () => {
  const factors = new SlowFactors([1, 1, 1, 1], streams('0').stream('quiet'));
  const means = Float64Array.of(0, 0, 0, 3);
  const steps = 5000;
  for (let s = 0; s < steps; s += 1) factors.step(QUIET, means, SPEEDS, 10 / steps, 0.7, 0);
  [25, 8, 12].forEach((halfLife, f) => {
    expect(factors.values[f]).toBeCloseTo(Math.exp((-Math.LN2 * 10) / halfLife), 3);
  });
  expect(factors.values[3]).toBeCloseTo(2, 3);
});

test('a jump of the spot moves the level, and nothing else', () => {
  const factors = new SlowFactors([1, 2, 3, 4], streams('0').stream('quiet'));
  factors.step(QUIET, undefined, SPEEDS, 1, 0, -0.05);
  expect([...factors.values]).toEqual([1.1, 2, 3, 4]);
});

test('a scripted move is added by shares', () => {
  const factors = new SlowFactors([1, 2, 3, 4], streams('0').stream('quiet'));
  for (const share of [0.25, 0.5, 0.25]) factors.shift([0.4, -0.8, 0, 1], share);
  expect([...factors.values].map((value) => Number(value.toFixed(12)))).toEqual([1.4, 1.2, 3, 5]);
});

test('takes four draws per step', () => {
  let draws = 0;
  const factors = new SlowFactors([0, 0, 0, 0], {
    uniform: () => {
      draws += 1;
      return 0.3;
    },
  });
  factors.step(QUIET, undefined, SPEEDS, 1, 0, -0.05);
  factors.step(QUIET, Float64Array.of(1, 1, 1, 1), SPEEDS, 1, 0, 0);
  expect(draws).toBe(8);
});
