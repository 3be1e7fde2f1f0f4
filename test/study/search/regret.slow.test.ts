import { describe, expect, test, vi } from 'vitest';
import { differences, pairedTTest } from '../../../src/study/paired.ts';
import type { SearchBudget } from '../../../src/study/search/budget.ts';
import type { StrategyKind } from '../../../src/study/search/strategy.ts';
import type { AskedTrial, TrialOutcome } from '../../../src/study/search/trial.ts';
import { type Analytic, branin, done, driven, hartmann3, noisy, regret } from './analytic.ts';

vi.setConfig({ testTimeout: 300_000 });

const SEEDS = Array.from({ length: 40 }, (_, i) => `regret/${i}`);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Regrets over all seeds. */
function regrets(
  of: Analytic,
  kind: StrategyKind,
  budget: SearchBudget,
  outcome: (seed: string) => (trial: AskedTrial) => TrialOutcome,
): number[] {
  return SEEDS.map((seed) => regret(of, driven(kind, of.space, budget, seed, outcome(seed))));
}

/** 95 % interval of the mean, for the log. */
function interval(values: readonly number[]): string {
  const centre = mean(values);
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / (values.length - 1));
  const margin = (2 * sd) / Math.sqrt(values.length);
  return `${centre.toPrecision(3)} [${(centre - margin).toPrecision(3)}, ${(centre + margin).toPrecision(3)}]`;
}

describe.each<[string, Analytic, number, number]>([
  // Mean regret after 30 trainings that Bayesian search must stay below, and random search must not.
  ['Branin', branin, 0.1, 0],
  ['Hartmann 3', hartmann3, 0.2, 0],
  // Noise of the size that a tenth of the functions' spread has.
  ['Branin with noise', branin, 1, 5],
  ['Hartmann 3 with noise', hartmann3, 0.35, 0.1],
])('on %s', (name, of, bound, sd) => {
  test('Bayesian search beats random search at the same budget', () => {
    const budget = { epochTrainings: 60, folds: 2, epochs: 1, trialsMax: 1000 };
    const [bayes, random] = (['bayes', 'random'] as const).map((kind) => regrets(of, kind, budget, (seed) => noisy(of, sd, seed))) as [
      number[],
      number[],
    ];
    console.log(`${name}: regret of bayes ${interval(bayes)}, of random ${interval(random)}`);
    expect(mean(bayes)).toBeLessThan(bound);
    expect(mean(random)).toBeGreaterThan(bound);
    const paired = differences(random, bayes);
    expect(mean(paired)).toBeGreaterThan(0);
    expect(pairedTTest(paired)).toBeLessThan(0.01);
  });
});

/** A loss that falls towards the function's value as training goes on, from a start that says nothing, with noise. */
const learning = (of: Analytic, sd: number) => (seed: string) => (trial: AskedTrial) => {
  const at = noisy(of, sd, seed)(trial);
  const left = 40 * Math.exp(-trial.epochs / 6);
  return at.status === 'done' ? done(at.losses.map((loss) => loss + left)) : at;
};

describe('successive halving, where early losses tell', () => {
  const budget = { epochTrainings: 2 * 27 * 10, folds: 2, epochs: 27, trialsMax: 1000 };
  /** Regret of what it would choose: the lowest loss at the top. */
  const chosen = (of: Analytic, kind: StrategyKind, sd: number): number[] =>
    SEEDS.map((seed) => {
      const top = driven(kind, of.space, budget, seed, learning(of, sd)(seed)).filter(({ epochs }) => epochs === 27);
      return regret(of, top);
    });

  test.each<[string, Analytic, number]>([
    ['Branin', branin, 1],
    ['Hartmann 3', hartmann3, 0.02],
  ])('beats random search on %s at the same budget, with draws and with a Gaussian process', (name, of, sd) => {
    const [random, halving, both] = (['random', 'halving', 'bayes-halving'] as const).map((kind) => chosen(of, kind, sd)) as [
      number[],
      number[],
      number[],
    ];
    console.log(`${name}: regret of random ${interval(random)}, halving ${interval(halving)}, with a process ${interval(both)}`);
    for (const better of [halving, both]) {
      expect(mean(better)).toBeLessThan(mean(random));
      expect(pairedTTest(differences(random, better))).toBeLessThan(0.01);
    }
  });
});
