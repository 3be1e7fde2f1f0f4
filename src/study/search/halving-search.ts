import { costOf, ETA, ladder, type SearchBudget } from './budget.ts';
import { bayesSampler, randomSampler, sampled } from './sampled-search.ts';
import type { SearchSetup, Strategy } from './strategy.ts';
import { isDone, meanLoss, type Proposal, type Trial } from './trial.ts';

/**
 * Successive halving (Jamieson and Talwalkar 2016, AISTATS; Li et al. 2018, JMLR 18): many values are trained for few epochs, the best third of them for
 * three times as many, and so on; trials that failed are never promoted. Each rung trains anew with a schedule of its own, and is charged in full.
 *
 * With draws, one bracket as large as the budget allows, then smaller ones of what is left; with the Gaussian process, brackets of the
 * size that sends one to the top, so that each learns from those before.
 */
export function halvingSearch(setup: SearchSetup, kind: 'halving' | 'bayes-halving'): Strategy {
  const { budget } = setup;
  const rungs = ladder(budget.epochs);
  const sampler = kind === 'halving' ? randomSampler(setup, kind) : bayesSampler(setup, kind);
  const learning = rungs.slice(1).reduce((size) => size * ETA, 1);
  return {
    kind,
    next(history) {
      const bracket = Math.max(-1, ...history.map((trial) => trial.bracket ?? 0));
      const promotions = promoted(
        history.filter((trial) => trial.bracket === bracket),
        rungs,
      );
      if (promotions.length > 0) return promotions.map((proposal) => ({ ...proposal, bracket }));
      const size = Math.min(bracketSize(budget, history), kind === 'halving' ? Number.POSITIVE_INFINITY : learning);
      // The first bracket is made however small; a later one only where it promotes at all.
      if (size < 1 || (history.length > 0 && size < ETA)) return [];
      const known = history.filter(({ rung }) => rung === 0).length;
      const epochs = rungs[0] ?? budget.epochs;
      return sampled(setup, sampler, history, size, known).map((parameters) => ({ parameters, epochs, rung: 0, bracket: bracket + 1 }));
    },
  };
}

/** Trials of each rung in a bracket that begins with `size`: a third each time, and never none. */
export function bracketRungs(size: number, rungs: readonly number[]): number[] {
  const counts: number[] = [];
  for (const _ of rungs) counts.push(counts.length === 0 ? size : Math.max(1, Math.floor((counts.at(-1) ?? 1) / ETA)));
  return counts;
}

/** The largest bracket that what is left of the budget pays for to the top; 0 when none. */
function bracketSize(budget: SearchBudget, history: readonly Trial[]): number {
  const rungs = ladder(budget.epochs);
  const epochsLeft = budget.epochTrainings - costOf(history, budget);
  const trialsLeft = budget.trialsMax - history.length;
  let size = 0;
  for (;;) {
    const counts = bracketRungs(size + 1, rungs);
    const trials = counts.reduce((sum, count) => sum + count, 0);
    const cost = counts.reduce((sum, count, rung) => sum + count * (rungs[rung] ?? 0) * budget.folds, 0);
    if (trials > trialsLeft || cost > epochsLeft) return size;
    size += 1;
  }
}

/** The round that takes the best of the bracket's highest rung one rung up; empty at the top, or when all have failed. */
function promoted(bracket: readonly Trial[], rungs: readonly number[]): Proposal[] {
  const rung = Math.max(-1, ...bracket.map((trial) => trial.rung));
  const epochs = rungs[rung + 1];
  if (rung < 0 || epochs === undefined) return [];
  const places = bracketRungs(bracket.filter((trial) => trial.rung === 0).length, rungs)[rung + 1] ?? 0;
  return bracket
    .filter((trial) => trial.rung === rung)
    .filter(isDone)
    .sort((a, b) => meanLoss(a) - meanLoss(b) || a.number - b.number)
    .slice(0, places)
    .map(({ number, parameters }) => ({ parameters, epochs, rung: rung + 1, parent: number }));
}
