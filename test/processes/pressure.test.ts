import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { DemandPressure } from '../../src/processes/pressure.ts';
import { expectCovariance, expectMean, expectVariance } from '../support/moments.ts';

const SURFACE = { dailySd: [0.05, 0.006, 0.03, 0.03], withLevel: [1, -0.8, -0.4, 0] };
/** Two series; the second is short of skew. */
const EXPOSURES = Float64Array.of(4000, -1000, 500, 100, 8000, 0, -500, 50);

/** Covariance per day of two factors. */
const covariance = (f: number, g: number): number => {
  const { dailySd, withLevel } = SURFACE;
  const correlation = f === g ? 1 : (withLevel[f] ?? 0) * (withLevel[g] ?? 0);
  return (dailySd[f] ?? 0) * correlation * (dailySd[g] ?? 0);
};
/** What a contract of a series does to each factor, times its typical daily risk. */
const along = (series: number): number[] =>
  [0, 1, 2, 3].map((f) => [0, 1, 2, 3].reduce((sum, g) => sum + covariance(f, g) * (EXPOSURES[4 * series + g] ?? 0), 0));
const variance = (series: number): number => along(series).reduce((sum, value, f) => sum + value * (EXPOSURES[4 * series + f] ?? 0), 0);
const TYPICAL = Math.sqrt((variance(0) + variance(1)) / 2);

test('pushes along the covariance of the factors with the series, in units of the typical risk of the chain', () => {
  for (const series of [0, 1]) {
    const pressure = new DemandPressure(SURFACE, EXPOSURES);
    pressure.push(3, EXPOSURES, 4 * series, 0.01);
    for (const [f, value] of along(series).entries()) expect(pressure.values[f]).toBeCloseTo((0.01 * 3 * value) / TYPICAL, 14);
  }
});

test('a level that is bought moves the slope against it, though the series has no exposure to slope', () => {
  const pressure = new DemandPressure(SURFACE, EXPOSURES);
  pressure.push(1, Float64Array.of(1000, 0, 0, 0), 0, 0.01);
  expect((pressure.values[1] ?? 0) / (pressure.values[0] ?? 0)).toBeCloseTo((-0.8 * 0.006) / 0.05, 12);
});

test('buying and selling the same cancel, and pushes add up', () => {
  const pressure = new DemandPressure(SURFACE, EXPOSURES);
  pressure.push(2, EXPOSURES, 4, 0.01);
  pressure.push(1, EXPOSURES, 4, 0.01);
  pressure.push(-3, EXPOSURES, 4, 0.01);
  for (const value of pressure.values) expect(value).toBeCloseTo(0, 16);
});

test('halves in a half-life, however that is cut into steps', () => {
  const whole = new DemandPressure(SURFACE, EXPOSURES);
  const cut = new DemandPressure(SURFACE, EXPOSURES);
  for (const pressure of [whole, cut]) pressure.push(1, EXPOSURES, 4, 0.01);
  const start = Float64Array.from(whole.values);
  whole.decay(1);
  for (let n = 0; n < 600; n += 1) cut.decay(1 / 600);
  start.forEach((value, f) => {
    expect(whole.values[f]).toBeCloseTo(value / 2, 14);
    expect(cut.values[f]).toBeCloseTo(value / 2, 14);
  });
});

test('a factor that does not move by itself is not pressed', () => {
  const pressure = new DemandPressure({ ...SURFACE, dailySd: [0, 0, 0, 0] }, EXPOSURES);
  pressure.push(1, EXPOSURES, 4, 0.01);
  expect([...pressure.values]).toEqual([0, 0, 0, 0]);
});

test('wishes of either side at random give a pressure of mean 0, with the variance and memory of a shot noise', () => {
  const [paths, stepsPerHalfLife, chance] = [3000, 20, 0.5];
  const keep = Math.exp(-Math.LN2 / stepsPerHalfLife);
  const rng = streams('0').stream('shot noise');
  const [early, late] = [new Float64Array(paths), new Float64Array(paths)];
  for (let n = 0; n < paths; n += 1) {
    const pressure = new DemandPressure(SURFACE, EXPOSURES);
    for (let s = 1; s <= 10 * stepsPerHalfLife; s += 1) {
      pressure.decay(1 / stepsPerHalfLife);
      const u = rng.uniform();
      if (u < chance) pressure.push(u < chance / 2 ? 1 : -1, EXPOSURES, 4, 0.01);
      if (s === 9 * stepsPerHalfLife) early[n] = pressure.values[0] ?? 0;
    }
    late[n] = pressure.values[0] ?? 0;
  }
  const push = (0.01 * (along(1)[0] ?? 0)) / TYPICAL;
  // What came ten half-lives ago counts for a millionth.
  const variance = (chance * push * push) / (1 - keep * keep);
  expectMean(late, 0, 'pressure');
  expectVariance(late, 0, variance, 'pressure');
  expectCovariance(early, late, [0, 0], variance / 2, 'pressure a half-life apart');
});
