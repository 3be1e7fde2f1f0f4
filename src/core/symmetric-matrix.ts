import { create, eigsDependencies, type FactoryFunctionMap } from 'mathjs';
import { invariant } from './assert.ts';

/** Eigenvalues of a symmetric matrix, ascending, and its eigenvectors: orthonormal, the k-th in row k. */
export interface Eigensystem {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** What is used of mathjs. */
interface Eigs {
  eigs(matrix: number[][]): { readonly eigenvectors: readonly { readonly value: number; readonly vector: readonly number[] }[] };
}

/** Made when it is first needed: to put the function together takes mathjs some 50 ms. */
let mathjs: Eigs | undefined;

/**
 * Eigenvalues and eigenvectors of a symmetric n × n matrix, row by row, of which the lower triangle is read. By Jacobi's rotations (mathjs), so the
 * same bits for the same matrix. Off-diagonal elements end below 1e-12/n of the largest element; A = VᵀΛV to 1e-11 of it,
 * unless that is so small itself (below 1e-280) that it has fewer digits (test/core/symmetric-matrix.test.ts). About a millisecond: not for hot paths.
 */
export function eigensystem(matrix: ArrayLike<number>, n: number): Eigensystem {
  let size = 0;
  for (let i = 0; i < n; i += 1) for (let j = 0; j <= i; j += 1) size = Math.max(size, Math.abs(matrix[i * n + j] ?? 0));
  invariant(Number.isFinite(size), 'a matrix must be finite');
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  if (size === 0) {
    for (let i = 0; i < n; i += 1) vectors[i * n + i] = 1;
    return { values, vectors };
  }
  // mathjs stops at an absolute size: the largest element becomes 1.
  const scaled = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => (matrix[Math.max(i, j) * n + Math.min(i, j)] ?? 0) / size),
  );
  mathjs ??= create(eigsDependencies as FactoryFunctionMap, {}) as unknown as Eigs;
  const pairs = mathjs.eigs(scaled).eigenvectors.toSorted((a, b) => a.value - b.value);
  for (const [k, { value, vector }] of pairs.entries()) {
    values[k] = value * size;
    vectors.set(vector, k * n);
  }
  return { values, vectors };
}

/**
 * Cholesky's factor of a positive definite n × n matrix A = LLᵀ, row by row; L is lower triangular. Only the lower triangle of A is read.
 *
 * @throws InvariantError where A is not positive definite.
 */
export function choleskyFactor(matrix: ArrayLike<number>, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      if (i === j) {
        invariant(sum > 0, 'a matrix must be positive definite');
        l[i * n + i] = Math.sqrt(sum);
      } else l[i * n + j] = sum / (l[j * n + j] ?? 1);
    }
  }
  return l;
}
