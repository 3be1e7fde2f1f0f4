import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { LastingNoise } from '../../../src/sim/oracles/lasting-noise.ts';

const WIDTH = 2;
/** Twice the second regressor, at each output. */
const MEAN = Float64Array.from({ length: (1 + FACTOR_COUNT) * WIDTH }, (_, i) => (i % WIDTH === 1 ? 2 : 0));

/** Ratios of noise that keeps a share of itself from step to step. Output 0 is none of the telling prints. */
function ratios(kept: number, stretch: number): Float64Array {
  const noise = new LastingNoise(MEAN, WIDTH, 1);
  const rng = streams('lasting').stream('test');
  const state = new Float64Array(FACTOR_COUNT);
  for (let run = 0; run < 200; run += 1) {
    const record = {};
    for (let step = 0; step < 240; step += 1) {
      const x = Float64Array.of(1, normal(rng));
      for (let f = 0; f < FACTOR_COUNT; f += 1) state[f] = kept * state[f]! + normal(rng);
      // A hole ends a stretch.
      if (step % (stretch + 1) < stretch) noise.add(x, Float64Array.of(99, ...state.map((value) => value + 2 * x[1]!)), record, step);
    }
  }
  return noise.ratios();
}

test('noise that is new at each step has the variance of its steps, noise that lasts a larger one', () => {
  // 200 runs of six stretches: the ratio of each factor has a standard error of √(2/1200) = .041.
  for (const ratio of ratios(0, 240)) expect(Math.abs(ratio - 1)).toBeLessThan(4 * 0.041);
  // Of a first-order autoregression, by variance of a sum of 40: (1 + a)/(1 − a) − 2a(1 − a⁴⁰)/(40 (1 − a)²).
  const a = 0.8;
  const exact = (1 + a) / (1 - a) - (2 * a * (1 - a ** 40)) / (40 * (1 - a) ** 2);
  for (const ratio of ratios(a, 240)) expect(Math.abs(ratio / exact - 1)).toBeLessThan(4 * 0.041);
});

test('steps that do not follow each other are not summed', () => {
  for (const ratio of ratios(0.8, 1)) expect(ratio).toBe(1);
});

test('nothing told is no noise', () => {
  const noise = new LastingNoise(new Float64Array(MEAN.length), WIDTH, 1);
  noise.add(Float64Array.of(1, 1), new Float64Array(1 + FACTOR_COUNT), {}, 1);
  expect([...noise.ratios()]).toEqual([1, 1, 1, 1]);
});
