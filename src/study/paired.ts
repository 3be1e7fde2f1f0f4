import { inverseNormalCdf } from '../core/special.ts';
import { mean, standardDeviation, sum } from './statistics.ts';
import { noncentralCdf, studentQuantile, studentTwoSidedP } from './student-t.ts';

/** a − b, seed by seed. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`cannot pair ${a.length} scores with ${b.length}`);
  return a.map((value, i) => value - (b[i] ?? 0));
}

/** Share of seeds with a difference above 0; a tie counts half. */
export function winRate(paired: readonly number[]): number {
  return mean(paired.map((value) => (value > 0 ? 1 : value === 0 ? 0.5 : 0)));
}

/**
 * Correlation over seeds of two variants' scores: how much of the chance of a run the two share. The variance of a difference is
 * s_a² + s_b² − 2ρ·s_a·s_b, so with equal spreads the seeds that a given difference needs go with 1 − ρ. Undefined where either never varies.
 */
export function pairedCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
  const sds = [standardDeviation(a), standardDeviation(b)];
  if (sds.some((sd) => sd === undefined || sd === 0)) return undefined;
  const [centreA, centreB] = [mean(a), mean(b)];
  const product = sum(a.map((value, i) => (value - centreA) * ((b[i] ?? 0) - centreB)));
  const squares = (values: readonly number[], centre: number): number => sum(values.map((value) => (value - centre) * (value - centre)));
  return Math.max(-1, Math.min(1, product / Math.sqrt(squares(a, centreA) * squares(b, centreB))));
}

/**
 * Cohen's d_z: mean over standard deviation of the paired differences. 0 where all are 0; undefined where they are one number other
 * than 0, or there is one only.
 */
export function effectSize(paired: readonly number[]): number | undefined {
  const sd = standardDeviation(paired);
  const centre = mean(paired);
  if (sd === undefined || sd === 0) return sd === 0 && centre === 0 ? 0 : undefined;
  return centre / sd;
}

/**
 * Two-sided p-value of the paired t test that the mean difference is 0. Differences that never vary give 1 (all 0) or 0.
 * @throws RangeError for fewer than two differences: a bug of the caller.
 */
export function pairedTTest(paired: readonly number[]): number {
  if (paired.length < 2) throw new RangeError('a paired test needs at least two differences');
  const effect = effectSize(paired);
  return effect === undefined ? 0 : studentTwoSidedP(effect * Math.sqrt(paired.length), paired.length - 1);
}

/**
 * Chance that the two-sided paired t test at level `alpha` rejects with `n` ≥ 2 pairs, if the true effect is d_z = `effect`: exact, by
 * the noncentral t. At the observed effect this is the p-value in other words, and no evidence of its own: it is for planning.
 */
export function pairedTPower(effect: number, n: number, alpha: number): number {
  const critical = studentQuantile(1 - alpha / 2, n - 1);
  const delta = Math.abs(effect) * Math.sqrt(n);
  return 1 - noncentralCdf(critical, n - 1, delta) + noncentralCdf(-critical, n - 1, delta);
}

/** More pairs than this are not counted out. */
export const PAIRS_MAXIMUM = 1_000_000;

/** Smallest number of pairs at which {@link pairedTPower} reaches `power`; undefined above {@link PAIRS_MAXIMUM}. */
export function pairsNeeded(effect: number, alpha: number, power: number): number | undefined {
  const normal = (inverseNormalCdf(1 - alpha / 2) + inverseNormalCdf(power)) / Math.abs(effect);
  if (!(normal * normal < PAIRS_MAXIMUM)) return undefined;
  // The normal approximation is short by a pair or two: the first step up that suffices is the answer.
  let n = Math.max(2, Math.floor(normal * normal));
  while (n > 2 && pairedTPower(effect, n - 1, alpha) >= power) n -= 1;
  while (pairedTPower(effect, n, alpha) < power) n += 1;
  return n;
}
