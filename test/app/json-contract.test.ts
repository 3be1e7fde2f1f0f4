import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { replayFiles } from '../support/replay-files.ts';
import { volpit } from '../support/run-cli.ts';

type Document = Record<string, unknown>;

const published = (name: string): object =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url)), 'utf8')) as object;

/** Looks for faults that the published schema finds in a document. */
function inspector(name: string): (document: unknown) => string[] {
  const check = new Ajv({ allErrors: true, strict: false }).compile(published(name));
  return (document) => (check(document) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`));
}

/** Every value in a document that is a JSON object, with its path: what `additionalProperties: false` must hold for. */
function objectsIn(value: unknown, path = ''): (readonly [path: string, object: Document])[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) => objectsIn(item, `${path}/${key}`));
  return Array.isArray(value) ? inside : [[path, value as Document], ...inside];
}

const flow = replayFiles();

const RUNS: readonly (readonly [schema: string, words: readonly string[]])[] = [
  ['run', ['run', 'tiny']],
  ['run', ['demo', '--seed', '0']],
  [
    'compare',
    [
      'compare',
      'tiny',
      '--variants',
      'rw,ewma,narrow',
      '--gap',
      'rw,narrow',
      '--metric',
      'fills,riskAdjusted',
      '--seeds',
      '1..4',
      '--workers',
      '1',
    ],
  ],
  ['evaluate', ['evaluate', '--models', 'ewma', '--scenario', 'tiny', '--set', 'world.timeline=[]', '--seeds', '1..2', '--workers', '1']],
  [
    'evaluate',
    [
      ...['evaluate', '--scenario', 'calm', '--models', 'linear,lstm,filter,state', '--set', 'duration=20 min', '--seeds', '3..4'],
      ...['--fit-runs', '8', '--fit-worlds', '20', '--workers', '1'],
    ],
  ],
  ['explain', ['explain', 'tiny', '--at', '90', '--series', 'BTC-30d-70000-C']],
  ['realism', ['realism', 'tiny', '--seeds', '1..2', '--workers', '1']],
  ['predictability', ['predictability', 'calm', '--set', 'duration=30 min', '--seeds', '1..4', '--fast']],
  ['predictability', ['predictability', 'tiny', '--seeds', '1..3', '--fast', '--half-life', '0.5', '--all-factors']],
  ['realism', ['realism', 'tiny', '--seeds', '1', '--variant', 'rw', '--against', flow.messages, '--against', flow.book]],
  ['train', ['train', 'tiny', '--measure-only']],
  ['stress', ['stress', 'market-maker-book']],
  ['price', ['price', '--spot', '100', '--strike', '105', '--days', '30', '--vol', '0.2', '--rate', '0.04']],
  ['price', ['price', '--forward', '100', '--strike', '105', '--days', '0', '--vol', '0.2', '--right', 'put']],
  ['price', ['price', '--forward', '70000', '--strike', '83000', '--days', '8', '--vol', '0.6', '--inverse']],
  ['iv', ['iv', '--spot', '100', '--strike', '105', '--days', '30', '--right', 'call', '--price', '0.97']],
  ['iv', ['iv', '--spot', '100', '--strike', '105', '--days', '30', '--right', 'call', '--price', '-1']],
  ['replay', ['replay', 'lobster', flow.messages, '--book', flow.book]],
  ['replay', ['replay', 'bitstamp-l3', flow.orders]],
];

test.concurrent.each(RUNS)('%s.schema.json describes what volpit %j --json prints', async (name, words) => {
  const { code, stdout, stderr } = await volpit([...words, '--json', '--quiet']);
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout) as Document;
  expect(document['schema']).toBe(`volpit.${name}/1`);
  const faults = inspector(name);
  expect(faults(document)).toEqual([]);
  // The schema is as strict as it reads: no object of the document takes a field that is not described.
  for (const [path, object] of objectsIn(document)) {
    object['unheardOf'] = 1;
    expect([path, faults(document)]).not.toEqual([path, []]);
    delete object['unheardOf'];
  }
});

test('a run has the fields that its readers rely on', () => {
  const { properties, required } = published('run') as { properties: Document; required: string[] };
  const promised = [
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
  expect(required).toEqual(expect.arrayContaining(promised));
  for (const key of required) expect(properties).toHaveProperty(key);
});

test.each([
  'run',
  'compare',
  'evaluate',
  'realism',
  'predictability',
  'train',
  'train-history',
  'stress',
  'price',
  'iv',
  'replay',
  'replay-log',
  'log',
])('every field of %s.schema.json is described', (name) => {
  const undescribed: string[] = [];
  const walk = (schema: Document, path: string): void => {
    for (const [key, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Document>)) {
      if (property['description'] === undefined && property['properties'] === undefined) undescribed.push(`${path}/${key}`);
      walk(property, `${path}/${key}`);
    }
    const { items } = schema;
    if (typeof items === 'object' && items !== null && !Array.isArray(items)) walk(items as Document, `${path}/[]`);
  };
  walk(published(name) as Document, '');
  expect(undescribed).toEqual([]);
});
