import { invariant } from '../../core/assert.ts';
import type { Rng } from '../../core/rng.ts';
import { byTime, type Origins } from './origins.ts';

/** Level below which a model leaves the set. */
export const CONFIDENCE_SET_LEVEL = 0.1;
export const CONFIDENCE_SET_DRAWS = 1000;

/** What became of one model. */
export interface SetMember {
  readonly isMember: boolean;
  /** Smallest level at which it would leave: 1 for the last one. */
  readonly p: number;
}

/**
 * Model Confidence Set of Hansen, Lunde and Nason (2011, Econometrica 79, 453–497), statistic T_max: the model whose loss is farthest above the mean of
 * those that are left goes out as long as the hypothesis that all of them are equal is rejected at 10 %. Holds the best model with
 * probability 0.9 or more in the limit; it is not a list of good models.
 *
 * Resamples are blocks of neighbours, max(h, n^⅓) steps long, drawn from all blocks of origins alike; inside a block of origins they wrap round from its
 * end to its beginning (Politis and Romano 1992), so that each origin is drawn equally often, and none reaches into another block.
 *
 * Blocks that saw the same times are resampled together.
 *
 * @param losses of each model, one per origin.
 */
export function confidenceSet(losses: readonly ArrayLike<number>[], origins: Origins, rng: Rng, draws = CONFIDENCE_SET_DRAWS): SetMember[] {
  invariant(
    losses.every((own) => own.length === origins.count),
    'a loss is missing',
  );
  if (losses.length === 0) return [];
  const { times } = origins;
  if (times !== undefined)
    return confidenceSet(
      losses.map((own) => byTime(own, times)),
      times.origins,
      rng,
      draws,
    );
  return eliminate(meanLosses(losses), resampledMeans(losses, origins, rng, draws));
}

/** Order of elimination from means and their resamples, `resampled[draw · models + model]`. */
export function eliminate(means: readonly number[], resampled: Float64Array): SetMember[] {
  const models = means.length;
  const draws = resampled.length / models;
  const left = means.map((_, i) => i);
  const p = new Array<number>(models).fill(1);
  let highest = 0;
  while (left.length > 1) {
    const { worst, pEqual } = equalityTest(means, resampled, draws, left);
    highest = Math.max(highest, pEqual);
    p[worst] = highest;
    left.splice(left.indexOf(worst), 1);
  }
  return p.map((value) => ({ isMember: value >= CONFIDENCE_SET_LEVEL, p: value }));
}

/** The model that is farthest above the others, and the chance of one so far above if all were equal. */
function equalityTest(means: readonly number[], resampled: Float64Array, draws: number, left: readonly number[]) {
  const models = means.length;
  const centre = left.reduce((sum, model) => sum + (means[model] ?? 0), 0) / left.length;
  const gaps = left.map((model) => (means[model] ?? 0) - centre);
  const noise = new Float64Array(draws * left.length);
  const variances = new Float64Array(left.length);
  for (let draw = 0; draw < draws; draw += 1) {
    let total = 0;
    for (const model of left) total += resampled[draw * models + model] ?? 0;
    left.forEach((model, i) => {
      const deviation = (resampled[draw * models + model] ?? 0) - total / left.length - (gaps[i] ?? 0);
      noise[draw * left.length + i] = deviation;
      variances[i] = (variances[i] ?? 0) + (deviation * deviation) / draws;
    });
  }
  // A difference that is rounding alone is none.
  const flat = 1e-24 * centre * centre;
  const studentised = (gap: number, i: number): number =>
    (variances[i] ?? 0) > flat
      ? gap / Math.sqrt(variances[i] ?? 1)
      : Math.abs(gap) <= 1e-12 * Math.abs(centre)
        ? 0
        : gap > 0
          ? Infinity
          : -Infinity;
  const statistics = gaps.map(studentised);
  const greatest = Math.max(...statistics);
  let asFar = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let top = -Infinity;
    for (let i = 0; i < left.length; i += 1) {
      const t = (variances[i] ?? 0) > flat ? (noise[draw * left.length + i] ?? 0) / Math.sqrt(variances[i] ?? 1) : 0;
      top = Math.max(top, t);
    }
    if (top >= greatest) asFar += 1;
  }
  return { worst: left[statistics.indexOf(greatest)] ?? 0, pEqual: asFar / draws };
}

function meanLosses(losses: readonly ArrayLike<number>[]): number[] {
  return losses.map((own) => {
    let total = 0;
    for (let i = 0; i < own.length; i += 1) total += own[i] ?? 0;
    return total / own.length;
  });
}

/** Mean losses of resamples, from running sums, so that a block costs the same however long it is. */
function resampledMeans(losses: readonly ArrayLike<number>[], origins: Origins, rng: Rng, draws: number): Float64Array {
  const { count, spans, steps } = origins;
  const models = losses.length;
  const length = Math.max(steps, Math.floor(Math.cbrt(count)), 1);
  // sums[origin · models + model] is the loss before that origin.
  const sums = new Float64Array((count + 1) * models);
  for (let i = 0; i < count; i += 1) {
    losses.forEach((own, model) => {
      sums[(i + 1) * models + model] = (sums[i * models + model] ?? 0) + (own[i] ?? 0);
    });
  }
  const spanOf = new Int32Array(count);
  spans.forEach(({ from, to }, span) => {
    spanOf.fill(span, from, to);
  });
  const means = new Float64Array(draws * models);
  for (let draw = 0; draw < draws; draw += 1) {
    const at = draw * models;
    for (let drawn = 0; drawn < count; ) {
      const start = Math.floor(rng.uniform() * count);
      const span = spans[spanOf[start] ?? 0];
      if (span === undefined) break;
      const taken = Math.min(length, span.to - span.from, count - drawn);
      const end = start + taken;
      const beyond = Math.max(0, end - span.to);
      for (let model = 0; model < models; model += 1) {
        let loss = (sums[(end - beyond) * models + model] ?? 0) - (sums[start * models + model] ?? 0);
        if (beyond > 0) loss += (sums[(span.from + beyond) * models + model] ?? 0) - (sums[span.from * models + model] ?? 0);
        means[at + model] = (means[at + model] ?? 0) + loss;
      }
      drawn += taken;
    }
    for (let model = 0; model < models; model += 1) means[at + model] = (means[at + model] ?? 0) / count;
  }
  return means;
}
