import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { streams } from '../../../src/core/rng.ts';
import { checkBudget, costOf, ladder, type SearchBudget } from '../../../src/study/search/budget.ts';
import { gridLevels, gridPoints } from '../../../src/study/search/grid-search.ts';
import { bracketRungs } from '../../../src/study/search/halving-search.ts';
import { Search } from '../../../src/study/search/search.ts';
import { parametersKey, type SearchSpace } from '../../../src/study/search/search-space.ts';
import { STRATEGY_KINDS, type StrategyKind } from '../../../src/study/search/strategy.ts';
import type { AskedTrial, Trial, TrialOutcome } from '../../../src/study/search/trial.ts';
import { branin, done, driven, noisy } from './analytic.ts';

const BUDGET: SearchBudget = { epochTrainings: 2 * 9 * 12, folds: 2, epochs: 9, trialsMax: 100 };
const outcome = noisy(branin, 0.5, '1');
const plain = (trials: readonly Trial[]) => trials.map(({ number, outcome: _, ...rest }) => [number, JSON.stringify(rest)]);

describe.each(STRATEGY_KINDS)('%s', (kind) => {
  test('never spends more than its budget, and not much less', () => {
    const trials = driven(kind, branin.space, BUDGET, '1', outcome);
    const spent = costOf(trials, BUDGET);
    expect(spent).toBeLessThanOrEqual(BUDGET.epochTrainings);
    expect(spent).toBeGreaterThan(0.6 * BUDGET.epochTrainings);
    expect(trials.map(({ number }) => number)).toEqual(trials.map((_, i) => i));
    expect(driven(kind, branin.space, { ...BUDGET, trialsMax: 5 }, '1', outcome).length).toBeLessThanOrEqual(5);
  });

  test('asks for the same trials whatever the order of the outcomes in a round', () => {
    const expected = plain(driven(kind, branin.space, BUDGET, '1', outcome));
    for (const first of ['oldest', 'youngest'] as const) expect(plain(inParallel(kind, 3, first))).toEqual(expected);
    expect(plain(driven(kind, branin.space, BUDGET, '2', outcome))).not.toEqual(expected);
  });

  test('goes on from what is known as if it had never been broken off', () => {
    const whole = driven(kind, branin.space, BUDGET, '1', outcome);
    for (const known of [1, Math.floor(whole.length / 2)]) {
      const log = new Map(whole.slice(0, known).map((trial) => [trial.number, trial.outcome]));
      const again = driven(kind, branin.space, BUDGET, '1', (trial) => log.get(trial.number) ?? outcome(trial));
      expect(again).toEqual(whole);
    }
  });

  test('goes on after trials that fail, and never lets NaN win or rise', () => {
    const trials = driven(kind, branin.space, BUDGET, '1', (trial) => {
      if (trial.number % 3 === 1) return { status: 'failed', reason: 'the loss became 2000', seconds: 1 };
      return trial.number % 3 === 2 ? done([Number.NaN, -1000]) : outcome(trial);
    });
    expect(trials.length).toBeGreaterThan(kind === 'grid' ? 8 : 10);
    for (const { number, outcome: result } of trials) {
      expect(result.status).toBe(number % 3 === 0 ? 'done' : 'failed');
      if (number % 3 === 2) expect(result).toMatchObject({ reason: 'the loss of fold 1 is NaN' });
    }
    for (const { parent } of trials) if (parent !== undefined) expect(parent % 3).toBe(0);
  });

  test('ends where all trials fail, and where a space has no more to try', () => {
    const failed = driven(kind, branin.space, BUDGET, '1', () => ({ status: 'failed', reason: 'no', seconds: 0 }));
    expect(failed.length).toBeGreaterThan(0);
    const few: SearchSpace = [{ kind: 'choice', name: 'units', choices: [8, 16], ordered: true, initial: 8 }];
    const trials = driven(kind, few, BUDGET, '1', (trial) => done([Number(trial.parameters['units']), 1]));
    expect(new Set(trials.map(({ parameters }) => parameters['units']))).toEqual(new Set([8, 16]));
    const asked = trials.map(({ parameters, rung }) => `${parametersKey(few, parameters)} ${rung}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test.each<[string, Partial<SearchBudget>, RegExp]>([
    ['no trials', { trialsMax: 0 }, /search budget {2}trialsMax {2}expected a whole number above 0, found 0/],
    ['one fold', { folds: 1 }, /folds {2}expected a whole number of at least 2, found 1/],
    ['half an epoch', { epochs: 0.5 }, /epochs {2}expected a whole number above 0, found 0.5/],
    [
      'less than one training',
      { epochTrainings: 17 },
      /epochTrainings {2}expected a whole number of at least \d+, .* in each of 2 folds, found 17/,
    ],
  ])('refuses a budget with %s', (_name, change, says) => {
    const make = () => new Search(kind, { space: branin.space, budget: { ...BUDGET, ...change }, chance: streams('1') });
    expect(make).toThrow(InputError);
    expect(make).toThrow(says);
  });

  test('refuses a space without parameters', () => {
    expect(() => new Search(kind, { space: [], budget: BUDGET, chance: streams('1') })).toThrow(/search space {2}expected 1 to 12/);
  });
});

/** Trials at work together, of which one end ends first. */
function inParallel(kind: StrategyKind, workers: number, first: 'oldest' | 'youngest'): readonly Trial[] {
  const search = new Search(kind, { space: branin.space, budget: BUDGET, chance: streams('1') });
  const working: AskedTrial[] = [];
  for (;;) {
    const asked = working.length < workers ? search.ask() : 'wait';
    if (asked === 'done') return search.trials;
    if (asked !== 'wait') working.push(asked);
    else {
      const trial = first === 'oldest' ? working.shift() : working.pop();
      if (trial === undefined) throw new Error('a search waits, but nothing is at work');
      search.tell(trial.number, outcome(trial));
    }
  }
}

describe('the ladder', () => {
  test.each([
    [27, [3, 9, 27]],
    [24, [3, 8, 24]],
    [4, [1, 4]],
    [2, [2]],
    [1, [1]],
  ])('of %i epochs has the rungs %j', (epochs, rungs) => expect(ladder(epochs)).toEqual(rungs));

  test.each([
    [27, [27, 9, 3]],
    [9, [9, 3, 1]],
    [10, [10, 3, 1]],
    [2, [2, 1, 1]],
  ])('takes %i trials up as %j', (size, counts) => expect(bracketRungs(size, [3, 9, 27])).toEqual(counts));
});

test('thousands of trials are drawn, all different', () => {
  const budget = { epochTrainings: 6000, folds: 2, epochs: 1, trialsMax: 100_000 };
  const trials = driven('random', branin.space, budget, '1', (trial) => done([branin.value(trial.parameters), 0]));
  expect(new Set(trials.map(({ parameters }) => parametersKey(branin.space, parameters))).size).toBe(3000);
});

describe('successive halving', () => {
  const budget: SearchBudget = { epochTrainings: 3 * (27 * 3 + 9 * 9 + 3 * 27), folds: 3, epochs: 27, trialsMax: 1000 };
  const loss = (trial: AskedTrial): TrialOutcome => done([branin.value(trial.parameters), 0, 0]);
  const trials = driven('halving', branin.space, budget, '1', loss);

  test('promotes the best third of each rung, by rank', () => {
    expect([0, 1, 2].map((rung) => trials.filter((trial) => trial.rung === rung).length)).toEqual([27, 9, 3]);
    for (const rung of [0, 1]) {
      const own = trials.filter((trial) => trial.rung === rung);
      const ranked = [...own].sort((a, b) => branin.value(a.parameters) - branin.value(b.parameters));
      const risen = trials.filter((trial) => trial.rung === rung + 1).map(({ parent }) => parent);
      expect(risen).toEqual(ranked.slice(0, own.length / 3).map(({ number }) => number));
    }
    for (const { epochs, rung } of trials) expect(epochs).toBe([3, 9, 27][rung]);
    for (const { parameters, parent } of trials) if (parent !== undefined) expect(parameters).toEqual(trials[parent]?.parameters);
  });

  test('with a Gaussian process plays several small tournaments', () => {
    const own = driven('bayes-halving', branin.space, budget, '1', loss);
    expect(own.filter((trial) => trial.bracket === 0).map(({ rung }) => rung)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
    expect(Math.max(...own.map(({ bracket }) => bracket ?? 0))).toBe(2);
  });

  test('begins again when a whole tournament fails', () => {
    const own = driven('bayes-halving', branin.space, budget, '1', (trial) =>
      trial.bracket === 0 ? { status: 'failed', reason: 'no', seconds: 0 } : loss(trial),
    );
    expect(own.filter((trial) => trial.bracket === 0)).toHaveLength(9);
    expect(own.filter((trial) => trial.bracket === 1).map(({ rung }) => rung)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
    expect(costOf(own, budget)).toBeLessThanOrEqual(budget.epochTrainings);
  });

  test('needs a budget for one climb at least', () => {
    expect(() => checkBudget('budget', { ...budget, epochTrainings: 3 * 38 }, true)).toThrow(
      /at least 117, 3 \+ 9 \+ 27 epochs in each of 3 folds/,
    );
    expect(() => checkBudget('budget', { ...budget, epochTrainings: 3 * 38 }, false)).not.toThrow();
  });
});

describe('a grid', () => {
  const wide: SearchSpace = [
    { kind: 'real', name: 'rate', minimum: 1e-4, maximum: 1e-2, scale: 'log', initial: 1e-3 },
    { kind: 'choice', name: 'units', choices: [8, 16, 24, 32, 48], ordered: true, initial: 24 },
    { kind: 'choice', name: 'head', choices: ['a', 'b'], ordered: false, initial: 'a' },
    { kind: 'real', name: 'dropout', minimum: 0, maximum: 0.3, scale: 'linear', initial: 0.1 },
  ];
  test.each([
    [1, [1, 1, 1, 1]],
    [2, [2, 1, 1, 1]],
    [6, [3, 2, 1, 1]],
    [9, [3, 3, 1, 1]],
    [12, [4, 3, 1, 1]],
    [20, [3, 3, 2, 1]],
    [100, [4, 4, 2, 3]],
  ])('of %i points has levels %j: what matters most first', (count, levels) => {
    expect(gridLevels(wide, count)).toEqual(levels);
    const points = gridPoints(wide, count);
    expect(points).toHaveLength(levels.reduce((a, b) => a * b));
    expect(new Set(points.map((point) => parametersKey(wide, point))).size).toBe(points.length);
  });

  test('leaves what it does not vary at the initial value', () => {
    expect(gridPoints(wide, 3)).toEqual([2.154e-4, 1e-3, 4.642e-3].map((rate) => ({ rate, units: 24, head: 'a', dropout: 0.1 })));
  });
});
