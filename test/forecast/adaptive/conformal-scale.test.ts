import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { ConformalScale, type ConformalTerms } from '../../../src/forecast/adaptive/conformal-scale.ts';

const EIGHTY = 1.281_551_565_544_600_4;

test('starts where the calibration of training left it: at 1', () => {
  const scale = new ConformalScale({ horizonSteps: 1 });
  for (const group of [0, 1]) expect(scale.multiplier(group)).toBeCloseTo(1, 1);
});

/** Errors whose deviation changes, one step ahead, each interval made before its outcome is known; misses and multipliers. */
function served(terms: ConformalTerms, steps: number, sd: (t: number) => number, seed = '1') {
  const rng = streams(seed).stream('conformal');
  const scale = new ConformalScale(terms);
  const made: number[] = [];
  const misses: number[] = [];
  const errors: number[] = [];
  const { horizonSteps } = terms;
  for (let t = 0; t < steps; t += 1) {
    made.push(scale.multiplier());
    errors.push(Math.abs(sd(t) * normal(rng)));
    const due = t - horizonSteps + 1;
    if (due < 0) continue;
    misses.push((errors[due] ?? 0) > EIGHTY * (made[due] ?? 0) ? 1 : 0);
    scale.learn(0, errors[due] ?? 0, made[due] ?? 0);
  }
  return { scale, made, misses };
}

const share = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

describe('coverage', () => {
  test.each([1, 10])('differs from 80 %% by what α has moved, exactly, at horizon %i', (horizonSteps) => {
    const { scale, misses } = served({ horizonSteps }, 3000, (t) => Math.exp(Math.sin(t / 150)));
    const moved = (horizonSteps * (0.2 - scale.alpha())) / (0.01 * misses.length);
    expect(share(misses) - 0.2).toBeCloseTo(moved, 10);
  });

  test('is within the stated bound whatever the data do', () => {
    // An adversary who is just outside whenever the interval is finite enough, with scores between 0.1 and 10.
    const scale = new ConformalScale({ horizonSteps: 1 });
    let missed = 0;
    let t = 0;
    for (; t < 4000; t += 1) {
      const multiplier = scale.multiplier();
      const score = Math.max(0.1, Math.min(10, EIGHTY * multiplier * 1.01));
      if (score > EIGHTY * multiplier) missed += 1;
      scale.learn(0, score, multiplier);
    }
    // The prior scores reach down to 0.0125, so the range of scores is 10 / 0.0125.
    const bound = (1.2 + 0.05 * Math.log2(10 / 0.0125) + 0.01) / (0.01 * t);
    expect(Math.abs(missed / t - 0.2)).toBeLessThanOrEqual(bound);
    expect(bound).toBeLessThan(0.05);
  });

  test('is 78 to 82 % on a scale that drifts by a factor of e either way, where the frozen interval holds far less', () => {
    const drift = (t: number): number => Math.exp(Math.sin(t / 400) + 0.3);
    const { misses } = served({ horizonSteps: 1 }, 20_000, drift);
    expect(1 - share(misses)).toBeGreaterThan(0.78);
    expect(1 - share(misses)).toBeLessThan(0.82);
    const rng = streams('1').stream('conformal');
    const frozen = misses.map((_, t) => (Math.abs(drift(t) * normal(rng)) > EIGHTY ? 1 : 0));
    expect(1 - share(frozen)).toBeLessThan(0.72);
  });

  test('comes back within two hundred steps after the scale has doubled', () => {
    const { misses } = served({ horizonSteps: 1 }, 4000, (t) => (t < 2000 ? 1 : 2));
    expect(share(misses.slice(2000, 2050))).toBeGreaterThan(0.3);
    expect(share(misses.slice(2200, 4000))).toBeLessThan(0.23);
  });
});

test('keeps calm and stressed apart', () => {
  const rng = streams('2').stream('conformal');
  const scale = new ConformalScale({ horizonSteps: 1 });
  for (let t = 0; t < 2000; t += 1) {
    const group = t % 2;
    scale.learn(group, Math.abs((group === 0 ? 1 : 3) * normal(rng)), scale.multiplier(group));
  }
  expect(scale.multiplier(0)).toBeGreaterThan(0.85);
  expect(scale.multiplier(0)).toBeLessThan(1.15);
  expect(scale.multiplier(1) / scale.multiplier(0)).toBeGreaterThan(2.5);
});

test('equals a naive twin that sorts', () => {
  const rng = streams('3').stream('conformal');
  const scale = new ConformalScale({ horizonSteps: 2, groups: 1, buffer: 30 });
  const scores: number[] = [];
  let alpha = 0.2;
  for (let t = 0; t < 500; t += 1) {
    const score = Math.abs(normal(rng));
    const multiplier = scale.multiplier();
    if (t >= 30) {
      const sorted = scores.slice(-30).sort((a, b) => a - b);
      const rank = Math.max(0, Math.min(29, Math.ceil((1 - alpha) * 31) - 1));
      expect(multiplier).toBeCloseTo((sorted[rank] ?? 0) / EIGHTY, 12);
    }
    alpha += 0.005 * (0.2 - (score > EIGHTY * multiplier ? 1 : 0));
    scores.push(score);
    scale.learn(0, score, multiplier);
  }
});

test('passes over what is not a number, and refuses a group that is not there', () => {
  const scale = new ConformalScale({ horizonSteps: 1 });
  const before = scale.multiplier();
  scale.learn(0, Number.NaN, 1);
  expect(scale.multiplier()).toBe(before);
  expect(() => scale.multiplier(2)).toThrow('no group 2');
});
