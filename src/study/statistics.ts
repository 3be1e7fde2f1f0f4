/**
 * Summary figures of a sample. All are pure and need finite numbers; an empty sample is a bug of the caller, and where a figure does
 * not exist (the spread of one number) the result is `undefined`.
 */

/** @throws RangeError on an empty sample or a number that is not finite: a bug of the caller. */
export function requireSample(values: readonly number[]): void {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new RangeError('a sample needs at least one number, all finite');
}

/** Sum with the rounding carried along (Neumaier 1974), so that the order of the terms hardly matters. */
export function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean. */
export function mean(values: readonly number[]): number {
  requireSample(values);
  return sum(values) / values.length;
}

/** Standard deviation with n − 1; undefined for a single value. Exactly 0 where all values are equal. */
export function standardDeviation(values: readonly number[]): number | undefined {
  requireSample(values);
  if (values.length < 2) return undefined;
  if (values.every((value) => value === values[0])) return 0;
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) * (value - centre))) / (values.length - 1));
}

/** Copy in increasing order. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile of values that are sorted already, linear between order statistics: type 7 of Hyndman and Fan (1996).
 * @param p in [0, 1].
 */
export function quantileOfSorted(values: ArrayLike<number>, p: number): number {
  if (values.length === 0 || !(p >= 0 && p <= 1)) throw new RangeError(`no quantile ${p} of ${values.length} values`);
  const at = p * (values.length - 1);
  const below = Math.floor(at);
  const low = values[below] ?? 0;
  const high = values[Math.min(below + 1, values.length - 1)] ?? low;
  return low + (at - below) * (high - low);
}

/** Quantile of a sample, type 7 of Hyndman and Fan (1996). */
export function quantile(values: readonly number[], p: number): number {
  requireSample(values);
  return quantileOfSorted(sorted(values), p);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Expected shortfall at 5 %: the mean of the worst (lowest) twentieth of the values, rounded up to whole values, so at least
 * one. Below 20 values this is the worst one.
 */
export function expectedShortfall5(values: readonly number[]): number {
  requireSample(values);
  const ordered = sorted(values);
  return mean([...ordered.subarray(0, Math.ceil(ordered.length / 20))]);
}

/**
 * Mean over standard deviation across seeds: a Sharpe ratio of independent runs, per run. It is not annualised, and not the
 * Sharpe ratio of one run's path. Undefined where the values do not vary.
 */
export function sharpeAcrossSeeds(values: readonly number[]): number | undefined {
  const sd = standardDeviation(values);
  return sd === undefined || sd === 0 ? undefined : mean(values) / sd;
}
