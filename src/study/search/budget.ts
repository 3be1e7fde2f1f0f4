import { InputError, type Issue } from '../../core/assert.ts';
import type { Proposal } from './trial.ts';

/** What a search may spend. One measure for all strategies: epochs times folds, as asked for, also where training ends early. */
export interface SearchBudget {
  /** Epochs of training in all, over all trials and folds. */
  readonly epochTrainings: number;
  readonly folds: number;
  /** Epochs of a full training: the top of the ladder. */
  readonly epochs: number;
  /** Trials at most; a promotion counts as one. */
  readonly trialsMax: number;
}

/** Each rung of the ladder has so many times the epochs of the one below, and takes the best of so many trials. */
export const ETA = 3;
const RUNGS_MAX = 3;

/**
 * @param halving whether one climb of the whole ladder must be paid for, and not just one full training.
 * @throws InputError naming `source` on budgets that are no whole numbers above 0, or that pay for no training at all.
 */
export function checkBudget(source: string, budget: SearchBudget, halving: boolean): void {
  const issues: Issue[] = [];
  const expect = (path: keyof SearchBudget, minimum: number, what: string): void => {
    const value = budget[path];
    if (!Number.isSafeInteger(value) || value < minimum) issues.push({ path, message: `expected ${what}, found ${value}` });
  };
  expect('epochs', 1, 'a whole number above 0');
  expect('folds', 2, 'a whole number of at least 2');
  expect('trialsMax', 1, 'a whole number above 0');
  if (issues.length === 0) {
    const trainings = halving ? ladder(budget.epochs) : [budget.epochs];
    const least = budget.folds * trainings.reduce((sum, epochs) => sum + epochs, 0);
    const what = `${trainings.join(' + ')} epochs in each of ${budget.folds} folds`;
    expect('epochTrainings', least, `a whole number of at least ${least}, ${what}`);
    expect('trialsMax', trainings.length, `at least ${trainings.length}, one for each of ${trainings.join(', ')} epochs`);
  }
  if (issues.length > 0) throw new InputError(source, issues);
}

/** Epochs of each rung, increasing to a full training: 3, 9, 27. */
export function ladder(epochs: number): number[] {
  const rungs: number[] = [];
  for (let rung = 0, length = epochs; rung < RUNGS_MAX && length >= 1; rung += 1, length /= ETA) {
    const whole = Math.round(length);
    if (whole !== rungs[0]) rungs.unshift(whole);
  }
  return rungs;
}

/** What these trainings cost, in epoch-trainings. */
export const costOf = (proposals: readonly Pick<Proposal, 'epochs'>[], { folds }: SearchBudget): number =>
  proposals.reduce((sum, { epochs }) => sum + epochs * folds, 0);

/** How many full trainings can be paid for. */
export const fullTrainings = (budget: SearchBudget): number =>
  Math.min(budget.trialsMax, Math.floor(budget.epochTrainings / (budget.epochs * budget.folds)));
