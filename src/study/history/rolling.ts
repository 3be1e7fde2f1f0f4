/**
 * Figures of a series that look back only: entry i is made of entries up to i, and is NaN until there are enough of them.
 */

/** x_i − x_{i−1}. */
export function changesOf(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value, i) => (i === 0 ? Number.NaN : value - (values[i - 1] ?? Number.NaN)));
}

/** Mean of the last `count` entries. */
export function trailingMean(values: ArrayLike<number>, count: number): Float64Array {
  // Summed anew at each entry: a running sum would never lose a NaN again, and would gather rounding.
  return Float64Array.from(values, (_, i) => {
    if (i + 1 < count) return Number.NaN;
    let sum = 0;
    for (let back = 0; back < count; back += 1) sum += values[i - back] ?? Number.NaN;
    return sum / count;
  });
}

/** Least root mean square per row that a realised vol is taken for: prices that stand still have a logarithm too. */
const MOVE_MINIMUM = 1e-5;

/** Logarithm of the root mean square of the last `count` returns, per row. */
export function logRealisedVol(returns: ArrayLike<number>, count: number): Float64Array {
  const squares = Float64Array.from(returns, (value) => value * value);
  return trailingMean(squares, count).map((mean) => 0.5 * Math.log(Math.max(mean, MOVE_MINIMUM * MOVE_MINIMUM)));
}

/** Median of the last entries, at most `count` of them and at least `least`. */
export function trailingMedian(values: ArrayLike<number>, count: number, least: number): Float64Array {
  const window: number[] = [];
  const place = (value: number): number => {
    let [low, high] = [0, window.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((window[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return Float64Array.from(values, (value, i) => {
    window.splice(place(value), 0, value);
    if (window.length > count) window.splice(place(values[i - count] ?? 0), 1);
    const half = (window.length - 1) / 2;
    return window.length < least ? Number.NaN : ((window[Math.floor(half)] ?? 0) + (window[Math.ceil(half)] ?? 0)) / 2;
  });
}

/** Less its exponentially weighted mean, the last entry included, which begins at the first value: a level about where it has been of late. */
export function lessTrend(values: ArrayLike<number>, halfLife: number): Float64Array {
  const newest = 1 - Math.exp(-Math.LN2 / halfLife);
  let trend = values[0] ?? Number.NaN;
  return Float64Array.from(values, (value) => {
    trend += newest * (value - trend);
    return value - trend;
  });
}
