import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { InputError } from '../../src/core/assert.ts';
import { type BaseReader, CHAIN_MAXIMUM, readExtended, selfContainedText } from '../../src/scenario/extends.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { formatInputError } from '../../src/scenario/parse-with.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { readYaml } from '../../src/scenario/yaml-source.ts';
import { TINY } from '../support/tiny.ts';

type Files = Readonly<Record<string, string>>;

const HEAD = 'name: mine\nquestion: Does it extend?\n';

function readerOf(files: Files): BaseReader {
  return (name) => {
    const text = files[name];
    if (text === undefined) throw new InputError(name, [{ path: '', message: 'is nowhere' }]);
    return { source: name, text };
  };
}

const parsed = (text: string, files: Files = { tiny: TINY }, changes: readonly string[] = []): Scenario =>
  parseScenario('mine.yaml', text, BUILT_IN_AGENTS, changes.map(readOverride), readerOf(files));

const documentOf = (text: string, files: Files): unknown => readExtended('mine.yaml', text, readerOf(files)).value;

function refusal(work: () => unknown): InputError {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is not said is as it is in the base', () => {
  test('down to a file that says nothing but its name and question', () => {
    const tiny = parseScenario('tiny', TINY, BUILT_IN_AGENTS);
    expect(parsed(`extends: tiny\n${HEAD}`)).toEqual({ ...tiny, name: 'mine', question: 'Does it extend?' });
  });

  test('mappings are merged, lists and values replaced, and null takes away', () => {
    const base = 'a: 1\nmap: { keep: 1, set: 2, drop: 3, deep: { x: 1, y: [1, 2] } }\nlist: [1, 2, 3]\nplain: 5\n';
    const own = 'extends: base\nmap: { set: 20, drop: null, deep: { y: [9] }, new: { z: 1 } }\nlist: [4]\nplain: { now: a map }\n';
    expect(documentOf(own, { base })).toEqual({
      a: 1,
      map: { keep: 1, set: 20, deep: { x: 1, y: [9] }, new: { z: 1 } },
      list: [4],
      plain: { now: 'a map' },
    });
  });

  test('through a chain, the nearest file has the last word', () => {
    const files = { far: 'a: 1\nb: 1\nc: 1\nd: { e: 1 }\n', near: 'extends: far\nb: 2\nc: 2\nd: null\n' };
    expect(documentOf('extends: near\nc: 3\nd: { f: 1 }\n', files)).toEqual({ a: 1, b: 2, c: 3, d: { f: 1 } });
  });

  test('but name and question are never those of a base', () => {
    const error = refusal(() => parsed('extends: tiny\nduration: 60\n'));
    expect(error.issues).toHaveLength(2);
    for (const [i, path] of ['name', 'question'].entries()) {
      expect(error.issues[i]).toMatchObject({ path, line: 1 });
      expect(error.issues[i]?.message).toMatch(/^missing; /);
      expect(error.issues[i]).not.toHaveProperty('source');
    }
    expect(documentOf('extends: near\nname: mine\n', { near: 'extends: far\n', far: 'name: far\nquestion: Why?\na: 1\n' })).toEqual({
      name: 'mine',
      a: 1,
    });
  });

  test('null takes away a whole agent, and what is optional', () => {
    expect(parsed(`extends: tiny\n${HEAD}agents: { insider: null }\n`).agents.map(({ name }) => name)).not.toContain('insider');
    const banded = `${TINY}\n`.replace('  symbol: BTC\n', '  symbol: BTC\n  priceBand: { fraction: 0.1 }\n');
    expect(parsed(`extends: tiny\n${HEAD}`, { tiny: banded }).venue.priceBand).toBeDefined();
    expect(parsed(`extends: tiny\n${HEAD}market: { priceBand: null }\n`, { tiny: banded }).venue.priceBand).toBeUndefined();
  });

  test('changes are made in the whole', () => {
    const scenario = parsed(`extends: tiny\n${HEAD}world: { spot: 71000 }\n`, undefined, ['world.spot=72000', 'duration=150']);
    expect([scenario.world.spot, scenario.durationSeconds]).toEqual([72_000, 150]);
    expect(refusal(() => parsed(`extends: tiny\n${HEAD}`, undefined, ['extends=calm'])).issues[0]?.path).toBe('extends');
    expect(refusal(() => parseScenario('tiny', TINY, BUILT_IN_AGENTS, [readOverride('extends=calm')])).source).toBe('--set');
  });
});

describe('a fault is reported where it stands', () => {
  test('in the file itself, in its base, or in both', () => {
    const base = TINY.replace('spot: 70000', 'spot: many');
    const own = `extends: tiny\n${HEAD}duration: 2 bananas\n`;
    const error = refusal(() => parsed(own, { tiny: base }));
    const line = base.split('\n').findIndex((text) => text.includes('spot: many')) + 1;
    expect(error.source).toBe('mine.yaml');
    expect(error.issues).toMatchObject([
      { path: 'duration', line: 4, column: 11 },
      { path: 'world.spot', line, column: 9, source: 'tiny' },
    ]);
    expect(error.issues[0]).not.toHaveProperty('source');
    expect(error.message).toContain(`tiny:${line}:9  world.spot`);
    const texts: Files = { 'mine.yaml': own, tiny: base };
    const printed = formatInputError(error, (source) => texts[source]).split('\n');
    expect(printed[0]).toMatch(/^mine\.yaml:4:11 {2}duration/);
    expect(printed[1]).toBe('  duration: 2 bananas');
    expect(printed[3]).toMatch(new RegExp(`^tiny:${line}:9 {2}world\\.spot`));
    expect(printed[4]).toBe('    spot: many');
  });

  test('also where only the meaning is wrong, and where a key is unknown', () => {
    const base = TINY.replace('strikes: [66000, 70000, 74000]', 'strikes: [74000, 70000]');
    const meaning = refusal(() => parsed(`extends: tiny\n${HEAD}`, { tiny: base }));
    expect(meaning.issues[0]).toMatchObject({ path: 'market.expiries[0].strikes[1]', line: 8, source: 'tiny' });
    const keys = refusal(() => parsed(`extends: tiny\n${HEAD}world: { sport: 1 }\n`, { tiny: TINY.replace('subject:', 'subjcet:') }));
    expect(keys.issues.find(({ path }) => path === 'world.sport')).toMatchObject({ line: 4, column: 10 });
    expect(keys.issues.find(({ path }) => path === 'subjcet')).toMatchObject({ source: 'tiny' });
  });

  test('a syntax error is that of its file', () => {
    expect(refusal(() => parsed(`extends: tiny\n${HEAD}`, { tiny: 'a: &x 1\n' }))).toMatchObject({ source: 'tiny' });
  });

  test('what was needed and is taken away is missing where it was taken away', () => {
    const error = refusal(() => parsed(`extends: tiny\n${HEAD}world:\n  spot: null\n`));
    expect(error.issues).toMatchObject([{ path: 'world.spot', line: 5, column: 3 }]);
    expect(error.issues[0]?.message).toMatch(/^missing; /);
  });

  test('a null without anything to take away is a slip of the pen', () => {
    const error = refusal(() => parsed(`extends: tiny\n${HEAD}market: { priceBnad: null }\nagents: { new: { kind: null } }\n`));
    expect(error.issues).toMatchObject([
      { path: 'market.priceBnad', line: 4, column: 11 },
      { path: 'agents.new.kind', line: 5 },
    ]);
    expect(error.issues[0]?.message).toContain('has no `priceBnad` here');
    const inBase = refusal(() => parsed(`extends: near\n${HEAD}`, { tiny: TINY, near: 'extends: tiny\nworld: { x: null }\n' }));
    expect(inBase).toMatchObject({ source: 'mine.yaml', issues: [{ path: 'world.x', source: 'near', line: 2 }] });
  });
});

describe('a chain', () => {
  test('of as many files as are allowed is read, and one more is not', () => {
    const links = (count: number): Files =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i === count - 1 ? TINY : `extends: f${i + 1}\n`]));
    expect(parsed(`extends: f0\n${HEAD}`, links(CHAIN_MAXIMUM - 1)).durationSeconds).toBe(300);
    const error = refusal(() => parsed(`extends: f0\n${HEAD}`, links(CHAIN_MAXIMUM)));
    expect(error.issues).toHaveLength(1);
    expect(error.issues[0]).toMatchObject({ path: 'extends', line: 1, column: 10 });
    expect(error.issues[0]?.message).toBe(
      'a chain of more than 8 files: mine.yaml extends f0 extends f1 extends f2 extends f3 extends f4 extends f5 extends f6 extends f7',
    );
  });

  test('without an end is one error that names it', () => {
    const files = { b: 'extends: c\n', c: '\nextends: b\n', 'mine.yaml': 'extends: mine.yaml\n' };
    expect(refusal(() => parsed(`extends: b\n${HEAD}`, files))).toMatchObject({
      source: 'c',
      issues: [{ path: 'extends', line: 2, message: 'a cycle: mine.yaml extends b extends c extends b' }],
    });
    expect(refusal(() => parsed(`extends: mine.yaml\n${HEAD}`, files)).issues[0]?.message).toBe('a cycle: mine.yaml extends mine.yaml');
  });

  test('with a base that is not there says who wanted it', () => {
    expect(refusal(() => parsed(`extends: b\n${HEAD}`, { b: 'extends: gone\n' }))).toMatchObject({
      source: 'b',
      issues: [{ path: 'extends', line: 1, column: 10, message: 'found "gone": gone is nowhere' }],
    });
  });

  test.each(['extends: 5', 'extends: [tiny]', 'extends:', "extends: ''", 'extends: { a: 1 }'])('cannot begin with `%s`', (line) => {
    expect(refusal(() => parsed(`${HEAD}${line}\n`)).issues).toMatchObject([{ path: 'extends', line: 3 }]);
  });

  test.each(['42', '[1, 2]', 'text'])('cannot end in `%s`', (text) => {
    expect(refusal(() => parsed(`extends: b\n${HEAD}`, { b: text }))).toMatchObject({ source: 'b', issues: [{ path: '', line: 1 }] });
  });

  test('is refused where there is nothing to read it with', () => {
    const error = refusal(() => parseScenario('log', `extends: tiny\n${HEAD}`, BUILT_IN_AGENTS));
    expect(error.issues).toMatchObject([{ path: 'extends', line: 1 }]);
  });
});

describe('the self-contained text', () => {
  test('of a file that extends nothing is its own, byte for byte', () => {
    expect(selfContainedText('tiny.yaml', TINY)).toBe(TINY);
  });

  test('makes the same scenario, needs no other file, and follows the base', () => {
    const own = `extends: tiny\n${HEAD}world: { surface: { atmVol: 60 % } }\nagents: { insider: null }\n`;
    const text = selfContainedText('mine.yaml', own, readerOf({ tiny: TINY }));
    expect(parseScenario('mine.yaml', text, BUILT_IN_AGENTS)).toEqual(parsed(own));
    const other = readerOf({ tiny: TINY.replace('spot: 70000', 'spot: 70001') });
    expect(selfContainedText('mine.yaml', own, other)).not.toBe(text);
    // Comments, names of files and the way that values are written are no part of it.
    const elsewhere = readerOf({ tiny: `# elsewhere\n${TINY}` });
    expect(selfContainedText('dir/x.yaml', `# mine\n${own}`, elsewhere)).toBe(text);
  });

  test('reads as the value that was merged, whatever is in it', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'null',
        'true',
        '1e3',
        '~',
        '- a',
        'a: b',
        '# c',
        ' x ',
        'a\nb',
        '0x1',
        '!t',
        '&a',
        '*a',
        '|',
        '"',
        "'",
        'é'.repeat(200),
      ),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
      fc.integer(),
      fc.boolean(),
    );
    const key = fc.stringMatching(/^[a-zA-Z :#-]{1,12}$/);
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('node'), { maxLength: 4 }), fc.dictionary(key, tie('node'), { maxKeys: 4 })),
    })).node;
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 5 }), fc.dictionary(key, tree, { maxKeys: 5 }), (base, own) => {
        const files = { base: JSON.stringify(base) };
        const text = JSON.stringify({ extends: 'base', ...own });
        let value: unknown;
        try {
          value = documentOf(text, files);
        } catch (error) {
          // Characters and numbers that no file may hold are the reader's business.
          if (error instanceof InputError) return;
          throw error;
        }
        const written = selfContainedText('mine.yaml', text, readerOf(files));
        expect(readYaml('written', written).value).toEqual(value);
        expect(selfContainedText('written', written)).toBe(written);
      }),
      { numRuns: 300 },
    );
  });
});

test('merging follows the rule that it is described by', () => {
  const leaf = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }));
  const tree = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'))),
  })).node;
  const mapping = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree);
  const isMapping = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const at = (value: unknown, path: readonly string[]): unknown =>
    path.reduce<unknown>((v, key) => (isMapping(v) ? v[key] : undefined), value);
  fc.assert(
    fc.property(mapping, mapping, fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }), (base, own, path) => {
      const files = { base: stringify(base) };
      const merged = readExtended('mine.yaml', stringify({ extends: 'base', ...own }), readerOf(files));
      const mine = at(own, path);
      const stop = path.findIndex((_, i) => at(own, path.slice(0, i + 1)) !== undefined && !isMapping(at(own, path.slice(0, i + 1))));
      const expected = mine !== undefined || stop >= 0 ? mine : at(base, path);
      if (!isMapping(expected)) expect(at(merged.value, path)).toEqual(expected);
      // What is there has a place, in the file that it comes from.
      if (at(merged.value, path) !== undefined && !isMapping(expected)) {
        expect(merged.place(path)?.source).toBe(mine === undefined ? 'base' : undefined);
        expect(merged.place(path)).toBeDefined();
      }
    }),
    { numRuns: 300 },
  );
});
