import { expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { compareVariants } from '../../src/study/compare.ts';
import { fieller, gapShares } from '../../src/study/gap-share.ts';
import { differences, pairedTTest } from '../../src/study/paired.ts';

const chance = streams('gap-share').stream('draws');
const draw = (mean: number, sd: number): number => mean + sd * normal(chance);

test('is the share of the means, between 0 at the floor and 1 at the ceiling', () => {
  const seeds = Array.from({ length: 40 }, (_, i) => String(i));
  const floor = seeds.map(() => draw(100, 5));
  const ceiling = floor.map((score) => score + draw(40, 4));
  const half = floor.map((score, i) => (score + (ceiling[i] ?? 0)) / 2);
  const comparison = compareVariants(
    {
      metric: 'pnl',
      seeds,
      variants: [
        { name: 'rw', scores: floor },
        { name: 'half', scores: half },
        { name: 'filter', scores: ceiling },
      ],
    },
    { rng: streams('1').stream('bootstrap'), resamples: 50 },
  );
  const { shares } = gapShares(comparison, 'rw', 'filter');
  expect(shares).toHaveLength(1);
  expect(shares[0]?.variant).toBe('half');
  expect(shares[0]?.share).toBeCloseTo(0.5, 12);
  // An exact half of every gap: the interval is the point.
  expect(shares[0]?.ci95).toEqual([expect.closeTo(0.5, 6), expect.closeTo(0.5, 6)]);
  // Turned round, it is what is missing.
  expect(gapShares(comparison, 'filter', 'rw').shares[0]?.share).toBeCloseTo(0.5, 12);
});

test('the ends of the interval are where the paired t test is at 5 %', () => {
  const y = Array.from({ length: 25 }, () => draw(10, 6));
  const x = y.map((value) => 0.6 * value + draw(0, 5));
  const interval = fieller(x, y);
  for (const end of interval ?? []) {
    expect(
      pairedTTest(
        differences(
          x,
          y.map((value) => end * value),
        ),
      ),
    ).toBeCloseTo(0.05, 9);
  }
  expect(interval?.[0]).toBeLessThan(interval?.[1] ?? 0);
});

test('there is none where the gap is within its error of 0', () => {
  const y = Array.from({ length: 25 }, (_, i) => (i % 2 === 0 ? 1 : -1) + 0.05);
  expect(fieller(y, y)).toBeUndefined();
});

test('covers the true share in 95 % of samples', () => {
  let covered = 0;
  const runs = 1500;
  for (let run = 0; run < runs; run += 1) {
    const y = Array.from({ length: 20 }, () => draw(10, 8));
    const x = y.map(() => draw(7, 9));
    const [low, high] = fieller(x, y) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    covered += low <= 0.7 && 0.7 <= high ? 1 : 0;
  }
  // Three standard errors of a share of 95 % among 1500.
  expect(Math.abs(covered / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / runs));
});
