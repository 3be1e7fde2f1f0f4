import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { bestPoint, expectedImprovement } from '../../../src/study/search/expected-improvement.ts';

test.each([
  [0, 1, 0],
  [0.5, 0.25, 0],
  [-0.3, 0.04, 0.1],
  [2, 1, -0.5],
])('expected improvement of mean %d, variance %d on %d is what simulation gives', (mean, variance, best) => {
  const rng = streams('1').stream('test/improvement');
  const draws = 40_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < draws; i += 1) {
    const gain = Math.max(0, best - mean - Math.sqrt(variance) * normal(rng));
    sum += gain;
    squares += gain * gain;
  }
  const error = Math.sqrt((squares / draws - (sum / draws) * (sum / draws)) / draws);
  expect(Math.abs(expectedImprovement({ mean, variance }, best) - sum / draws)).toBeLessThan(4 * error);
});

test('without doubt it is the gain itself', () => {
  expect(expectedImprovement({ mean: -1, variance: 0 }, 0.5)).toBe(1.5);
  expect(expectedImprovement({ mean: 1, variance: 0 }, 0.5)).toBe(0);
});

test('the best point is refined beyond the candidates, stays in the cube and off forbidden ground', () => {
  const score = ([x = 0, y = 0]: readonly number[]): number | undefined =>
    x > 0.9 ? undefined : -(x - 0.31) * (x - 0.31) - (y - 1.2) * (y - 1.2);
  const found = bestPoint(
    [
      [0.1, 0.1],
      [0.6, 0.7],
      [0.95, 0.9],
    ],
    score,
  );
  expect(found?.[0]).toBeCloseTo(0.31, 2);
  expect(found?.[1]).toBe(1);
  expect(bestPoint([[0.95, 0.5]], score)).toBeUndefined();
});
