import { costOf, type SearchBudget } from './budget.ts';
import type { Parameters } from './search-space.ts';
import { type Selection, selection } from './selection.ts';
import type { StrategyKind } from './strategy.ts';
import { isDone, meanLoss, type Trial } from './trial.ts';

/** A search by one strategy, over. */
export interface FinishedSearch {
  readonly kind: StrategyKind;
  readonly trials: readonly Trial[];
}

/** What one strategy made of the budget. */
export interface StrategyResult {
  readonly kind: StrategyKind;
  readonly trials: number;
  readonly failed: number;
  /** Trainings of full length. */
  readonly fullTrainings: number;
  readonly epochTrainings: number;
  /** Sum over all trials and folds. */
  readonly seconds: number;
  /** Undefined where no full training has a loss. */
  readonly selection: Selection | undefined;
  /** Epoch-trainings spent when the best was found, its own included. */
  readonly foundAfter: number | undefined;
}

/** A search as it is reported: with one strategy, or with several that had the same budget and folds. */
export interface SearchReport {
  readonly budget: SearchBudget;
  /** All that were tried, promotions and failures included: the number to print beside every p-value of what was chosen. */
  readonly trials: number;
  readonly strategies: readonly StrategyResult[];
  /** Over the trials of all strategies together. */
  readonly selection: Selection;
  /** Who found the chosen values. */
  readonly chosenBy: StrategyKind;
}

/** The report; undefined where not one full training has a loss. @param costOfNet see {@link selection}. */
export function searchReport(
  searches: readonly FinishedSearch[],
  budget: SearchBudget,
  costOfNet: (parameters: Parameters) => number,
): SearchReport | undefined {
  const all = searches.flatMap(({ trials }) => trials);
  const overall = selection(all, budget.epochs, costOfNet);
  if (overall === undefined) return undefined;
  return {
    budget,
    trials: all.length,
    strategies: searches.map(({ kind, trials }) => {
      const own = selection(trials, budget.epochs, costOfNet);
      return {
        kind,
        trials: trials.length,
        failed: trials.filter((trial) => !isDone(trial)).length,
        fullTrainings: trials.filter(({ epochs }) => epochs === budget.epochs).length,
        epochTrainings: costOf(trials, budget),
        seconds: trials.reduce((sum, { outcome }) => sum + outcome.seconds, 0),
        selection: own,
        foundAfter: own === undefined ? undefined : costOf(trials.slice(0, own.best.number + 1), budget),
      };
    }),
    selection: overall,
    chosenBy: searches.find(({ trials }) => trials.some((trial) => trial === overall.chosen))?.kind ?? 'random',
  };
}

/** Trials with a loss, full trainings before shorter ones, the lowest loss first; then those that failed. */
export function ranked(searches: readonly FinishedSearch[]): { readonly kind: StrategyKind; readonly trial: Trial }[] {
  const all = searches.flatMap(({ kind, trials }) => trials.map((trial) => ({ kind, trial })));
  const loss = (trial: Trial): number => (isDone(trial) ? meanLoss(trial) : Number.POSITIVE_INFINITY);
  return all.sort((a, b) => {
    if (isDone(a.trial) !== isDone(b.trial)) return isDone(a.trial) ? -1 : 1;
    return b.trial.epochs - a.trial.epochs || (isDone(a.trial) ? loss(a.trial) - loss(b.trial) : a.trial.number - b.trial.number);
  });
}

/** The report as it stands in a model's card. @param logSha256 of the file that has all trials. */
export function searchCard(
  { budget, chosenBy, selection: { best, chosen, standardError: error }, strategies, trials }: SearchReport,
  logSha256: string,
) {
  return {
    trials,
    epochTrainings: budget.epochTrainings,
    folds: budget.folds,
    chosen: { strategy: chosenBy, number: chosen.number, parameters: { ...chosen.parameters }, loss: meanLoss(chosen) },
    best: { loss: meanLoss(best), standardError: error },
    strategies: strategies.map(({ epochTrainings, failed, fullTrainings, kind, selection: own, trials: tried }) => ({
      strategy: kind,
      trials: tried,
      failed,
      fullTrainings,
      epochTrainings,
      ...(own === undefined ? {} : { bestLoss: meanLoss(own.best), bestStandardError: own.standardError }),
    })),
    logSha256,
  };
}
