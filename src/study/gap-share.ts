import type { Interval } from './bootstrap.ts';
import type { Comparison, GapShare, GapShares } from './comparison.ts';
import { differences } from './paired.ts';
import { mean } from './statistics.ts';
import { studentQuantile } from './student-t.ts';

const CONFIDENCE = 0.95;

/**
 * Shares of the gap between two variants of a comparison for all others. Intervals by Fieller (1954): the values θ at which the paired t test of
 * (variant − floor) − θ (ceiling − floor) does not reject. A ratio of two means has no mean of its own, and a gap within its own error of 0 bounds
 * nothing: then there is no interval. Coverage with normal scores is exact (test/study/gap-share.test.ts).
 *
 * @throws RangeError when a variant of that name is not in the comparison: the command has checked.
 */
export function gapShares({ variants }: Comparison, floor: string, ceiling: string): GapShares {
  const scoresOf = (name: string): readonly number[] => {
    const found = variants.find((variant) => variant.name === name);
    if (found === undefined) throw new RangeError(`no variant ${name}`);
    return found.scores;
  };
  const base = scoresOf(floor);
  const gap = differences(scoresOf(ceiling), base);
  const others = variants.filter(({ name }) => name !== floor && name !== ceiling);
  return {
    floor,
    ceiling,
    shares: others.map(({ name, scores }): GapShare => {
      const gain = differences(scores, base);
      const ci95 = fieller(gain, gap);
      return { variant: name, share: mean(gain) / mean(gap), ...(ci95 === undefined ? {} : { ci95 }) };
    }),
  };
}

/** Fieller's interval of mean(x)/mean(y) of pairs; undefined where it is not bounded. */
export function fieller(x: readonly number[], y: readonly number[]): Interval | undefined {
  const n = x.length;
  const t = studentQuantile((1 + CONFIDENCE) / 2, n - 1);
  const [mx, my] = [mean(x), mean(y)];
  const covariance = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
    a.reduce((sum, value, i) => sum + (value - ma) * ((b[i] ?? 0) - mb), 0) / (n - 1);
  const scale = (t * t) / n;
  // θ²(ȳ² − t²s_yy/n) − 2θ(x̄ȳ − t²s_xy/n) + (x̄² − t²s_xx/n) ≤ 0.
  const a = my * my - scale * covariance(y, my, y, my);
  const b = mx * my - scale * covariance(x, mx, y, my);
  const c = mx * mx - scale * covariance(x, mx, x, mx);
  if (!(a > 0)) return undefined;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return [(b - root) / a, (b + root) / a];
}
