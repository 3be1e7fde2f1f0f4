import { describe, expect, test } from 'vitest';
import { inverseNormalCdf } from '../../src/core/special.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { VarianceStep } from '../../src/processes/variance-step.ts';
import type { SpotParameters } from '../../src/processes/world-spec.ts';
import { meanOf, strata } from '../support/moments.ts';

const P: SpotParameters = WORLD_PRESETS.btc.regimes[2].spot;
const SECOND = 1 / 31_536_000;
/** Speed, long-run variance, vol of variance, start, years: short and long steps, either law, a start at zero and one far above. */
const CASES: readonly [string, readonly [kappa: number, theta: number, volOfVol: number, start: number, years: number], boolean][] = [
  ['a second', [6, 0.22, 1.5, 0.25, SECOND], true],
  ['a second of a compressed world', [20_000, 0.22, 85, 0.25, SECOND], true],
  ['an hour of a compressed world', [20_000, 0.22, 85, 0.05, 3600 * SECOND], true],
  ['a day', [6, 0.22, 1.5, 0.25, 1 / 365], true],
  ['a year', [6, 0.22, 1.5, 1, 1], true],
  ['a day without a pull', [0, 0.22, 1.5, 0.25, 1 / 365], true],
  ['ten years', [6, 0.22, 1.5, 0.02, 10], true],
  ['a month near zero', [1, 0.02, 1, 0.003, 1 / 12], false],
  ['a second from zero', [6, 0.22, 3, 0, SECOND], false],
  ['a year with much noise', [1.15, 0.04, 1.5, 0.04, 1], false],
];
const UNIFORMS = strata(200_000);
const QUANTILES = UNIFORMS.map(inverseNormalCdf);

describe.each(CASES)('%s', (_, [kappa, theta, volOfVol, start, years], quadratic) => {
  const step = new VarianceStep({ ...P, kappa, volOfVol }, years);
  const keep = Math.exp(-kappa * years);
  const gain = -Math.expm1(-kappa * years);
  const mean = start * keep + theta * gain;
  const square = volOfVol * volOfVol;
  const perSpeed = kappa > 0 ? gain / kappa : years;
  const variance = start * square * keep * perSpeed + (theta * square * gain * perSpeed) / 2;
  const [next, surprises, integrals] = [0, 1, 2].map(() => new Float64Array(UNIFORMS.length)) as [Float64Array, Float64Array, Float64Array];
  UNIFORMS.forEach((uniform, i) => {
    step.move(start, theta, uniform, QUANTILES[i] ?? 0);
    next[i] = step.next;
    surprises[i] = step.surprise;
    integrals[i] = step.integral;
  });

  test('mean and variance of the next value are those of the square-root process', () => {
    const sd = Math.sqrt(variance);
    expect(Math.abs(meanOf(next).mean - mean) / sd).toBeLessThan(1e-4);
    // The middles of the strata miss a little of the tail.
    expect(meanOf(next).sd / sd).toBeCloseTo(1, 2.9);
    expect(next.every((value) => value >= 0)).toBe(true);
    expect(variance / (mean * mean) <= 1.5).toBe(quadratic);
  });

  test('the surprise is what the mean did not say', () => {
    surprises.forEach((value, i) => {
      if (i % 1000 === 0) expect(Math.abs(value - ((next[i] ?? 0) - mean))).toBeLessThan(1e-13 * (mean + (next[i] ?? 0)));
    });
  });

  test('the integral has the right mean, and the noise, told and untold, its variance', () => {
    const expected = theta * (kappa * years < 1e-6 ? (kappa * years * years) / 2 : years - perSpeed) + start * perSpeed;
    expect(meanOf(integrals).mean / expected).toBeCloseTo(1, 4);
    expect(integrals.every((value) => value >= 0)).toBe(true);
    const told = step.noisePerSurprise * step.noisePerSurprise * variance;
    expect((told + step.untold) / expected).toBeCloseTo(1, 5);
  });

  test('the cumulant is that of the law drawn from', () => {
    const sd = Math.sqrt(variance);
    for (const k of [-0.6 / sd, -0.2 / sd, 0, 0.2 / sd]) {
      step.move(start, theta, 0.3, inverseNormalCdf(0.3));
      const seen = Math.log(meanOf(surprises.map((value) => Math.exp(k * value))).mean);
      expect(Math.abs(step.cumulant(k) - seen)).toBeLessThan(5e-4);
    }
    // For so large a k there is none: the normal's takes its place.
    step.move(start, theta, 0.3, inverseNormalCdf(0.3));
    const far = 1e3 / Math.min(sd, variance / mean);
    expect(step.cumulant(far) / (0.5 * far * far * variance)).toBeCloseTo(1, 6);
  });
});

test('without noise it goes where it is drawn to', () => {
  const step = new VarianceStep({ ...P, kappa: 3, volOfVol: 0 }, 0.5);
  step.move(0.04, 0.09, 0.9, 1.28);
  expect(step.next).toBeCloseTo(0.09 - 0.05 * Math.exp(-1.5), 15);
  expect(step.integral).toBeCloseTo(0.045 - (0.05 * (1 - Math.exp(-1.5))) / 3, 15);
  expect([step.surprise, step.noisePerSurprise, step.cumulant(7)]).toEqual([0, 0, 0]);
});

test('at zero, with a long run of zero, it stays', () => {
  for (const volOfVol of [0, 1]) {
    const step = new VarianceStep({ ...P, volOfVol }, 0.1);
    step.move(0, 0, 0.5, 0);
    expect([step.next, step.surprise, step.integral, step.untold, step.cumulant(1)]).toEqual([0, 0, 0, 0, 0]);
  }
});
