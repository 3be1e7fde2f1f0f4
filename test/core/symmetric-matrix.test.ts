import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choleskyFactor, eigensystem } from '../../src/core/symmetric-matrix.ts';

const sizes = fc.integer({ min: 1, max: 6 });
/** No numbers so small that their products lose digits: that is said of the function. */
const entry = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => (Math.abs(value) < 1e-200 ? 0 : value));
/** A symmetric matrix of any size and scale. */
const symmetric = fc
  .tuple(sizes, fc.array(entry, { minLength: 36, maxLength: 36 }), fc.integer({ min: -12, max: 12 }))
  .map(([n, raw, scale]) => {
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        a[i * n + j] = (raw[i * 6 + j] ?? 0) * Number(`1e${scale}`);
        a[j * n + i] = a[i * n + j] ?? 0;
      }
    }
    return { n, a };
  });
const at = (m: ArrayLike<number>, n: number, i: number, j: number): number => m[i * n + j] ?? Number.NaN;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const largest = (a: Float64Array): number => a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('eigensystem', () => {
  test('the matrix is VᵀΛV, V is orthonormal, and Λ ascends', () => {
    fc.assert(
      fc.property(symmetric, ({ n, a }) => {
        const { values, vectors } = eigensystem(a, n);
        for (const i of range(n)) {
          if (i > 0) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1] ?? 0);
          for (const j of range(n)) {
            const sum = range(n).reduce((total, k) => total + (values[k] ?? 0) * at(vectors, n, k, i) * at(vectors, n, k, j), 0);
            expect(Math.abs(sum - at(a, n, i, j))).toBeLessThanOrEqual(1e-11 * largest(a));
            const product = range(n).reduce((total, k) => total + at(vectors, n, i, k) * at(vectors, n, j, k), 0);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of 2 × 2 it is known: trace and determinant', () => {
    const { values } = eigensystem([3, Number.NaN, 2, 1], 2);
    // The upper triangle is not read.
    expect(values[0]).toBeCloseTo(2 - Math.sqrt(5), 12);
    expect(values[1]).toBeCloseTo(2 + Math.sqrt(5), 12);
  });

  test('the same matrix gives the same bits, and 0 has the unit vectors', () => {
    const a = [1, 0, 0, 0.3, 2, 0, -0.7, 0.1, 1];
    expect(eigensystem(a, 3)).toEqual(eigensystem(a, 3));
    expect(eigensystem([0, 0, 0, 0], 2)).toEqual({ values: Float64Array.of(0, 0), vectors: Float64Array.of(1, 0, 0, 1) });
  });

  test('a matrix that is not finite is a bug', () => {
    expect(() => eigensystem([Number.NaN], 1)).toThrow('finite');
    expect(() => eigensystem([1, 0, Number.POSITIVE_INFINITY, 1], 2)).toThrow('finite');
  });
});

describe('Cholesky’s factor', () => {
  test('times its transpose is the matrix', () => {
    fc.assert(
      fc.property(symmetric, ({ n, a }) => {
        // A A + a little of the identity is positive definite.
        const size = largest(a) || 1;
        const b = new Float64Array(n * n);
        for (const i of range(n)) {
          for (const j of range(n)) {
            b[i * n + j] = range(n).reduce((sum, k) => sum + (at(a, n, i, k) / size) * (at(a, n, k, j) / size), i === j ? 0.01 : 0);
          }
        }
        const l = choleskyFactor(b, n);
        for (const i of range(n)) {
          for (const j of range(n)) {
            if (j > i) expect(at(l, n, i, j)).toBe(0);
            expect(range(n).reduce((sum, k) => sum + at(l, n, i, k) * at(l, n, j, k), 0)).toBeCloseTo(at(b, n, i, j), 12);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('there is none of a matrix that is not positive definite', () => {
    expect(() => choleskyFactor([1, 0, 2, 1], 2)).toThrow('positive definite');
    expect(() => choleskyFactor([0], 1)).toThrow('positive definite');
  });
});
