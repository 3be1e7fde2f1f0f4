import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { confidenceSet, eliminate } from '../../../src/study/evaluation/confidence-set.ts';
import { originsOf } from '../../../src/study/evaluation/origins.ts';

const rng = (path: string) => streams('set').stream(path);
const losses = (path: string, count: number, shift = 0): number[] => {
  const own = rng(path);
  return Array.from({ length: count }, () => normal(own) + shift + 10);
};

describe('elimination', () => {
  // Two models, means 2 and 1, so gaps ±.5; resamples whose gaps are off by these numbers.
  const resampled = (noise: readonly number[]) => Float64Array.from(noise.flatMap((e) => [2 + e, 1 - e]));

  test('is by the share of resamples that go as far, by hand', () => {
    // Deviations .1, −.1, .3, −.3, .6: variance .112 of each model, so t = .5/.335 = 1.494; greatest |t*| ≥ 1.494 once (.6).
    const [worse, better] = eliminate([2, 1], resampled([0.1, -0.1, 0.3, -0.3, 0.6]));
    expect(worse).toEqual({ isMember: true, p: 0.2 });
    expect(better).toEqual({ isMember: true, p: 1 });
  });

  test('puts out a model that no resample brings back', () => {
    const [worse, better] = eliminate([2, 1], resampled([0.1, -0.1, 0.1, -0.1]));
    expect(worse).toEqual({ isMember: false, p: 0 });
    expect(better?.isMember).toBe(true);
  });

  test('goes on from the worst: p never falls', () => {
    const noise = Array.from({ length: 200 }, (_, i) => [Math.sin(i * i), Math.cos(3 * i), Math.sin(5 * i + 1)]);
    const means = [9, 1.1, 1];
    const members = eliminate(means, Float64Array.from(noise.flatMap((e) => e.map((one, m) => (means[m] ?? 0) + 0.2 * one))));
    expect(members[0]?.isMember).toBe(false);
    expect(members[1]?.p).toBeGreaterThan(members[0]?.p ?? 1);
    expect(members[2]?.p).toBe(1);
  });

  test('puts out nothing behind a model that noise lets stay', () => {
    // The first is far above, but as often far below; of the other two one is always worse, which is not asked while the first stays.
    const noise = [3, -3, 3, -3];
    const members = eliminate([3, 1.2, 1], Float64Array.from(noise.flatMap((e) => [3 + e, 1.2, 1])));
    expect(members.map(({ p }) => p)).toEqual([1, 1, 1]);
  });

  test('keeps models that are one', () => {
    expect(eliminate([1, 1], Float64Array.from([1.1, 1.1, 0.9, 0.9])).map(({ isMember }) => isMember)).toEqual([true, true]);
    expect(eliminate([1], Float64Array.from([1, 2]))).toEqual([{ isMember: true, p: 1 }]);
  });
});

describe('the set of losses', () => {
  test('keeps equal models, and puts out one that is clearly worse, wherever it stands', () => {
    const origins = originsOf(new Int32Array(500).fill(1, 200), 1);
    const equal = ['a', 'b', 'c'].map((path) => losses(path, 500));
    const bad = losses('d', 500, 1);
    expect(confidenceSet(equal, origins, rng('one'), 300).map(({ isMember }) => isMember)).toEqual([true, true, true]);
    for (const at of [0, 2, 3]) {
      const found = confidenceSet([...equal.slice(0, at), bad, ...equal.slice(at)], origins, rng('two'), 300);
      expect(found.map(({ isMember }) => isMember)).toEqual([0, 1, 2, 3].map((i) => i !== at));
    }
  });

  test('resamples no block into another: blocks of their own level add no spread', () => {
    // The difference of the two models is constant within blocks of 50, so every resample of 50 in a row from one block is constant.
    const origins = originsOf(
      Int32Array.from({ length: 200 }, (_, i) => Math.floor(i / 50)),
      50,
    );
    const level = [1, 2, 3, 4];
    const first = Array.from({ length: 200 }, (_, i) => level[Math.floor(i / 50)] ?? 0);
    const second = first.map(() => 2);
    // Means of four drawn levels are multiples of a quarter only if no block is cut.
    const own = streams('set').stream('levels');
    const [a, b] = confidenceSet([first, second], origins, own, 400);
    // P(mean of four levels from {1..4} is at least .5 from 2.5, downwards or upwards) = .33 by enumeration: it cannot be put out.
    expect([a?.isMember, b?.isMember]).toEqual([true, true]);
    expect(a?.p).toBeGreaterThan(0.2);
    expect(a?.p).toBeLessThan(0.5);
  });

  test('is the same for the same stream', () => {
    const origins = originsOf(new Int32Array(100), 4);
    const both = [losses('e', 100), losses('f', 100, 0.2)];
    expect(confidenceSet(both, origins, rng('three'))).toEqual(confidenceSet(both, origins, rng('three')));
    expect(confidenceSet([], origins, rng('three'))).toEqual([]);
  });
});
