/**
 * Lower triangular L with L·Lᵀ = `matrix`, both n x n and row-major; only the lower half of `matrix` is read. Undefined when the
 * matrix is not positive definite to working precision.
 */
export function choleskyFactor(matrix: Readonly<Float64Array>, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      if (i !== j) l[i * n + j] = sum / (l[j * n + j] ?? 1);
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return l;
}

/** The x with L·x = b. */
export function solvedLower(l: Readonly<Float64Array>, b: ArrayLike<number>): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (l[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (l[i * n + i] ?? 1);
  }
  return x;
}

/** The x with Lᵀ·x = b. */
export function solvedUpper(l: Readonly<Float64Array>, b: ArrayLike<number>): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i] ?? 0;
    for (let k = i + 1; k < n; k += 1) sum -= (l[k * n + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (l[i * n + i] ?? 1);
  }
  return x;
}

/** (L·Lᵀ)⁻¹, n x n and row-major. */
export function inverseFromFactor(l: Readonly<Float64Array>, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let column = 0; column < n; column += 1) {
    unit.fill(0);
    unit[column] = 1;
    const x = solvedUpper(l, solvedLower(l, unit));
    for (let row = 0; row < n; row += 1) inverse[row * n + column] = x[row] ?? 0;
  }
  return inverse;
}
