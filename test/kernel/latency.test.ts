import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rng, streams } from '../../src/core/rng.ts';
import { inverseNormalCdf } from '../../src/core/special.ts';
import { LATENCY_MAXIMUM_NANOS, type LatencyLaw, latencyDraw } from '../../src/kernel/latency.ts';
import { empirical, latenciesOf, lognormal } from '../support/lines.ts';
import { expectMean } from '../support/moments.ts';

const N = 40_000;
const sample = (law: LatencyLaw, path: string): Float64Array => {
  const next = latenciesOf(law, 'latency', path);
  return Float64Array.from({ length: N }, next);
};
const shareBelow = (values: Float64Array, bound: number): Float64Array => values.map((value) => (value <= bound ? 1 : 0));
const fixed = (...uniforms: readonly number[]): Rng => {
  let n = -1;
  return {
    uniform: () => {
      n += 1;
      return uniforms[n % uniforms.length] ?? 0.5;
    },
  };
};
const SMALLEST = 1 / 9_007_199_254_740_992;
function drawing(law: LatencyLaw, rng: Rng): () => number {
  if (law.kind === 'constant') throw new Error('a constant draws nothing');
  return latencyDraw(law, rng);
}

describe('draws of a lognormal latency, within four standard errors', () => {
  test.each([
    ['of 3 ms', 3e6, 0.4, 0],
    ['above a minimum', 3e6, 0.4, 5e5],
    ['with a long tail', 2e5, 1.2, 1.5e5],
  ])('%s', (name, median, sigma, minimum) => {
    const values = sample(lognormal(median, sigma, minimum), name);
    const excess = median - minimum;
    expectMean(values, minimum + excess * Math.exp((sigma * sigma) / 2), 'mean');
    for (const p of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      expectMean(shareBelow(values, minimum + excess * Math.exp(sigma * inverseNormalCdf(p))), p, `quantile ${p}`);
    }
    const logs = values.map((value) => Math.log((value - minimum) / excess));
    expectMean(logs, 0, 'mean of the log');
    expectMean(
      logs.map((x) => x * x),
      sigma * sigma,
      'variance of the log',
    );
    expect(Math.min(...values)).toBeGreaterThanOrEqual(minimum);
    expect(values.every(Number.isSafeInteger)).toBe(true);
  });

  test('without spread are the median, to the nanosecond', () => {
    expect(new Set(sample(lognormal(3_141_592, 0, 1_000), 'none'))).toEqual(new Set([3_141_592]));
  });

  test('end at the longest that a message may take', () => {
    const draw = drawing(lognormal(LATENCY_MAXIMUM_NANOS, 3), fixed(1 - SMALLEST, 0.9, 0.5, SMALLEST));
    expect([draw(), draw(), draw()]).toEqual([LATENCY_MAXIMUM_NANOS, LATENCY_MAXIMUM_NANOS, LATENCY_MAXIMUM_NANOS]);
    expect(draw()).toBeGreaterThanOrEqual(0);
  });
});

describe('draws of an empirical latency', () => {
  const values = [5e6, 1e6, 3e6, 1e6, 9e6];
  const share = (sampled: Float64Array, value: number): Float64Array => sampled.map((each) => (each === value ? 1 : 0));

  test('are its values, each as often as its weight says, within four standard errors', () => {
    const weights = [1, 0, 4, 2, 3];
    const sampled = sample(empirical(values, weights), 'weights');
    for (const [value, p] of [
      [1e6, 0.2],
      [3e6, 0.4],
      [5e6, 0.1],
      [9e6, 0.3],
    ] as const)
      expectMean(share(sampled, value), p, `share of ${value}`);
    const equal = sample(empirical(values), 'equal');
    expectMean(equal, 19e6 / 5, 'mean');
    expectMean(share(equal, 1e6), 0.4, 'a value that is given twice');
    expect(new Set(equal)).toEqual(new Set(values));
  });

  test('do not depend on the order of the list', () => {
    const turned = [...values].reverse();
    const weights = [1, 2, 4, 2, 3];
    expect(sample(empirical(turned, [...weights].reverse()), 'order')).toEqual(sample(empirical(values, weights), 'order'));
  });

  test('never leave the list, whatever the weights', () => {
    const weight = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000_000 }));
    const weights = fc.array(weight, { minLength: 1, maxLength: 9 }).filter((all) => Math.max(...all) > 0);
    fc.assert(
      fc.property(weights, (all) => {
        const law = empirical(
          all.map((_, i) => i),
          all,
        );
        const draw = drawing(law, fixed(SMALLEST, 0.5, 1 - SMALLEST));
        expect(draw()).toBe(all.findIndex((each) => each > 0));
        expect(all[draw()]).toBeGreaterThan(0);
        expect(draw()).toBe(all.findLastIndex((each) => each > 0));
      }),
    );
  });
});

test.each([
  ['lognormal', lognormal(3e6, 0.7, 1e5)],
  ['empirical', empirical([4, 1, 3, 2])],
])('a %s latency takes one uniform per message, and is longer where that is larger', (_name, law) => {
  const rng = streams('1').stream('uniforms');
  const uniforms = Array.from({ length: 500 }, () => rng.uniform());
  let asked = 0;
  const draw = drawing(law, {
    uniform: () => {
      asked += 1;
      return uniforms[asked - 1] ?? 0;
    },
  });
  const drawn = uniforms.map((uniform) => ({ uniform, latency: draw() }));
  expect(asked).toBe(500);
  const latencies = [...drawn].sort((a, b) => a.uniform - b.uniform).map(({ latency }) => latency);
  expect(latencies).toEqual([...latencies].sort((a, b) => a - b));
});
