import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { levelPerReturn } from '../../src/processes/level-response.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { SpotProcess } from '../../src/processes/spot.ts';
import { SlowFactors } from '../../src/processes/surface-dynamics.ts';
import type { RegimeSpec } from '../../src/processes/world-spec.ts';
import { STILL } from '../support/world-fixture.ts';

const REGIMES = Object.entries(WORLD_PRESETS).flatMap(([preset, { regimes, daysPerYear }]) =>
  regimes.map((regime): [string, RegimeSpec, number] => [`${preset} ${regime.name}`, regime, daysPerYear]),
);
const DAYS = 100_000;

/** Slope of daily changes of the level on daily log returns, on the regime's own path, and its standard error (White 1980: jumps have their own slope). */
function regression(regime: RegimeSpec, daysPerYear: number, name: string): readonly [slope: number, error: number] {
  const chance = streams('0');
  const spot = new SpotProcess(1, regime.spot.theta, chance.stream(`${name} spot`));
  const slow = new SlowFactors([0, 0, 0, 0], chance.stream(`${name} factors`));
  const days: (readonly [x: number, y: number])[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    const before = slow.values[0] ?? 0;
    spot.spot = 1;
    spot.step(regime.spot, 1 / daysPerYear, 1);
    slow.step(regime.surface, undefined, Float64Array.of(0, 0, 0, 0), 1, spot.shock, spot.jump);
    days.push([Math.log(spot.spot), (slow.values[0] ?? 0) - before]);
  }
  const sum = (of: (x: number, y: number) => number): number => days.reduce((total, [x, y]) => total + of(x, y), 0);
  const squares = sum((x) => x * x);
  const slope = sum((x, y) => x * y) / squares;
  return [slope, Math.sqrt(sum((x, y) => x * x * (y - slope * x) * (y - slope * x))) / squares];
}

describe.each(REGIMES)('%s', (name, regime, daysPerYear) => {
  test('with its variance held: the regression of its own path', () => {
    const steady = { ...regime, spot: { ...regime.spot, volOfVol: 0, varianceJumpMean: 0 } };
    const [slope, error] = regression(steady, daysPerYear, name);
    expect(Math.abs(slope - levelPerReturn(steady, daysPerYear))).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.08 * Math.abs(slope));
  });

  test('with its variance at large: within a quarter of it, and below 0', () => {
    const response = levelPerReturn(regime, daysPerYear);
    const [slope] = regression(regime, daysPerYear, name);
    expect(response).toBeLessThan(0);
    expect(Math.abs(slope / response - 1)).toBeLessThan(0.25);
  });
});

test('where the spot never moves there is none', () => {
  expect(levelPerReturn(STILL, 365)).toBe(0);
});
