import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { DemandPressure } from '../../src/processes/pressure.ts';
import { expectCovariance, expectMean, expectVariance } from '../support/moments.ts';

const DAILY = [0.05, 0.006, 0.03, 0.03];
const TYPICAL = Float64Array.of(4000, 2000, 500, 100);
/** Series 1 has twice the typical exposure to the level and the opposite of the typical one to the skew. */
const EXPOSURES = Float64Array.of(9, 9, 9, 9, 8000, 0, -500, 50);

test('pushes each factor by impact · daily deviation · contracts · exposure over the typical one', () => {
  const pressure = new DemandPressure(DAILY, TYPICAL);
  pressure.push(3, EXPOSURES, 4, 0.01);
  const [level, slope, skew, curvature] = pressure.values;
  expect(level).toBeCloseTo(0.01 * 0.05 * 3 * 2, 14);
  expect(slope).toBe(0);
  expect(skew).toBeCloseTo(-0.01 * 0.03 * 3, 14);
  expect(curvature).toBeCloseTo(0.01 * 0.03 * 3 * 0.5, 14);
});

test('buying and selling the same cancel, and pushes add up', () => {
  const pressure = new DemandPressure(DAILY, TYPICAL);
  pressure.push(2, EXPOSURES, 4, 0.01);
  pressure.push(1, EXPOSURES, 4, 0.01);
  pressure.push(-3, EXPOSURES, 4, 0.01);
  for (const value of pressure.values) expect(value).toBeCloseTo(0, 16);
});

test('halves in a half-life, however that is cut into steps', () => {
  const whole = new DemandPressure(DAILY, TYPICAL);
  const cut = new DemandPressure(DAILY, TYPICAL);
  for (const pressure of [whole, cut]) pressure.push(1, EXPOSURES, 4, 0.01);
  const start = Float64Array.from(whole.values);
  whole.decay(1);
  for (let n = 0; n < 600; n += 1) cut.decay(1 / 600);
  start.forEach((value, f) => {
    expect(whole.values[f]).toBeCloseTo(value / 2, 14);
    expect(cut.values[f]).toBeCloseTo(value / 2, 14);
  });
});

test('a factor that no series is exposed to stays where it is', () => {
  const pressure = new DemandPressure(DAILY, Float64Array.of(0, 0, 0, 0));
  pressure.push(1, EXPOSURES, 4, 0.01);
  expect([...pressure.values]).toEqual([0, 0, 0, 0]);
});

test('wishes of either side at random give a pressure of mean 0, with the variance and memory of a shot noise', () => {
  const [paths, stepsPerHalfLife, chance] = [3000, 20, 0.5];
  const keep = Math.exp(-Math.LN2 / stepsPerHalfLife);
  const rng = streams('0').stream('shot noise');
  const [early, late] = [new Float64Array(paths), new Float64Array(paths)];
  for (let n = 0; n < paths; n += 1) {
    const pressure = new DemandPressure(DAILY, TYPICAL);
    for (let s = 1; s <= 10 * stepsPerHalfLife; s += 1) {
      pressure.decay(1 / stepsPerHalfLife);
      const u = rng.uniform();
      if (u < chance) pressure.push(u < chance / 2 ? 1 : -1, EXPOSURES, 4, 0.01);
      if (s === 9 * stepsPerHalfLife) early[n] = pressure.values[0] ?? 0;
    }
    late[n] = pressure.values[0] ?? 0;
  }
  const push = 0.01 * 0.05 * 2;
  // What came ten half-lives ago counts for a millionth.
  const variance = (chance * push * push) / (1 - keep * keep);
  expectMean(late, 0, 'pressure');
  expectVariance(late, 0, variance, 'pressure');
  expectCovariance(early, late, [0, 0], variance / 2, 'pressure a half-life apart');
});
