import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecastLean } from '../../../../src/agents/maker/quoting/forecast-lean.ts';
import type { Forecast } from '../../../../src/forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';

const SECONDS_PER_YEAR = 31_536_000;
const HOUR = 3600;

/** A forecast whose factor f is expected to have moved by `path(s, f)` after s seconds. */
function forecast(horizonsSeconds: readonly number[], path: (seconds: number, factor: number) => number): Forecast {
  const change = new Float64Array(horizonsSeconds.length * FACTOR_COUNT);
  horizonsSeconds.forEach((seconds, h) => {
    for (let f = 0; f < FACTOR_COUNT; f += 1) change[h * FACTOR_COUNT + f] = path(seconds, f);
  });
  return { horizonsSeconds, change, scale: new Float64Array(change.length).fill(1) };
}

const lean = (of: Forecast, perYear: number): Float64Array => forecastLean(of, perYear, new Float64Array(FACTOR_COUNT).fill(9));
const even = (step: number, count: number): number[] => Array.from({ length: count }, (_, i) => (i + 1) * step);

test('a drift that lasts is worth itself over the speed of inventory', () => {
  const kappa = 12; // per hour
  const drift = [0.01, -0.02, 0.003, 0]; // per hour
  const of = forecast(even(60, 240), (seconds, f) => (drift[f] ?? 0) * (seconds / HOUR));
  lean(of, (kappa * SECONDS_PER_YEAR) / HOUR).forEach((value, f) => {
    expect(value).toBeCloseTo((drift[f] ?? 0) / kappa, 12);
  });
});

test('a drift that decays at φ is worth μ/(κ + φ)', () => {
  const kappa = 12;
  for (const phi of [0.5, 2, 8, 30]) {
    const of = forecast(even(2, 3600), (seconds) => (0.02 / phi) * (1 - Math.exp((-phi * seconds) / HOUR)));
    const [value = 0] = lean(of, (kappa * SECONDS_PER_YEAR) / HOUR);
    expect(value / (0.02 / (kappa + phi))).toBeCloseTo(1, 4);
  }
});

/** κ∫e^(−κs) path(s) ds by Simpson's rule on the straight pieces, and the last value for ever after. */
function integral({ horizonsSeconds, change }: Forecast, perSecond: number, factor: number): number {
  let sum = 0;
  let before = 0;
  let from = 0;
  horizonsSeconds.forEach((after, h) => {
    const to = change[h * FACTOR_COUNT + factor] ?? 0;
    const pieces = 2000;
    const width = (after - before) / pieces;
    for (let n = 0; n <= pieces; n += 1) {
      const s = before + n * width;
      const weight = n === 0 || n === pieces ? 1 : n % 2 === 1 ? 4 : 2;
      sum += ((weight * width) / 3) * perSecond * Math.exp(-perSecond * s) * (from + ((to - from) * (s - before)) / (after - before));
    }
    before = after;
    from = to;
  });
  return sum + from * Math.exp(-perSecond * before);
}

test('equals the numerical integral of any path', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 20, maxLength: 20 }),
      fc.double({ min: 0.05, max: 100, noNaN: true }),
      (steps, changes, perHour) => {
        const of = forecast(
          steps.sort((a, b) => a - b).map((n) => 30 * n),
          (seconds, f) => changes[(seconds / 30 + 5 * f) % 20] ?? 0,
        );
        const found = lean(of, (perHour * SECONDS_PER_YEAR) / HOUR);
        for (let f = 0; f < FACTOR_COUNT; f += 1) expect(Math.abs((found[f] ?? 0) - integral(of, perHour / HOUR, f))).toBeLessThan(1e-8);
      },
    ),
    { numRuns: 60 },
  );
});

test('slow inventory sees the far end of the path, fast inventory its beginning', () => {
  const of = forecast([30, 300, 1800], (seconds) => seconds / 1800);
  expect(lean(of, 0.001)[0]).toBeCloseTo(1, 6);
  expect(lean(of, 1e12)[0]).toBeCloseTo(0, 6);
  // No forecast of a change: no lean.
  expect([
    ...lean(
      forecast([30, 300], () => 0),
      1000,
    ),
  ]).toEqual([0, 0, 0, 0]);
});
