import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluateFrozen } from '../../src/app/frozen-evaluation.ts';
import { ensembleForecasts, type KeptModel, type KeptTask, keptHistory } from '../../src/app/history-kept.ts';
import { readHistoryModel, subjectOf } from '../../src/app/history-model.ts';
import { subjectHistory } from '../../src/app/history-subject.ts';
import { bundledModelPath, readModelFolder } from '../../src/app/model-folder.ts';
import { InputError } from '../../src/core/assert.ts';
import { readColumnMap } from '../../src/data/column-map.ts';
import { parseHistoryCard } from '../../src/forecast/lstm/history-card.ts';
import { HISTORY_PRESETS } from '../../src/study/history/presets.ts';
import { windowOrigins, windowSet } from '../../src/study/history/windows.ts';
import { cboeFile, deribitFile } from '../support/history-files.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SILENT = { update: () => undefined, end: () => undefined };
const { net: full } = HISTORY_PRESETS.cboe;
/** Two nets of two units, one epoch: all that is tested here is independent of how well they forecast. */
const TINY = { ...full, window: 5, units: 2, seedsPerEnsemble: 2, trainingMin: 100, first: { ...full.first, epochs: 1 } };
const TEXT = cboeFile({ rows: 300 });
const LINES = TEXT.trim().split('\n');
const COLUMNS = 'time=date,short=vix,long=vix6m,spot=spy,calm-below=18';
/** Of the 230th row: the training span ends with it. */
const TO = LINES[230]?.slice(0, 10) ?? '';
const [TO_SECONDS, AFTER] = [Date.parse(TO) / 1000 + 86_399, LINES[231]?.slice(0, 10) ?? ''];

const kept = (changes: Partial<KeptTask> = {}): Promise<KeptModel> => {
  const subject = { preset: 'cboe' } as const;
  const task = { source: 'a.csv', text: TEXT, subject, toSeconds: TO_SECONDS, seed: '1', backend: 'cpu', workers: 1, net: TINY } as const;
  return keptHistory({ ...task, command: 'volpit train', version: '0', now: () => 0, ...changes }, SILENT);
};
const written = (files: KeptModel['files']): string => {
  const folder = join(tempFolder(), 'model');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};
const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'not refused';
};
const trained = kept();
const folder = trained.then(({ files }) => written(files));

describe('a model of real history', () => {
  test('forecasts after reading what it forecast in memory, bit for bit, on rows that training never saw', async () => {
    const { card, nets } = await trained;
    const model = await readHistoryModel(await folder);
    const { panel } = subjectHistory('a.csv', TEXT, subjectOf(model.card));
    const origins = windowOrigins(panel, card.window);
    const data = windowSet(panel, origins, card.window, card.features);
    const windows = [...origins.keys()].slice(-60);
    const [memory, disk] = [await ensembleForecasts(nets, data, windows), await ensembleForecasts(model.nets, data, windows)];
    expect(disk).toEqual(memory);
    expect(memory.change.some((value) => value !== 0)).toBe(true);
    expect(new Set(memory.scale).size).toBeGreaterThan(100);
  });

  test('is the same for the same task, and that of a file which ends where training does', async () => {
    const { card, files } = await trained;
    expect((await kept()).files).toEqual(files);
    const short = await kept({ text: LINES.slice(0, 231).join('\n'), toSeconds: Number.POSITIVE_INFINITY });
    expect(short.card.members).toEqual(card.members);
    expect({ ...short.card.data, sha256: '' }).toEqual({ ...card.data, sha256: '' });
    expect((await kept({ seed: '2' })).card.members[0]?.weightsSha256).not.toBe(card.members[0]?.weightsSha256);
  });

  test('has a card that says which part chose the epochs, and how the parts lie', async () => {
    const { card, files } = await trained;
    expect(parseHistoryCard('card.json', String(files['card.json']))).toEqual(card);
    expect(card.data.last.slice(0, 10)).toBe(TO);
    expect(await refusal(() => kept({ toSeconds: TO_SECONDS - 150 * 86_400 }))).toMatch(/has \d+ usable rows.*expected at least/);
    expect(card.metrics.rows.map(({ horizon, model, target }) => `${target} ${horizon} ${model}`)).toContain('vix 5 d lstm');
    for (const { ci95, n, r2VsRandomWalk } of card.metrics.rows) {
      expect(n).toBe(card.split.earlyStopping.windows);
      expect(ci95[0]).toBeLessThan(r2VsRandomWalk);
      expect(ci95[1]).toBeGreaterThan(r2VsRandomWalk);
    }
    // The longest outcome of the training part is known when the other part begins.
    const [gap] = [Date.parse(card.split.earlyStopping.first) - Date.parse(card.split.training.last)];
    expect(gap).toBeGreaterThanOrEqual(7 * 86_400_000);
  });
});

test('a kept model is scored on rows after its training span, and on no others', async () => {
  const model = await readHistoryModel(await folder);
  const asked = { model, file: 'a.csv', text: TEXT, from: undefined, to: undefined };
  const { from, rows } = await evaluateFrozen(asked);
  expect(from.slice(0, 10)).toBe(AFTER);
  const row = rows.find(({ horizonSteps, model: name, target }) => target === 'vix' && horizonSteps === 5 && name === 'lstm');
  expect(row?.n).toBe(300 - 230 - 5);
  expect(row?.r2VsRandomWalk).toHaveProperty('calm');
  expect(rows.map(({ model: name }) => name)).toEqual(expect.arrayContaining(['rw', 'har-x', 'average', 'gate']));
  for (const span of [{ from: TO }, { from: '2015-02-01' }, { to: TO }, { text: LINES.slice(0, 231).join('\n') }])
    expect(await refusal(() => evaluateFrozen({ ...asked, ...span }))).toMatch(
      /asks for rows inside the training span, which ends with 20/,
    );
  expect(await refusal(() => evaluateFrozen({ ...asked, from: '2030-01-01' }))).toMatch(/has no row to forecast/);
  const without = TEXT.replace('vix3m', 'other');
  expect(await refusal(() => evaluateFrozen({ ...asked, text: without }))).toMatch(
    /is no table of the layout cboe: it has no column vix3m/,
  );
});

test('markets refuse a model of history, history one of markets, and both what is damaged', async () => {
  const path = await folder;
  expect(await refusal(() => readModelFolder(path))).toMatch(
    /expected volpit\.model\/2, found volpit\.history-model\/1: a model of real history/,
  );
  expect(await refusal(() => readHistoryModel(bundledModelPath()))).toMatch(/found volpit\.model\/2: a model of simulated markets/);
  const { files } = await trained;
  const damaged = Uint8Array.from(files['weights-2.bin'] as Uint8Array, (byte, i) => (i === 5 ? byte ^ 1 : byte));
  const other = written({ ...files, 'weights-2.bin': damaged });
  expect(await refusal(() => readHistoryModel(other))).toMatch(/weights-2\.bin {2}has SHA-256/);
});

describe('a map of columns', () => {
  test('makes a model of any dated table, which reads the map from its card', async () => {
    const { card, files } = await kept({ subject: { columns: readColumnMap('--columns', COLUMNS) } });
    expect(card).toMatchObject({ preset: null, columns: { time: 'date', spot: 'spy', calmBelow: 0.18, stepSeconds: 86_400 } });
    expect(card.targets.map(({ name }) => name)).toEqual(['short', 'long']);
    const model = await readHistoryModel(written(files));
    const { rows } = await evaluateFrozen({ model, file: 'a.csv', text: TEXT, from: AFTER, to: undefined });
    expect(rows.filter((row) => row.model === 'lstm').map(({ horizon, target }) => `${target} ${horizon}`)).toEqual([
      ...['short 1 row', 'short 5 rows', 'long 1 row', 'long 5 rows'],
    ]);
  });

  test('refuses another set of assets than it was trained with', async () => {
    const columns = readColumnMap('--columns', 'time=timestamp_utc,asset=currency,month=atm_30d');
    const text = deribitFile({ rows: 110 });
    const { files } = await kept({
      text,
      subject: { columns },
      toSeconds: Number.POSITIVE_INFINITY,
      net: { ...TINY, seedsPerEnsemble: 1 },
    });
    const model = await readHistoryModel(written(files));
    const one = deribitFile({ rows: 200 }).replace(/^.*ETH.*\n/gm, '');
    expect(await refusal(() => evaluateFrozen({ model, file: 'b.csv', text: one, from: undefined, to: undefined }))).toMatch(
      /were trained with the assets BTC, ETH, found BTC/,
    );
  });

  test('looks back only', () => {
    const subject = { columns: readColumnMap('--columns', COLUMNS), stepSeconds: 86_400 };
    const all = subjectHistory('a.csv', TEXT, subject).panel;
    const cut = subjectHistory('a.csv', TEXT, subject, TO_SECONDS).panel;
    for (const [i, values] of cut.inputs.entries()) expect([...values]).toEqual([...(all.inputs[i] ?? [])].slice(0, 230));
    expect([...cut.stressed]).toEqual([...all.stressed].slice(0, 230));
  });

  test.each([
    ['vix=VIX', /has no time/],
    ['time=date', /has no vol to forecast/],
    ['time=date,vix', /found "vix"; expected a map like/],
    ['time=date,vix=a,vix=b', /vix is there twice/],
    ['time=date,vix=a,vol=A', /the column A is there twice/],
    ['time=date,slope_7_90=a', /slope_7_90 is no name for a vol/],
    ['time=date,vix=a,calm-below=-2', /calm-below {2}found "-2", expected a vol above 0/],
  ])('%s is refused', async (text, expected) => {
    expect(await refusal(() => readColumnMap('--columns', text))).toMatch(expected);
  });
});

const CSV = join(tempFolder(), 'closes.csv');
writeFileSync(CSV, TEXT);

test.concurrent.each([
  [
    ['train', 'calm', '--data', CSV, '--out', 'x', '--units', '8'],
    /expected either --preset or --columns.*scenarios {2}found calm.*--units {2}is about simulated markets/s,
  ],
  [['evaluate', bundledModelPath(), '--data', CSV], /a model of simulated markets/],
  [['evaluate', 'x', '--data', CSV, '--preset', 'cboe'], /--preset {2}trains anew: expected no model with it/],
] as const)('volpit %j is refused', async (words, expected) => {
  const { code, stderr, stdout } = await volpit(words, { cwd: tempFolder() });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(expected);
});
