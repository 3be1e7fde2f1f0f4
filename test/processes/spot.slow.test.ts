import { beforeAll, describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { expectedMeanVariance, SpotProcess } from '../../src/processes/spot.ts';
import type { SpotParameters } from '../../src/processes/world-spec.ts';
import { expectMean } from '../support/moments.ts';

const QUARTER_HOUR = 1 / (365 * 96);
const REGIMES = Object.entries(WORLD_PRESETS).flatMap(([preset, { regimes }]) =>
  regimes.map((regime): [string, SpotParameters] => [`${preset} ${regime.name}`, regime.spot]),
);

describe.each(REGIMES)('%s, held for 300 half-years', (name, p) => {
  const years = 0.5;
  const steps = Math.round(years / QUARTER_HOUR);
  const paths = 300;
  const realised = new Float64Array(paths);
  const variances = new Float64Array(paths);
  const growth = new Float64Array(paths);
  const rng = streams('0').stream(`slow spot ${name}`);
  const longRun = p.theta + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa;
  beforeAll(() => {
    for (let n = 0; n < paths; n += 1) {
      const process = new SpotProcess(1, longRun, rng);
      for (let s = 0; s < steps; s += 1) {
        const before = Math.log(process.spot);
        process.step(p, QUARTER_HOUR, 1);
        const move = Math.log(process.spot) - before;
        realised[n] = (realised[n] ?? 0) + (move * move) / years;
      }
      variances[n] = process.variance;
      growth[n] = process.spot;
    }
  });

  test('realised variance: √(θ + λm_v/κ + λ(μ_J² + σ_J²)) a year (economics 1)', () => {
    const theory = expectedMeanVariance(p, longRun, years, 1);
    expect(theory).toBeCloseTo(longRun + p.jumpsPerYear * (p.jumpMean * p.jumpMean + p.jumpSd * p.jumpSd), 12);
    expectMean(realised, theory, 'realised variance');
  });

  test('variance stays at its long-run mean, with the spread of its law', () => {
    expectMean(variances, longRun, 'variance');
    // Stationary variance of the square-root process with jumps: (ξ²·E[v] + λE[Z²])/2κ, Z exponential.
    const spread = (p.volOfVol * p.volOfVol * longRun + p.jumpsPerYear * 2 * p.varianceJumpMean * p.varianceJumpMean) / (2 * p.kappa);
    const reached = spread * (1 - Math.exp(-2 * p.kappa * years));
    expectMean(
      variances.map((v) => (v - longRun) * (v - longRun)),
      reached,
      'spread of the variance',
    );
  });

  test('the spot is a martingale, and neither it nor the variance is ever below zero', () => {
    expectMean(growth, 1, 'spot');
    expect(Math.min(...growth)).toBeGreaterThan(0);
    expect(Math.min(...variances)).toBeGreaterThanOrEqual(0);
  });
});
