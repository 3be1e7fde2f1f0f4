import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { expectedMeanVariance, SpotProcess } from '../../src/processes/spot.ts';
import type { SpotParameters } from '../../src/processes/world-spec.ts';
import { correlation, expectMean } from '../support/moments.ts';

const QUARTER_HOUR = 1 / (365 * 96);
const REGIMES = Object.entries(WORLD_PRESETS).flatMap(([preset, { regimes }]) =>
  regimes.map((regime): [string, SpotParameters] => [`${preset} ${regime.name}`, regime.spot]),
);

describe.each(REGIMES)('%s, held', (name, p) => {
  test('mean, variation and martingale over 20 days from twice the long-run variance', () => {
    const paths = 300;
    const steps = 20 * 96;
    const rng = streams('0').stream(`spot ${name}`);
    const start = 2 * p.theta;
    const [variations, growth, ends] = [new Float64Array(paths), new Float64Array(paths), new Float64Array(paths)];
    for (let n = 0; n < paths; n += 1) {
      const process = new SpotProcess(100, start, rng);
      let variation = 0;
      for (let s = 0; s < steps; s += 1) {
        const before = process.spot;
        const variance = Math.max(0, process.variance);
        process.step(p, QUARTER_HOUR, 1);
        const move = Math.log(process.spot / before);
        // The drift's own square is a bias of the estimate: taken out.
        const drift = move - process.jump - Math.sqrt(variance * QUARTER_HOUR) * process.shock;
        variation += (move - drift) * (move - drift);
      }
      variations[n] = variation / (steps * QUARTER_HOUR);
      growth[n] = process.spot / 100;
      ends[n] = process.variance;
    }
    expectMean(variations, expectedMeanVariance(p, start, steps * QUARTER_HOUR, 1), 'variation');
    expectMean(growth, Math.exp(p.drift * steps * QUARTER_HOUR), 'spot');
    const longRun = p.theta + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa;
    expectMean(ends, longRun + (start - longRun) * Math.exp(-p.kappa * steps * QUARTER_HOUR), 'variance at the end');
  });
});

describe('one step', () => {
  const p: SpotParameters = {
    drift: 0.3,
    kappa: 6,
    theta: 0.25,
    volOfVol: 1.2,
    correlation: -0.6,
    jumpsPerYear: 4000,
    jumpMean: -0.02,
    jumpSd: 0.03,
    varianceJumpMean: 0.04,
  };

  test('jumps: how often, how large, and together with the variance', () => {
    const rng = streams('0').stream('jumps');
    const count = 60_000;
    const happened = new Float64Array(count);
    const sizes: number[] = [];
    const lifts: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const process = new SpotProcess(100, 0.25, rng);
      process.step({ ...p, volOfVol: 0, kappa: 1e-12 }, QUARTER_HOUR, 1);
      happened[n] = process.jump === 0 ? 0 : 1;
      if (process.jump === 0) expect(process.variance).toBeCloseTo(0.25, 12);
      else {
        sizes.push(process.jump);
        lifts.push(process.variance - 0.25);
      }
    }
    expectMean(happened, 4000 * QUARTER_HOUR, 'rate');
    expectMean(sizes, -0.02, 'mean size');
    expectMean(sizes.map(Math.exp), Math.exp(-0.02 + 0.00045), 'mean growth');
    expectMean(
      sizes.map((size) => (size + 0.02) * (size + 0.02)),
      0.0009,
      'variance of size',
    );
    expectMean(lifts, 0.04, 'jump of the variance');
  });

  test('shocks of spot and variance have the correlation asked for', () => {
    const rng = streams('0').stream('correlation');
    const count = 40_000;
    const [spots, variances] = [new Float64Array(count), new Float64Array(count)];
    for (let n = 0; n < count; n += 1) {
      const process = new SpotProcess(100, 0.25, rng);
      process.step({ ...p, jumpsPerYear: 0 }, QUARTER_HOUR, 1);
      spots[n] = Math.log(process.spot);
      variances[n] = process.variance;
    }
    expect(Math.abs(correlation(spots, variances) + 0.6)).toBeLessThan((4 * (1 - 0.36)) / Math.sqrt(count));
  });

  test('without shocks: drift, less what jumps bring on average, less half the variance', () => {
    const process = new SpotProcess(100, 0.25, { uniform: () => 0.5 });
    process.step({ ...p, jumpsPerYear: 10 }, QUARTER_HOUR, 1);
    const jumps = 10 * (Math.exp(-0.02 + 0.00045) - 1);
    expect(process.jump).toBe(0);
    expect(Math.log(process.spot / 100) / QUARTER_HOUR).toBeCloseTo(0.3 - jumps - 0.125, 8);
  });

  test('takes five draws, jump or none', () => {
    for (const u of [1e-9, 0.5, 1 - 1e-9]) {
      let draws = 0;
      const process = new SpotProcess(100, 0.04, {
        uniform: () => {
          draws += 1;
          return u;
        },
      });
      process.step(p, QUARTER_HOUR, 1);
      process.step({ ...p, jumpsPerYear: 0, varianceJumpMean: 0 }, QUARTER_HOUR, 1);
      expect(draws).toBe(10);
      expect(process.spot).toBeGreaterThan(0);
    }
  });

  test('a variance below zero counts as zero, and is drawn back up', () => {
    const process = new SpotProcess(100, -0.01, streams('0').stream('below'));
    process.step({ ...p, drift: 0, jumpsPerYear: 0 }, QUARTER_HOUR, 1);
    expect(process.spot).toBe(100);
    expect(process.variance).toBeCloseTo(-0.01 + 6 * 0.25 * QUARTER_HOUR, 14);
  });

  test('the factor multiplies the long-run variance', () => {
    const process = new SpotProcess(100, 0, streams('0').stream('factor'));
    process.step({ ...p, jumpsPerYear: 0 }, QUARTER_HOUR, 3);
    expect(process.variance).toBeCloseTo(6 * 0.75 * QUARTER_HOUR, 14);
  });
});

test('expected mean variance: at once the present one, far ahead the long run', () => {
  const p = WORLD_PRESETS.btc.regimes[2].spot;
  const jumps = p.jumpsPerYear * (p.jumpMean * p.jumpMean + p.jumpSd * p.jumpSd);
  expect(expectedMeanVariance(p, 0.3, 1e-9, 1)).toBeCloseTo(0.3 + jumps, 6);
  expect(expectedMeanVariance(p, 0.3, 1e6, 2)).toBeCloseTo(2 * p.theta + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa + jumps, 4);
});
