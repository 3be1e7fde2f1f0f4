import { expect, test } from 'vitest';
import { Gaussian } from '../../../src/sim/oracles/gaussian.ts';

function pair(): Gaussian {
  const belief = new Gaussian(2);
  belief.mean.set([1, 2]);
  belief.covariance.set([4, 3, 3, 9]);
  return belief;
}

test('learns one variable: the other moves by the regression, and what is known has no variance', () => {
  const belief = pair();
  const log = belief.observe([1, 0], 5);
  expect(log).toBeCloseTo(-0.5 * (Math.log(2 * Math.PI * 4) + 16 / 4), 14);
  expect([...belief.mean]).toEqual([5, 2 + (3 / 4) * 4]);
  expect([...belief.covariance]).toEqual([0, 0, 0, 9 - 9 / 4]);
  // It is known now: nothing more is learnt.
  expect(belief.observe([1, 0], 7)).toBe(0);
  expect(belief.mean[0]).toBe(5);
});

test('learns a sum', () => {
  const belief = pair();
  expect(belief.moments([1, 1])).toEqual({ mean: 3, variance: 19 });
  belief.observe([1, 1], 22);
  expect(belief.mean[0]).toBeCloseTo(1 + (7 / 19) * 19, 12);
  expect(belief.mean[1]).toBeCloseTo(2 + (12 / 19) * 19, 12);
  expect(belief.moments([1, 1]).variance).toBeCloseTo(0, 12);
});

test('a mixture has the mean of the means, and their spread in its variance', () => {
  const [a, b, both] = [new Gaussian(1), new Gaussian(1), new Gaussian(1)];
  a.mean[0] = 0;
  b.mean[0] = 4;
  a.covariance[0] = 1;
  b.covariance[0] = 2;
  both.mix([a, b], [0.75, 0.25]);
  expect(both.mean[0]).toBe(1);
  expect(both.covariance[0]).toBeCloseTo(0.75 * (1 + 1) + 0.25 * (2 + 9), 14);
});
