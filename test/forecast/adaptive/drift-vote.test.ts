import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { Cusum } from '../../../src/forecast/adaptive/cusum.ts';
import { DriftVote } from '../../../src/forecast/adaptive/drift-vote.ts';
import { PageHinkley } from '../../../src/forecast/adaptive/page-hinkley.ts';

describe('CUSUM', () => {
  test('adds what exceeds the slack, never falls below 0, and begins again after an alarm', () => {
    const cusum = new Cusum(0.5, 2);
    const alarms = [1, -3, 2, 0.4, 1.2].map((value) => [cusum.step(value), Number(cusum.sum.toFixed(12))]);
    expect(alarms).toEqual([
      [false, 0.5],
      [false, 0],
      [false, 1.5],
      [false, 1.4],
      [true, 0],
    ]);
  });
});

describe('Page-Hinkley', () => {
  test('is the definition over all values so far', () => {
    const rng = streams('1').stream('drift');
    const values = Array.from({ length: 300 }, (_, t) => normal(rng) + (t > 200 ? 1 : 0));
    const own = new PageHinkley(0.1, 15);
    const first = values.findIndex((value) => own.step(value));
    const sums = values.map((_, n) => {
      // m_n = Σ (x_s − mean of the first s values − δ).
      let sum = 0;
      for (let s = 0; s <= n; s += 1) {
        const mean = values.slice(0, s + 1).reduce((total, x) => total + x, 0) / (s + 1);
        sum += (values[s] ?? 0) - mean - 0.1;
      }
      return sum;
    });
    const naive = sums.findIndex((sum, n) => sum - Math.min(0, ...sums.slice(0, n + 1)) > 15);
    expect(first).toBe(naive);
    expect(first).toBeGreaterThan(200);
  });
});

/** Mean of four squared standard normals, times what the errors have grown by. */
const losses = (seed: string, steps: number, size: (t: number) => number): number[] => {
  const rng = streams(seed).stream('drift');
  return Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    for (let f = 0; f < 4; f += 1) {
      const z = normal(rng);
      sum += (z * z) / 4;
    }
    return sum * size(t) * size(t);
  });
};

describe('the vote', () => {
  test.each([
    ['double', 2],
    ['halve', 0.5],
  ])('is cast soon after errors %s', (_, factor) => {
    const vote = new DriftVote();
    const fired = losses('2', 800, (t) => (t < 500 ? 1 : factor)).flatMap((loss, t) => (vote.step(loss) ? [t] : []));
    expect(fired[0]).toBeGreaterThanOrEqual(500);
    expect(fired[0]).toBeLessThan(580);
    expect(vote.quietSteps).toBe(799 - (fired.at(-1) ?? 0));
  });

  test('waits fifty steps between two alarms, and passes over what is no number', () => {
    const vote = new DriftVote();
    const fired = losses('3', 2000, (t) => (Math.floor(t / 60) % 2 === 0 ? 1 : 4)).flatMap((loss, t) => (vote.step(loss) ? [t] : []));
    expect(vote.alarms).toBe(fired.length);
    for (const [i, t] of fired.entries()) if (i > 0) expect(t - (fired[i - 1] ?? 0)).toBeGreaterThanOrEqual(50);
    const { quietSteps } = vote;
    expect(vote.step(Number.NaN)).toBe(false);
    expect(vote.quietSteps).toBe(quietSteps);
  });
});
