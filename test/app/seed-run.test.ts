import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledPath } from '../../src/app/bundled.ts';
import { forecastersFor, loadScenario } from '../../src/app/run-setup.ts';
import { workersOption } from '../../src/app/seed-pool.ts';
import { runSeed, type SeedRun, seedSlices } from '../../src/app/seed-run.ts';
import { InputError } from '../../src/core/assert.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { runReport } from '../../src/study/run-report.ts';
import { finished, tinyScenario } from '../support/tiny.ts';

const SOURCE = bundledPath('scenarios', 'tiny.yaml');
const TASK: SeedRun = { source: SOURCE, text: readFileSync(SOURCE, 'utf8'), changes: [], seed: '4', modelPath: undefined, plugins: [] };

/** A task crosses to a worker and its outcome comes back as structured clones. */
const sent = <T>(value: T): T => structuredClone(value);

describe('one run of a study', () => {
  test('is the run that the same seed gives alone', () => {
    const outcome = sent(runSeed(sent(TASK)));
    const alone = finished(tinyScenario(), '4');
    expect(outcome).toEqual({ kind: 'done', report: runReport(alone), forecasts: alone.records.forecasts.series });
  });

  test('does not depend on what ran before it in the same thread', () => {
    const first = runSeed(TASK);
    for (const seed of ['5', '6']) runSeed({ ...TASK, seed });
    for (let n = 0; n < 9; n += 1)
      runSeed({ ...TASK, changes: [`agents.maker.widthMultiplier=${1 + n / 10}`, 'duration=3 min'], seed: '1' });
    expect(runSeed(TASK)).toEqual(first);
  });

  test('may be made in slices, which yield how far it is', () => {
    const shares: number[] = [];
    const slices = seedSlices(TASK);
    let slice = slices.next();
    for (; slice.done !== true; slice = slices.next()) shares.push(slice.value);
    expect(slice.value).toEqual(runSeed(TASK));
    // 20 of 300 seconds each; the last moment may take one more.
    shares.slice(0, 15).forEach((share, n) => {
      expect(share).toBeCloseTo((n + 1) / 15, 12);
    });
    expect(shares.at(-1)).toBe(1);
  });

  test('takes its changes in order', () => {
    const both = runSeed({ ...TASK, changes: ['agents.maker.forecaster=lstm', 'agents.maker.forecaster=ewma'] });
    expect(both).toMatchObject({ kind: 'done', report: { forecast: { kind: 'ewma' } } });
  });

  test.each<[string, Partial<SeedRun>, RegExp]>([
    ['a scenario', { text: TASK.text.replace('duration: 5 min', 'duration: five') }, /duration/],
    ['a change', { changes: ['agents.maker.nothing=1'] }, /nothing/],
    ['a model', { changes: ['agents.maker.forecaster=lstm'], modelPath: 'no/such/folder' }, /no\/such\/folder/],
    ['a limit of the run', { changes: ['limits.events=100'] }, /limits\.events.*100 events/],
  ])('%s that is at fault comes back as a value with its issues', (_name, changes, says) => {
    const outcome = sent(runSeed({ ...TASK, ...changes }));
    if (outcome.kind !== 'bad-input') throw new Error('it ran');
    expect(new InputError(outcome.source, outcome.issues).message).toMatch(says);
  });
});

describe('forecasters of a scenario', () => {
  test('the trained model is only read where an agent asks for it', () => {
    const { scenario } = loadScenario('tiny', []);
    expect(forecastersFor(scenario, 'no/such/folder').model('rw').kind).toBe('rw');
    const { scenario: trained } = loadScenario('calm', []);
    expect(() => forecastersFor(trained, 'no/such/folder')).toThrow(InputError);
    expect(forecastersFor(trained, undefined).model('lstm').kind).toBe('lstm');
  });

  test('an unknown kind is refused with what there is', () => {
    const { scenario } = loadScenario('tiny', [readOverride('agents.maker.forecaster=garch')]);
    expect(() => forecastersFor(scenario, undefined).model('garch')).toThrow(/no forecaster "garch".*rw, ewma, lstm/);
  });
});

describe('--workers', () => {
  const { read } = workersOption();
  test.each([
    ['1', 1],
    ['12', 12],
    ['256', 256],
  ])('%s', (text, count) => expect(read?.(text, 1)).toBe(count));

  test('auto is one per processor', () => expect(read?.('auto', 1)).toBeGreaterThanOrEqual(1));

  test.each(['0', '257', '-1', '1.5', 'two', '', '1e2', ' 2'])('%j is refused', (text) => {
    expect(() => read?.(text, 1)).toThrow(InputError);
  });
});
