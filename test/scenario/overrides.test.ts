import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { InputError } from '../../src/core/assert.ts';
import { readOverride, withOverrides } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { TINY } from '../support/tiny.ts';

const changed = (document: unknown, ...texts: readonly string[]): unknown => withOverrides(document, texts.map(readOverride));

describe('path=value', () => {
  test.each<[string, readonly string[], unknown]>([
    ['a=1', ['a'], 1],
    ['a.b-c.d=text', ['a', 'b-c', 'd'], 'text'],
    ['a=1e3', ['a'], 1000],
    ['a=true', ['a'], true],
    ['a=[1, 2]', ['a'], [1, 2]],
    ['a={ x: 1 }', ['a'], { x: 1 }],
    ['a="1"', ['a'], '1'],
    ['a=', ['a'], null],
    ['a=b=c', ['a'], 'b=c'],
    [' a.0.b =5 min', ['a', '0', 'b'], '5 min'],
    // As in the files: no other words for true, no octal numbers.
    ['a=yes', ['a'], 'yes'],
    ['a=017', ['a'], 17],
  ])('%s', (text, path, value) => {
    expect(readOverride(text)).toEqual({ path, value, text });
  });

  test.each([
    '',
    'a',
    '=1',
    'a..b=1',
    '.a=1',
    'a.=1',
    '__proto__=1',
    'a.__proto__.b=1',
    'a.constructor=1',
    'prototype.x=1',
    'a={',
    'a=[1',
    'a=*x',
  ])('refuses %s', (text) => {
    expect(() => readOverride(text)).toThrow(InputError);
  });
});

describe('a changed document', () => {
  const document = { a: { b: 1, list: [1, { c: 2 }] }, d: 'x' };

  test('has the new values, and the old document is as it was', () => {
    const before = structuredClone(document);
    expect(changed(document, 'a.b=7', 'a.list.1.c=9', 'a.list.0=8', 'd=y')).toEqual({ a: { b: 7, list: [8, { c: 9 }] }, d: 'y' });
    expect(document).toEqual(before);
  });

  test('later changes win, and see the earlier ones', () => {
    expect(changed(document, 'a.b=7', 'a.b=8')).toMatchObject({ a: { b: 8 } });
    expect(changed(document, 'e={ f: [1] }', 'e.f.0=5', 'a.list=[]')).toMatchObject({ e: { f: [5] }, a: { list: [] } });
  });

  test('missing mappings on the way are made', () => {
    expect(changed({}, 'a.b.c=1')).toEqual({ a: { b: { c: 1 } } });
  });

  test.each([
    ['a.list.2=1', /index 2, expected 0 to 1/],
    ['a.list.-1=1', /index -1/],
    ['a.list.x=1', /index x/],
    ['a.list.0.y=1', /inside a plain value/],
    ['d.e=1', /"e" lies inside a plain value/],
    ['a.b.c.d=1', /inside a plain value/],
  ])('%s is refused', (text, message) => {
    expect(() => changed(document, text)).toThrow(message);
    expect(() => changed(document, text)).toThrow(InputError);
  });

  test('no key reaches the prototypes', () => {
    const made = changed({}, 'toString.x=1', 'hasOwnProperty=2', 'a={ __proto__: { polluted: 1 } }');
    expect(Object.hasOwn(made as object, 'toString')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(typeof Object.prototype.toString).toBe('function');
  });

  test('leaves nothing of a document that is no mapping', () => {
    for (const empty of [null, 3, 'text']) expect(() => changed(empty, 'a=1')).toThrow(InputError);
  });
});

describe('changes of a scenario', () => {
  const parsed = (...texts: readonly string[]) => parseScenario('tiny.yaml', TINY, BUILT_IN_AGENTS, texts.map(readOverride));

  test('take effect like the file', () => {
    const scenario = parsed(
      'duration=200',
      'agents.maker.size=2',
      'market.expiries.1.strikes=[50000, 70000]',
      'agents.extra={ kind: reference }',
      'world.start.regime=calm',
    );
    expect(scenario.durationSeconds).toBe(200);
    expect(scenario.agents.map((agent) => agent.name)).toContain('extra');
    expect(scenario.agents.find((agent) => agent.name === 'maker')?.params).toMatchObject({ size: 2 });
    expect(scenario.chain.expiries[1]?.strikes).toEqual([50000, 70000]);
    expect(scenario.world.startRegime).toBe(0);
  });

  test.each([
    ['agents.maker.sise=2', 'agents.maker.sise', /did you mean `size`/],
    ['duration=-5', 'duration', /found -5/],
    ['agents.nobody.size=2', 'agents.nobody.kind', /missing/],
    ['subject=nobody', 'subject', /found "nobody"/],
    ['market.expiries.0.days=45', 'market.expiries[1].days', /expected more than the 45/],
  ])('%s: the fault has its path, and what was changed has no line in the file', (text, path, message) => {
    let issues: InputError['issues'] = [];
    try {
      parsed(text);
    } catch (error) {
      if (error instanceof InputError) issues = error.issues;
    }
    const issue = issues.find((each) => each.path === path);
    expect(issue?.message, JSON.stringify(issues)).toMatch(message);
    if (text.startsWith(path)) expect(issue?.line).toBeUndefined();
    else if (path !== 'agents.nobody.kind') expect(issue?.line).toBeGreaterThan(0);
  });
});
