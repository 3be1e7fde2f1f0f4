import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import type { SearchBudget } from '../../../src/study/search/budget.ts';
import { Search } from '../../../src/study/search/search.ts';
import type { SearchSpace } from '../../../src/study/search/search-space.ts';
import type { StrategyKind } from '../../../src/study/search/strategy.ts';
import type { AskedTrial, Trial, TrialOutcome } from '../../../src/study/search/trial.ts';

/** A function on a space, with its known minimum. */
export interface Analytic {
  readonly space: SearchSpace;
  readonly minimum: number;
  value(parameters: Readonly<Record<string, number | string>>): number;
}

const real = (name: string, minimum: number, maximum: number) =>
  ({ kind: 'real', name, minimum, maximum, scale: 'linear', initial: (minimum + maximum) / 2 }) as const;

/** Dixon and Szegő (1978): three equal minima. */
export const branin: Analytic = {
  space: [real('x', -5, 10), real('y', 0, 15)],
  minimum: 0.397887357729738,
  value: ({ x, y }) => {
    const [a, b] = [Number(x), Number(y)];
    const bent = b - (5.1 / (4 * Math.PI * Math.PI)) * a * a + (5 / Math.PI) * a - 6;
    return bent * bent + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
  },
};

const HARTMANN_A = [
  [3, 10, 30],
  [0.1, 10, 35],
  [3, 10, 30],
  [0.1, 10, 35],
];
const HARTMANN_P = [
  [0.3689, 0.117, 0.2673],
  [0.4699, 0.4387, 0.747],
  [0.1091, 0.8732, 0.5547],
  [0.0381, 0.5743, 0.8828],
];

/** Hartmann (1972), three dimensions. */
export const hartmann3: Analytic = {
  space: [real('x', 0, 1), real('y', 0, 1), real('z', 0, 1)],
  minimum: -3.86278214782076,
  value: ({ x, y, z }) => {
    const at = [Number(x), Number(y), Number(z)];
    return -[1, 1.2, 3, 3.2].reduce((sum, weight, i) => {
      const exponent = at.reduce((square, value, j) => {
        const apart = value - (HARTMANN_P[i]?.[j] ?? 0);
        return square + (HARTMANN_A[i]?.[j] ?? 0) * apart * apart;
      }, 0);
      return sum + weight * Math.exp(-exponent);
    }, 0);
  },
};

/** Drives a search to its end, one trial after the other. */
export function driven(
  kind: StrategyKind,
  space: SearchSpace,
  budget: SearchBudget,
  seed: string,
  outcome: (trial: AskedTrial) => TrialOutcome,
): readonly Trial[] {
  const search = new Search(kind, { space, budget, chance: streams(seed) });
  for (;;) {
    const asked = search.ask();
    if (asked === 'done') return search.trials;
    if (asked === 'wait') throw new Error('a search waits for outcomes that it has been told');
    search.tell(asked.number, outcome(asked));
  }
}

export const done = (losses: readonly number[], epochs = 1): TrialOutcome => ({
  status: 'done',
  losses,
  epochsDone: losses.map(() => epochs),
  seconds: 0,
});

/** The function's own value with noise of its own for each fold, keyed by the trial. */
export function noisy(of: Analytic, sd: number, seed: string, folds = 2) {
  return (trial: AskedTrial): TrialOutcome => {
    const rng = streams(seed).stream(`test/noise/${trial.number}`);
    return done(Array.from({ length: folds }, () => of.value(trial.parameters) + sd * normal(rng)));
  };
}

/** How far the best tried values lie above the minimum, by the function itself. */
export const regret = (of: Analytic, trials: readonly Trial[]): number =>
  Math.min(...trials.map(({ parameters }) => of.value(parameters))) - of.minimum;
