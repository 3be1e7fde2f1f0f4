import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** The layer table of docs/architecture.md: a folder imports from itself and from the folders named here. */
const CORE = ['core'];
const MARKET = [...CORE, 'market'];
const PRICED = [...MARKET, 'pricing'];
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  config: CORE,
  market: CORE,
  kernel: CORE,
  pricing: MARKET,
  exchange: [...MARKET, 'kernel'],
  ledger: PRICED,
  processes: [...PRICED, 'config'],
  forecast: PRICED,
  risk: PRICED,
  agents: [...PRICED, 'config', 'forecast', 'risk'],
  calibration: [...PRICED, 'processes'],
  scenario: [...PRICED, 'config', 'kernel', 'exchange', 'ledger', 'processes', 'forecast', 'agents', 'risk', 'calibration'],
  sim: [...PRICED, 'config', 'kernel', 'exchange', 'ledger', 'processes', 'forecast', 'agents', 'risk', 'calibration', 'scenario'],
  study: [...PRICED, 'config', 'kernel', 'exchange', 'ledger', 'processes', 'forecast', 'agents', 'risk', 'calibration', 'scenario', 'sim'],
  report: [...PRICED, 'study'],
  data: [...PRICED, 'calibration', 'scenario'],
  replay: [...MARKET, 'kernel', 'exchange', 'ledger', 'scenario', 'data'],
  app: [
    'core',
    'config',
    'market',
    'pricing',
    'kernel',
    'exchange',
    'ledger',
    'processes',
    'forecast',
    'agents',
    'risk',
    'calibration',
    'scenario',
    'sim',
    'study',
    'report',
    'data',
    'replay',
  ],
};

/** Packages from outside, by folder or by file; anything not named here is refused. */
const PACKAGES: Record<string, readonly RegExp[]> = {
  core: [/^seedrandom$/, /^mathjs(\/number)?$/],
  config: [/^zod$/],
  processes: [/^zod$/],
  forecast: [/^zod$/],
  'forecast/lstm/train': [/^zod$/, /^@tensorflow\//, /^node:util$/],
  agents: [/^zod$/],
  scenario: [/^zod$/, /^yaml$/, /^mathjs(\/number)?$/],
  report: [/^node:crypto$/],
  replay: [/^zod$/],
  data: [/^zod$/, /^csv-parse\/sync$/, /^node:/],
  app: [/^node:/, /^ink$/, /^react$/, /^commander$/, /^piscina$/, /^zod$/],
};

/** Only here may a file be asynchronous: simulation never waits (README of the design, ground rule 2). */
const ASYNC = ['app/', 'data/', 'forecast/lstm/train/'];

/**
 * Files that index typed arrays they allocated themselves, and so may write `!` behind an index (decision 21).
 * Each has its reason; all others handle `undefined`.
 */
const INDEX_ASSERTIONS: Record<string, string> = {
  'kernel/event-queue.ts': 'owns the heap and the event slots',
  'exchange/order-index.ts': 'owns the hash table of order ids',
  'exchange/order-pool.ts': 'owns the order slots and their queue links',
  'exchange/price-levels.ts': 'owns the sorted levels',
  'exchange/open-orders.ts': 'owns the lists of orders per agent',
  'sim/known-orders.ts': 'owns the list of orders of a desk',
  'forecast/linear/regressors.ts': 'owns the rings of rows and the row of regressors',
  'forecast/linear/ridge-system.ts': 'owns the matrices of the normal equations',
  'forecast/linear/fit-linear.ts': 'owns the sums of squared errors of the gains',
  'forecast/linear/scale-fit.ts': 'owns the errors of the outputs',
  'forecast/linear/linear-model.ts': 'owns the coefficients and the forecast',
  'forecast/adaptive/recursive-least-squares.ts': 'owns the information matrix and its root',
  'forecast/lstm/cell.ts': 'owns the weights and the state of the streaming cell',
  'forecast/lstm/head.ts': 'owns the weights and the outputs of the linear head',
  'forecast/lstm/train/adam.ts': 'owns the moments of the gradients',
  'forecast/lstm/train/lstm-sequence.ts': 'owns the activations of one pass over a batch',
  'forecast/lstm/lstm-model.ts': 'owns the standardised row and the forecast',
  'pricing/american.ts': 'owns the two columns of the tree',
  'calibration/levenberg-marquardt.ts': 'owns the dense matrices of the normal equations and of the Cholesky factor',
};

const BANNED =
  /\bDate\b|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|Math\.pow|\*\*|\bany\b|\benum\s+\w|process\.|hrtime|\bnamespace\s+\w|@ts-ignore|export default/;

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const files = new Map<string, string>();
collect(SRC);

function collect(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path);
    else if (/\.tsx?$/.test(entry.name)) files.set(relative(SRC, path), readFileSync(path, 'utf8'));
  }
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
const withoutStrings = (text: string): string => text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
const importsOf = (text: string): string[] =>
  [...withoutComments(text).matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? '');
const topFolder = (file: string): string => file.split('/')[0] ?? '';
const inside = (file: string, specifier: string): string => relative(SRC, resolve(SRC, dirname(file), specifier));
const code = (text: string): string => withoutStrings(withoutComments(text));

describe.each([...files])('src/%s', (file, text) => {
  const folder = topFolder(file);
  const isIndex = file === 'index.ts';

  test('imports only from the layers below its own', () => {
    if (isIndex) return;
    const allowed = MAY_IMPORT[folder];
    expect(allowed, `folder ${folder} is not in the layer table`).toBeDefined();
    const wrong = importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => inside(file, specifier))
      .filter((target) => topFolder(target) !== folder && !allowed?.includes(topFolder(target)));
    expect(wrong).toEqual([]);
    expect(importsOf(text).filter((specifier) => inside(file, specifier) === 'index.ts')).toEqual([]);
  });

  test('imports only the packages its room may use', () => {
    const key = Object.keys(PACKAGES)
      .filter((prefix) => file.startsWith(`${prefix}/`))
      .sort((a, b) => b.length - a.length)[0];
    const allowed = key === undefined ? [] : (PACKAGES[key] ?? []);
    const wrong = importsOf(text).filter((s) => !s.startsWith('.') && !allowed.some((pattern) => pattern.test(s)));
    expect(wrong).toEqual([]);
  });

  test('has at most 250 lines', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(250);
  });

  test('has no ambient clock or chance, power operator, `any`, `enum` or default export', () => {
    if (folder === 'app')
      expect(code(text).match(/Math\.random|Math\.pow|\*\*|\bany\b|\benum\s+\w|@ts-ignore|export default/)?.[0]).toBeUndefined();
    else expect(code(text).match(BANNED)?.[0]).toBeUndefined();
  });

  test('is synchronous unless its room may wait', () => {
    if (ASYNC.some((prefix) => file.startsWith(prefix))) return;
    expect(code(text).match(/\basync\b|\bawait\b|\bPromise\b/)?.[0]).toBeUndefined();
  });

  test('asserts indices only where it owns the array', () => {
    if (file in INDEX_ASSERTIONS) return;
    expect(code(text).match(/\]!/)?.[0]).toBeUndefined();
  });
});

test('no import cycle, type imports included', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    if (done.has(file)) return;
    for (const specifier of importsOf(files.get(file) ?? '')) {
      if (specifier.startsWith('.')) visit(inside(file, specifier), [...path, file]);
    }
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
});

test('each index assertion is still needed', () => {
  const idle = Object.keys(INDEX_ASSERTIONS).filter((file) => !code(files.get(file) ?? '').includes(']!'));
  expect(idle).toEqual([]);
});
