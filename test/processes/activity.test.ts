import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { type ActivitySpec, DayShape, IntradayActivity } from '../../src/processes/activity.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { correlation, expectCovariance, expectMean, expectVariance, meanOf } from '../support/moments.ts';
import { NO_ACTIVITY } from '../support/world-fixture.ts';

const SECOND = 1000;
const MINUTE = 60_000;

/** Values of separate paths, at each of these steps. */
function paths(spec: ActivitySpec, stepMillis: number, steps: readonly number[], count: number, name: string): Float64Array[] {
  const rng = streams('0').stream(name);
  const seen = steps.map(() => new Float64Array(count));
  for (let n = 0; n < count; n += 1) {
    const activity = new IntradayActivity(spec, stepMillis, rng);
    for (let s = 0; s <= Math.max(...steps); s += 1) {
      if (s > 0) activity.step(s);
      const column = seen[steps.indexOf(s)];
      if (column !== undefined) column[n] = activity.value;
    }
  }
  return seen;
}

describe('the random part', () => {
  const spec = { ...NO_ACTIVITY, sd: 0.5, halfLifeMinutes: 10 };
  const stationary = Math.exp(0.25) - 1;

  test('has mean 1 and its lognormal variance, from the start on', () => {
    for (const [i, values] of paths(spec, MINUTE, [0, 3, 25], 20_000, 'lognormal').entries()) {
      expectMean(values, 1, `activity ${i}`);
      expectVariance(values, 1, stationary, `activity ${i}`);
      const logs = values.map(Math.log);
      expectMean(logs, -0.125, `log ${i}`);
      expectVariance(logs, -0.125, 0.25, `log ${i}`);
    }
  });

  test("halves its log's memory in a half-life, however long the steps", () => {
    for (const [stepMillis, steps] of [
      [MINUTE, [4, 14, 24]],
      [10 * MINUTE, [2, 3, 4]],
      [2 * MINUTE, [1, 6, 11]],
    ] as const) {
      const [first, later, last] = paths(spec, stepMillis, steps, 12_000, `memory ${stepMillis}`);
      if (first === undefined || later === undefined || last === undefined) throw new Error('three times');
      const logs = [first, later, last].map((values) => values.map(Math.log)) as [Float64Array, Float64Array, Float64Array];
      expectCovariance(logs[0], logs[1], [-0.125, -0.125], 0.125, 'logs a half-life apart');
      expectCovariance(logs[0], logs[2], [-0.125, -0.125], 0.0625, 'logs two half-lives apart');
      // Of the lognormal itself: exp(covariance of the logs) - 1.
      expectCovariance(first, later, [1, 1], Math.exp(0.125) - 1, 'activity a half-life apart');
    }
  });

  test('takes one draw when made and one per step, whatever its size', () => {
    for (const sd of [0, 0.9]) {
      let draws = 0;
      const rng = {
        uniform: () => {
          draws += 1;
          return 0.7;
        },
      };
      const activity = new IntradayActivity({ ...spec, sd }, SECOND, rng);
      for (let s = 1; s <= 6; s += 1) activity.step(s);
      expect(draws).toBe(7);
    }
  });

  test('without it, and on a level day, the market goes at exactly its usual pace', () => {
    const activity = new IntradayActivity(NO_ACTIVITY, SECOND, streams('0').stream('none'));
    for (let s = 1; s < 100; s += 1) {
      expect(activity.value).toBe(1);
      activity.step(s);
    }
  });
});

describe('the shape of the day', () => {
  const spec: ActivitySpec = {
    ...NO_ACTIVITY,
    shape: [
      [0, 2.8],
      [0.5, 1.6],
      [1, 2.6],
    ],
    dayHours: 6.5,
    startHours: 0,
  };
  const mean = 2.15;

  test('is linear between its points, relative to its mean, and comes again every day', () => {
    const shape = new DayShape(spec);
    for (const day of [0, 1, 7]) {
      const hours = day * 6.5;
      expect(shape.at(hours + 1e-9)).toBeCloseTo(2.8 / mean, 6);
      expect(shape.at(hours + 1.625)).toBeCloseTo(2.2 / mean, 10);
      expect(shape.at(hours + 3.25)).toBeCloseTo(1.6 / mean, 10);
      expect(shape.at(hours + 4.875)).toBeCloseTo(2.1 / mean, 10);
      expect(shape.at(hours + 6.5 - 1e-9)).toBeCloseTo(2.6 / mean, 6);
    }
    expect(new DayShape({ ...spec, startHours: 3.25 }).at(1.625)).toBeCloseTo(2.1 / mean, 10);
  });

  test.each(Object.entries(WORLD_PRESETS))('of preset %s has mean 1 over the day, on the grid of a run', (_, preset) => {
    const activity = new IntradayActivity({ ...preset.activity, sd: 0 }, MINUTE, streams('0').stream('shape'));
    const steps = preset.activity.dayHours * 60;
    const day = new Float64Array(steps);
    for (let s = 0; s < steps; s += 1) {
      if (s > 0) activity.step(s);
      day[s] = activity.value;
    }
    expect(meanOf(day).mean).toBeCloseTo(1, 4);
  });

  test('multiplies the random part', () => {
    const [busy, level] = [
      { ...spec, sd: 0.4 },
      { ...NO_ACTIVITY, sd: 0.4 },
    ].map((each) => {
      const activity = new IntradayActivity(each, MINUTE, streams('0').stream('both'));
      for (let s = 1; s <= 100; s += 1) activity.step(s);
      return activity.value;
    }) as [number, number];
    expect(busy / level).toBeCloseTo(new DayShape(spec).at(100.5 / 60), 12);
  });
});

test('shocks of the spot are in its own, with the correlation asked for', () => {
  const rng = streams('leverage').stream('spot');
  const spec = { ...NO_ACTIVITY, sd: 0.5, halfLifeMinutes: 10, spotCorrelation: -0.4 };
  const activity = new IntradayActivity(spec, SECOND, streams('leverage').stream('activity'));
  const keep = Math.exp((-Math.LN2 * SECOND) / 60_000 / 10);
  const shocks: number[] = [];
  const moves: number[] = [];
  for (let step = 1; step <= 20_000; step += 1) {
    const before = Math.log(activity.value) + 0.125;
    const shock = normal(rng);
    activity.step(step, shock);
    shocks.push(shock);
    moves.push(Math.log(activity.value) + 0.125 - keep * before);
  }
  expect(Math.abs(correlation(shocks, moves) + 0.4)).toBeLessThan(4 / Math.sqrt(20_000));
});
