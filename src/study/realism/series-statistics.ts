import { mean } from '../statistics.ts';

/**
 * Figures of a series in the order of time. All give undefined where the series is too short or does not vary, and none corrects for the
 * bias of short samples: real data are measured with the same formulas (scripts/realism-targets.py).
 */

/** Differences from each value to the one `lag` later. */
export function changes(values: readonly number[], lag = 1): number[] {
  return values.slice(lag).map((value, i) => value - (values[i] ?? 0));
}

/** Fourth central moment over the squared variance, less 3: 0 for a normal sample. Needs four values. */
export function excessKurtosis(values: readonly number[]): number | undefined {
  if (values.length < 4) return undefined;
  const centre = mean(values);
  const squares = values.map((value) => (value - centre) * (value - centre));
  const variance = mean(squares);
  return variance > 0 ? mean(squares.map((square) => square * square)) / (variance * variance) - 3 : undefined;
}

/** Autocorrelation at a lag, about the mean of the whole series. Needs ten pairs. */
export function autocorrelation(values: readonly number[], lag: number): number | undefined {
  if (values.length < lag + 10) return undefined;
  const centre = mean(values);
  const centred = values.map((value) => value - centre);
  const variance = mean(centred.map((value) => value * value)) * centred.length;
  if (!(variance > 0)) return undefined;
  return changesProduct(centred, lag) / variance;
}

function changesProduct(values: readonly number[], lag: number): number {
  let total = 0;
  for (let i = lag; i < values.length; i += 1) total += (values[i] ?? 0) * (values[i - lag] ?? 0);
  return total;
}

/** Pearson's correlation of two series of one length. Needs ten pairs. */
export function correlation(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length !== b.length) throw new RangeError('a correlation needs pairs');
  if (a.length < 10) return undefined;
  const [centreA, centreB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const [x, y] = [value - centreA, (b[i] ?? 0) - centreB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : undefined;
}

/** Mean squared change over `lag` steps over `lag` times that over one: 1 for a random walk, below where it reverts (Lo and MacKinlay 1988). */
export function varianceRatio(values: readonly number[], lag: number): number | undefined {
  if (values.length < 2 * lag) return undefined;
  const square = (steps: number): number => mean(changes(values, steps).map((change) => change * change));
  const one = square(1);
  return one > 0 ? square(lag) / (lag * one) : undefined;
}

/** Below this t a unit root is refused at 5 % (Dickey and Fuller 1979, with a mean, large samples). */
const DICKEY_FULLER_5 = -2.86;

/**
 * Half-life in steps of a first-order autoregression with a mean, by least squares. Undefined where the series cannot be told from a random walk,
 * by the test of Dickey and Fuller at 5 %: a short sample of a slow process always looks as if it reverted.
 */
export function halfLife(values: readonly number[]): number | undefined {
  if (values.length < 20) return undefined;
  const before = values.slice(0, -1);
  const moves = changes(values);
  const [centreX, centreY] = [mean(before), mean(moves)];
  let [xy, xx] = [0, 0];
  for (const [i, value] of before.entries()) {
    xy += (value - centreX) * ((moves[i] ?? 0) - centreY);
    xx += (value - centreX) * (value - centreX);
  }
  if (!(xx > 0)) return undefined;
  const slope = xy / xx;
  const errors = moves.map((move, i) => move - centreY - slope * ((before[i] ?? 0) - centreX));
  const variance = mean(errors.map((error) => error * error)) * (errors.length / (errors.length - 2));
  if (!(slope / Math.sqrt(variance / xx) < DICKEY_FULLER_5)) return undefined;
  return slope <= -1 ? 0 : -Math.LN2 / Math.log1p(slope);
}

const POWER_STEPS = 500;

/** Share of the first principal component in the variance of several series of one length: the largest eigenvalue of their covariance over its trace. */
export function firstComponentShare(series: readonly (readonly number[])[]): number | undefined {
  const centred = series.map((values) => {
    const centre = values.length === 0 ? 0 : mean(values);
    return values.map((value) => value - centre);
  });
  const covariance = centred.map((a) => centred.map((b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)));
  const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  if ((series[0]?.length ?? 0) < 10 || !(trace > 0)) return undefined;
  // Power iteration from the largest column: it cannot be orthogonal to the first component.
  let vector = [...covariance].sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? [];
  let largest = 0;
  for (let step = 0; step < POWER_STEPS; step += 1) {
    const size = lengthOf(vector);
    const unit = vector.map((value) => value / size);
    vector = covariance.map((row) => row.reduce((sum, value, j) => sum + value * (unit[j] ?? 0), 0));
    largest = lengthOf(vector);
  }
  return largest / trace;
}

const lengthOf = (vector: readonly number[]): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
