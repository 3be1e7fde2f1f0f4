import type { Interval } from '../bootstrap.ts';
import { studentQuantile } from '../student-t.ts';
import { sumVariance } from './dependent-sum.ts';
import { counts, type Membership, type Origins } from './origins.ts';

/** Line of outcomes over forecasts. */
export interface CalibrationLine {
  /** 1 where forecasts are neither too bold (below 1) nor too shy. */
  readonly slope: number;
  readonly slopeCi95: Interval;
  /** In the unit of the outcome; 0 where forecasts have no bias. */
  readonly intercept: number;
  readonly interceptCi95: Interval;
}

/**
 * Least squares of outcome on forecast with a constant (Mincer and Zarnowitz 1969); intervals from the variance of each coefficient's influence
 * ({@link sumVariance}), so that overlap and changing variance are counted. Undefined where the forecast does not vary.
 */
export function mincerZarnowitz(
  outcome: ArrayLike<number>,
  change: ArrayLike<number>,
  origins: Origins,
  member?: Membership,
): CalibrationLine | undefined {
  let n = 0;
  let sx = 0;
  let sy = 0;
  for (let i = 0; i < origins.count; i += 1) {
    if (!counts(member, i)) continue;
    n += 1;
    sx += change[i] ?? 0;
    sy += outcome[i] ?? 0;
  }
  if (n < 3) return undefined;
  const [mx, my] = [sx / n, sy / n];
  let xx = 0;
  let xy = 0;
  let scale = 0;
  for (let i = 0; i < origins.count; i += 1) {
    if (!counts(member, i)) continue;
    const x = (change[i] ?? 0) - mx;
    xx += x * x;
    xy += x * ((outcome[i] ?? 0) - my);
    scale += (change[i] ?? 0) * (change[i] ?? 0);
  }
  // A constant forecast has no spread but rounding.
  if (!(xx > 1e-20 * scale)) return undefined;
  const slope = xy / xx;
  const intercept = my - slope * mx;
  const forSlope = new Float64Array(origins.count);
  const forIntercept = new Float64Array(origins.count);
  for (let i = 0; i < origins.count; i += 1) {
    if (!counts(member, i)) continue;
    const x = change[i] ?? 0;
    const residual = (outcome[i] ?? 0) - intercept - slope * x;
    forSlope[i] = ((x - mx) * residual) / xx;
    forIntercept[i] = residual / n - (mx * (x - mx) * residual) / xx;
  }
  const interval = (centre: number, influence: Float64Array): Interval => {
    const { variance, df } = sumVariance(influence, origins, member);
    const half = studentQuantile(0.975, df) * Math.sqrt(variance);
    return [centre - half, centre + half];
  };
  return { slope, slopeCi95: interval(slope, forSlope), intercept, interceptCi95: interval(intercept, forIntercept) };
}
