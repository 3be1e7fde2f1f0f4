import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drive } from '../../src/app/search-drive.ts';
import { trainedFold } from '../../src/app/search-fold.ts';
import { type SearchHeader, SearchLog } from '../../src/app/search-log.ts';
import { budgetOf, checkSearchOptions, searchFlags } from '../../src/app/search-options.ts';
import { readSearchSpace } from '../../src/app/search-space-file.ts';
import { InputError } from '../../src/core/assert.ts';
import { streams } from '../../src/core/rng.ts';
import { lstmSpace } from '../../src/study/search/lstm-space.ts';
import { Search } from '../../src/study/search/search.ts';
import { checkSpace } from '../../src/study/search/search-space.ts';
import type { AskedTrial, Trial, TrialOutcome } from '../../src/study/search/trial.ts';
import { learnableSequences } from '../forecast/lstm/example-data.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SETTINGS = { learningRate: 0.002, units: 24, dropout: 0.1, l2: 1e-4, steps: 200, batch: 16, recurrentDropout: 0 };

const LOG_HEADER: SearchHeader = {
  format: 'volpit.search/1',
  seed: '1',
  epochs: 27,
  folds: 2,
  epochTrainings: 540,
  trialsMax: 100,
  fixed: { patience: 6, backend: 'wasm' },
  data: 'ab',
  settings: SETTINGS,
  space: [{ kind: 'choice', name: 'units', choices: [8, 16], ordered: true, initial: 8 }],
};

function file(text: string): string {
  const path = join(tempFolder(), 'space.yaml');
  writeFileSync(path, text);
  return path;
}

describe('a file of what to search over', () => {
  test('gives choices and bounds in its own order, with initial values from the options', () => {
    const path = file(
      'units: [8, 16, 32]\nlearningRate: { min: 3e-4, max: 1e-2, scale: log }\nbatch: { min: 4, max: 12 }\nl2: { min: 0, max: 1, initial: 0.5 }',
    );
    expect(readSearchSpace(path, SETTINGS, 200)).toEqual([
      { kind: 'choice', name: 'units', choices: [8, 16, 32], ordered: true, initial: 16 },
      { kind: 'real', name: 'learningRate', minimum: 3e-4, maximum: 1e-2, scale: 'log', initial: 0.002 },
      { kind: 'whole', name: 'batch', minimum: 4, maximum: 12, scale: 'linear', initial: 12 },
      { kind: 'real', name: 'l2', minimum: 0, maximum: 1, scale: 'linear', initial: 0.5 },
    ]);
    expect(readSearchSpace(file('{"dropout": [0, 0.1]}'), SETTINGS, 200)).toHaveLength(1);
  });

  test.each<[string, string, RegExp]>([
    ['an unknown parameter', 'width: [1, 2]', /width/],
    ['reversed bounds', 'l2: { min: 1, max: 0.1 }', /l2 {2}expected a minimum below the maximum, found 1 and 0.1/],
    ['too long sequences', 'steps: [100, 201]', /steps {2}expected whole numbers from 32 to 200, found 100, 201/],
    ['half a unit', 'units: [8, 8.5]', /units {2}expected whole numbers from 1 to 256, found 8, 8.5/],
    ['no list', 'units: 8', /units/],
    ['nothing', '{}', /expected 1 to 12 parameters to search over, found 0/],
  ])('is refused with %s', (_name, text, says) => {
    const read = () => readSearchSpace(file(text), SETTINGS, 200);
    expect(read).toThrow(InputError);
    expect(read).toThrow(says);
  });

  test('is not needed: what the options say stands among the choices', () => {
    for (const [units, rows] of [
      [24, 200],
      [5, 40],
    ] as const) {
      const space = lstmSpace({ ...SETTINGS, units, learningRate: 0.5 }, rows);
      expect(() => checkSpace('space', space)).not.toThrow();
      expect(space.find(({ name }) => name === 'units')).toMatchObject({ initial: units });
      expect(space.find(({ name }) => name === 'steps')).toMatchObject({ choices: rows === 200 ? [50, 100, 200] : [40] });
      expect(space.find(({ name }) => name === 'learningRate')).toMatchObject({ initial: 0.01 });
    }
  });
});

describe('options of a search', () => {
  const none = {
    search: undefined,
    trials: undefined,
    budget: undefined,
    folds: 4,
    searchSpace: undefined,
    resume: false,
    workers: 1,
    measureOnly: false,
  } as const;
  test('are refused where nothing is searched', () => {
    expect(() => checkSearchOptions(none)).not.toThrow();
    expect(() => checkSearchOptions({ ...none, trials: 3, budget: 9 })).toThrow(/--trials {2}belongs to a search.*\n.*--budget {2}belongs/);
    expect(() => checkSearchOptions({ ...none, search: 'grid', measureOnly: true })).toThrow(/cannot be had with --measure-only/);
  });
  test('say the budget in epochs, or in full trainings', () => {
    expect(budgetOf({ ...none, search: 'all' }, 24)).toMatchObject({ epochTrainings: 20 * 24 * 4 });
    expect(budgetOf({ ...none, search: 'all', trials: 5 }, 24)).toMatchObject({ epochTrainings: 5 * 24 * 4, trialsMax: 100_000 });
    expect(budgetOf({ ...none, search: 'all', trials: 5, budget: 999 }, 24)).toMatchObject({ epochTrainings: 999, trialsMax: 5 });
    expect(searchFlags({ ...none, search: 'all', trials: 5 })).toEqual({ search: 'all', trials: 5, folds: 4 });
    expect(searchFlags(none)).toEqual({});
  });
});

describe('the log of a search', () => {
  const header = LOG_HEADER;
  const trials: Trial[] = [
    {
      number: 0,
      parameters: { units: 8 },
      epochs: 27,
      rung: 2,
      outcome: { status: 'done', losses: [-0.1, -0.2], epochsDone: [27, 9], seconds: 1.5 },
    },
    {
      number: 1,
      parameters: { units: 16 },
      epochs: 27,
      rung: 2,
      outcome: { status: 'failed', reason: 'the loss became 2000', seconds: 1 },
    },
  ];
  const written = (): string => {
    const path = join(tempFolder(), 'new', 'search.jsonl');
    new SearchLog(path, header, false).write('random', trials);
    return path;
  };

  test('gives back what was written', () => {
    const log = new SearchLog(written(), header, true);
    expect(log.knownCount).toBe(2);
    for (const trial of trials) expect(log.outcome('random', trial)).toEqual(trial.outcome);
    expect(log.outcome('grid', trials[0] as Trial)).toBeUndefined();
    log.hold('random', trials);
    expect(readFileSync(written(), 'utf8')).toBe(log.text());
    expect(log.text().trimEnd().split('\n')).toHaveLength(3);
  });

  test('is nothing where there is none, or where it is not to be resumed', () => {
    const path = join(tempFolder(), 'search.jsonl');
    expect(new SearchLog(path, header, true).knownCount).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect(new SearchLog(written(), header, false).knownCount).toBe(0);
  });

  test('is refused when it is damaged, or that of another search', () => {
    const path = written();
    expect(() => new SearchLog(path, { ...header, folds: 3, seed: '2' }, true)).toThrow(
      /is the log of another search: it differs in seed, folds;/,
    );
    const log = new SearchLog(path, header, true);
    expect(() => log.outcome('random', { ...(trials[0] as Trial), epochs: 9 })).toThrow(
      /has another trial random 0 than this search makes/,
    );
    expect(() => log.outcome('random', { ...(trials[0] as Trial), parameters: { units: 16 } })).toThrow(/has another trial random 0/);
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"strategy": "random", "num`);
    expect(() => new SearchLog(path, header, true)).toThrow(/search\.jsonl:4 {2}is not JSON/);
  });
});

describe('driving a search', () => {
  const space = [{ kind: 'real', name: 'x', minimum: 0, maximum: 1, scale: 'linear', initial: 0.5 }] as const;
  const budget = { epochTrainings: 60, folds: 2, epochs: 3, trialsMax: 100 };
  const header: SearchHeader = { ...LOG_HEADER, ...budget, space };
  const search = () => new Search('bayes-halving', { space, budget, chance: streams('1') });

  test('with any objective, broken off anywhere and resumed, leaves the log of one that went through', async () => {
    const objective = async ({ epochs, parameters }: AskedTrial): Promise<TrialOutcome> => {
      const x = Number(parameters['x']);
      // Ends in another order than it begins.
      for (let i = 0; i < Math.round(10 * x); i += 1) await Promise.resolve();
      const losses = [(x - 0.3) * (x - 0.3) + 1 / epochs, x];
      return x > 0.9
        ? { status: 'failed', reason: 'exploded', seconds: 0 }
        : { status: 'done', losses, epochsDone: [epochs, epochs], seconds: 0 };
    };
    const path = join(tempFolder(), 'search.jsonl');
    const whole = new SearchLog(path, header, false);
    const done = search();
    await drive(done, whole, objective, () => {});
    expect(done.trials.length).toBeGreaterThan(8);
    for (const last of [1, 4, done.trials.length - 1]) {
      const broken = join(tempFolder(), 'search.jsonl');
      let begun = 0;
      const stopping = async (trial: AskedTrial): Promise<TrialOutcome> => {
        begun += 1;
        if (begun > last) throw new Error('stopped');
        return objective(trial);
      };
      await expect(drive(search(), new SearchLog(broken, header, false), stopping, () => {})).rejects.toThrow('stopped');
      const again = new SearchLog(broken, header, true);
      expect(again.knownCount).toBeGreaterThan(0);
      let anew = 0;
      await drive(
        search(),
        again,
        (trial) => {
          anew += 1;
          return objective(trial);
        },
        () => {},
      );
      expect(readFileSync(broken, 'utf8')).toBe(readFileSync(path, 'utf8'));
      expect(anew).toBe(done.trials.length - again.knownCount);
    }
  });
});

describe('a training in a fold', () => {
  const data = learnableSequences('1', { count: 16, steps: 40 });
  const fold = { training: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], heldOut: [12, 13, 14, 15] };
  const setup = {
    data,
    folds: [fold],
    seed: '1',
    fixed: { patience: 5, backend: 'cpu', head: 'gaussian', schedule: 'cosine', varianceWeight: 0 },
  } as const;
  const settings = { learningRate: 0.03, units: 4, dropout: 0, l2: 0, steps: 20, batch: 8, recurrentDropout: 0 };
  const train = (change: Partial<typeof settings>) =>
    trainedFold(setup, { settings: { ...settings, ...change }, epochs: 2, fold: 0 }, () => false);

  test('has the same loss each time, and does not see what is held out', async () => {
    const [first, again] = [await train({}), await train({})];
    expect(first).toMatchObject({ status: 'done', epochs: 2 });
    expect({ ...again, seconds: 0 }).toEqual({ ...first, seconds: 0 });
    // With other targets in the held-out part the score moves; with equal ones in all but it, nothing that was learnt does.
    const targets = Float32Array.from(data.targets, (value, i) => (i >= 12 * 40 * 4 ? -value : value));
    const other = await trainedFold({ ...setup, data: { ...data, targets } }, { settings, epochs: 2, fold: 0 }, () => false);
    const mirrored = await trainedFold(
      { ...setup, data: { ...data, targets }, folds: [{ ...fold, heldOut: [4, 5, 6, 7] }] },
      { settings, epochs: 2, fold: 0 },
      () => false,
    );
    const own = await trainedFold({ ...setup, folds: [{ ...fold, heldOut: [4, 5, 6, 7] }] }, { settings, epochs: 2, fold: 0 }, () => false);
    expect({ ...mirrored, seconds: 0 }).toEqual({ ...own, seconds: 0 });
    expect(other).not.toMatchObject({ loss: first.status === 'done' ? first.loss : 0 });
  });

  test('that throws is a failed one, with the reason', async () => {
    expect(await train({ units: 0 })).toMatchObject({
      status: 'failed',
      reason: 'training options  units  expected a whole number above 0, found 0',
    });
    expect(await train({ steps: 41 })).toMatchObject({ status: 'failed', reason: expect.stringMatching(/no piece of 41/) as string });
  });
});
