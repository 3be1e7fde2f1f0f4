import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { bundledPath } from '../../src/app/bundled.ts';
import { readModelFolder } from '../../src/app/model-folder.ts';
import { CLI, volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const FILES = ['card.json', 'linear.json', 'model-2.json', 'model.json', 'weights-2.bin', 'weights.bin'];
const TINY = ['--sequences', '12', '--steps', '48', '--units', '4', '--members', '2', '--backend', 'cpu'];
const LONG = [...TINY, '--epochs', '150', '--patience', '150', '--cache', 'c'];
const SMALL = [...TINY, '--epochs', '2'];

/** A folder with a scenario in it. */
function place(): string {
  const folder = tempFolder();
  cpSync(bundledPath('scenarios', 'tiny.yaml'), join(folder, 'brief.yaml'));
  return folder;
}

describe('train', () => {
  test.concurrent('writes a model that run accepts, the same for the same seed, and never over another', async () => {
    const cwd = place();
    const train = (out: string, ...more: readonly string[]) =>
      volpit(['train', 'brief.yaml', ...SMALL, '--out', out, '--quiet', ...more], { cwd });
    const [first, second] = await Promise.all([train('a', '--seed', '7'), train('b', '--seed', '7', '--workers', '1', '--cache', 'c')]);
    for (const { code, stderr } of [first, second]) expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(join(cwd, 'a')).sort()).toEqual(FILES);
    expect(first.stdout).toMatch(/^tiny: the tracker's error per forecast step of 10 s/m);
    expect(first.stdout.trimEnd().split('\n').at(-1)).toBe('written to a');

    const bytes = (folder: string, file: string): Buffer => readFileSync(join(cwd, folder, file));
    expect(bytes('b', 'weights.bin')).toEqual(bytes('a', 'weights.bin'));
    expect(bytes('b', 'model.json')).toEqual(bytes('a', 'model.json'));
    expect(bytes('b', 'weights-2.bin')).toEqual(bytes('a', 'weights-2.bin'));
    expect(bytes('a', 'weights-2.bin')).not.toEqual(bytes('a', 'weights.bin'));

    const { card } = readModelFolder(join(cwd, 'a'));
    expect(card).toMatchObject({ seed: '7', backend: 'cpu', stepSeconds: 10, units: 4, createdFrom: [{ scenario: 'tiny' }] });
    expect(card.training).toMatchObject({ sequences: 12, steps: 48, epochs: 2 });
    expect(card.command).toMatch(
      /^volpit train brief\.yaml --sequences 12 --steps 48 --units 4 --members 2 --epochs 2 .*--backend cpu --seed 7 --out a$/,
    );

    const [run, again, forced] = await Promise.all([
      volpit(['run', 'tiny', '--set', 'agents.maker.forecaster=lstm', '--model', 'a', '--json', '--quiet'], { cwd }),
      train('a', '--seed', '8'),
      train('b', '--seed', '8', '--force', '--json'),
    ]);
    expect(JSON.parse(run.stdout)).toMatchObject({ forecast: { kind: 'lstm', horizonSeconds: 50 } });
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toMatch(/^--out {2}a\/model\.json {2}exists already.*--force/);
    expect([forced.code, (JSON.parse(forced.stdout) as Record<string, unknown>)['schema']]).toEqual([0, 'volpit.train/1']);
    expect(readModelFolder(join(cwd, 'b')).card.seed).toBe('8');
    expect(bytes('b', 'weights.bin')).not.toEqual(bytes('a', 'weights.bin'));
  });

  test.concurrent.each<[string, readonly string[], RegExp]>([
    ['nowhere to write', [], /^--out {2}missing/],
    ['a file for a folder', ['--out', 'brief.yaml'], /^--out {2}brief\.yaml {2}is a file: expected a folder/],
    ['a path through a file', ['--out', 'brief.yaml/model'], /part of the path is not a folder/],
    [
      'two grids',
      ['calm', '--out', 'm'],
      /one model has one grid, but tiny forecasts every 10 s, 1, 5 steps ahead; calm forecasts every 30 s, /,
    ],
    ['too few sequences', ['--sequences', '2', '--out', 'm'], /^--sequences {2}found "2", expected a whole number from 8/],
    ['no such scenario', ['nothing', '--out', 'm'], /neither a file nor a bundled scenario/],
  ])('is refused at once: %s', async (_name, words, says) => {
    const cwd = place();
    const { code, stdout, stderr } = await volpit(['train', 'brief.yaml', ...words, '--quiet'], { cwd });
    expect([code, stdout, readdirSync(cwd)]).toEqual([2, '', ['brief.yaml']]);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.concurrent('Ctrl-C while it measures or makes data ends it soon, with nothing written', async () => {
    const cwd = place();
    const { code, stderr, millis } = await volpit(['train', 'vol-regimes', '--sequences', '100000', '--out', 'm', '--quiet'], {
      cwd,
      kill: { signal: 'SIGINT', afterMillis: 6000 },
    });
    expect([code, stderr, readdirSync(cwd)]).toEqual([130, 'volpit: interrupted\n', ['brief.yaml']]);
    expect(millis).toBeLessThan(20_000);
  });

  test.concurrent.each(['student', 'quantile'])('with the head %s, a run accepts the model', async (head) => {
    const cwd = place();
    const words = [...SMALL, '--head', head, '--recurrent-dropout', '0.1', '--schedule', 'plateau', '--quiet'];
    expect((await volpit(['train', 'brief.yaml', ...words, '--out', 'm'], { cwd })).code).toBe(0);
    expect(readModelFolder(join(cwd, 'm')).card).toMatchObject({ head, members: [{ seed: '1/2' }], extras: { metrics: [{}, {}] } });
    const run = await volpit(['run', 'tiny', '--set', 'agents.maker.forecaster=lstm', '--model', 'm', '--json', '--quiet'], { cwd });
    expect(JSON.parse(run.stdout)).toMatchObject({ forecast: { kind: 'lstm' } });
  });

  test.concurrent('goes on where it was interrupted, to the same bytes; data come from the cache', async () => {
    const cwd = place();
    const train = (out: string, ...more: readonly string[]) => volpit(['train', 'brief.yaml', ...LONG, '--out', out, ...more], { cwd });
    const whole = await train('whole');
    expect(whole.code).toBe(0);
    const child = spawn(process.execPath, [CLI, 'train', 'brief.yaml', ...LONG, '--out', 'm', '--quiet'], { cwd, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(join(cwd, 'm', 'checkpoint-1.bin'))) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const refused = await train('m');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/exists already|add --resume to go on/)]);
    const other = await train('m', '--resume', '--l2', '0.1');
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('other data or options')]);
    const resumed = await train('m', '--resume');
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('data taken from c')]);
    for (const file of ['weights.bin', 'weights-2.bin'])
      expect(readFileSync(join(cwd, 'm', file))).toEqual(readFileSync(join(cwd, 'whole', file)));
    expect(readdirSync(join(cwd, 'm')).sort()).toEqual(FILES);
    expect((await train('m', '--resume')).stderr).toMatch(/holds no checkpoint/);
  });

  test.concurrent('Ctrl-C while it trains keeps the best weights so far, and ends with 130', async () => {
    const cwd = place();
    const words = [
      'brief.yaml',
      '--sequences',
      '8',
      '--steps',
      '32',
      '--units',
      '2',
      '--epochs',
      '1000',
      '--patience',
      '1000',
      '--backend',
      'cpu',
    ];
    const child = spawn(process.execPath, [CLI, 'train', ...words, '--out', 'm'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(join(cwd, 'm', 'checkpoint-1.bin'))) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    const code = await ended;
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([130, 'written to m']);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toMatch(/ended by stop/);
    expect(existsSync(join(cwd, 'm', 'card.json'))).toBe(true);
    expect(readModelFolder(join(cwd, 'm')).card.training.epochs).toBeLessThan(1000);
  });
});
