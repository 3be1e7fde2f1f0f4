import { describe, expect, test } from 'vitest';
import { normalCdf } from '../../../src/core/special.ts';
import { christoffersen } from '../../../src/study/evaluation/christoffersen.ts';
import { coverage, covered, halfWidth } from '../../../src/study/evaluation/coverage.ts';
import { gaussianCrps, pinballLoss } from '../../../src/study/evaluation/density-scores.ts';
import { direction, pesaranTimmermann } from '../../../src/study/evaluation/direction.ts';
import { originsOf } from '../../../src/study/evaluation/origins.ts';
import { kuiperUniform, probabilityTransform } from '../../../src/study/evaluation/pit.ts';
import { qlikeLosses } from '../../../src/study/evaluation/point-losses.ts';

const one = (count: number, steps = 1) => originsOf(new Int32Array(count), steps);

describe('scores of distributions', () => {
  test('CRPS of a standard normal at its mean is (√2 − 1)/√π', () => {
    expect(gaussianCrps(0, 1)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 15);
  });

  test.each([
    [0.3, 1],
    [-2, 0.5],
    [4, 3],
  ])('CRPS at an error of %d and a scale of %d is the integral of the squared gap', (error, scale) => {
    const step = 1e-3;
    let integral = 0;
    for (let x = -40; x < 40; x += step) {
      const gap = normalCdf((x + step / 2) / scale) - (x + step / 2 >= error ? 1 : 0);
      integral += gap * gap * step;
    }
    expect(gaussianCrps(error, scale)).toBeCloseTo(integral, 3);
  });

  test('CRPS without a scale is the absolute error', () => {
    expect(gaussianCrps(-0.7, 0)).toBe(0.7);
  });

  test('CRPS is twice the mean of pinball losses over all levels', () => {
    const levels = Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000);
    const total = levels.reduce((sum, level) => sum + pinballLoss([0.8], [0.1], [0.5], level), 0);
    expect((2 * total) / 2000).toBeCloseTo(gaussianCrps(0.7, 0.5), 4);
  });

  test('pinball loss at the median is half the absolute error', () => {
    expect(pinballLoss([1, -3], [0, 0], [1, 1], 0.5)).toBe(1);
  });

  test('QLIKE is 0 where realised and forecast agree, and r − ln r − 1 elsewhere', () => {
    const [same, twice] = qlikeLosses([0.3, Math.log(2)], [0.3, 0]);
    expect(same).toBe(0);
    expect(twice).toBeCloseTo(2 - Math.log(2) - 1, 15);
  });
});

describe('coverage', () => {
  test('intervals are as wide as a normal’s, their ends inside', () => {
    expect([halfWidth(0.5), halfWidth(0.8), halfWidth(0.95)]).toEqual([
      expect.closeTo(0.6744897501960817, 14),
      expect.closeTo(1.2815515655446004, 14),
      expect.closeTo(1.959963984540054, 14),
    ]);
    const half = halfWidth(0.8);
    expect([...covered([half, half * 1.001, 1 - 2 * half, 5], [0, 0, 1, 5], [1, 1, 2, 0], 0.8)]).toEqual([1, 0, 1, 1]);
  });

  test('is the share, by group where asked', () => {
    const inside = Uint8Array.from([1, 0, 1, 1]);
    expect(coverage(inside, one(4))?.value).toBe(0.75);
    expect(coverage(inside, one(4), [0, 1, 1, 0])?.value).toBe(0.5);
  });
});

describe('the test of Christoffersen', () => {
  /** Inside, but at these places. */
  const missing = (count: number, ...misses: readonly number[]) =>
    Uint8Array.from({ length: count }, (_, i) => (misses.includes(i) ? 0 : 1));

  test('is the likelihood ratio of the chain, written out', () => {
    // 20 outcomes, 19 moves: in-in 12, in-out 3, out-in 3, out-out 1.
    const found = christoffersen(missing(20, 3, 8, 9, 14), 0.8, one(20));
    const chain = 12 * Math.log(12 / 15) + 3 * Math.log(3 / 15) + 3 * Math.log(3 / 4) + Math.log(1 / 4);
    const independent = 15 * Math.log(15 / 19) + 4 * Math.log(4 / 19);
    const nominal = 15 * Math.log(0.8) + 4 * Math.log(0.2);
    expect(found?.independence).toBeCloseTo(2 * (chain - independent), 12);
    expect(found?.conditional).toBeCloseTo(2 * (chain - nominal), 12);
    expect(found?.conditionalP).toBeCloseTo(Math.exp(-(chain - nominal)), 12);
    expect(found?.n).toBe(20);
  });

  test('has the tail of χ² with one degree of freedom', () => {
    const found = christoffersen(missing(200, ...Array.from({ length: 20 }, (_, i) => 5 * i)), 0.8, one(200));
    expect(found?.independenceP).toBeCloseTo(2 * normalCdf(-Math.sqrt(found?.independence ?? 0)), 12);
  });

  test('finds misses that cluster, and counts no move from one block to the next', () => {
    const clustered = missing(100, ...Array.from({ length: 20 }, (_, i) => 40 + i));
    expect(christoffersen(clustered, 0.8, one(100))?.independenceP).toBeLessThan(1e-6);
    const two = originsOf(new Int32Array(100).fill(1, 50), 1);
    expect(christoffersen(missing(100, 49, 50), 0.8, two)?.independence).toBeLessThan(0.2);
    expect(christoffersen(missing(100, 49, 50), 0.8, one(100))?.independence).toBeGreaterThan(3);
  });

  test('looks at outcomes that do not overlap only, and says nothing without a miss', () => {
    const inside = missing(100, 1, 2, 3, 4, 10, 11);
    expect(christoffersen(inside, 0.8, one(100, 10))?.n).toBe(10);
    expect(christoffersen(missing(50), 0.8, one(50))).toBeUndefined();
    expect(christoffersen(missing(1, 0), 0.8, one(1))).toBeUndefined();
  });
});

describe('places in the distribution', () => {
  test.each([
    // Percentage points of V*, Stephens (1970), table 1.
    [0.1, 1.62],
    [0.05, 1.747],
    [0.01, 2.001],
  ])('the tail of %d begins at %d', (p, v) => {
    // Even places moved up: D⁻ is the move, D⁺ is 0.
    const n = 100;
    const shift = v / (Math.sqrt(n) + 0.155 + 0.24 / Math.sqrt(n));
    const values = Array.from({ length: n }, (_, i) => Math.min(1, i / n + shift));
    const found = kuiperUniform(values);
    expect(found.statistic).toBeCloseTo(v, 10);
    expect(found.p).toBeCloseTo(p, 3);
  });

  test('even places are even, a scale that is too small is found', () => {
    const outcome = Array.from({ length: 400 }, (_, i) => Math.sin(i * i) * 1.5);
    const even = kuiperUniform(Array.from({ length: 50 }, (_, i) => (i + 0.5) / 50));
    expect(even.p).toBe(1);
    const narrow = probabilityTransform(outcome, new Float64Array(400), new Float64Array(400).fill(0.3), one(400));
    expect(narrow.kuiper?.p).toBeLessThan(1e-6);
    expect(narrow.histogram[0]).toBeGreaterThan(0.3);
    expect(narrow.histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test('no scale puts outcomes at the ends, few samples get no test', () => {
    const { histogram, kuiper } = probabilityTransform([1, -1, 0], [0, 0, 0], [0, 0, 0], one(3));
    expect([histogram[0], histogram[5], histogram[9], kuiper]).toEqual([1 / 3, 1 / 3, 1 / 3, undefined]);
  });
});

describe('signs', () => {
  test('the statistic of Pesaran and Timmermann, written out', () => {
    // Of 100: 40 up and forecast up, 10 up and down, 15 down and up, 35 down and down.
    const table = [
      [true, true, 40],
      [true, false, 10],
      [false, true, 15],
      [false, false, 35],
    ] as const;
    const up = table.flatMap(([is, , count]) => Array<boolean>(count).fill(is));
    const forecastUp = table.flatMap(([, is, count]) => Array<boolean>(count).fill(is));
    const [y, x, expected] = [0.5, 0.55, 0.5];
    const variance = (expected * 0.5) / 100 - ((2 * x - 1) * (2 * x - 1) * y * (1 - y)) / 100 - (4 * y * x * 0.5 * 0.45) / 10_000;
    const found = pesaranTimmermann(up, forecastUp);
    expect(found?.statistic).toBeCloseTo((0.75 - expected) / Math.sqrt(variance), 12);
    expect(found?.p).toBeCloseTo(normalCdf(-(found?.statistic ?? 0)), 15);
  });

  test('nothing is said where one side never changes', () => {
    expect(pesaranTimmermann([true, true], [true, true])).toBeUndefined();
    expect(pesaranTimmermann([], [])).toBeUndefined();
  });

  test('hits are counted over all that have a sign, tested on those apart', () => {
    const outcome = [1, -1, 0, 2, -3, -1, 1, 1, -2, 4];
    const found = direction(outcome, [1, 1, 1, 0, -1, -1, -1, 1, -1, 1], one(10, 2));
    expect([found?.hitRate, found?.n]).toEqual([6 / 8, 8]);
    expect(found?.pesaranTimmermann?.n).toBe(4);
    expect(direction(outcome, new Float64Array(10), one(10))).toBeUndefined();
  });
});
