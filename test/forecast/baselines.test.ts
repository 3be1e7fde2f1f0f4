import { describe, expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { ewmaModel, type ForecastGrid, randomWalkModel } from '../../src/forecast/baselines.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';

const GRID: ForecastGrid = { stepSeconds: 30, horizonsSteps: [1, 4, 10] };
const NO_ROW = new Float64Array(0);

function walk(count: number, sds: readonly number[]): Float64Array[] {
  const rng = streams('0').stream('baselines');
  const at = Float64Array.of(-0.7, 0.05, -0.2, 0);
  return Array.from({ length: count }, () => {
    for (let f = 0; f < FACTOR_COUNT; f += 1) at[f] = (at[f] ?? 0) + (sds[f] ?? 0) * normal(rng);
    return Float64Array.from(at);
  });
}

describe.each([
  ['rw', randomWalkModel],
  ['ewma', ewmaModel],
] as const)('%s', (kind, model) => {
  test('says what it is', () => {
    const { kind: own, stepSeconds, horizonsSeconds, features, warmupSteps } = model(GRID);
    expect([own, stepSeconds, horizonsSeconds, features, warmupSteps]).toEqual([kind, 30, [30, 120, 300], [], 1]);
  });

  test('has no forecast before it has seen anything, and a finite one with a scale above 0 ever after', () => {
    const forecaster = model(GRID).start();
    expect(forecaster.forecast()).toBeUndefined();
    for (const factors of walk(100, [0.002, 0.001, 0.001, 0])) {
      forecaster.observe(factors, NO_ROW);
      const forecast = forecaster.forecast();
      expect(forecast?.horizonsSeconds).toEqual([30, 120, 300]);
      expect(forecast?.change.every(Number.isFinite)).toBe(true);
      expect(forecast?.scale.every((scale) => scale > 0)).toBe(true);
    }
  });

  test('starts afresh for each run, and gives the same to the bit', () => {
    const shared = model(GRID);
    const steps = walk(60, [0.002, 0.001, 0.001, 0.003]);
    const [first, second] = [shared.start(), shared.start()];
    for (const factors of steps) first.observe(factors, NO_ROW);
    for (const factors of steps) second.observe(factors, NO_ROW);
    expect(second.forecast()).toEqual(first.forecast());
  });

  test('learns the scale of each horizon from what happened', () => {
    const sds = [0.002, 0.0004, 0.001, 0.003];
    const forecaster = model(GRID).start();
    const means = new Float64Array(3 * FACTOR_COUNT);
    const steps = walk(12_000, sds);
    steps.forEach((factors, n) => {
      forecaster.observe(factors, NO_ROW);
      if (n < 2000) return;
      forecaster.forecast()?.scale.forEach((scale, i) => {
        means[i] = (means[i] ?? 0) + (scale * scale) / 10_000;
      });
    });
    GRID.horizonsSteps.forEach((horizon, h) => {
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const theory = horizon * (sds[f] ?? 0) * (sds[f] ?? 0);
        // Four standard errors of 10,000/horizon separate squares.
        expect(Math.abs((means[h * FACTOR_COUNT + f] ?? 0) / theory - 1)).toBeLessThan(4 * Math.sqrt((2 * horizon) / 10_000));
      }
    });
  });

  test('compares with the value that stood exactly one horizon ago', () => {
    // One factor jumps once by 1: a horizon of s steps sees it in exactly s of its changes.
    const forecaster = model(GRID).start();
    const value = Float64Array.of(5, 0, 0, 0);
    for (let n = 0; n < 50; n += 1) forecaster.observe(value, NO_ROW);
    const before = Float64Array.from(forecaster.forecast()?.scale ?? []);
    expect(Math.max(...before)).toBeLessThan(0.01);
    value[0] = 6;
    for (let n = 0; n < 30; n += 1) forecaster.observe(value, NO_ROW);
    GRID.horizonsSteps.forEach((horizon, h) => {
      let square = (before[h * FACTOR_COUNT] ?? 0) * (before[h * FACTOR_COUNT] ?? 0);
      for (let n = 0; n < 30; n += 1) square += ((n < horizon ? 1 : 0) - square) / 240;
      expect(forecaster.forecast()?.scale[h * FACTOR_COUNT]).toBeCloseTo(Math.sqrt(square), 12);
    });
  });
});

test('the random walk expects no change', () => {
  const forecaster = randomWalkModel(GRID).start();
  for (const factors of walk(20, [0.01, 0.01, 0.01, 0.01])) forecaster.observe(factors, NO_ROW);
  expect(forecaster.forecast()?.change.every((change) => change === 0)).toBe(true);
});

test('the smoother expects each factor back at its average, with half of the weight on the newest', () => {
  const forecaster = ewmaModel(GRID).start();
  const average: number[] = [];
  walk(20, [0.01, 0.01, 0.01, 0.01]).forEach((factors, n) => {
    forecaster.observe(factors, NO_ROW);
    factors.forEach((value, f) => {
      average[f] = n === 0 ? value : 0.5 * (average[f] ?? 0) + 0.5 * value;
      for (let h = 0; h < 3; h += 1) {
        expect(forecaster.forecast()?.change[h * FACTOR_COUNT + f]).toBeCloseTo((average[f] ?? 0) - value, 14);
      }
    });
  });
});
