import { bestPoint, expectedImprovement } from './expected-improvement.ts';
import { scrambledPoints } from './low-discrepancy.ts';
import { decoded, type Parameters, parametersKey, surrogateInputs } from './search-space.ts';
import type { SearchSetup } from './strategy.ts';
import { fittedProcess } from './surrogate.ts';
import { isDone, meanLoss, noiseVariance, type Trial } from './trial.ts';

/** Points of the cube that are looked at before the best are refined. */
const CANDIDATES = 400;

/** A Gaussian process of more values takes seconds: of so many trials those of the lowest losses are kept, where the next one will be. */
const TRIALS_MAX = 120;

/**
 * Losses are cut off at the median plus this many times its distance from the best: a net that exploded must not make the rest of the surface look
 * flat.
 */
const REACH = 3;

/**
 * The values whose loss is expected to fall furthest below the lowest that is believed of any tried ones, under a Gaussian process fitted to the trials.
 * A failed trial counts as the worst loss there is. Undefined where fewer than two trials have a loss, all losses are equal, or
 * nothing new is left.
 *
 * @param all trials of one rung.
 * @param pending values that are proposed in the same round: they count as having the loss that is expected of them, so that a round is spread out
 *   (Ginsbourger, Le Riche and Carraro 2010, the Kriging believer).
 * @param taken keys of values that may not be proposed again.
 * @param role names the stream of candidates, `tune/search/<role>/candidates`.
 */
export function suggestedParameters(
  { chance, space }: SearchSetup,
  all: readonly Trial[],
  pending: readonly Parameters[],
  taken: ReadonlySet<string>,
  role: string,
): Parameters | undefined {
  const trials = kept(all);
  const done = trials.filter(isDone);
  const values = cutOff(done.map(meanLoss));
  const worst = Math.max(...values);
  const losses = trials.map((trial) => (isDone(trial) ? (values[done.indexOf(trial)] ?? worst) : worst));
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const variance = losses.reduce((sum, loss) => sum + (loss - mean) * (loss - mean), 0) / losses.length;
  if (done.length < 2 || !(variance > 0)) return undefined;
  const noise = noiseVariance(done) / variance;
  const points = trials.map(({ parameters }) => surrogateInputs(space, parameters));
  const known = fittedProcess({
    points,
    values: losses.map((loss) => (loss - mean) / Math.sqrt(variance)),
    errorVariances: losses.map(() => noise),
  });
  const model = pending.reduce((believed, parameters) => believed.believing(surrogateInputs(space, parameters)), known);
  // The lowest belief, not the lowest loss: that one owes part of its rank to luck (Picheny et al. 2013, Struct. Multidisc. Optim. 48).
  const best = Math.min(...points.map((point) => model.at(point).mean));
  const candidates = scrambledPoints(space.length, CANDIDATES, chance.stream(`tune/search/${role}/candidates`));
  const point = bestPoint(candidates, (at) => {
    // What is judged is what would be trained, after rounding (Garrido-Merchán and Hernández-Lobato 2020, Neurocomputing 380).
    const parameters = decoded(space, at);
    if (taken.has(parametersKey(space, parameters))) return undefined;
    return expectedImprovement(model.at(surrogateInputs(space, parameters)), best);
  });
  return point === undefined ? undefined : decoded(space, point);
}

function kept(trials: readonly Trial[]): readonly Trial[] {
  if (trials.length <= TRIALS_MAX) return trials;
  const loss = (trial: Trial): number => (isDone(trial) ? meanLoss(trial) : Number.MAX_VALUE);
  return [...trials].sort((a, b) => loss(a) - loss(b) || a.number - b.number).slice(0, TRIALS_MAX);
}

function cutOff(losses: readonly number[]): number[] {
  const sorted = [...losses].sort((a, b) => a - b);
  const best = sorted[0] ?? 0;
  const median = sorted[Math.floor(sorted.length / 2)] ?? best;
  const limit = median > best ? median + REACH * (median - best) : Number.POSITIVE_INFINITY;
  return losses.map((loss) => Math.min(loss, limit));
}
