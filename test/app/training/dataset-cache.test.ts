import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachedDataset, datasetKey, keepDataset } from '../../../src/app/training/dataset-cache.ts';
import type { SequencesWanted } from '../../../src/app/training/make-sequences.ts';
import type { TrainingSequences } from '../../../src/forecast/lstm/sequences.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const OBSERVATION = { persistence: [0.5], lag: [0.5], noiseSd: [0.1], errorSd: [0.1], printRatio: 1, printContracts: 5, steps: 9 };
const WANTED: SequencesWanted = {
  sources: [{ source: 'a.yaml', text: 'name: a', changes: [], observation: OBSERVATION }],
  seed: '1',
  count: 2,
  steps: 3,
  origin: 'worlds',
};
const KEY = datasetKey(WANTED, '0.1.0');
const DATA: TrainingSequences = {
  features: ['x', 'y'],
  factors: ['level'],
  horizonsSeconds: [30],
  stepSeconds: 30,
  steps: 3,
  count: 2,
  rows: Float32Array.from({ length: 12 }, (_, i) => i / 7),
  targets: Float32Array.from({ length: 6 }, (_, i) => (i === 4 ? Number.NaN : -i)),
  extras: { variance: new Float32Array(6).fill(0.3), shock: Float32Array.of(0, 1, 0, 0, 1, 1), shockMeaning: 'a test' },
};

test('data come back as they were kept, and only under their own key', () => {
  const folder = join(tempFolder(), 'new', 'cache');
  const said: string[] = [];
  const say = (message: string): number => said.push(message);
  expect(cachedDataset(folder, KEY, say)).toBeUndefined();
  keepDataset(folder, KEY, DATA);
  expect(cachedDataset(folder, KEY, say)).toEqual(DATA);
  expect(cachedDataset(folder, datasetKey({ ...WANTED, seed: '2' }, '0.1.0'), say)).toBeUndefined();
  expect(said).toEqual([]);
});

test('the key depends on all that the data depend on', () => {
  const [source] = WANTED.sources;
  const others = [
    { ...WANTED, seed: '2' },
    { ...WANTED, count: 3 },
    { ...WANTED, steps: 4 },
    { ...WANTED, origin: 'books' },
    { ...WANTED, sources: [{ ...source, text: 'name: b' }] },
    { ...WANTED, sources: [{ ...source, observation: { ...OBSERVATION, printRatio: 1.1 } }] },
  ] as (typeof WANTED)[];
  const keys = [KEY, datasetKey(WANTED, '0.2.0'), ...others.map((other) => datasetKey(other, '0.1.0'))];
  expect(new Set(keys).size).toBe(keys.length);
});

test('a damaged file is told of, and counts as none', () => {
  const folder = tempFolder();
  keepDataset(folder, KEY, DATA);
  const [file = ''] = readdirSync(folder);
  const sound = readFileSync(join(folder, file));
  for (const damage of [
    (bytes: Buffer) => bytes.fill(7, bytes.length - 4),
    (bytes: Buffer) => bytes.fill(0x20, 0, 40),
    (bytes: Buffer) => bytes.subarray(0, bytes.length - 8),
    () => Buffer.alloc(0),
  ]) {
    writeFileSync(join(folder, file), damage(Buffer.from(sound)));
    const said: string[] = [];
    expect(cachedDataset(folder, KEY, (message) => said.push(message))).toBeUndefined();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/\.dataset cannot be used .*: the data are made again$/);
  }
});
