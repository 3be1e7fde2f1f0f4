import { expect, test } from 'vitest';
import { streams } from '../../../src/core/rng.ts';
import { scrambledPoints } from '../../../src/study/search/low-discrepancy.ts';

const PRIMES = [2, 3, 5, 7, 11];
const points = (count: number, seed = '1') => scrambledPoints(5, count, streams(seed).stream('test/points'));

test.each(PRIMES.map((base, i) => [i, base]))('coordinate %i has one point in every interval of length 1/%i^k', (i, base) => {
  for (let parts = base; parts <= 130; parts *= base) {
    const seen = new Set(points(parts).map((point) => Math.floor((point[i] ?? 0) * parts)));
    expect(seen.size).toBe(parts);
  }
});

test('the first points are the same whatever the count, lie in the cube, and move with the seed', () => {
  expect(points(200).slice(0, 20)).toEqual(points(20));
  expect(points(20, '2')).not.toEqual(points(20));
  expect(points(1000).every((point) => point.length === 5 && point.every((value) => value >= 0 && value < 1))).toBe(true);
});

test('each point is uniform: the mean of the first coordinate of the first point over seeds is a half', () => {
  const firsts = Array.from({ length: 400 }, (_, seed) => points(1, `${seed}`)[0] ?? []);
  // Four standard errors of a mean of 400 uniform draws.
  for (let i = 0; i < 5; i += 1) {
    const mean = firsts.reduce((sum, point) => sum + (point[i] ?? 0), 0) / firsts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 400));
  }
});

test('integrates a product with a smaller error than independent draws', () => {
  const f = (point: readonly number[]): number => point.reduce((product, x) => product * (1 + 0.5 * (x - 0.5)), 1);
  const error = (at: readonly (readonly number[])[]): number => at.reduce((sum, point) => sum + f(point), 0) / at.length - 1;
  const squares = (of: (seed: string) => number): number =>
    Array.from({ length: 40 }, (_, seed) => of(`${seed}`)).reduce((sum, value) => sum + value * value, 0);
  const even = squares((seed) => error(points(256, seed)));
  const drawn = squares((seed) => {
    const rng = streams(seed).stream('test/independent');
    return error(Array.from({ length: 256 }, () => Array.from({ length: 5 }, () => rng.uniform())));
  });
  expect(even).toBeLessThan(drawn / 10);
});
