import { describe, expect, test } from 'vitest';
import { normalCdf } from '../../src/core/special.ts';
import { incompleteBeta, logGamma, noncentralCdf, studentCdf, studentQuantile, studentTwoSidedP } from '../../src/study/student-t.ts';

const relative = (value: number, expected: number): number => Math.abs(value / expected - 1);

describe('logGamma', () => {
  test('factorials and Γ(½)', () => {
    let factorial = 0;
    for (let n = 1; n <= 60; n += 1) {
      expect(Math.abs(logGamma(n) - factorial)).toBeLessThan(1e-13 * Math.max(1, factorial));
      factorial += Math.log(n);
    }
    expect(Math.exp(logGamma(0.5))).toBeCloseTo(Math.sqrt(Math.PI), 13);
    expect(logGamma(0.1)).toBeCloseTo(2.252712651734206, 13);
  });
});

describe('incompleteBeta', () => {
  test('closed forms', () => {
    for (const x of [0.001, 0.2, 0.5, 0.77, 0.999]) {
      expect(incompleteBeta(1, 1, x)).toBeCloseTo(x, 14);
      expect(incompleteBeta(3, 1, x)).toBeCloseTo(x * x * x, 14);
      expect(incompleteBeta(0.5, 0.5, x)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 13);
      expect(incompleteBeta(2.5, 4, x)).toBeCloseTo(1 - incompleteBeta(4, 2.5, 1 - x), 13);
      // I_x(2, 3) = 6x² − 8x³ + 3x⁴.
      expect(incompleteBeta(2, 3, x)).toBeCloseTo(x * x * (6 - 8 * x + 3 * x * x), 13);
    }
    expect(incompleteBeta(2, 3, 0)).toBe(0);
    expect(incompleteBeta(2, 3, 1)).toBe(1);
  });
});

describe("Student's t", () => {
  test('closed forms at one and two degrees of freedom, far tails included', () => {
    for (const t of [0.01, 0.5, 1, 3, 40, 1e5]) {
      expect(relative(studentTwoSidedP(t, 1), (2 / Math.PI) * Math.atan(1 / t))).toBeLessThan(1e-12);
      const root = Math.sqrt(2 + t * t);
      expect(relative(studentTwoSidedP(t, 2), 2 / (root * (root + t)))).toBeLessThan(1e-12);
    }
    expect(studentTwoSidedP(0, 7)).toBe(1);
    expect(studentTwoSidedP(Infinity, 7)).toBe(0);
  });

  // Quantiles of the printed tables (Abramowitz and Stegun 1964, table 26.10).
  test.each([
    [0.975, 1, 12.706205],
    [0.975, 4, 2.776445],
    [0.975, 9, 2.262157],
    [0.995, 9, 3.249836],
    [0.975, 29, 2.04523],
    [0.95, 29, 1.699127],
    [0.975, 120, 1.97993],
    [0.9995, 10, 4.586894],
  ])('quantile at %f with %i degrees of freedom is %f', (p, df, expected) => {
    expect(studentQuantile(p, df)).toBeCloseTo(expected, 5);
    expect(studentQuantile(1 - p, df)).toBeCloseTo(-expected, 5);
    expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 13);
  });

  test('tends to the normal', () => {
    for (const t of [-2, -0.3, 1.5]) expect(studentCdf(t, 1e7)).toBeCloseTo(normalCdf(t), 6);
  });
});

describe('noncentral t', () => {
  test('is the central one at δ = 0', () => {
    for (const df of [1, 2, 5, 29, 127, 2000]) {
      for (const t of [-4, -1, 0, 0.7, 2.5]) expect(Math.abs(noncentralCdf(t, df, 0) - studentCdf(t, df))).toBeLessThan(1e-8);
    }
  });

  test('at t = 0 is Φ(−δ) whatever the degrees of freedom', () => {
    for (const df of [1, 3, 40]) expect(Math.abs(noncentralCdf(0, df, 1.3) - normalCdf(-1.3))).toBeLessThan(1e-12);
  });
});
