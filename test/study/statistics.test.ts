import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holmAdjusted } from '../../src/study/multiplicity.ts';
import { expectedShortfall5, mean, median, quantile, sharpeAcrossSeeds, standardDeviation, sum } from '../../src/study/statistics.ts';

const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('figures of a sample', () => {
  test('by hand', () => {
    const values = [4, 1, 3, 2];
    expect(mean(values)).toBe(2.5);
    expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(5 / 3), 15);
    expect(median(values)).toBe(2.5);
    expect(quantile(values, 0.25)).toBe(1.75);
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 1)).toBe(4);
    expect(sharpeAcrossSeeds(values)).toBeCloseTo(2.5 / Math.sqrt(5 / 3), 15);
  });

  test('sum does not lose small terms between large ones', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  });

  test('mean does not depend on the order', () => {
    fc.assert(
      fc.property(sample, (values) => {
        expect(mean([...values].reverse())).toBeCloseTo(mean(values), 9);
      }),
    );
  });

  test('what does not exist is undefined', () => {
    expect(standardDeviation([5])).toBeUndefined();
    expect(sharpeAcrossSeeds([5])).toBeUndefined();
    expect(standardDeviation([0.1, 0.1, 0.1])).toBe(0);
    expect(sharpeAcrossSeeds([0.1, 0.1, 0.1])).toBeUndefined();
  });

  test('bad samples are bugs', () => {
    expect(() => mean([])).toThrow(RangeError);
    expect(() => mean([1, NaN])).toThrow(RangeError);
    expect(() => quantile([1], 1.5)).toThrow(RangeError);
  });
});

describe('expected shortfall at 5 %', () => {
  test('is the mean of the worst twentieth, rounded up, at least one', () => {
    const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => n - i);
    expect(expectedShortfall5([7])).toBe(7);
    expect(expectedShortfall5(upTo(20))).toBe(1);
    expect(expectedShortfall5(upTo(21))).toBe(1.5);
    expect(expectedShortfall5(upTo(140))).toBe(4);
  });

  test('lies between the worst and the mean', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const slack = 1e-9 * Math.max(...values.map(Math.abs));
        expect(expectedShortfall5(values)).toBeGreaterThanOrEqual(Math.min(...values) - slack);
        expect(expectedShortfall5(values)).toBeLessThanOrEqual(mean(values) + slack);
      }),
    );
  });
});

describe("Holm's adjustment", () => {
  test('an example by hand', () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    expect(adjusted.map((p) => Number(p.toFixed(10)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  test('never below the p-value, above Bonferroni or out of order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (ps) => {
        const adjusted = holmAdjusted(ps);
        ps.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * ps.length) + 1e-15);
          ps.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
          });
        });
      }),
    );
  });
});
