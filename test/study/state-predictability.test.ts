import { describe, expect, test } from 'vitest';
import { statePredictability } from '../../src/study/state-predictability.ts';
import { ended } from '../support/generators.ts';
import { tinyScenario } from '../support/tiny.ts';

const SEEDS = ['train/predictability/0', 'train/predictability/1'];
const measured = (changes: readonly string[], horizons = [1, 5], seeds = SEEDS) =>
  ended(statePredictability(tinyScenario(changes), seeds, horizons));

describe('rows', () => {
  const rows = measured(['duration=20 min']);

  test('cover every factor, horizon and regime that was seen, and all of them together', () => {
    const all = rows.filter(({ regime }) => regime === 'all');
    expect(all.map(({ factor, horizonSteps }) => `${factor} ${horizonSteps}`)).toEqual(
      ['level', 'slope', 'skew', 'curvature'].flatMap((factor) => [1, 5].map((steps) => `${factor} ${steps}`)),
    );
    for (const { factor, horizonSteps, origins } of all) {
      // Two seeds of 120 steps; each origin lies in one regime.
      expect(origins).toBe(240);
      const parts = rows.filter((row) => row.factor === factor && row.horizonSteps === horizonSteps && row.regime !== 'all');
      expect(parts.reduce((sum, part) => sum + part.origins, 0)).toBe(240);
      expect(parts.length).toBeGreaterThan(1);
    }
  });

  test('say how large the change is, and how much of it the state explains', () => {
    for (const { r2, changeSd, predictableSd } of rows) {
      expect(r2).toBeGreaterThanOrEqual(0);
      expect(r2).toBeLessThanOrEqual(1);
      expect(predictableSd * predictableSd).toBeCloseTo(r2 * changeSd * changeSd, 14);
    }
  });
});

/** No pressure, no mean reversion, no script: only chance moves the factors. */
const CHANCE = ['world.pressure=false', 'world.meanReversion=false', 'world.switching=false', 'world.timeline=[]'];

test('with pressure there is something to know, without it hardly anything', () => {
  const best = (changes: readonly string[]): number =>
    Math.max(
      ...measured([...changes, 'duration=1 h'], [30], ['a', 'b', 'c', 'd'])
        .filter(({ regime, factor }) => regime === 'all' && factor === 'level')
        .map(({ r2 }) => r2),
    );
  // In sample, the memory of demand and the constant explain some of any finite path.
  expect(best([...CHANCE, 'flow.rate=1'])).toBeLessThan(0.06);
  expect(best(['world.timeline=[]', 'world.switching=false', 'world.regimes.normal={ demand: { impact: 0.005 } }'])).toBeGreaterThan(0.1);
});

test('of a factor that never moves nothing is known, and every figure is a number', () => {
  const rows = measured([...CHANCE, 'world.regimes={ normal: { surface: { dailySd: [0.055, 0, 0.03, 0.03] } } }']);
  for (const row of rows) for (const [key, value] of Object.entries(row)) expect(value, key).not.toBeNaN();
  expect(rows.filter(({ factor }) => factor === 'slope').map(({ r2, changeSd }) => [r2, changeSd])).toEqual(
    rows.filter(({ factor }) => factor === 'slope').map(() => [0, 0]),
  );
});
