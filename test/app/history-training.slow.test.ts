import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { cboeFile, dvolFile } from '../support/history-files.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const faults = (schema: string, document: unknown): unknown => {
  const path = fileURLToPath(new URL(`../../docs/schemas/${schema}.schema.json`, import.meta.url));
  const check = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync(path, 'utf8')) as object);
  return check(document) ? [] : check.errors;
};

const asked = async (cwd: string, ...words: string[]): Promise<Record<string, unknown>> => {
  const { code, stderr, stdout } = await volpit([...words, '--json', '--quiet'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
};

test('trains, keeps and scores nets from the command line; the same bytes with one worker and with two', async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'closes.csv'), cboeFile({ rows: 400, pull: 0.15 }));
  const train = ['train', '--data', 'closes.csv', '--preset', 'cboe', '--to', '2016-05-31'];
  const one = await asked(cwd, ...train, '--out', 'one', '--workers', '1');
  await asked(cwd, ...train, '--out', 'two', '--workers', '2');
  expect(faults('train-history', one)).toEqual([]);
  for (const file of ['model.json', 'weights.bin', 'model-3.json', 'weights-3.bin'])
    expect(readFileSync(join(cwd, 'two', file)).equals(readFileSync(join(cwd, 'one', file)))).toBe(true);
  const score = await asked(cwd, 'evaluate', 'one', '--data', 'closes.csv', '--from', '2016-06-01');
  expect(faults('evaluate-history', score)).toEqual([]);
  expect(score).toMatchObject({ preset: 'cboe', from: '2016-06-01T23:59:59.000Z', model: { trainedTo: '2016-05-31T23:59:59.000Z' } });
  const told = await volpit(['evaluate', 'one', '--data', 'closes.csv'], { cwd });
  expect([told.code, told.stdout]).toEqual([0, expect.stringContaining('Kept nets, trained up to 2016-05-31 and not since')]);
  const market = await volpit(['evaluate', 'one', '--scenario', 'tiny', '--seeds', '1..2'], { cwd });
  expect([market.code, market.stderr]).toEqual([
    2,
    expect.stringContaining('a model of real history, which forecasts no simulated market'),
  ]);
});

test('a day of training ends before midnight, so that hourly rows of the next day are a test', async () => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'hours.csv'), dvolFile({ rows: 2000 }));
  const { card } = await asked(cwd, 'train', '--data', 'hours.csv', '--preset', 'dvol', '--to', '2022-03-10', '--out', 'hourly');
  expect(card).toMatchObject({ data: { last: '2022-03-10T23:00:00.000Z' } });
  const columns = 'time=timestamp_ms,close=dvol_close,low=dvol_low';
  await asked(cwd, 'train', '--data', 'hours.csv', '--columns', columns, '--to', '2022-03-10', '--out', 'mapped');
  for (const model of ['hourly', 'mapped']) {
    const score = await asked(cwd, 'evaluate', model, '--data', 'hours.csv', '--from', '2022-03-11');
    expect(faults('evaluate-history', score)).toEqual([]);
    expect(score['from']).toBe('2022-03-11T00:00:00.000Z');
  }
});
