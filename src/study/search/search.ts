import { invariant } from '../../core/assert.ts';
import { checkBudget } from './budget.ts';
import { gridSearch } from './grid-search.ts';
import { halvingSearch } from './halving-search.ts';
import { sampledSearch } from './sampled-search.ts';
import { checkSpace } from './search-space.ts';
import type { SearchSetup, Strategy, StrategyKind } from './strategy.ts';
import type { AskedTrial, Trial, TrialOutcome } from './trial.ts';

/** The strategy of a kind. */
export function strategy(kind: StrategyKind, setup: SearchSetup): Strategy {
  if (kind === 'grid') return gridSearch(setup);
  return kind === 'random' || kind === 'bayes' ? sampledSearch(setup, kind) : halvingSearch(setup, kind);
}

/**
 * One search, driven from outside: it is asked for trials, and told what came of them. It never waits, draws only from streams of its own, and knows no
 * clock. Outcomes may come in any order; the next round is only made when all of the last one are in, so that the same losses give the
 * same trials whatever the number of workers.
 */
export class Search {
  readonly kind: StrategyKind;
  readonly #strategy: Strategy;
  readonly #folds: number;
  readonly #history: Trial[] = [];
  #round: AskedTrial[] = [];
  #asked = 0;
  readonly #told = new Map<number, TrialOutcome>();

  /** @throws InputError on a space or budget that cannot be searched. */
  constructor(kind: StrategyKind, setup: SearchSetup) {
    checkSpace('search space', setup.space);
    checkBudget('search budget', setup.budget, kind === 'halving' || kind === 'bayes-halving');
    this.kind = kind;
    this.#folds = setup.budget.folds;
    this.#strategy = strategy(kind, setup);
  }

  /** All trials that are over and in order: those behind one that is still at work are not yet in it. */
  get trials(): readonly Trial[] {
    return this.#history;
  }

  /** The next trial to train; `wait` while outcomes of this round are missing; `done` for good when there is nothing more to try. */
  ask(): AskedTrial | 'wait' | 'done' {
    if (this.#asked === this.#round.length) {
      if (this.#history.length < this.#numbered) return 'wait';
      const first = this.#history.length;
      this.#round = this.#strategy.next(this.#history).map((proposal, i) => ({ ...proposal, number: first + i }));
      this.#asked = 0;
      if (this.#round.length === 0) return 'done';
      this.#numbered = first + this.#round.length;
    }
    const trial = this.#round[this.#asked];
    invariant(trial !== undefined, 'a round has as many trials as it says');
    this.#asked += 1;
    return trial;
  }
  #numbered = 0;

  /** Takes in what came of a trial that was asked for. Losses that are not finite, or not one per fold, make it a failed one. */
  tell(number: number, outcome: TrialOutcome): void {
    const first = this.#numbered - this.#round.length;
    invariant(number >= first && number < first + this.#asked && !this.#told.has(number), () => `trial ${number} is not at work`);
    this.#told.set(number, checkedOutcome(outcome, this.#folds));
    for (;;) {
      const next = this.#history.length;
      const known = this.#told.get(next);
      const trial = this.#round[next - first];
      if (known === undefined || trial === undefined) return;
      this.#history.push({ ...trial, outcome: known });
    }
  }
}

/** A loss that is no number must never win. */
function checkedOutcome(outcome: TrialOutcome, folds: number): TrialOutcome {
  if (outcome.status === 'failed') return outcome;
  const { losses, seconds } = outcome;
  invariant(losses.length === folds, () => `expected the losses of ${folds} folds, found ${losses.length}`);
  const at = losses.findIndex((loss) => !Number.isFinite(loss));
  return at < 0 ? outcome : { status: 'failed', reason: `the loss of fold ${at + 1} is ${losses[at]}`, seconds };
}
