import { describe, expect, test } from 'vitest';
import { InputError, type Issue } from '../../src/core/assert.ts';
import { TINY, tinyScenario } from '../support/tiny.ts';

/** `tiny` with pieces of its text replaced. */
function edited(...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    expect(text.split(from), `"${from}" must stand once in tiny.yaml`).toHaveLength(2);
    return text.replace(from, to);
  }, TINY);
}

function refusal(text: string, changes: readonly string[] = []): InputError {
  try {
    tinyScenario(changes, [], text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('was accepted');
}

const lineOf = (text: string, marker: string): number => text.split('\n').findIndex((line) => line.includes(marker)) + 1;
const summary = ({ path, line, message }: Issue): string => `${line ?? '-'} ${path}: ${message}`;

const WEEK = '{ days: 7, strikes: [66000, 70000, 74000] }';
const MONTH = '{ days: 30, strikes: [60000, 70000, 80000] }';
const SHIFT = '{ at: 2 min, over: 30 s, regime: stressed, spotReturn: -0.01, level: 0.03 }';

describe('a value that is none is told with its path, its line and what was expected', () => {
  test.each<[string, [string, string], string, RegExp]>([
    [
      'two expiries of one name',
      [MONTH, '{ days: 7.000001, strikes: [60000] }'],
      'market.expiries[1].days',
      /"7d" is the label of expiry 0 as well/,
    ],
    [
      'forecasts off the grid of the world',
      ['stepSeconds: 10', 'stepSeconds: 10.5'],
      'forecast.stepSeconds',
      /found 10.5, expected a whole multiple of the world's step of 1 s/,
    ],
    [
      'more jumps than steps hold',
      ['preset: btc', 'preset: btc\n  regimes: { calm: { spot: { jumpsPerYear: 4000000 } } }'],
      'world.regimes.calm.spot.jumpsPerYear',
      /found 4000000, expected at most 3153600 with steps of 1000 ms/,
    ],
    [
      'a shape that is not of a whole day',
      ['activity: { sd: 0.3 }', 'activity: { shape: [[0, 1], [0.5, 2]] }'],
      'world.activity.shape',
      /found shares of the day 0, 0.5, expected them increasing, from 0 to 1/,
    ],
    [
      'a shape that goes back',
      ['activity: { sd: 0.3 }', 'activity: { shape: [[0, 1], [0.6, 1], [0.5, 2], [1, 1]] }'],
      'world.activity.shape',
      /found shares of the day 0, 0.6, 0.5, 1, expected them increasing/,
    ],
    [
      'a day without activity',
      ['activity: { sd: 0.3 }', 'activity: { shape: [[0, 0], [1, 0]] }'],
      'world.activity.shape',
      /found no level above 0/,
    ],
    [
      'a start after the end of the day',
      ['activity: { sd: 0.3 }', 'activity: { dayHours: 6.5, startHours: 6.5 }'],
      'world.activity.startHours',
      /found 6.5 h, expected a time before the end of the day, at 6.5 h/,
    ],
    [
      'an agent of an unknown kind',
      ['kind: reference', 'kind: referense'],
      'agents.rivals.kind',
      /found "referense", expected .*did you mean `reference`/,
    ],
    [
      'a vol in percent',
      ['atmVol: 50 %', 'atmVol: 20'],
      'world.surface.atmVol',
      /found 20, expected a vol.*did you mean 0.20\? vols are fractions, 20 % is 0.20/,
    ],
    ['a negative vol', ['atmVol: 50 %', 'atmVol: -0.5'], 'world.surface.atmVol', /found -0.5, expected a vol, .*above 0 and at most 5/],
    ['no vol at all', ['atmVol: 50 %, ', ''], 'world.surface.atmVol', /missing; expected a vol/],
    [
      'a tick of a lot beyond all money',
      ['symbol: BTC', 'symbol: BTC\n  options: { tickSize: 1000000, lotSize: 1000000000 }'],
      'market.options.tickSize',
      /worth 1000000000000000 dollars, expected a whole number of millionths below 2\^53/,
    ],
    [
      'a tick too fine for whole numbers',
      ['symbol: BTC', 'symbol: BTC\n  underlying: { tickSize: 0.0000001, lotSize: 100 }'],
      'market.underlying.tickSize',
      /found 1e-7, expected at least 0.000001/,
    ],
    [
      'a strike beyond all prices',
      [MONTH, '{ days: 30, strikes: [60000, 2000000000] }'],
      'market.expiries[1].strikes[1]',
      /found 2000000000, expected at most 1000000000/,
    ],
    [
      'a forward beyond all prices',
      [MONTH, '{ days: 3650, carry: 2, strikes: [60000] }'],
      'market.expiries[1].carry',
      /the forward would be \d+\.\d+ dollars, expected at most 1000000000/,
    ],
    [
      'impact that turns round',
      ['preset: btc', 'preset: btc\n  impact: { bpPer100Units: -1 }'],
      'world.impact.bpPer100Units',
      /found -1, expected a number from 0 to 10000/,
    ],
    [
      'more permanent impact than impact',
      ['preset: btc', 'preset: btc\n  impact: { permanentShare: 33 }'],
      'world.impact.permanentShare',
      /found 33, expected a fraction from 0 to 1/,
    ],
    [
      'impact that is gone at once',
      ['preset: btc', 'preset: btc\n  impact: { halfLifeMinutes: 0 }'],
      'world.impact.halfLifeMinutes',
      /found 0, expected a number above 0/,
    ],
    ['a negative spot', ['spot: 70000', 'spot: -70000'], 'world.spot', /found -70000, expected a number above 0/],
    ['a negative duration', ['duration: 5 min', 'duration: -5'], 'duration', /found -5, expected a time in seconds from 1/],
    ['no duration', ['duration: 5 min', 'duration: 0'], 'duration', /found 0, expected a time in seconds from 1/],
    [
      'a zero tick',
      ['symbol: BTC', 'symbol: BTC\n  options: { tickSize: 0 }'],
      'market.options.tickSize',
      /found 0, expected a number above 0/,
    ],
    [
      'a negative lot',
      ['symbol: BTC', 'symbol: BTC\n  underlying: { lotSize: -0.01 }'],
      'market.underlying.lotSize',
      /found -0.01, expected a number above 0/,
    ],
    [
      'a negative latency',
      ['{ orderMillis: 3, dataMillis: 3 }', '{ orderMillis: -3 }'],
      'agents.rivals.latency.orderMillis',
      /found -3, expected a time in milliseconds from 0 to 60000/,
    ],
    [
      'a misspelt parameter of an agent',
      ['seriesMaximum: 8', 'seriesMaximun: 8'],
      'agents.maker.seriesMaximun',
      /unknown key `seriesMaximun`; did you mean `seriesMaximum`/,
    ],
    ['a parameter of another kind', ['{ kind: customers }', '{ kind: customers, size: 2 }'], 'agents.customers.size', /unknown key `size`/],
    ['an infinite number', ['rate: 8000', 'rate: .inf'], 'flow.rate', /expected a finite number/],
  ])('%s', (_name, edit, path, message) => {
    const text = edited(edit);
    const { issues } = refusal(text);
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]?.message).toMatch(message);
    // On the line of the value, or where it is missing, of the mapping that lacks it.
    const key =
      path
        .split('.')
        .at(-1)
        ?.replace(/\[\d+\]/, '') ?? '';
    const marker = edit[1].split('\n').findLast((line) => line.includes(key)) ?? 'surface: {';
    expect(issues[0]?.line, summary(issues[0] as Issue)).toBe(lineOf(text, marker.trim()));
    expect(issues[0]?.column).toBeGreaterThan(0);
  });

  test('a scenario without agents', () => {
    const text = `${TINY.slice(0, TINY.indexOf('agents:'))}agents: {}\nsubject: maker\n`;
    expect(refusal(text).issues.map(summary)).toEqual([
      `${lineOf(text, 'agents:')} agents: expected at least one agent`,
      expect.stringMatching(/^\d+ subject: found "maker", expected one of/),
    ]);
  });

  test('two agents of one name, and names that are none', () => {
    const twice = edited(['  rivals: {', '  maker: { kind: customers }\n  rivals: {']);
    expect(refusal(twice).issues[0]?.message).toMatch(/duplicate key `maker`/);
    for (const name of ['Maker', '9lives', 'a b', 'x'.repeat(41)]) {
      expect(refusal(edited(['  rivals:', `  "${name}":`])).issues[0]?.message).toMatch(/is not allowed as a key/);
    }
  });
});

test('all faults are told at once, those of one stage in the order of the check', () => {
  const text = edited(
    [WEEK, '{ days: 0, strikes: [66000, 66000] }'],
    [SHIFT, '{ at: 400, regime: panic }'],
    ['subject: maker', 'subject: nobody'],
    ['horizonsSteps: [1, 5]', 'horizonsSteps: [5, 1]'],
  );
  expect(refusal(text).issues.map(({ path, line }) => `${path} ${line}`)).toEqual([
    `market.expiries[0].days ${lineOf(text, 'days: 0')}`,
    `market.expiries[0].strikes[1] ${lineOf(text, 'days: 0')}`,
    `forecast.horizonsSteps[1] ${lineOf(text, '[5, 1]')}`,
    `subject ${lineOf(text, 'nobody')}`,
    `world.timeline[0].at ${lineOf(text, 'at: 400')}`,
    `world.timeline[0].regime ${lineOf(text, 'at: 400')}`,
  ]);
  const schema = refusal(
    edited(
      ['atmVol: 50 %', 'atmVol: 20'],
      ['rate: 8000', 'rat: 2400'],
      ['kind: informed', 'kind: informd'],
      ['duration: 5 min', 'duration: soon'],
    ),
  );
  expect(schema.issues.map(({ path }) => path)).toEqual(['duration', 'world.surface.atmVol', 'flow.rat', 'agents.insider.kind']);
});

test('a refusal takes no longer for a huge run, nor for formulas in it', () => {
  const start = process.hrtime.bigint();
  const text = edited(
    ['duration: 5 min', 'duration: 104 d'],
    ['preset: btc', 'preset: btc\n  stepMillis: 10\n  level: 0.1*sin(tDays)\n  theta: 1+0.1*cos(tDays)'],
    ['rate: 8000', 'rate: 2000+sin(tHours)*exp(-tDays)'],
  );
  expect(refusal(text).issues.map(({ path }) => path)).toEqual(['world.stepMillis']);
  expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(1);
});

describe('an override', () => {
  test('cannot reach the prototype of anything', () => {
    const hostile = [
      'agents={ __proto__: { polluted: 1 } }',
      'world={ constructor: { prototype: { polluted: 1 } } }',
      'flow={ __proto__: 1 }',
    ];
    for (const change of hostile) expect(() => tinyScenario([change]), change).toThrow(InputError);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('with a fault elsewhere leaves the lines of the rest of the file in place', () => {
    const text = edited(['subject: maker', 'subject: nobody']);
    expect(refusal(text, ['duration=500']).issues.map(summary)).toEqual([expect.stringMatching(`^${lineOf(text, 'nobody')} subject: `)]);
  });
});
