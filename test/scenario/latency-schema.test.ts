import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import type { LatencyLaw } from '../../src/kernel/latency.ts';
import type { AgentSpec } from '../../src/scenario/scenario.ts';
import { TINY, tinyScenario } from '../support/tiny.ts';

const RIVALS = '{ kind: reference, latency: { orderMillis: 3, dataMillis: 3 } }';
const withLatency = (latency: string): string => {
  expect(TINY.split(RIVALS)).toHaveLength(2);
  return TINY.replace(RIVALS, `{ kind: reference, latency: ${latency} }`);
};
function latencyOf(latency: string): AgentSpec['latency'] | undefined {
  return tinyScenario([], [], withLatency(latency)).agents.find(({ name }) => name === 'rivals')?.latency;
}
const constant = (millis: number): LatencyLaw => ({ kind: 'constant', nanos: (millis * 1e6) as never });

describe('a latency', () => {
  test('is a constant per leg; reports come with the data unless they have one of their own', () => {
    expect(latencyOf('{ orderMillis: 3, dataMillis: 4 }')).toEqual({ order: constant(3), ack: constant(4), data: constant(4) });
    expect(latencyOf('{ ackMillis: 2 }')).toEqual({ order: constant(5), ack: constant(2), data: constant(5) });
    expect(latencyOf('{ orderMillis: 0, ackMillis: 250 us, dataMillis: 2 s }')).toEqual({
      order: constant(0),
      ack: constant(0.25),
      data: constant(2000),
    });
    expect(latencyOf('{}')).toEqual({ order: constant(5), ack: constant(5), data: constant(5) });
  });

  test('is a lognormal law, or values with weights, in any unit of time', () => {
    const laws = latencyOf(`{
      orderMillis: { lognormal: { medianMillis: 3 ms, sigma: 0.4, minimumMillis: 0.5 } },
      ackMillis: { empirical: { millis: [1, 250 us, 2 s], weights: [5, 0, 1.5] } },
      dataMillis: { lognormal: { medianMillis: 0.2, sigma: 0 } } }`);
    const [one, quarter, long] = [1_000_000, 250_000, 2_000_000_000];
    expect(laws).toEqual({
      order: { kind: 'lognormal', medianNanos: 3_000_000, sigma: 0.4, minimumNanos: 500_000 },
      ack: {
        kind: 'empirical',
        values: [
          { nanos: one, weight: 5 },
          { nanos: quarter, weight: 0 },
          { nanos: long, weight: 1.5 },
        ],
      },
      data: { kind: 'lognormal', medianNanos: 200_000, sigma: 0, minimumNanos: 0 },
    });
    const equal = latencyOf('{ dataMillis: { empirical: { millis: [1, 2 s] } } }');
    const values = [one, long].map((nanos) => ({ nanos, weight: 1 }));
    expect(equal).toEqual({ order: constant(5), ack: { kind: 'empirical', values }, data: { kind: 'empirical', values } });
  });

  test('can be changed by path, as a whole or in a part', () => {
    const law = 'agents.maker.latency.dataMillis={ lognormal: { medianMillis: 4, sigma: 0.5 } }';
    const latency = (...changes: string[]) => tinyScenario(changes).agents.find(({ name }) => name === 'maker')?.latency;
    expect(latency(law)?.data).toEqual({ kind: 'lognormal', medianNanos: 4e6, sigma: 0.5, minimumNanos: 0 });
    expect(latency(law, 'agents.maker.latency.dataMillis.lognormal.sigma=0.1')?.data).toMatchObject({ sigma: 0.1 });
    expect(latency(law)?.order).toEqual(constant(5));
  });
});

const FORMS = 'or { lognormal: { medianMillis, sigma } }, or { empirical: { millis } }';
const TIME = 'expected a time in milliseconds from 0 to 60000, as a number or with a unit (ns, us, ms, s, min, h, d)';

describe('what is none is told once, at its place, with what was expected', () => {
  test.each<[what: string, latency: string, path: string, message: string]>([
    ['a negative constant', '{ orderMillis: -3 }', 'orderMillis', `found -3, ${TIME}; ${FORMS}`],
    ['a wrong unit', '{ dataMillis: 3 kg }', 'dataMillis', `found "3 kg", ${TIME}; ${FORMS}`],
    ['a misspelt unit', '{ dataMillis: 3 msec }', 'dataMillis', `found "3 msec", ${TIME}; did you mean "3 ms"?; ${FORMS}`],
    ['a constant that is too long', '{ ackMillis: 2 min }', 'ackMillis', `found "2 min", ${TIME}; ${FORMS}`],
    ['a list', '{ ackMillis: [1, 2] }', 'ackMillis', `found a list, ${TIME}; ${FORMS}`],
    ['no law at all', '{ dataMillis: {} }', 'dataMillis', `found a mapping, expected one of ${FORMS.slice(3)}`],
    [
      'two laws at once',
      '{ dataMillis: { lognormal: { medianMillis: 1, sigma: 1 }, empirical: { millis: [1] } } }',
      'dataMillis',
      `found a mapping, expected one of ${FORMS.slice(3)}`,
    ],
    [
      'a misspelt law',
      '{ dataMillis: { lognorm: { medianMillis: 1, sigma: 1 } } }',
      'dataMillis.lognorm',
      'unknown key `lognorm`; did you mean `lognormal`?',
    ],
    ['a leg that is none', '{ acksMillis: 3 }', 'acksMillis', 'unknown key `acksMillis`; did you mean `ackMillis`?'],
    [
      'a negative median',
      '{ dataMillis: { lognormal: { medianMillis: -1, sigma: 1 } } }',
      'dataMillis.lognormal.medianMillis',
      `found -1, ${TIME}`,
    ],
    ['no median', '{ dataMillis: { lognormal: { sigma: 1 } } }', 'dataMillis.lognormal.medianMillis', `missing; ${TIME}`],
    [
      'a median without a unit of time',
      '{ dataMillis: { lognormal: { medianMillis: 3 %, sigma: 1 } } }',
      'dataMillis.lognormal.medianMillis',
      `found "3 %", ${TIME}; % is a unit of fraction, not of time`,
    ],
    [
      'a negative sigma',
      '{ dataMillis: { lognormal: { medianMillis: 1, sigma: -1 } } }',
      'dataMillis.lognormal.sigma',
      'found -1, expected a number from 0 to 3',
    ],
    [
      'a minimum above the median',
      '{ dataMillis: { lognormal: { medianMillis: 1, sigma: 1, minimumMillis: 2 ms } } }',
      'dataMillis.lognormal.minimumMillis',
      'found "2 ms", expected at most the median of 1 ms',
    ],
    [
      'no values',
      '{ dataMillis: { empirical: { millis: [] } } }',
      'dataMillis.empirical.millis',
      'found an empty list, expected a list of at least 1 elements',
    ],
    ['a negative value', '{ dataMillis: { empirical: { millis: [1, -2] } } }', 'dataMillis.empirical.millis[1]', `found -2, ${TIME}`],
    [
      'weights that do not match',
      '{ dataMillis: { empirical: { millis: [1, 2, 3], weights: [1, 2] } } }',
      'dataMillis.empirical.weights',
      'found 2 weights, expected one for each of the 3 values',
    ],
    [
      'a negative weight',
      '{ dataMillis: { empirical: { millis: [1, 2], weights: [1, -2] } } }',
      'dataMillis.empirical.weights[1]',
      'found -2, expected a number from 0 to 1000000000',
    ],
    [
      'weights that are all zero',
      '{ dataMillis: { empirical: { millis: [1, 2], weights: [0, 0] } } }',
      'dataMillis.empirical.weights',
      'found a list, expected at least one weight above 0',
    ],
  ])('%s', (_what, latency, path, message) => {
    const text = withLatency(latency);
    try {
      tinyScenario([], [], text);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const { issues } = error as InputError;
      expect(issues.map((issue) => [issue.path, issue.message])).toEqual([[`agents.rivals.latency.${path}`, message]]);
      expect(issues[0]?.line).toBe(text.split('\n').findIndex((line) => line.includes('rivals:')) + 1);
      return;
    }
    throw new Error('was accepted');
  });
});
