import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InputError } from '../../src/core/assert.ts';
import { formatInputError, parseWith } from '../../src/scenario/parse-with.ts';
import { editDistance, suggestion } from '../../src/scenario/suggestion.ts';
import { readYaml } from '../../src/scenario/yaml-source.ts';

const maker = z.strictObject({
  kind: z.literal('maker'),
  limits: z.strictObject({ vega: z.number().gt(0), delta: z.number().gt(0).default(5) }),
  latencyMillis: z.number().min(0).default(1),
});
const informed = z.strictObject({ kind: z.literal('informed'), edgeVol: z.number().gt(0).lt(1).optional() });
const forecast = z.union([
  z.strictObject({ source: z.literal('model'), path: z.string() }),
  z.strictObject({ source: z.literal('oracle'), noiseVol: z.number() }),
  z.enum(['none', 'randomWalk']),
  z.number(),
]);
const schema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(20)
    .regex(/^[a-z-]+$/, { error: 'expected lower-case letters and dashes' })
    .optional(),
  regime: z.enum(['calm', 'normal', 'stressed']).default('normal'),
  live: z.boolean().optional(),
  seeds: z.array(z.int().min(0)).min(1).max(3).optional(),
  agents: z.record(z.string(), z.discriminatedUnion('kind', [maker, informed])).optional(),
  forecast: z.lazy(() => forecast.optional()),
  rates: z.record(z.enum(['usd', 'btc']), z.number()).optional(),
  pair: z.tuple([z.number(), z.string()]).optional(),
  version: z.literal(1).optional(),
  expiry: z
    .strictObject({ startDays: z.number(), endDays: z.number() })
    .refine(({ startDays, endDays }) => endDays > startDays, { error: 'endDays must lie after startDays' })
    .transform(({ startDays, endDays }) => endDays - startDays)
    .optional(),
});

function refusal(text: string): InputError {
  try {
    parseWith(schema, readYaml('calm.yaml', text));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('was accepted');
}

test('what the schema makes of a good file is returned', () => {
  const text = 'agents: {mm: {kind: maker, limits: {vega: 3}}}\nexpiry: {startDays: 1, endDays: 8}\nforecast: none\n';
  expect(parseWith(schema, readYaml('calm.yaml', text))).toEqual({
    regime: 'normal',
    agents: { mm: { kind: 'maker', limits: { vega: 3, delta: 5 }, latencyMillis: 1 } },
    expiry: 7,
    forecast: 'none',
  });
});

describe('one issue', () => {
  test.each<[string, string, string, number, number]>([
    ['agents:\n  mm:\n    kind: maker\n    limits: {vega: -2}\n', 'agents.mm.limits.vega', 'found -2, expected a number above 0', 4, 20],
    ['agents:\n  mm:\n    kind: maker\n    limits: {}\n', 'agents.mm.limits.vega', 'missing; expected a number', 4, 5],
    [
      'agents:\n  mm:\n    kind: maker\n    limit: {vega: 1}\n    limits: {vega: 1}\n',
      'agents.mm.limit',
      'unknown key `limit`; did you mean `limits`?',
      4,
      5,
    ],
    [
      'agents:\n  mm: {kind: maker, limits: {vega: 1}, latency: 5}\n',
      'agents.mm.latency',
      'unknown key `latency`; did you mean `latencyMillis`?',
      2,
      40,
    ],
    [
      'agents:\n  mm: {kind: maker, limits: {vega: 1}, latencySeconds: 5}\n',
      'agents.mm.latencySeconds',
      'unknown key `latencySeconds`; did you mean `latencyMillis`?',
      2,
      40,
    ],
    [
      'agents:\n  mm: {kind: maker, limits: {vega: 1}, latency_millis: 5}\n',
      'agents.mm.latency_millis',
      'unknown key `latency_millis`; did you mean `latencyMillis`?',
      2,
      40,
    ],
    [
      'agents:\n  in: {kind: informed, latencyMillis: 5}\n',
      'agents.in.latencyMillis',
      'unknown key `latencyMillis`; known here: `kind`, `edgeVol`',
      2,
      24,
    ],
    ['agents: {mm: {kind: makr}}\n', 'agents.mm.kind', 'found "makr", expected one of `maker`, `informed`; did you mean `maker`?', 1, 21],
    ['agents: {mm: {}}\n', 'agents.mm.kind', 'missing; expected one of `maker`, `informed`', 1, 10],
    ['agents: {mm: 3}\n', 'agents.mm', 'found 3, expected a mapping (key: value)', 1, 14],
    ['agents: [1]\n', 'agents', 'found a list, expected a mapping (key: value)', 1, 9],
    [
      'agents:\n  "my maker": {kind: makr}\n',
      'agents."my maker".kind',
      'found "makr", expected one of `maker`, `informed`; did you mean `maker`?',
      2,
      22,
    ],
    ['regime: clam\n', 'regime', 'found "clam", expected one of `calm`, `normal`, `stressed`; did you mean `calm`?', 1, 9],
    ['regime: wild\n', 'regime', 'found "wild", expected one of `calm`, `normal`, `stressed`', 1, 9],
    ['regime:\n', 'regime', 'found nothing (null), expected one of `calm`, `normal`, `stressed`', 1, 8],
    ['version: 2\n', 'version', 'found 2, expected 1', 1, 10],
    ['live: "true"\n', 'live', 'found "true", expected true or false', 1, 7],
    ['name: Big\n', 'name', 'found "Big", expected lower-case letters and dashes', 1, 7],
    ['name: 7\n', 'name', 'found 7, expected text', 1, 7],
    ['seeds: [1, two, 3]\n', 'seeds[1]', 'found "two", expected a whole number', 1, 12],
    ['seeds: [1, 2.5]\n', 'seeds[1]', 'found 2.5, expected a whole number', 1, 12],
    ['seeds: []\n', 'seeds', 'found an empty list, expected a list of at least 1 elements', 1, 8],
    ['seeds: [1, 2, 3, 4]\n', 'seeds', 'found a list, expected a list of at most 3 elements', 1, 8],
    ['rates: {usd: 1, bct: 2, btc: 0}\n', 'rates.bct', 'unknown key `bct`; did you mean `btc`?', 1, 17],
    ['pair: [1, 2]\n', 'pair[1]', 'found 2, expected text', 1, 11],
    ['expiry: {startDays: 3, endDays: 2}\n', 'expiry', 'endDays must lie after startDays', 1, 9],
    ['expiry: {startDay: 3, endDays: 4, startDays: 1}\n', 'expiry.startDay', 'unknown key `startDay`; did you mean `startDays`?', 1, 10],
    [
      'wheather: {}\n',
      'wheather',
      'unknown key `wheather`; known here: `name`, `regime`, `live`, `seeds`, `agents`, `forecast`, `rates`, `pair`, `version`, `expiry`',
      1,
      1,
    ],
    ['forecast: {source: oracle, noiseVol: high}\n', 'forecast.noiseVol', 'found "high", expected a number', 1, 38],
    [
      'forecast: {source: model, noiseVol: 2, path: x}\n',
      'forecast.noiseVol',
      'unknown key `noiseVol`; known here: `source`, `path`',
      1,
      27,
    ],
    ['forecast: {source: oracle, path: x}\n', 'forecast.noiseVol', 'missing; expected a number', 1, 1],
    ['forecast: {source: model, paht: x, path: y}\n', 'forecast.paht', 'unknown key `paht`; did you mean `path`?', 1, 27],
    [
      'forecast: nnoe\n',
      'forecast',
      'found "nnoe", expected a mapping (key: value), or a number, or one of `none`, `randomWalk`; did you mean `none`?',
      1,
      11,
    ],
    ['forecast: true\n', 'forecast', 'found true, expected a mapping (key: value), or a number, or one of `none`, `randomWalk`', 1, 11],
  ])('%j', (text, path, message, line, column) => {
    expect(refusal(text).issues).toContainEqual({ path, message, line, column });
  });
});

test('all issues come together, in the order of the lines', () => {
  const { issues, source } = refusal(
    'version: 2\nagents:\n  mm:\n    kind: maker\n    latency: x\n    limits: {vega: 0, gamma: 1}\nregime: clam\n',
  );
  expect(source).toBe('calm.yaml');
  expect(issues.map(({ line, path }) => [line, path])).toEqual([
    [1, 'version'],
    [5, 'agents.mm.latency'],
    [6, 'agents.mm.limits.vega'],
    [6, 'agents.mm.limits.gamma'],
    [7, 'regime'],
  ]);
});

test('a file with thousands of faults is reported in a moment', () => {
  const text = `agents:\n${Array.from({ length: 8000 }, (_, i) => `  a${i}: {kind: maker}\n`).join('')}`;
  const before = performance.now();
  const { issues } = refusal(text);
  expect(performance.now() - before).toBeLessThan(3000);
  expect(issues).toHaveLength(201);
  expect(issues.at(-1)?.message).toBe('and 7800 more issues');
});

describe('what is shown', () => {
  test('found values are shortened and cannot control a terminal', () => {
    const { issues } = refusal(`regime: "${'x'.repeat(5000)}\\u200b\\u00ad"\nlive: "a\\u200bb"\n`);
    expect(issues[0]?.message).toContain(`found "${'x'.repeat(40)}…", expected`);
    expect(issues[1]?.message).toContain('found "a\\u{200b}b"');
  });

  test('file:line:column, path, message, the line and a caret', () => {
    const text = '\uFEFFregime: normal\r\nagents:\r\n\r\n  mm:\r\n    kind: makr # typo\r\n';
    expect(formatInputError(refusal(text), text)).toBe(
      [
        'calm.yaml:5:11  agents.mm.kind  found "makr", expected one of `maker`, `informed`; did you mean `maker`?',
        '      kind: makr # typo',
        '            ^',
      ].join('\n'),
    );
  });

  test('without the text, one line for each issue', () => {
    expect(formatInputError(refusal('version: 2\nregime: 1\n')).split('\n')).toHaveLength(2);
  });

  test('an issue without a place has none shown', () => {
    expect(formatInputError(new InputError('--seed', [{ path: '', message: 'expected a number' }]), 'a: 1')).toBe(
      '--seed  expected a number',
    );
  });

  test('of a long line, the part around the column is shown', () => {
    const text = `{name: ${' '.repeat(500)}7, seeds: [${'1, '.repeat(200)}1]}`;
    const [, line, caret] = formatInputError(refusal(text), text).split('\n');
    expect(line?.length).toBeLessThan(110);
    expect(line?.[caret?.indexOf('^') ?? -1]).toBe('7');
  });

  test('whatever is in file names, paths, messages and lines, no control character comes out', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', '\u001b[2J', '\u009b1m', '\u0007', '\r', '\n', '\u202e', '\u2028', '\u200b', '\ud800', '\t', '\0'),
    });
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, fc.nat(8), (source, path, message, text, column) => {
        const error = new InputError(source, [{ path, message, line: 1, column: column + 1 }]);
        const printed = formatInputError(error, text);
        expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(printed.split('\n')).toHaveLength(3);
      }),
    );
  });
});

describe('suggestions', () => {
  test.each<[string, string[], string | undefined]>([
    ['latencyMilis', ['latencyMillis', 'limits'], 'latencyMillis'],
    ['LatencyMillis', ['limits', 'latencyMillis'], 'latencyMillis'],
    ['latency-millis', ['latencyMillis'], 'latencyMillis'],
    ['latency', ['levels', 'latencyMillis'], 'latencyMillis'],
    ['ｖｅｇａ', ['delta', 'vega'], 'vega'],
    ['vеgа', ['delta', 'vega'], 'vega'],
    ['vgea', ['vega', 'gamma'], 'vega'],
    ['rho', ['vega', 'gamma'], undefined],
    ['a', ['b'], 'b'],
    ['', ['a'], undefined],
    ['x'.repeat(100_000), ['x'.repeat(90)], 'x'.repeat(90)],
  ])('%s', (word, candidates, meant) => {
    expect(suggestion(word, candidates)).toBe(meant);
  });

  test.each<[string, string, number]>([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ca', 'ac', 1],
    ['ca', 'abc', 3],
    ['maker', 'maker', 0],
  ])('%j to %j is %i edits', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
    expect(editDistance(b, a)).toBe(edits);
  });
});
