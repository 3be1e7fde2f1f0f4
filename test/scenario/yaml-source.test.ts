import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InputError } from '../../src/core/assert.ts';
import { parseWith } from '../../src/scenario/parse-with.ts';
import { readYaml } from '../../src/scenario/yaml-source.ts';

/** Stands in for a scenario wherever a rule is one of the schema and not of YAML. */
const schema = z.strictObject({
  world: z.strictObject({ spot: z.number().gt(0), vol: z.number().gt(0), steps: z.int().min(1), live: z.boolean() }).partial(),
});

function faultsOf(read: () => unknown): InputError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('was accepted');
}
const refusal = (text: string): InputError => faultsOf(() => parseWith(schema, readYaml('bad.yaml', text)));
const KB = 1024;

describe('the catalogue of bad documents', () => {
  test.each<[string, string, string, number?, number?]>([
    ['1 empty file', '', 'the file is empty'],
    ['1 only a byte order mark', '\uFEFF', 'the file is empty'],
    ['2 only comments', '# nothing\n# here\n', 'the file is empty'],
    ['2 only a document start', '---\n', 'the file is empty'],
    ['3 scalar document', '42', 'found 42, expected a mapping', 1, 1],
    ['4 list on top', '- world\n', 'found a list, expected a mapping', 1, 1],
    ['5 two documents', 'world: {}\n---\nworld: {}\n', 'a second document begins here', 2, 1],
    ['8 UTF-16', '\uFFFD\uFFFDw\0o\0r\0l\0d\0', 'UTF-16', 1, 4],
    ['8 broken UTF-8', 'world: {} # caf\uFFFD', 'not valid UTF-8', 1, 16],
    ['9 NUL in a name', 'wor\0ld: {}', 'NUL character', 1, 4],
    ['9 escape character in a name', 'wor\u001b[31mld: {}', 'control character U+001B', 1, 4],
    ['9 control character by escape, in a key', '"wor\\u0007ld": {}', 'control characters are not allowed in a key', 1, 1],
    ['9 control character by escape, in a value', 'world: "\\e[2J"', 'control characters are not allowed', 1, 8],
    ['9 C1 control', 'world: {} # \u009b31m', 'U+009B', 1, 13],
    ['9 direction mark', 'world: {} # \u202e', 'U+202E', 1, 13],
    ['9 lone carriage return', 'world:\r  spot: 1', 'carriage return without line feed', 1, 7],
    ['10 tab as indentation', 'world:\n\tspot: 1\n', 'Tabs are not allowed', 2, 1],
    ['11 duplicate key', 'world:\n  spot: 1\n  spot: 2\n', 'duplicate key `spot`', 3, 3],
    ['11 duplicate key, quoted', 'world:\n  "spot": 1\n  spot: 2\n', 'duplicate key `spot`', 3, 3],
    ['12 alias bomb', bomb(), 'anchors and aliases are not used', 1, 4],
    ['13 anchor alone', 'world: &w {}', '`&w`: anchors and aliases', 1, 8],
    ['14 recursive anchor', 'world: &w [*w]', 'anchors and aliases', 1, 8],
    ['15 unknown alias', 'world: *nobody', '`*nobody`: anchors and aliases', 1, 8],
    ['16 merge key', 'world:\n  <<: {spot: 1}\n', 'merge keys', 2, 3],
    ['16 merge key, quoted', 'world:\n  "<<": {spot: 1}\n', 'merge keys', 2, 3],
    ['17 __proto__', 'world:\n  __proto__: {polluted: 1}\n', '`__proto__` cannot be a key', 2, 3],
    ['18 constructor', 'constructor: {prototype: {polluted: 1}}\n', '`constructor` cannot be a key', 1, 1],
    ['18 prototype', 'prototype: {}\n', '`prototype` cannot be a key', 1, 1],
    ['19 function tag', "world: !!js/function 'return 1'", 'tags are not used here', 1, 8],
    ['19 binary tag', 'world: !!binary aGk=', 'tags are not used here', 1, 8],
    ['19 custom tag', 'world: !mine {}', 'tags are not used here', 1, 8],
    ['19 known tag', 'world: !!str 5', 'tags are not used here', 1, 8],
    ['19 verbatim tag', 'world: !<tag:x> 5', 'tags are not used here', 1, 8],
    ['20 %YAML 1.1', '%YAML 1.1\n---\nworld: {live: yes}\n', 'only the directive %YAML 1.2', 1, 1],
    ['20 %TAG', '%TAG ! tag:evil,2000:\n---\nworld: {}\n', 'only the directive %YAML 1.2', 1, 1],
    ['21 yes for true', 'world: {live: yes}', 'found "yes", expected true or false; write true', 1, 15],
    ['21 off for false', 'world: {live: off}', 'found "off", expected true or false; write false', 1, 15],
    ['22 017', 'world: {steps: 017}', '`017`: a leading zero is ambiguous; write 17', 1, 16],
    ['22 0o17', 'world: {steps: 0o17}', '`0o17`: write numbers in decimal (15)', 1, 16],
    ['22 0x1F', 'world: {steps: 0x1F}', '`0x1F`: write numbers in decimal (31)', 1, 16],
    ['22 1_000', 'world: {steps: 1_000}', 'found "1_000", expected a whole number; write 1000', 1, 16],
    ['22 12:30:45', 'world: {steps: 12:30:45}', 'found "12:30:45", expected a whole number', 1, 16],
    ['23 .inf', 'world: {spot: .inf}', '`.inf`: expected a finite number', 1, 15],
    ['23 -.inf', 'world: {spot: -.INF}', 'expected a finite number', 1, 15],
    ['23 .nan', 'world: {spot: .nan}', 'expected a finite number', 1, 15],
    ['23 1e400', 'world: {spot: 1e400}', '`1e400`: expected a finite number', 1, 15],
    ['23 -0', 'world: {spot: -0}', '`-0`: write 0', 1, 15],
    ['23 -0.0', 'world: {spot: -0.0}', 'write 0', 1, 15],
    ['23 1e-400', 'world: {spot: 1e-400}', 'a double cannot hold these digits; the nearest is 0', 1, 15],
    ['24 above 2^53', 'world: {steps: 9007199254740993}', 'beyond 2^53', 1, 16],
    ['24 lost digits', 'world: {spot: 0.1234567890123456789}', 'the nearest is 0.12345678901234568', 1, 15],
    ['24 lost digits of a whole', 'world: {spot: 9007199254740993.0}', 'the nearest is 9007199254740992', 1, 15],
    ['25 number as text', 'world: {spot: "100"}', 'found "100", expected a number; write 100 without quotes', 1, 15],
    ['26 500 brackets', nested(500), 'nested more than 64 levels', 1, 65],
    ['26 5,000 brackets', nested(5000), 'nested more than 64 levels', 1, 65],
    ['26 100,000 brackets', nested(100_000), 'nested more than 64 levels', 1, 65],
    ['26 open brackets', '['.repeat(200_000), 'nested more than 64 levels', 1, 65],
    ['26 closing brackets', ']'.repeat(200_000), 'closing bracket without an opening one', 1, 1],
    ['26 dashes', '- '.repeat(100_000), 'nested more than 64 levels', 1, 129],
    ['26 question marks', '? '.repeat(100_000), 'nested more than 64 levels', 1, 129],
    ['26 colons', ': '.repeat(100_000), 'nested more than 64 levels', 1, 129],
    ['26 indentation', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'nested more than 64 levels', 65, 65],
    ['26 keys in one line', 'a: '.repeat(80_000), 'nested more than 64 levels'],
    ['27 10 MB flat list', '- 1\n'.repeat(2_500_000), 'larger than 256 KB'],
    ['27 256 KB in characters, more in bytes', `# ${'é'.repeat(200 * KB)}\nworld: {}`, 'larger than 256 KB'],
    ['28 one 5 MB line', `world: ${'x'.repeat(5_000_000)}`, 'larger than 256 KB'],
    ['29 number as key', 'world: {}\n1: 2\n', 'a key must be text; quote it: "1"', 2, 1],
    ['29 null as key', 'null: 2\n', 'a key must be text; quote it: "null"', 1, 1],
    ['29 true as key', 'true: 2\n', 'a key must be text; quote it: "true"', 1, 1],
    ['29 list as key', '? [a]\n: 1\n', 'a key must be text', 1, 3],
    ['29 empty key', ': 1\n', 'a key must be text', 1, 1],
    ['30 fullwidth key', 'world:\n  ｓｐｏｔ: 1\n', 'unknown key `ｓｐｏｔ`; did you mean `spot`?', 2, 3],
    ['30 Cyrillic key', 'world:\n  ѕроt: 1\n', 'did you mean `spot`?', 2, 3],
    ['31 misspelt key', 'world:\n  sopt: 1\n', 'unknown key `sopt`; did you mean `spot`?', 2, 3],
    ['31 unknown key', 'world:\n  weather: 1\n', 'unknown key `weather`; known here: `spot`, `vol`, `steps`, `live`', 2, 3],
    ['32 missing key', '{}\n', 'missing; expected a mapping', 1, 1],
    ['33 wrong kind', 'world: [1]\n', 'found a list, expected a mapping', 1, 8],
    ['34 null for a number', 'world:\n  spot:\n  vol: 1\n', 'found nothing (null), expected a number', 2, 8],
    ['35 negative spot', 'world: {spot: -1}', 'found -1, expected a number above 0', 1, 15],
    ['36 zero steps', 'world: {steps: 0}', 'found 0, expected a whole number of at least 1', 1, 16],
    ['syntax', 'world: [1, 2\n', 'Flow sequence'],
    ['syntax: nested in one line', 'world: spot: 1\n', 'Nested mappings are not allowed'],
    ['an unclosed quote', 'world: "spot\n', 'Missing closing "quote'],
  ])('%s', (_, text, message, line, column) => {
    const before = performance.now();
    const error = refusal(text);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(error.source).toBe('bad.yaml');
    const found = error.issues.find((issue) => issue.message.includes(message));
    expect(found, error.message).toBeDefined();
    if (line !== undefined) expect(found).toMatchObject({ line, ...(column === undefined ? {} : { column }) });
  });

  test('nothing reached a prototype', () => {
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('what is accepted', () => {
  test.each<[string, string, unknown]>([
    ['6 byte order mark', '\uFEFFa: 1', { a: 1 }],
    ['7 CR LF', 'a: 1\r\nb:\r\n  - x\r\n', { a: 1, b: ['x'] }],
    ['%YAML 1.2', '%YAML 1.2\n---\na: 1\n...\n', { a: 1 }],
    ['JSON', '{"a": [1, 2.5, -3e2, true, null, "x\\ny"]}', { a: [1, 2.5, -300, true, null, 'x\ny'] }],
    [
      'text that YAML 1.1 would convert',
      '{a: yes, b: 12:30:45, c: 2024-01-01, d: 1_000}',
      { a: 'yes', b: '12:30:45', c: '2024-01-01', d: '1_000' },
    ],
    ['block text', 'a: |\n  one\n  two\nb: >\n  three\n  four\n', { a: 'one\ntwo\n', b: 'three four\n' }],
    [
      'signs that mean something elsewhere',
      'a: x&y\nb: "*z"\nc: not a !tag\nd: "[[[["\ne: 5 # [[[[\n',
      { a: 'x&y', b: '*z', c: 'not a !tag', d: '[[[[', e: 5 },
    ],
    ['a key without a value in flow style', '{a, b: 1}', { a: null, b: 1 }],
    [
      'the longest honest digits',
      'a: [0.30000000000000004, 0.1000000000000000055511151231257827, 1.50, 100, +5, 9007199254740991]',
      {
        a: [0.1 + 0.2, 0.1, 1.5, 100, 5, 2 ** 53 - 1],
      },
    ],
    ['60 levels', nested(60), JSON.parse(nested(60))],
    ['30 levels by indentation', Array.from({ length: 30 }, (_, i) => `${'  '.repeat(i)}a:`).join('\n'), deep(30)],
    ['letters of any language', 'größe: 1\n価格: 2\n', { größe: 1, 価格: 2 }],
  ])('%s', (_, text, value) => {
    expect(readYaml('good.yaml', text).value).toEqual(value);
  });

  test('a hundred keys of one mapping at the same column are one level', () => {
    const text = Array.from({ length: 100 }, (_, i) => `k${i}:\n  - a: ${i}\n    b: {c: [1, 2]}\n`).join('');
    expect(Object.keys(readYaml('good.yaml', text).value as object)).toHaveLength(100);
  });

  test('a mapping has no prototype', () => {
    expect(Object.getPrototypeOf(readYaml('good.yaml', 'a: {b: 1}').value)).toBeNull();
  });

  test('what JSON can write is read as JSON reads it', () => {
    const key = fc.string({ unit: 'grapheme-ascii' }).filter((k) => !['<<', '__proto__', 'prototype', 'constructor'].includes(k));
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((x) => (Number.isInteger(x) && !Number.isSafeInteger(x) ? 0.5 : x + 0));
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.boolean(),
        number,
        fc.string({ unit: 'grapheme-ascii' }),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree.value), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(readYaml('p.yaml', text).value)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('places', () => {
  const yaml = readYaml('p.yaml', '\uFEFF# first\r\nworld:\r\n  spot: 100\r\n  list: [1, {deep: x}]\r\n  empty:\r\n  flow: {bare}\r\n');

  test.each<[(string | number)[], [number, number] | undefined, [number, number] | undefined]>([
    [[], [2, 1], undefined],
    [['world'], [3, 3], [2, 1]],
    [
      ['world', 'spot'],
      [3, 9],
      [3, 3],
    ],
    [['world', 'list', 1], [4, 13], undefined],
    [
      ['world', 'list', 1, 'deep'],
      [4, 20],
      [4, 14],
    ],
    [
      ['world', 'empty'],
      [5, 9],
      [5, 3],
    ],
    [
      ['world', 'flow', 'bare'],
      [6, 10],
      [6, 10],
    ],
    [['world', 'none'], undefined, undefined],
    [['world', 'spot', 'none'], undefined, undefined],
    [['world', 'list', 7], undefined, undefined],
    [['world', 'toString'], undefined, undefined],
  ])('%j', (path, value, key) => {
    const pair = (place: { line: number; column: number } | undefined): unknown =>
      place === undefined ? undefined : [place.line, place.column];
    expect(pair(yaml.place(path))).toEqual(value);
    expect(pair(yaml.keyPlace(path))).toEqual(key);
  });
});

test('all faults of a document come together, in the order of its lines', () => {
  const error = refusal('world:\n  a: 017\n  b: .inf\n  c: 1\n  c: 2\n1: x\n');
  expect(error.issues.map((issue) => [issue.line, issue.path])).toEqual([
    [2, 'world.a'],
    [3, 'world.b'],
    [5, 'world.c'],
    [6, ''],
  ]);
});

test('of many faults, twenty are listed and the rest counted', () => {
  const error = refusal('- 017\n'.repeat(50));
  expect(error.issues).toHaveLength(21);
  expect(error.issues.at(-1)?.message).toBe('and 30 more faults');
});

test('arbitrary text is read or refused, never anything else', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&',
    '*',
    '!',
    '|',
    '>',
    '"',
    "'",
    '#',
    '%',
    '---',
    '?',
    '\t',
    '1',
    '.',
    '\\',
    '\u0000',
    '\uFEFF',
    '<<',
    '\r\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        readYaml('fuzz.yaml', pieces.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 3000 },
  );
});

function nested(depth: number): string {
  return `${'['.repeat(depth)}1${']'.repeat(depth)}`;
}

function deep(depth: number): unknown {
  return depth === 0 ? null : { a: deep(depth - 1) };
}

function bomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 10; i++) {
    const [last, next] = [String.fromCharCode(96 + i), String.fromCharCode(97 + i)];
    lines.push(`${next}: &${next} [${Array(9).fill(`*${last}`).join(', ')}]`);
  }
  return lines.join('\n');
}
