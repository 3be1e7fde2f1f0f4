import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { bundledPath } from '../../src/app/bundled.ts';
import { readModelFolder } from '../../src/app/model-folder.ts';
import { CLI, volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

vi.setConfig({ testTimeout: 300_000 });

const SMALL = ['brief.yaml', '--sequences', '16', '--steps', '64', '--units', '4', '--epochs', '3', '--backend', 'cpu'];
const SEARCH = ['--search', 'all', '--trials', '5', '--folds', '2'];

/** A folder with a scenario and a space of small nets in it. */
function place(): string {
  const folder = tempFolder();
  cpSync(bundledPath('scenarios', 'tiny.yaml'), join(folder, 'brief.yaml'));
  return folder;
}

/** A log without what a clock puts into it. */
const timeless = (path: string): string => readFileSync(path, 'utf8').replace(/"seconds":[\d.e-]+/g, '"seconds":0');

describe('train --search', () => {
  test('tries the same and trains the same with one worker, with two, and after it was broken off', async () => {
    const cwd = place();
    const train = (out: string, ...more: readonly string[]) =>
      volpit(['train', ...SMALL, ...SEARCH, '--out', out, '--quiet', ...more], { cwd });
    const [one, two] = [await train('one', '--workers', '1'), await train('two', '--workers', '2')];
    for (const { code, stderr } of [one, two]) expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(join(cwd, 'one'))).toContain('search.jsonl');
    expect(timeless(join(cwd, 'two', 'search.jsonl'))).toBe(timeless(join(cwd, 'one', 'search.jsonl')));
    const weights = (out: string): Buffer => readFileSync(join(cwd, out, 'weights.bin'));
    expect(weights('two')).toEqual(weights('one'));
    expect(one.stdout).toMatch(/^chosen by the one-standard-error rule/m);

    const child = spawn(process.execPath, [CLI, 'train', ...SMALL, ...SEARCH, '--out', 'three', '--quiet', '--workers', '2'], { cwd });
    const log = join(cwd, 'three', 'search.jsonl');
    const code = await new Promise<number | null>((resolve) => {
      const watch = setInterval(() => {
        if (!existsSync(log) || readFileSync(log, 'utf8').split('\n').length < 8) return;
        clearInterval(watch);
        child.kill('SIGINT');
      }, 50);
      child.on('close', (ended) => {
        clearInterval(watch);
        resolve(ended);
      });
    });
    expect([code, existsSync(join(cwd, 'three', 'card.json'))]).toEqual([130, false]);
    const size = statSync(log).size;
    const refused = await train('three');
    expect([refused.code, statSync(log).size]).toEqual([2, size]);
    expect(refused.stderr).toMatch(/search\.jsonl {2}exists already/);
    const other = await train('three', '--resume', '--seed', '2');
    expect(other.stderr).toMatch(/is the log of another search: it differs in seed, data;/);
    const resumed = await train('three', '--resume', '--workers', '1');
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    expect(timeless(log)).toBe(timeless(join(cwd, 'one', 'search.jsonl')));
    expect(weights('three')).toEqual(weights('one'));

    const { card } = readModelFolder(join(cwd, 'three'));
    const trials = readFileSync(log, 'utf8').trimEnd().split('\n').length - 1;
    expect(card.search).toMatchObject({ trials, folds: 2, epochTrainings: 5 * 3 * 2 });
    expect(card.search?.strategies.map(({ strategy }) => strategy)).toEqual(['grid', 'random', 'bayes', 'halving', 'bayes-halving']);
    expect(card.search?.chosen.parameters['units']).toBe(card.units);
    expect(card.command).toMatch(/--search all --trials 5 --folds 2 --out three$/);
  });

  test.concurrent.each<[string, readonly string[], RegExp]>([
    ['trials without a search', ['--trials', '3'], /--trials {2}belongs to a search: expected --search with it/],
    ['no trials', ['--search', 'grid', '--trials', '0'], /^--trials {2}found "0", expected a whole number from 1/],
    [
      'too small a budget',
      ['--search', 'halving', '--budget', '7', '--folds', '2'],
      /epochTrainings {2}expected a whole number of at least 8, 1 \+ 3 epochs/,
    ],
    ['too many folds', ['--search', 'random', '--folds', '9'], /^--folds {2}expected from 2 to 8, at least 2 of the 16 sequences/],
  ])('is refused: %s', async (_name, words, says) => {
    const cwd = place();
    const { code, stderr } = await volpit(['train', ...SMALL, ...words, '--out', 'm', '--quiet'], { cwd });
    expect([code, existsSync(join(cwd, 'm'))]).toEqual([2, false]);
    expect(stderr).toMatch(says);
  });
});
