import { describe, expect, test } from 'vitest';
import { differences, effectSize, pairedCorrelation, pairedTPower, pairedTTest, pairsNeeded, winRate } from '../../src/study/paired.ts';
import { standardDeviation } from '../../src/study/statistics.ts';

describe('paired differences', () => {
  test("Student's sleep data (1908): t = −4.0621, p = 0.002833", () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const paired = differences(first, second);
    expect((effectSize(paired) ?? 0) * Math.sqrt(10)).toBeCloseTo(-4.0621, 4);
    expect(pairedTTest(paired)).toBeCloseTo(0.002833, 6);
    expect(winRate(paired)).toBe(0.05);
  });

  test('differences without spread', () => {
    expect(effectSize([0, 0, 0])).toBe(0);
    expect(pairedTTest([0, 0, 0])).toBe(1);
    expect(effectSize([2, 2, 2])).toBeUndefined();
    expect(pairedTTest([2, 2, 2])).toBe(0);
    expect(winRate([0, 0, 1, -1])).toBe(0.5);
    expect(() => pairedTTest([1])).toThrow(RangeError);
    expect(() => differences([1], [1, 2])).toThrow(RangeError);
  });
});

describe('the correlation of paired scores', () => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  test("Student's sleep data: 0.7952", () => {
    expect(pairedCorrelation(first, second)).toBeCloseTo(0.7952, 4);
    expect(pairedCorrelation(second, first)).toBe(pairedCorrelation(first, second));
  });

  test('is 1 and −1 for scores on a line, and absent where one never varies', () => {
    expect(pairedCorrelation([1, 2, 5], [3, 5, 11])).toBeCloseTo(1, 14);
    expect(pairedCorrelation([1, 2, 5], [-3, -5, -11])).toBeCloseTo(-1, 14);
    expect(pairedCorrelation([1, 2, 5], [4, 4, 4])).toBeUndefined();
    expect(pairedCorrelation([1], [2])).toBeUndefined();
  });

  test('gives the variance of the difference with the two spreads', () => {
    const sd = (values: readonly number[]): number => standardDeviation(values) ?? 0;
    const variance = sd(differences(first, second)) * sd(differences(first, second));
    const rho = pairedCorrelation(first, second) ?? 0;
    expect(variance).toBeCloseTo(sd(first) * sd(first) + sd(second) * sd(second) - 2 * rho * sd(first) * sd(second), 12);
  });
});

describe('power', () => {
  // Pairs needed at two-sided 0.05/m for power 0.8 and 0.9, made with another program's noncentral t.
  const table: [effect: number, needed: [m: number, at80: number, at90: number][]][] = [
    [
      0.15,
      [
        [1, 351, 469],
        [3, 469, 604],
        [6, 542, 687],
        [10, 596, 747],
      ],
    ],
    [
      0.2,
      [
        [1, 199, 265],
        [3, 265, 341],
        [6, 307, 388],
        [10, 337, 422],
      ],
    ],
    [
      0.3,
      [
        [1, 90, 119],
        [3, 120, 153],
        [6, 139, 175],
        [10, 152, 190],
      ],
    ],
    [
      0.5,
      [
        [1, 34, 44],
        [3, 45, 57],
        [6, 52, 65],
        [10, 58, 71],
      ],
    ],
    [
      0.8,
      [
        [1, 15, 19],
        [3, 20, 25],
        [6, 23, 28],
        [10, 25, 31],
      ],
    ],
  ];
  test.each(table)('pairs needed for an effect of %f', (effect, rows) => {
    for (const [m, at80, at90] of rows) {
      expect([m, pairsNeeded(effect, 0.05 / m, 0.8), pairsNeeded(-effect, 0.05 / m, 0.9)]).toEqual([m, at80, at90]);
    }
  });

  test('limits', () => {
    expect(pairedTPower(0, 30, 0.05)).toBeCloseTo(0.05, 7);
    expect(pairedTPower(5, 30, 0.05)).toBeCloseTo(1, 9);
    expect(pairedTPower(-0.4, 40, 0.05)).toBeCloseTo(pairedTPower(0.4, 40, 0.05), 12);
    expect(pairsNeeded(0, 0.05, 0.8)).toBeUndefined();
    expect(pairsNeeded(1e-4, 0.05, 0.8)).toBeUndefined();
    expect(pairsNeeded(50, 0.05, 0.8)).toBe(2);
  });
});
