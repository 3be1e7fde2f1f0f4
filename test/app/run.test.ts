import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { volpit } from '../support/run-cli.ts';
import { finished, tinyScenario } from '../support/tiny.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

type Json = Record<string, unknown>;

const FORBIDDEN = fileURLToPath(new URL('../support/forbid-tensorflow.mjs', import.meta.url));
const env = { NODE_OPTIONS: `--import ${FORBIDDEN}` };
const SHORT = ['--set', 'duration=6 min'];

describe('run', () => {
  test.concurrent('--json holds the contract, and the run that the library makes', async () => {
    const { code, stdout, stderr } = await volpit(['run', 'tiny', '--seed', '3', '--json', '--quiet']);
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(stdout) as Json;
    const keys = [
      'scenario',
      'seed',
      'traceHash',
      'events',
      'simulatedSeconds',
      'wallSeconds',
      'eventsPerSecond',
      'agents',
      'forecast',
      'market',
    ];
    expect(Object.keys(document)).toEqual(expect.arrayContaining(['schema', 'version', ...keys]));
    expect(document).toMatchObject({ schema: 'volpit.run/1', scenario: 'tiny', seed: '3', simulatedSeconds: 300 });
    const agentKeys = [
      'name',
      'kind',
      'pnl',
      'fees',
      'fills',
      'volume',
      'maxDrawdown',
      'position',
      'limits',
      'markouts',
      'adverseSelection',
    ];
    for (const agent of document['agents'] as Json[]) {
      expect(Object.keys(agent)).toEqual(expect.arrayContaining(agentKeys));
      expect(Object.keys(agent['pnl'] as Json)).toEqual(expect.arrayContaining(['total', 'byCause', 'residual']));
      expect(Object.keys(agent['position'] as Json)).toEqual(expect.arrayContaining(['delta', 'gamma', 'vega', 'theta']));
    }
    const forecast = document['forecast'] as Json;
    expect(Object.keys(forecast)).toEqual(expect.arrayContaining(['kind', 'horizonSeconds', 'samples', 'r2VsRandomWalk', 'coverage80']));
    expect(Object.keys((forecast['r2VsRandomWalk'] as Json)['byFactor'] as Json)).toEqual(['level', 'slope', 'skew', 'curvature']);
    expect(Object.keys(document['detail'] as Json)).toEqual(['markouts', 'series', 'expiries']);
    const sim = finished(tinyScenario(), '3');
    expect([document['traceHash'], document['events']]).toEqual([sim.trace.hash(), sim.kernel.events]);
  });

  test.concurrent('with a trained model never loads TensorFlow.js', async () => {
    const { code, stdout, stderr } = await volpit(['run', 'calm', ...SHORT, '--json', '--quiet'], { env });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ forecast: { kind: 'lstm' } });
  });

  test.concurrent('the check for that would notice', async () => {
    const words = ['train', 'tiny', '--sequences', '8', '--steps', '32', '--units', '1', '--backend', 'cpu', '--out', 'unused'];
    const { code, stderr } = await volpit([...words, '--quiet'], { env, cwd: fileURLToPath(new URL('..', import.meta.url)) });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/TensorFlow\.js was loaded/);
  });

  test.concurrent('a seed gives one run, text and JSON alike, and another seed another', async () => {
    const words = ['run', 'tiny', '--set', 'duration=3 min', '--quiet'];
    const [text, json, other] = await Promise.all([
      volpit([...words, '--headless']),
      volpit([...words, '--json']),
      volpit([...words, '--json', '--seed', 'x']),
    ]);
    const { traceHash, events } = JSON.parse(json.stdout) as Json;
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe(`trace ${String(traceHash)}`);
    expect(text.stdout).toContain(`180 s simulated, ${String(events)} events`);
    expect((JSON.parse(other.stdout) as Json)['traceHash']).not.toBe(traceHash);
  });

  test.concurrent('--markouts chooses what the text puts them together by, and refuses what it does not know', async () => {
    const words = ['run', 'tiny', '--set', 'duration=3 min', '--quiet', '--headless', '--markouts'];
    const [expiry, wrong] = await Promise.all([volpit([...words, 'expiry']), volpit([...words, 'strike'])]);
    expect(expiry.stdout).toMatch(/^expiry +fills +contracts +capture +1 s +10 s +60 s +300 s +1800 s$/m);
    expect(expiry.stdout).toMatch(/^7d +\d+/m);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/--markouts +found .?strike.?, expected counterparty or series or expiry or regime or side/);
  });

  test.concurrent('SIGINT ends it with 130, and prints no half of a document', async () => {
    const { code, stdout, stderr, millis } = await volpit(['run', 'calm', '--set', 'duration=20 d', '--json', '--quiet'], {
      kill: { signal: 'SIGINT', afterMillis: 6000 },
    });
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toBe('volpit: interrupted\n');
    expect(millis).toBeLessThan(20_000);
  });
});
