import { invariant } from '../../core/assert.ts';
import type { Rng } from '../../core/rng.ts';

/** One base per dimension. */
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];

/** What the digits that are left out could add to a coordinate. */
const RESOLUTION = 1e-12;

/**
 * Points of the unit cube that fill it more evenly than independent draws: Halton's sequence (1960, Numer. Math. 2, 84–90), each digit of each
 * coordinate permuted at random by a permutation of its own, so that every point is uniform and high bases lose their stripes
 * (Owen 2017, A randomized Halton algorithm, arXiv 1706.02808). The first n points are the same whatever the count.
 * Accuracy: one point in every interval of length 1/b^k among b^k points (test/study/search/low-discrepancy.test.ts).
 *
 * @param dimensions at most 16.
 * @param rng draws the permutations, their number fixed by `dimensions`.
 */
export function scrambledPoints(dimensions: number, count: number, rng: Rng): number[][] {
  invariant(dimensions <= PRIMES.length, () => `at most ${PRIMES.length} dimensions, found ${dimensions}`);
  const points = Array.from({ length: count }, (): number[] => []);
  for (const base of PRIMES.slice(0, dimensions)) {
    const permutations: number[][] = [];
    for (let weight = 1; weight > RESOLUTION; weight /= base) permutations.push(shuffled(base, rng));
    for (let n = 0; n < count; n += 1) {
      let rest = n;
      let weight = 1 / base;
      let coordinate = 0;
      // Leading zeros count too: their permutations are what spreads the first points.
      for (const permutation of permutations) {
        coordinate += weight * (permutation[rest % base] ?? 0);
        rest = Math.floor(rest / base);
        weight /= base;
      }
      points[n]?.push(Math.min(coordinate, 1 - RESOLUTION));
    }
  }
  return points;
}

function shuffled(count: number, rng: Rng): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const other = Math.floor(rng.uniform() * (i + 1));
    const moved = order[i] ?? 0;
    order[i] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
