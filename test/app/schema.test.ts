import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundledPath, bundledScenarios } from '../../src/app/bundled.ts';
import { volpit } from '../support/run-cli.ts';

const committed = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url)), 'utf8');

const compiled = new Map<string, ValidateFunction>();

/** The published schema as a check. Compiling that of scenarios takes half a second: each is compiled once. */
function checkOf(name: string): ValidateFunction {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const made = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(committed(name)) as object);
  compiled.set(name, made);
  return made;
}

/** Faults that the published schema finds in a document. */
function faults(name: string, document: unknown): string[] {
  const check = checkOf(name);
  check(document);
  return (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

test('docs/schemas/scenario.schema.json is what `volpit schema` prints', async () => {
  const { code, stdout } = await volpit(['schema']);
  expect(code).toBe(0);
  expect(committed('scenario'), 'run: volpit schema --out docs/schemas/scenario.schema.json --force').toBe(stdout);
});

test('every bundled scenario obeys the schema, and a misspelt one does not', () => {
  for (const name of bundledScenarios()) {
    const document = parse(readFileSync(bundledPath('scenarios', `${name}.yaml`), 'utf8')) as Record<string, unknown>;
    expect([name, faults('scenario', document)]).toEqual([name, []]);
    expect(faults('scenario', { ...document, wrold: {} })).not.toEqual([]);
    expect(faults('scenario', { ...document, duration: '2 bananas' })).not.toEqual([]);
  }
});

describe('the schema of a file that extends another', () => {
  const head = { extends: 'calm', name: 'mine', question: 'Does it fit?' };

  test.each([
    ['nothing but its name and question', {}],
    [
      'a part of a mapping',
      { market: { fees: { option: { delivery: 0 } } }, world: { surface: { skew: -0.1 }, regimes: { calm: { spot: { kappa: 3 } } } } },
    ],
    ['a part of an agent', { agents: { maker: { forecaster: 'rw' }, rivals: { latency: { orderMillis: { lognormal: { sigma: 1 } } } } } }],
    ['null where a field goes', { agents: { insider: null }, market: { priceBand: null }, variants: null }],
    ['whole lists', { market: { expiries: [{ days: 1, strikes: [70000] }] }, world: { timeline: [{ at: '1 min' }] } }],
  ])('lets it say %s', (_, fields) => {
    expect(faults('scenario', { ...head, ...fields })).toEqual([]);
    // A file that extends nothing says all.
    expect(faults('scenario', { name: 'mine', question: 'Does it fit?', ...fields })).not.toEqual([]);
  });

  test.each([
    ['without a name', { name: undefined }],
    ['without a question', { question: undefined }],
    ['with null for its name', { name: null }],
    ['that extends a number', { extends: 5 }],
    ['with a key that is misspelt', { market: { fees: { optoin: {} } } }],
    ['with a value of the wrong kind', { world: { surface: { atmVol: '2 bananas' } } }],
    ['with a field that no agent has', { agents: { maker: { forcaster: 'rw' } } }],
    ['with part of an entry of a list', { market: { expiries: [{ days: 1 }] } }],
  ])('refuses one %s', (_, fields) => {
    expect(faults('scenario', JSON.parse(JSON.stringify({ ...head, ...fields })))).not.toEqual([]);
  });
});

test.each([
  ['validate', ['validate', 'calm', 'no-such', '--json']],
  ['scenarios', ['scenarios', '--json']],
  ['doctor', ['doctor', '--json']],
  ['stress', ['stress', 'short-strangle', '--json']],
])('volpit %s --json obeys its published schema', async (name, words) => {
  const { stdout, stderr } = await volpit(words);
  expect(stderr).toBe('');
  expect(faults(name, JSON.parse(stdout))).toEqual([]);
});

test('doctor names every backend, with the reason where one does not work', async () => {
  const { code, stdout } = await volpit(['doctor', '--json']);
  const { backends } = JSON.parse(stdout) as { backends: { name: string; works: boolean; reason: string }[] };
  expect(code).toBe(0);
  expect(backends.map(({ name }) => name)).toEqual(['node', 'wasm', 'cpu']);
  expect(backends.find(({ name }) => name === 'cpu')?.works).toBe(true);
  for (const { works, reason } of backends) expect(reason).toMatch(works ? /^works$/ : /\w{3}/);
});
