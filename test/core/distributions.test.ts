import { describe, expect, test } from 'vitest';
import { categorical, exponential, logistic, lognormal, normal, poisson } from '../../src/core/distributions.ts';
import { type Rng, streams } from '../../src/core/rng.ts';
import { expectMean } from '../support/moments.ts';

const N = 60_000;
const sample = (name: string, draw: (rng: Rng) => number, count = N): Float64Array => {
  const rng = streams('0').stream(name);
  return Float64Array.from({ length: count }, () => draw(rng));
};
const powers = (values: Float64Array, power: number): Float64Array =>
  values.map((x) => {
    let result = 1;
    for (let n = 0; n < power; n += 1) result *= x;
    return result;
  });

describe('moments, within four standard errors', () => {
  test('normal', () => {
    const x = sample('normal', normal);
    [0, 1, 0, 3, 0, 15].forEach((theory, i) => {
      expectMean(powers(x, i + 1), theory, `moment ${i + 1}`);
    });
  });

  test('exponential', () => {
    const x = sample('exponential', (rng) => exponential(rng, 2.5));
    expectMean(x, 2.5, 'mean');
    expectMean(powers(x, 2), 2 * 2.5 * 2.5, 'second moment');
    expect(Math.min(...x)).toBeGreaterThan(0);
    expect(sample('exponential', (rng) => exponential(rng, 0), 10).every((value) => value === 0)).toBe(true);
  });

  test('lognormal', () => {
    const x = sample('lognormal', (rng) => lognormal(rng, -0.95, 0.7));
    expectMean(x.map(Math.log), -0.95, 'mean of the log');
    expectMean(
      x.map((value) => (Math.log(value) + 0.95) * (Math.log(value) + 0.95)),
      0.49,
      'variance of the log',
    );
    expectMean(x, Math.exp(-0.95 + 0.245), 'mean');
  });

  test('logistic: P(X > x) = 1/(1 + e^x)', () => {
    const values = sample('logistic', logistic);
    expectMean(values, 0, 'mean');
    expectMean(powers(values, 2), (Math.PI * Math.PI) / 3, 'variance');
    for (const x of [-3, -0.7, 0, 0.5, 4]) {
      expectMean(
        values.map((value) => (value > x ? 1 : 0)),
        1 / (1 + Math.exp(x)),
        `P(X > ${x})`,
      );
    }
  });

  test.each([0.01, 0.8, 3, 40, 480])('poisson of mean %d', (mean) => {
    const x = sample(`poisson ${mean}`, (rng) => poisson(rng, mean), 20_000);
    expectMean(x, mean, 'mean');
    expectMean(
      x.map((k) => (k - mean) * (k - mean)),
      mean,
      'variance',
    );
    if (mean < 10)
      expectMean(
        x.map((k) => (k === 0 ? 1 : 0)),
        Math.exp(-mean),
        'P(0)',
      );
  });

  test('categorical', () => {
    const weights = [2, 0, 5, 3];
    const x = sample('categorical', (rng) => categorical(rng, weights));
    weights.forEach((weight, i) => {
      if (weight === 0) expect(x.includes(i)).toBe(false);
      else
        expectMean(
          x.map((index) => (index === i ? 1 : 0)),
          weight / 10,
          `index ${i}`,
        );
    });
  });
});

test('each draw takes one uniform, whatever comes out', () => {
  for (const u of [1e-12, 0.02, 0.5, 0.97, 1 - 1e-12]) {
    const laws: readonly ((rng: Rng) => number)[] = [
      normal,
      logistic,
      (rng) => exponential(rng, 3),
      (rng) => exponential(rng, 0),
      (rng) => lognormal(rng, 0, 2),
      (rng) => poisson(rng, 0),
      (rng) => poisson(rng, 7),
      (rng) => categorical(rng, [1, 2, 3]),
      (rng) => categorical(rng, [1]),
    ];
    for (const law of laws) {
      let taken = 0;
      const value = law({
        uniform: () => {
          taken += 1;
          return u;
        },
      });
      expect(taken).toBe(1);
      expect(Number.isFinite(value)).toBe(true);
    }
  }
});

test('larger uniforms never give smaller values, except the exponential, which falls', () => {
  const at = (law: (rng: Rng) => number, u: number): number => law({ uniform: () => u });
  const grid = Array.from({ length: 199 }, (_, i) => (i + 1) / 200);
  for (let i = 1; i < grid.length; i += 1) {
    const [before, now] = [grid[i - 1] ?? 0, grid[i] ?? 0];
    for (const law of [normal, logistic, (rng: Rng) => poisson(rng, 4), (rng: Rng) => categorical(rng, [1, 2, 3, 4])]) {
      expect(at(law, now)).toBeGreaterThanOrEqual(at(law, before));
    }
    expect(at((rng) => exponential(rng, 1), now)).toBeLessThan(at((rng) => exponential(rng, 1), before));
  }
});

test.each([-1, 501, Number.NaN])('poisson refuses a mean of %d', (mean) => {
  expect(() => poisson({ uniform: () => 0.5 }, mean)).toThrow(RangeError);
});
