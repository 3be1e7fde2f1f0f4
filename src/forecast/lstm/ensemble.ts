/** What several nets say of the same quantities: expected values and scales of their errors. */
export interface Said {
  readonly change: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
}

/**
 * One forecast out of several, quantity by quantity: the mean of the means, and σ² = mean of σ² + variance of the means, the moments of their
 * equal mixture (Lakshminarayanan, Pritzel and Blundell 2017, sec. 2.4). Of one net it is that net's own, to the bit.
 */
export function pooled(members: readonly Said[], change: Float64Array | Float32Array, scale: Float64Array | Float32Array): void {
  const n = members.length;
  for (let k = 0; k < change.length; k += 1) {
    if (n === 1) {
      change[k] = members[0]?.change[k] ?? Number.NaN;
      scale[k] = members[0]?.scale[k] ?? Number.NaN;
      continue;
    }
    let sum = 0;
    let squares = 0;
    for (let m = 0; m < n; m += 1) {
      const mean = members[m]?.change[k] ?? Number.NaN;
      const sd = members[m]?.scale[k] ?? Number.NaN;
      sum += mean;
      squares += sd * sd + mean * mean;
    }
    const mean = sum / n;
    change[k] = mean;
    // Rounding may leave a little less than nothing where all agree and are sure.
    scale[k] = Math.sqrt(Math.max(0, squares / n - mean * mean));
  }
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
/** Inverse of {@link logistic}, of a probability held a billionth away from 0 and 1. */
export const logit = (p: number): number => {
  const held = Math.min(1 - 1e-9, Math.max(1e-9, p));
  return Math.log(held / (1 - held));
};
