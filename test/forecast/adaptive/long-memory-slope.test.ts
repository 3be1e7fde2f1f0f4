import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { LongMemorySlope, type SlopeState } from '../../../src/forecast/adaptive/long-memory-slope.ts';

const TERMS = { horizonsSteps: [1, 10], stepsPerRun: 240 };

/** Runs of forecasts with R² 5 % at the first horizon, whose slope is the given one. */
function runs(count: number, slope: number, seed: string, carried?: SlopeState): LongMemorySlope {
  const rng = streams(seed).stream('slope');
  let own = new LongMemorySlope(TERMS, carried);
  for (let run = 0; run < count; run += 1) {
    for (let t = 0; t < 240; t += 1) {
      const forecast = 0.002 * Math.sqrt(0.05) * normal(rng);
      own.learn(0, forecast, slope * forecast + 0.002 * normal(rng), 0.002);
    }
    own.endRun();
    own = new LongMemorySlope(TERMS, JSON.parse(JSON.stringify(own.state())));
  }
  return own;
}

test('starts at its validation value, and one run hardly moves it', () => {
  expect(new LongMemorySlope(TERMS).slope(0)).toBe(1);
  expect(new LongMemorySlope({ ...TERMS, start: 0.8 }).slope(1)).toBeCloseTo(0.8, 12);
  for (const seed of ['1', '2', '3', '4']) {
    expect(Math.abs(runs(1, 1, seed).slope(0) - 1)).toBeLessThan(0.12);
    expect(runs(1, 1, seed).slope(1)).toBeCloseTo(1, 12);
  }
});

test('is a weighted regression: with memory m, the share of a fresh outcome is its weight over all, of which the start has as much as is expected of m', () => {
  const keep = Math.exp(-1 / 1000);
  const faint = new LongMemorySlope({ horizonsSteps: [1], stepsPerRun: 100, signal: 0.04 });
  faint.learn(0, 0.1, 2, 1);
  expect(faint.slope(0)).toBeCloseTo(((keep * 0.04) / (1 - keep) + 0.2) / ((keep * 0.04) / (1 - keep) + 0.01), 12);
  // Where forecasts are bolder than expected, the start has as much more.
  const own = new LongMemorySlope({ horizonsSteps: [1], stepsPerRun: 100, signal: 0.04 });
  const prior = 0.25 / (1 - keep);
  own.learn(0, 0.5, 2, 1);
  expect(own.slope(0)).toBeCloseTo((keep * prior + 1) / (keep * prior + 0.25), 12);
});

test('bold forecasts, as half an hour ahead, are not judged by the few outcomes of a run', () => {
  const rng = streams('10').stream('slope');
  const slopes = Array.from({ length: 200 }, () => {
    const own = new LongMemorySlope({ horizonsSteps: [60], stepsPerRun: 240 });
    for (let t = 0; t < 360; t += 60) {
      const [forecast, outcome] = [0.5 * normal(rng), normal(rng)];
      for (let n = 0; n < 60; n += 1) own.learn(0, forecast, forecast + outcome, 1);
    }
    return own.slope(0);
  });
  const sd = Math.sqrt(slopes.reduce((sum, slope) => sum + (slope - 1) * (slope - 1), 0) / slopes.length);
  expect(sd).toBeLessThan(0.15);
});

test('finds over many runs, through plain data, a slope that is not 1, and stays within its limits', () => {
  expect(runs(60, 0.3, '5').slope(0)).toBeLessThan(0.6);
  expect(runs(60, 0.3, '5').slope(0)).toBeGreaterThan(0.1);
  expect(runs(80, -3, '6').slope(0)).toBe(0);
  expect(runs(80, 5, '7').slope(0)).toBe(1.5);
});

test('says that the slope has fallen, at one false alarm in 20 runs or fewer', () => {
  const alarms = (list: LongMemorySlope): number => list.state().alarms[0] ?? 0;
  expect(alarms(runs(400, 1, '8'))).toBeLessThanOrEqual(20 + 4 * Math.sqrt(20));
  expect(alarms(runs(12, -1, '9'))).toBeGreaterThanOrEqual(2);
});

test('refuses a state of another number of horizons, and what is no number', () => {
  const state = new LongMemorySlope(TERMS).state();
  expect(() => new LongMemorySlope(TERMS, { ...state, sums: [0] })).toThrow('2 finite numbers');
  expect(() => new LongMemorySlope(TERMS, { ...state, products: [Number.NaN, 1] })).toThrow('products');
  expect(() => new LongMemorySlope(TERMS, { ...state, squares: [0, 1] })).toThrow('above 0');
  const own = new LongMemorySlope(TERMS, state);
  own.learn(0, Number.NaN, 1, 1);
  expect(own.slope(0)).toBe(1);
});
