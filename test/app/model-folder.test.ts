import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { bundledModelPath, readModelFolder, sha256 } from '../../src/app/model-folder.ts';
import { InputError } from '../../src/core/assert.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

type Json = Record<string, unknown>;

/** A copy of the bundled model that a test may damage. */
function copy(): string {
  const folder = join(tempFolder(), 'model');
  cpSync(bundledModelPath(), folder, { recursive: true });
  return folder;
}

const jsonOf = (path: string): Json => JSON.parse(readFileSync(path, 'utf8')) as Json;

/** Changes a JSON file of the model, and the card's hash with it unless the card is the file. */
function edit(folder: string, file: string, change: (document: Json) => void): void {
  const document = jsonOf(join(folder, file));
  change(document);
  writeFileSync(join(folder, file), JSON.stringify(document));
  if (file === 'model.json') rehash(folder);
}

/** Makes the card speak of the files that lie there: a deliberate forgery. */
function rehash(folder: string): void {
  edit(folder, 'card.json', (card) => {
    card['modelSha256'] = sha256(readFileSync(join(folder, 'model.json')));
    card['weightsSha256'] = sha256(readFileSync(join(folder, 'weights.bin')));
  });
}

const weights = (folder: string): string => join(folder, 'weights.bin');
const LENGTH = readFileSync(weights(bundledModelPath())).length;

function setFloat(folder: string, at: number, value: number): void {
  const bytes = readFileSync(weights(folder));
  bytes.writeFloatLE(value, at);
  writeFileSync(weights(folder), bytes);
  rehash(folder);
}

function refusal(folder: string): InputError {
  try {
    readModelFolder(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('it was not refused');
}

test('the bundled model is whole, and so is a copy', () => {
  for (const folder of [bundledModelPath(), bundledModelPath('index'), copy()]) {
    const { model, card } = readModelFolder(folder);
    expect([model.kind, model.stepSeconds]).toEqual(['lstm', card.stepSeconds]);
    expect(model.horizonsSeconds).toEqual(card.horizonsSeconds);
  }
});

const FAULTS: readonly (readonly [name: string, damage: (folder: string) => void, file: string, says: RegExp])[] = [
  ['no folder', (folder) => rmSync(folder, { recursive: true }), 'model.json', /does not exist|no such file/i],
  ['no model file', (folder) => rmSync(join(folder, 'model.json')), 'model.json', /does not exist|no such file/i],
  ['no card', (folder) => rmSync(join(folder, 'card.json')), 'card.json', /does not exist|no such file/i],
  ['no weights', (folder) => rmSync(weights(folder)), 'weights.bin', /does not exist|no such file/i],
  ['a file for a folder', fileInstead, 'model.json', /folder|does not exist|not a/i],
  ['a folder for weights', folderInstead, 'weights.bin', /folder|directory/],
  ['weights of no length', (folder) => truncateSync(weights(folder), 0), 'weights.bin', /SHA-256/],
  ['one byte of weights', (folder) => truncateSync(weights(folder), 1), 'weights.bin', /SHA-256/],
  ['half of the weights', (folder) => truncateSync(weights(folder), LENGTH / 2), 'weights.bin', /SHA-256/],
  ['all weights but a byte', (folder) => truncateSync(weights(folder), LENGTH - 1), 'weights.bin', /SHA-256/],
  ['all weights but a float, hash corrected', (folder) => forged(folder, LENGTH - 4), 'model.json', /weights\.bin.*cut off/],
  ['weights too many, hash corrected', (folder) => forged(folder, LENGTH + 4), 'model.json', /left over/],
  [
    'weights that are not numbers, hash corrected',
    (folder) => setFloat(folder, 400, Number.NaN),
    'model.json',
    /finite weights, found NaN at lstm\/kernel\[100\]/,
  ],
  [
    'endless weights, hash corrected',
    (folder) => setFloat(folder, LENGTH - 4, Number.NEGATIVE_INFINITY),
    'model.json',
    /finite.*-Infinity at head\/bias/,
  ],
  ['foreign JSON for a model', foreign, 'model.json', /layers-model/],
  ['no JSON for a model', (folder) => writeFileSync(join(folder, 'model.json'), 'hello'), 'model.json', /JSON/],
  ['foreign JSON for a card', (folder) => writeFileSync(join(folder, 'card.json'), '[1, 2]'), 'card.json', /volpit\.model\/2, found none/],
  ['no JSON for a card', (folder) => writeFileSync(join(folder, 'card.json'), '{'), 'card.json', /JSON/],
  [
    'a card of another version',
    (folder) => setCard(folder, 'format', 'volpit.model/1'),
    'card.json',
    /expected volpit\.model\/2, found "volpit\.model\/1".*not a model of this version/,
  ],
  ['no second member', (folder) => rmSync(join(folder, 'model-2.json')), 'model-2.json', /does not exist|no such file/i],
  ['a second member of another hash', (folder) => truncateSync(join(folder, 'weights-2.bin'), 8), 'weights-2.bin', /SHA-256/],
  ['a card with something new', (folder) => setCard(folder, 'extra', 1), 'card.json', /extra/],
  ['a card of other units', (folder) => setCard(folder, 'units', 8), 'model.json', /units.*expected 8 as the model card says/],
  ['an activation that volpit does not compute', (folder) => edit(folder, 'model.json', relu), 'model.json', /activation/],
  ['weights outside of the folder', (folder) => edit(folder, 'model.json', outside), 'model.json', /relative path without \.\./],
];

function fileInstead(folder: string): void {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'x');
}

function folderInstead(folder: string): void {
  rmSync(weights(folder));
  mkdirSync(weights(folder));
}

/** Weights of another length, with a card that says so. */
function forged(folder: string, length: number): void {
  truncateSync(weights(folder), length);
  rehash(folder);
}

function foreign(folder: string): void {
  writeFileSync(join(folder, 'model.json'), '{"hello":1}');
  rehash(folder);
}

function setCard(folder: string, key: string, value: unknown): void {
  edit(folder, 'card.json', (card) => {
    card[key] = value;
  });
}

function relu(model: Json): void {
  const text = JSON.stringify(model).replace('"activation":"tanh"', '"activation":"relu"');
  Object.assign(model, JSON.parse(text));
}

function outside(model: Json): void {
  const [manifest] = model['weightsManifest'] as { paths: string[] }[];
  if (manifest !== undefined) manifest.paths = ['../../weights.bin'];
}

describe('a damaged model is refused, with its file and what is wrong', () => {
  test.each(FAULTS)('%s', (_name, damage, file, says) => {
    const folder = copy();
    damage(folder);
    const error = refusal(folder);
    expect(error.source).toBe(join(folder, file));
    expect(error.message).toMatch(says);
  });

  test('any flipped bit, in any of its files', () => {
    const folder = copy();
    for (const file of ['weights.bin', 'model.json']) {
      const sound = readFileSync(join(folder, file));
      for (const share of [0, 0.13, 0.37, 0.61, 0.89, 0.999]) {
        const bytes = Buffer.from(sound);
        const at = Math.floor(share * sound.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 7));
        writeFileSync(join(folder, file), bytes);
        expect(() => readModelFolder(folder), `${file} byte ${at}`).toThrow(InputError);
      }
      writeFileSync(join(folder, file), sound);
    }
    expect(() => readModelFolder(folder)).not.toThrow();
  });
});

describe('through the command line: exit code 2, one message, no stack', () => {
  const through = FAULTS.filter(([name]) =>
    /^(no folder|half of|a card of another version|weights that are not numbers|foreign JSON for a model)/.test(name),
  );

  test.concurrent.each(through)('%s', async (_name, damage, file, says) => {
    const folder = copy();
    damage(folder);
    const { code, stdout, stderr } = await volpit(['run', 'calm', '--set', 'duration=1 min', '--model', folder, '--json']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(file);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });

  test.concurrent('a model of another grid than the scenario’s', async () => {
    const { code, stdout, stderr } = await volpit(['run', 'tiny', '--set', 'agents.maker.forecaster=lstm']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/model lstm {2}stepSeconds {2}the lstm model has 30, the scenario 10\n/);
    expect(stderr).toMatch(/horizons/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
