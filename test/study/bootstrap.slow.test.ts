import { expect, test } from 'vitest';
import { normal } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { bootstrapIntervals } from '../../src/study/bootstrap.ts';

/** Share of repeats whose 95 % interval holds `truth`. */
function coverage(name: string, n: number, repeats: number, draw: (u: () => number) => number, truth: number): number {
  const { stream } = streams(name);
  const values = stream('values');
  const resampling = stream('resampling');
  let held = 0;
  for (let r = 0; r < repeats; r += 1) {
    const sample = Array.from({ length: n }, () => draw(() => values.uniform()));
    const [low, high] = bootstrapIntervals([sample], 1000, 0.95, resampling)[0] ?? [1, -1];
    if (low <= truth && truth <= high) held += 1;
  }
  return held / repeats;
}

test('normal values: coverage 95 % at n = 30 and n = 100', () => {
  const draw = (u: () => number): number => normal({ uniform: u });
  for (const n of [30, 100]) {
    const share = coverage(`normal/${n}`, n, 3000, draw, 0);
    console.log(`coverage of normal values, n = ${n}: ${share}`);
    expect(Math.abs(share - 0.95)).toBeLessThan(0.015);
  }
});

test('rare crashes: coverage falls short, by no more than the documentation says', () => {
  // Small gains and losses (s.d. 0.3); 4 % of the seeds lose an exponential of mean 4 on top.
  const draw = (u: () => number): number => {
    const crash = u() < 0.04;
    const z = normal({ uniform: u });
    const loss = -4 * Math.log(u());
    return crash ? 0.3 * z - loss : 0.3 * z;
  };
  for (const [n, atLeast] of [
    [50, 0.7],
    [400, 0.88],
  ] as const) {
    const share = coverage(`crash/${n}`, n, 1200, draw, -0.16);
    console.log(`coverage with rare crashes, n = ${n}: ${share}`);
    expect(share).toBeGreaterThan(atLeast);
    expect(share).toBeLessThan(0.96);
  }
});
