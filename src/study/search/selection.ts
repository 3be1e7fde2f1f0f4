import { invariant } from '../../core/assert.ts';
import { normalCdf, normalPdf } from '../../core/special.ts';
import type { Parameters } from './search-space.ts';
import { type DoneTrial, isDone, meanLoss, noiseVariance, standardError, type Trial } from './trial.ts';

/** What a search comes to. */
export interface Selection {
  /** Lowest mean loss of all full trainings. */
  readonly best: DoneTrial;
  /** The cheapest within one standard error of the best. */
  readonly chosen: DoneTrial;
  /** Standard error of the best one's mean over the folds. */
  readonly standardError: number;
  /** Mean over the folds of the chosen one's loss less the best one's, and its standard error: both met the same folds. */
  readonly difference: { readonly mean: number; readonly standardError: number };
  readonly luck: Luck;
}

/** How much of the best score a search would find among equals. */
export interface Luck {
  /** Full trainings that have a loss. */
  readonly candidates: number;
  /** Standard deviation of the noise in one mean loss. */
  readonly noise: number;
  /** Standard deviation of the mean losses of the candidates. */
  readonly spread: number;
  /** How far below their mean the best of so many equals is expected: noise × E[max of n normals]. */
  readonly expectedGain: number;
  /** The best loss, moved to the mean of all by the share of the spread that is noise (James and Stein, 1961). */
  readonly shrunkBest: number;
}

/**
 * The one-standard-error rule (Breiman, Friedman, Olshen and Stone 1984, section 3.4.3): of all full trainings whose mean loss is within one standard error
 * of the lowest, the cheapest; among equally cheap ones that of the lowest loss. Trainings of fewer epochs do not stand for election. Undefined where no full
 * training has a loss.
 *
 * @param epochs of a full training.
 * @param costOf what it costs to serve a net of these values, such as its weights.
 */
export function selection(trials: readonly Trial[], epochs: number, costOf: (parameters: Parameters) => number): Selection | undefined {
  const candidates = trials.filter(isDone).filter((trial) => trial.epochs === epochs);
  const best = candidates.reduce<DoneTrial | undefined>(
    (lowest, trial) => (lowest === undefined || meanLoss(trial) < meanLoss(lowest) ? trial : lowest),
    undefined,
  );
  if (best === undefined) return undefined;
  const error = standardError(best.outcome.losses) ?? 0;
  const limit = meanLoss(best) + error;
  const chosen = candidates
    .filter((trial) => meanLoss(trial) <= limit)
    .reduce((cheapest, trial) => {
      const saved = costOf(cheapest.parameters) - costOf(trial.parameters);
      return saved > 0 || (saved === 0 && meanLoss(trial) < meanLoss(cheapest)) ? trial : cheapest;
    }, best);
  const apart = chosen.outcome.losses.map((loss, fold) => loss - (best.outcome.losses[fold] ?? 0));
  return {
    best,
    chosen,
    standardError: error,
    difference: { mean: meanLoss(chosen) - meanLoss(best), standardError: standardError(apart) ?? 0 },
    luck: luckOf(candidates, meanLoss(best)),
  };
}

function luckOf(candidates: readonly DoneTrial[], best: number): Luck {
  const losses = candidates.map(meanLoss);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) * (loss - mean), 0);
  const variance = losses.length < 2 ? 0 : squares / (losses.length - 1);
  const noise = noiseVariance(candidates);
  const kept = variance > 0 ? Math.max(0, 1 - noise / variance) : 1;
  return {
    candidates: losses.length,
    noise: Math.sqrt(noise),
    spread: Math.sqrt(variance),
    expectedGain: Math.sqrt(noise) * expectedMaximum(losses.length),
    shrunkBest: mean + kept * (best - mean),
  };
}

/** Beyond this the density of the largest of any number of normals that is asked for here is nothing. */
const REACH = 9;
const STEPS = 1800;

/**
 * Mean of the largest of n standard normals: ∫ n·x·φ(x)·Φ(x)^(n − 1) dx by Simpson's rule; 0 for one. Accuracy: 1e-9 up to a million
 * (test/study/search/selection.test.ts).
 */
export function expectedMaximum(n: number): number {
  invariant(Number.isSafeInteger(n) && n >= 1, () => `the largest of ${n} normals`);
  const step = (2 * REACH) / STEPS;
  let total = 0;
  for (let i = 0; i <= STEPS; i += 1) {
    const x = -REACH + i * step;
    const weight = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
    const below = normalCdf(x);
    // A power by its logarithm: Φ is above 0 everywhere on this range.
    total += weight * n * x * normalPdf(x) * Math.exp((n - 1) * Math.log(below));
  }
  return (total * step) / 3;
}
