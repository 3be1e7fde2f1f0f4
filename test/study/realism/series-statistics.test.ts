import { describe, expect, test } from 'vitest';
import { exponential, normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import {
  autocorrelation,
  changes,
  correlation,
  excessKurtosis,
  firstComponentShare,
  halfLife,
  varianceRatio,
} from '../../../src/study/realism/series-statistics.ts';

/** Values of x(t) = phi·x(t−1) + normal, from its stationary distribution. */
function autoregression(phi: number, count: number, seed = '1'): number[] {
  const rng = streams(seed).stream('test');
  let x = phi < 1 ? normal(rng) / Math.sqrt(1 - phi * phi) : 0;
  return Array.from({ length: count }, () => {
    x = phi * x + normal(rng);
    return x;
  });
}

describe('autocorrelation', () => {
  test.each([0.9, 0.5, 0, -0.5])('of an AR(1) with phi %d is phi to the power of the lag', (phi) => {
    const values = autoregression(phi, 40_000);
    expect(autocorrelation(values, 1)).toBeCloseTo(phi, 1.6);
    expect(autocorrelation(values, 3)).toBeCloseTo(phi * phi * phi, 1.6);
  });

  test('of an alternating series is −(n − 1)/n', () => {
    expect(
      autocorrelation(
        Array.from({ length: 20 }, (_, i) => i % 2),
        1,
      ),
    ).toBeCloseTo(-19 / 20, 12);
  });

  test('does not exist of few values, or of equal ones', () => {
    expect(autocorrelation([1, 2, 3, 4], 1)).toBeUndefined();
    expect(autocorrelation(new Array<number>(50).fill(0.1), 1)).toBeUndefined();
  });
});

describe('excess kurtosis', () => {
  test('of two equal values is −2, of one spike among n it is known', () => {
    expect(excessKurtosis([1, -1, 1, -1])).toBeCloseTo(-2, 12);
    // One 1 among n − 1 zeros, p = 1/n: (1 − 3p(1 − p)) / (p(1 − p)) − 3.
    const p = 1 / 50;
    expect(excessKurtosis([1, ...new Array<number>(49).fill(0)])).toBeCloseTo((1 - 3 * p * (1 - p)) / (p * (1 - p)) - 3, 9);
  });

  test('of a normal sample is 0, of an exponential one 6', () => {
    const rng = streams('1').stream('test');
    expect(Math.abs(excessKurtosis(Array.from({ length: 50_000 }, () => normal(rng))) ?? 9)).toBeLessThan(0.1);
    expect(Math.abs((excessKurtosis(Array.from({ length: 200_000 }, () => exponential(rng, 2))) ?? 0) - 6)).toBeLessThan(0.6);
  });
});

test('correlation is ±1 of lines, and that of a known mixture', () => {
  const x = autoregression(0, 20_000, '1');
  const y = autoregression(0, 20_000, '2');
  expect(
    correlation(
      x,
      x.map((value) => 3 - 2 * value),
    ),
  ).toBeCloseTo(-1, 12);
  expect(
    correlation(
      x,
      x.map((value, i) => 0.6 * value + 0.8 * (y[i] ?? 0)),
    ),
  ).toBeCloseTo(0.6, 1.6);
  expect(correlation(x.slice(0, 5), y.slice(0, 5))).toBeUndefined();
  expect(() => correlation([1], [1, 2])).toThrow(RangeError);
});

test('changes are over the lag', () => {
  expect(changes([1, 4, 9, 16])).toEqual([3, 5, 7]);
  expect(changes([1, 4, 9, 16], 2)).toEqual([8, 12]);
});

test('the variance ratio is 1 of a random walk, and (1 − phi^k)/(k(1 − phi)) of an AR(1)', () => {
  expect(Math.abs((varianceRatio(autoregression(1, 40_000), 6) ?? 0) - 1)).toBeLessThan(0.05);
  const phi = 0.5;
  const expected = (1 - phi ** 6) / (6 * (1 - phi));
  expect(Math.abs((varianceRatio(autoregression(phi, 40_000), 6) ?? 0) - expected)).toBeLessThan(0.02);
  expect(varianceRatio([1, 2, 3], 6)).toBeUndefined();
});

describe('half-life', () => {
  test('of an AR(1) is ln 2 over −ln phi', () => {
    expect(Math.abs((halfLife(autoregression(0.9, 20_000)) ?? 0) - Math.log(0.5) / Math.log(0.9))).toBeLessThan(0.5);
  });

  test('does not exist of nineteen in twenty random walks of two hours', () => {
    const found = Array.from({ length: 200 }, (_, seed) => halfLife(autoregression(1, 120, String(seed)))).filter(
      (value) => value !== undefined,
    );
    expect(found.length).toBeGreaterThan(2);
    expect(found.length).toBeLessThan(20);
  });

  test('is 0 where the series jumps past its mean at once', () => {
    expect(halfLife(Array.from({ length: 40 }, (_, i) => (i % 2) + 0.01 * Math.sin(i)))).toBe(0);
  });
});

describe('share of the first component', () => {
  test('is 1 of series that move together, and the larger variance of two that do not', () => {
    const x = autoregression(0, 1000);
    expect(firstComponentShare([x, x.map((value) => 2 * value), x.map((value) => -value)])).toBeCloseTo(1, 12);
    const a = Array.from({ length: 40 }, (_, i) => 3 * (-1) ** i);
    const b = Array.from({ length: 40 }, (_, i) => (-1) ** Math.floor(i / 2));
    expect(firstComponentShare([a, b])).toBeCloseTo(0.9, 9);
  });

  test('does not exist without movement', () => {
    expect(firstComponentShare([new Array<number>(20).fill(1)])).toBeUndefined();
    expect(firstComponentShare([])).toBeUndefined();
  });
});
