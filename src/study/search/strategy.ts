import type { Streams } from '../../core/rng.ts';
import type { SearchBudget } from './budget.ts';
import { decoded, type Parameters, parametersKey, type SearchSpace } from './search-space.ts';
import type { Proposal, Trial } from './trial.ts';

/** Ways to search. */
export const STRATEGY_KINDS = ['grid', 'random', 'bayes', 'halving', 'bayes-halving'] as const;
export type StrategyKind = (typeof STRATEGY_KINDS)[number];

/** All that a strategy knows before the first trial. */
export interface SearchSetup {
  readonly space: SearchSpace;
  readonly budget: SearchBudget;
  /** Streams under the seed of the search; each draw has its own, `tune/search/<role>/<n>`. */
  readonly chance: Streams;
}

/**
 * What to train next, as a function of what is known and of nothing else: a search that was broken off goes on from its log, and as a round is
 * only asked for when the one before is over, the number of workers makes no difference.
 */
export interface Strategy {
  readonly kind: StrategyKind;
  /** The next round, whose trials may be trained in any order or together; empty when the budget is spent or nothing is left to try. */
  next(history: readonly Trial[]): readonly Proposal[];
}

/** Draws until values come that were not tried; a space may be small. */
const DRAWS_MAX = 200;

/**
 * Values drawn evenly from the unit cube, that are not among the `taken` ones; undefined when none came in 200 draws.
 * @param role of the stream `tune/search/<role>`.
 */
export function drawnParameters({ chance, space }: SearchSetup, role: string, taken: ReadonlySet<string>): Parameters | undefined {
  const rng = chance.stream(`tune/search/${role}`);
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const parameters = decoded(
      space,
      space.map(() => rng.uniform()),
    );
    if (!taken.has(parametersKey(space, parameters))) return parameters;
  }
  return undefined;
}

/** Keys of all values that were tried, on any rung. */
export const takenKeys = (space: SearchSpace, trials: readonly Proposal[]): Set<string> =>
  new Set(trials.map(({ parameters }) => parametersKey(space, parameters)));
