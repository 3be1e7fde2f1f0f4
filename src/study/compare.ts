import { invariant } from '../core/assert.ts';
import type { Rng } from '../core/rng.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { ALPHA, type Comparison, type PairSummary, type VariantSummary } from './comparison.ts';
import { conclusion } from './conclusion.ts';
import { holmAdjusted } from './multiplicity.ts';
import { differences, effectSize, pairedCorrelation, pairedTPower, pairedTTest, winRate } from './paired.ts';
import { expectedShortfall5, mean, median, sharpeAcrossSeeds, standardDeviation } from './statistics.ts';

/** Scores of one variant: one per seed, in the order of the comparison's seeds. Higher is better. */
export interface VariantScores {
  readonly name: string;
  readonly scores: readonly number[];
}

export interface ComparisonInput {
  /** What was measured, such as `pnl.total`, in dollars per run. */
  readonly metric: string;
  readonly seeds: readonly string[];
  readonly variants: readonly VariantScores[];
}

export interface ComparisonOptions {
  /** Of the bootstrap; 10,000 if left out. */
  readonly resamples?: number;
  /** A stream of the comparison's own. */
  readonly rng: Rng;
}

/** Fewer seeds than this have no spread, and so no interval. */
export const SEEDS_MINIMUM = 2;
export const RESAMPLES_DEFAULT = 10_000;
const CONFIDENCE = 0.95;

/**
 * Compares variants that met the same worlds, with the seed as the unit of chance. Means get studentised bootstrap intervals,
 * differences a paired t test with Holm's adjustment. Neither the order of the seeds nor a pair's place among others moves a figure;
 * exchanging two variants turns the signs of their pair and nothing else.
 * @throws InvariantError on fewer than {@link SEEDS_MINIMUM} seeds, a seed or name given twice, a missing or non-finite score.
 */
export function compareVariants(input: ComparisonInput, options: ComparisonOptions): Comparison {
  const { metric, seeds } = input;
  invariant(seeds.length >= SEEDS_MINIMUM, () => `a comparison needs at least ${SEEDS_MINIMUM} seeds, got ${seeds.length}`);
  invariant(new Set(seeds).size === seeds.length, 'a seed is given twice');
  invariant(new Set(input.variants.map((v) => v.name)).size === input.variants.length, 'a variant is given twice');
  for (const { name, scores } of input.variants) {
    invariant(scores.length === seeds.length && scores.every(Number.isFinite), () => `${name} needs one finite score per seed`);
  }
  // One order of seeds for all that follows, so that resamples do not depend on how the seeds were listed.
  const order = seeds.map((_, i) => i).sort((i, j) => ((seeds[i] ?? '') < (seeds[j] ?? '') ? -1 : 1));
  const names = order.map((i) => seeds[i] ?? '');
  const variants = input.variants.map(({ name, scores }) => ({ name, scores: order.map((i) => scores[i] ?? 0) }));
  const paired = variants.flatMap((a, i) =>
    variants.slice(i + 1).map((b) => ({
      a: a.name,
      b: b.name,
      values: differences(a.scores, b.scores),
      correlation: pairedCorrelation(a.scores, b.scores),
    })),
  );

  const series = [...variants.map((v) => v.scores), ...paired.map((pair) => pair.values)];
  const intervals = bootstrapIntervals(series, options.resamples ?? RESAMPLES_DEFAULT, CONFIDENCE, options.rng);
  const pHolm = holmAdjusted(paired.map((pair) => pairedTTest(pair.values)));
  const summaries = variants.map((variant, i) => ({
    ...variantSummary(variant, names, intervals[i] ?? [0, 0]),
    scores: [...(input.variants[i]?.scores ?? [])],
  }));
  const pairs = paired.map((pair, i): PairSummary => {
    const effect = effectSize(pair.values);
    return {
      a: pair.a,
      b: pair.b,
      mean: mean(pair.values),
      ci95: intervals[variants.length + i] ?? [0, 0],
      ...(effect === undefined ? {} : { dz: effect }),
      ...(pair.correlation === undefined ? {} : { correlation: pair.correlation }),
      winRate: winRate(pair.values),
      p: pairedTTest(pair.values),
      pHolm: pHolm[i] ?? 1,
      power: effect === undefined ? 1 : pairedTPower(effect, seeds.length, ALPHA / paired.length),
      n: seeds.length,
    };
  });
  return { metric, seeds: [...seeds], variants: summaries, pairs, conclusion: conclusion(metric, summaries, pairs) };
}

function variantSummary({ name, scores }: VariantScores, seeds: readonly string[], ci95: Interval): Omit<VariantSummary, 'scores'> {
  const worst = Math.min(...scores);
  const sharpe = sharpeAcrossSeeds(scores);
  return {
    name,
    mean: mean(scores),
    ci95,
    sd: standardDeviation(scores) ?? 0,
    median: median(scores),
    es5: expectedShortfall5(scores),
    worst,
    worstSeed: seeds[scores.indexOf(worst)] ?? '',
    ...(sharpe === undefined ? {} : { sharpe }),
    n: scores.length,
  };
}
