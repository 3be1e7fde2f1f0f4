import { describe, expect, test, vi } from 'vitest';
import { volpit } from '../support/run-cli.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

describe('the number of workers changes nothing', () => {
  test.concurrent.each([
    ['compare', ['compare', 'tiny', '--variants', 'rw,narrow', '--seeds', '1..2', '--metric', 'screenPnl']],
    ['evaluate', ['evaluate', '--scenario', 'tiny', '--set', 'world.timeline=[]', '--models', 'ewma', '--seeds', '7,1']],
    ['realism', ['realism', 'tiny', '--seeds', '3,1', '--variant', 'ewma']],
  ])('%s prints the same bytes', async (_name, words) => {
    const [one, two] = await Promise.all(['1', '2'].map((workers) => volpit([...words, '--workers', workers, '--json', '--quiet'])));
    expect([one?.code, one?.stderr, two?.code, two?.stderr]).toEqual([0, '', 0, '']);
    expect(one?.stdout.length).toBeGreaterThan(500);
    expect(two?.stdout).toBe(one?.stdout);
  });
});

describe('a study that cannot be made is refused before any run', () => {
  test.concurrent.each<[string, readonly string[], RegExp]>([
    ['one seed', ['compare', 'tiny', '--variants', 'rw,ewma', '--seeds', '4'], /^--seeds {2}found 1 seed, expected at least 2\n$/],
    ['a seed twice', ['compare', 'tiny', '--variants', 'rw,ewma', '--seeds', '1..3,2'], /^--seeds {2}found the seed 2 twice/],
    ['a variant twice', ['compare', 'tiny', '--variants', 'rw,ewma,rw', '--seeds', '1..2'], /^--variants {2}names rw twice\n$/],
    ['one variant', ['compare', 'tiny', '--variants', 'rw', '--seeds', '1..2'], /^--variants {2}found "rw", expected two or more/],
    ['an empty name', ['compare', 'tiny', '--variants', 'rw,', '--seeds', '1..2'], /^--variants {2}found "rw,"/],
    [
      'an unknown variant',
      ['compare', 'tiny', '--variants', 'rw,garch', '--seeds', '1..2'],
      /^--variants {2}garch {2}is not a variant of tiny/,
    ],
    ['no such metric', ['compare', 'tiny', '--metric', 'money'], /^--metric {2}found "money", expected pnl or /],
    ['no such model', ['evaluate', 'no/such/model', '--seeds', '1..2'], /no\/such\/model/],
    [
      'a model that does not fit',
      ['evaluate', '--scenario', 'tiny', '--seeds', '1..2', '--workers', '2'],
      /the lstm model has 30, the scenario 10/,
    ],
    ['no workers', ['evaluate', '--scenario', 'tiny', '--workers', '0'], /^--workers {2}found "0", expected auto or a whole number/],
  ])('%s', async (_name, words, says) => {
    const { code, stdout, stderr } = await volpit([...words, '--quiet']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test.concurrent('a random walk has no skill over itself, in text', async () => {
  const { code, stdout } = await volpit([
    'evaluate',
    '--scenario',
    'tiny',
    '--forecaster',
    'rw',
    '--seeds',
    '1..2',
    '--workers',
    '1',
    '--quiet',
  ]);
  expect(code).toBe(0);
  expect(stdout.split('\n')[0]).toBe('rw on tiny, 2 seeds, full books; R2 against the random walk');
  expect(stdout.match(/^(level|slope|skew|curvature) .* 0\.0000 +\[0\.0000, 0\.0000\]/gm)).toHaveLength(8);
});

test.concurrent.each(['1', '2'])('SIGINT with %s workers ends a study with 130, and nothing is left running', async (workers) => {
  const words = ['compare', 'tiny', '--set', 'duration=3 d', '--variants', 'rw,ewma', '--seeds', '1..40', '--workers', workers, '--quiet'];
  const { code, stdout, stderr, millis } = await volpit(words, { kill: { signal: 'SIGINT', afterMillis: 6000 } });
  expect([code, stdout, stderr]).toEqual([130, '', 'volpit: interrupted\n']);
  // Each run takes a minute or more; none is waited for.
  expect(millis).toBeLessThan(20_000);
});
