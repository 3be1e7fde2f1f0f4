import { fullTrainings, ladder } from './budget.ts';
import { initialParameters, type Parameters, parametersKey } from './search-space.ts';
import { drawnParameters, type SearchSetup, type Strategy, type StrategyKind, takenKeys } from './strategy.ts';
import { suggestedParameters } from './suggestion.ts';
import type { Trial } from './trial.ts';

/**
 * Where the next new values come from; undefined when there are none left.
 * @param pending proposed before in the same round.
 * @param taken keys of all values in both.
 * @param index of the values among all that were sampled, from 0.
 */
export type Sampler = (
  history: readonly Trial[],
  pending: readonly Parameters[],
  taken: ReadonlySet<string>,
  index: number,
) => Parameters | undefined;

/** Trials before a surrogate model is asked: fewer say nothing about several dimensions. */
export const firstTrials = (setup: SearchSetup): number => Math.max(4, setup.space.length + 2);

/** Independent draws. The first values are the initial ones, so that no search ends below what one had without it. */
export function randomSampler(setup: SearchSetup, role: StrategyKind): Sampler {
  return (_history, _pending, taken, index) => {
    const initial = initialParameters(setup.space);
    if (index === 0 && !taken.has(parametersKey(setup.space, initial))) return initial;
    return drawnParameters(setup, `${role}/${index}`, taken);
  };
}

/**
 * Draws first; then the values of the greatest expected improvement under a Gaussian process. It learns from the highest rung
 * that has enough trials, as losses after 3 and 27 epochs are not alike (Falkner, Klein and Hutter 2018, ICML, BOHB).
 */
export function bayesSampler(setup: SearchSetup, role: StrategyKind): Sampler {
  const draw = randomSampler(setup, role);
  const top = ladder(setup.budget.epochs).length - 1;
  return (history, pending, taken, index) => {
    for (let rung = top; rung >= 0; rung -= 1) {
      const own = history.filter((trial) => trial.rung === rung);
      if (own.length < firstTrials(setup)) continue;
      return suggestedParameters(setup, own, pending, taken, `${role}/${index}`) ?? draw(history, pending, taken, index);
    }
    return draw(history, pending, taken, index);
  };
}

/** As many new values as there are, `wanted` at most. @param first index of the first of them. */
export function sampled(setup: SearchSetup, sampler: Sampler, history: readonly Trial[], wanted: number, first: number): Parameters[] {
  const taken = takenKeys(setup.space, history);
  const pending: Parameters[] = [];
  while (pending.length < wanted) {
    const parameters = sampler(history, pending, taken, first + pending.length);
    if (parameters === undefined) break;
    taken.add(parametersKey(setup.space, parameters));
    pending.push(parameters);
  }
  return pending;
}

/**
 * Full trainings of sampled values: random search (Bergstra and Bengio 2012, JMLR 13) asks for all at once, Bayesian optimisation for its first ones
 * and then for one at a time.
 */
export function sampledSearch(setup: SearchSetup, kind: 'random' | 'bayes'): Strategy {
  const count = fullTrainings(setup.budget);
  const rungs = ladder(setup.budget.epochs);
  const sampler = kind === 'random' ? randomSampler(setup, kind) : bayesSampler(setup, kind);
  return {
    kind,
    next(history) {
      const known = history.length;
      const round = kind === 'random' || known === 0 ? (kind === 'random' ? count : firstTrials(setup)) : 1;
      const wanted = Math.min(round, count - known);
      return sampled(setup, sampler, history, wanted, known).map((parameters) => ({
        parameters,
        epochs: setup.budget.epochs,
        rung: rungs.length - 1,
      }));
    },
  };
}
