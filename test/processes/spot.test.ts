import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { expectedMeanVariance, SpotProcess } from '../../src/processes/spot.ts';
import type { SpotParameters } from '../../src/processes/world-spec.ts';
import { correlation, expectCovariance, expectMean, expectVariance, strata } from '../support/moments.ts';

const QUARTER_HOUR = 1 / (365 * 96);
const REGIMES = Object.entries(WORLD_PRESETS).flatMap(([preset, { regimes }]) =>
  regimes.map((regime): [string, SpotParameters] => [`${preset} ${regime.name}`, regime.spot]),
);

const longRunOf = (p: SpotParameters): number => p.theta + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa;

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
        process.step(p, QUARTER_HOUR, 1);
        const move = Math.log(process.spot / before);
        variation += move * move;
      }
      // The square of the drift adds less than 1e-5 of it.
      variations[n] = variation / (steps * QUARTER_HOUR);
      growth[n] = process.spot / 100;
      ends[n] = process.variance;
    }
    expectMean(variations, expectedMeanVariance(p, start, steps * QUARTER_HOUR, 1), 'variation');
    expectMean(growth, Math.exp(p.drift * steps * QUARTER_HOUR), 'spot');
    const longRun = longRunOf(p);
    expectMean(ends, longRun + (start - longRun) * Math.exp(-p.kappa * steps * QUARTER_HOUR), 'variance at the end');
  });
});

test('the vols that the presets promise: √(θ + λm_v/κ + λ(μ_J² + σ_J²)), percent a year (economics 1)', () => {
  const vols = REGIMES.map(([name, p]) => [name, 100 * Math.sqrt(expectedMeanVariance(p, longRunOf(p), 1, 1))] as const);
  expect(vols.map(([name, vol]) => `${name} ${vol.toFixed(1)}`)).toEqual([
    'btc calm 34.1',
    'btc normal 49.5',
    'btc stressed 99.1',
    'index calm 11.2',
    'index normal 16.6',
    'index stressed 36.7',
  ]);
});

describe('the law of the variance, at steps of any length', () => {
  const p: SpotParameters = { ...WORLD_PRESETS.btc.regimes[1].spot, jumpsPerYear: 0 };
  const fast = { ...p, kappa: 20_000, volOfVol: 85 };
  const HOUR = 1 / 8760;

  test.each([
    ['a fifth of a half-life', p, 0.2 * (Math.LN2 / p.kappa)],
    ['two half-lives', p, 2 * (Math.LN2 / p.kappa)],
    ['an hour of a compressed world, of which the pull crosses its mean', fast, HOUR],
  ])('%s: mean, variance and autocovariance', (name, parameters, years) => {
    const paths = 6000;
    const start = 0.4;
    const rng = streams('0').stream(`law ${name}`);
    const seen = [1, 2, 3].map(() => new Float64Array(paths)) as [Float64Array, Float64Array, Float64Array];
    for (let n = 0; n < paths; n += 1) {
      const process = new SpotProcess(100, start, rng);
      for (const column of seen) {
        process.step(parameters, years, 1);
        column[n] = process.variance;
      }
    }
    const { kappa, theta, volOfVol } = parameters;
    const mean = (steps: number): number => theta + (start - theta) * Math.exp(-kappa * steps * years);
    // Cox, Ingersoll and Ross (1985), equation 19.
    const variance = (steps: number): number => {
      const keep = Math.exp(-kappa * steps * years);
      return ((volOfVol * volOfVol) / kappa) * (start * (keep - keep * keep) + (theta * (1 - keep) * (1 - keep)) / 2);
    };
    seen.forEach((column, i) => {
      expectMean(column, mean(i + 1), `variance after ${i + 1}`);
      expectVariance(column, mean(i + 1), variance(i + 1), `after ${i + 1}`);
    });
    expectCovariance(seen[0], seen[2], [mean(1), mean(3)], variance(1) * Math.exp(-2 * kappa * years), 'the first and the third');
  });

  test.each([
    ['a second', p, 1 / 31_536_000],
    ['a second of a compressed world', { ...fast, correlation: -0.7 }, 1 / 31_536_000],
    ['an hour of a compressed world', { ...fast, correlation: -0.7 }, HOUR],
    ['a day', { ...p, correlation: 0.5 }, 24 * HOUR],
    ['a day without noise of the variance', { ...p, volOfVol: 0 }, 24 * HOUR],
  ])('%s: the spot is a martingale, with the variance that is expected and the correlation asked for', (name, parameters, years) => {
    const paths = 20_000;
    const start = 0.15;
    const activity = 1.7;
    const rng = streams('0').stream(`step ${name}`);
    const [growth, squares, shocks, surprises, returns] = [1, 2, 3, 4, 5].map(() => new Float64Array(paths)) as Float64Array[];
    if (!growth || !squares || !shocks || !surprises || !returns) throw new Error('five columns');
    for (let n = 0; n < paths; n += 1) {
      const process = new SpotProcess(1, start, rng);
      process.step(parameters, years, 1, activity);
      const move = Math.log(process.spot);
      growth[n] = process.spot;
      returns[n] = move;
      squares[n] = move * move;
      shocks[n] = process.shock;
      surprises[n] = process.variance;
    }
    expectMean(growth, 1, 'growth');
    const expected = activity * expectedMeanVariance(parameters, start, years, 1) * years;
    expectMean(squares, expected, 'squared return');
    expectMean(shocks, 0, 'shock');
    expectVariance(shocks, 0, 1, 'shock');
    expectMean(
      shocks.map((shock) => shock * shock * shock * shock),
      3,
      'fourth moment of the shock',
    );
    // The shock is that of the spot, but for what happens within the step.
    expect(correlation(shocks, returns)).toBeGreaterThan(parameters.kappa * years > 0.5 ? 0.93 : 0.998);
    if (parameters.volOfVol === 0) return;
    for (const [what, column] of [
      ['shock', shocks],
      ['return', returns],
    ] as const) {
      const off = correlation(column, surprises) - parameters.correlation;
      const within = parameters.kappa * years > 0.5 ? 0.1 : 0.002;
      expect(Math.abs(off), `${what} and variance`).toBeLessThan(
        within + (4 * (1 - parameters.correlation * parameters.correlation)) / Math.sqrt(paths),
      );
    }
  });
});

describe('the diffusion grows by 1 on average, to a few percent of half its variance', () => {
  /** All draws on a grid instead of at random: the mean over it is an integral. */
  const side = 700;
  const grid = strata(side);

  test.each([
    ['a second', { kappa: 6, volOfVol: 1.5, correlation: -0.75 }, 1 / 31_536_000],
    ['a day', { kappa: 6, volOfVol: 1.5, correlation: -0.75 }, 1 / 365],
    ['a day, up together', { kappa: 6, volOfVol: 1.5, correlation: 0.75 }, 1 / 365],
    ['a quarter', { kappa: 6, volOfVol: 1.5, correlation: -0.75 }, 0.25],
    ['a quarter with much noise', { kappa: 1.2, volOfVol: 2.5, correlation: -0.75 }, 0.25],
  ])('%s', (_, changes, years) => {
    const p: SpotParameters = { ...WORLD_PRESETS.btc.regimes[1].spot, ...changes, jumpsPerYear: 0 };
    let draws: readonly number[] = [];
    let next = 0;
    const process = new SpotProcess(1, 0.15, { uniform: () => draws[next++ % 5] ?? 0.5 });
    let growth = 0;
    for (const varianceDraw of grid) {
      for (const ownDraw of grid) {
        draws = [varianceDraw, ownDraw, 0.5, 0.5, 0.5];
        process.spot = 1;
        process.variance = 0.15;
        process.step(p, years, 1, 1.7);
        growth += (process.spot - 1) / (side * side);
      }
    }
    const half = 0.5 * 1.7 * expectedMeanVariance(p, 0.15, years, 1) * years;
    expect(Math.abs(growth) / half).toBeLessThan(0.03);
  });
});

describe('activity', () => {
  const p: SpotParameters = { ...WORLD_PRESETS.btc.regimes[1].spot, jumpsPerYear: 4000, drift: 0.3 };
  const after = (activity: number): SpotProcess => {
    const process = new SpotProcess(1, 0.2, streams('0').stream('twins'));
    process.step(p, QUARTER_HOUR, 1, activity);
    return process;
  };

  test('speeds up the diffusion, and neither jumps nor variance nor drift', () => {
    const [idle, usual, busy] = [0, 1, 4].map(after) as [SpotProcess, SpotProcess, SpotProcess];
    for (const twin of [idle, busy]) expect([twin.variance, twin.jump, twin.shock]).toEqual([usual.variance, usual.jump, usual.shock]);
    const diffusion = (process: SpotProcess): number => Math.log(process.spot / idle.spot);
    // Twice the shocks, and four times the half variance: the difference is of second order.
    expect(diffusion(busy) / diffusion(usual)).toBeCloseTo(2, 2);
    const growth = 4000 * QUARTER_HOUR * Math.expm1(p.jumpMean + (p.jumpSd * p.jumpSd) / 2);
    expect(Math.log(idle.spot)).toBeCloseTo(0.3 * QUARTER_HOUR - Math.log1p(growth) + idle.jump, 12);
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
    let unmoved = 0;
    const still = { ...p, volOfVol: 0, kappa: 1e-12 };
    const process = new SpotProcess(100, 0.25, rng);
    for (let n = 0; n < count; n += 1) {
      process.variance = 0.25;
      process.step(still, QUARTER_HOUR, 1);
      happened[n] = process.jump === 0 ? 0 : 1;
      if (process.jump === 0) unmoved = Math.max(unmoved, Math.abs(process.variance - 0.25));
      else {
        sizes.push(process.jump);
        lifts.push(process.variance - 0.25);
      }
    }
    expect(unmoved).toBeLessThan(1e-12);
    expectMean(happened, 4000 * QUARTER_HOUR, 'rate');
    expectMean(sizes, -0.02, 'mean size');
    expectMean(sizes.map(Math.exp), Math.exp(-0.02 + 0.00045), 'mean growth');
    expectVariance(sizes, -0.02, 0.0009, 'size');
    expectMean(lifts, 0.04, 'jump of the variance');
    expectVariance(lifts, 0.04, 0.0016, 'jump of the variance');
    expectCovariance(sizes, lifts, [-0.02, 0.04], 0, 'size and jump of the variance');
  });

  test('the spot stays a martingale when a jump in a step is likely', () => {
    const rng = streams('0').stream('likely');
    const growth = new Float64Array(60_000);
    const jumpy = { ...p, drift: 0, jumpsPerYear: 12_000 };
    const process = new SpotProcess(1, 0.25, rng);
    for (let n = 0; n < growth.length; n += 1) {
      [process.spot, process.variance] = [1, 0.25];
      process.step(jumpy, QUARTER_HOUR, 1);
      growth[n] = process.spot;
    }
    expectMean(growth, 1, 'spot');
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

  test('parameters may change between steps, as regimes do', () => {
    const other = { ...p, kappa: 9, correlation: 0.4, jumpsPerYear: 0 };
    const switching = new SpotProcess(100, 0.25, streams('0').stream('switch'));
    const rng = streams('0').stream('switch');
    let [spot, variance] = [100, 0.25];
    for (const [parameters, years] of [
      [p, QUARTER_HOUR],
      [other, QUARTER_HOUR],
      [other, 2 * QUARTER_HOUR],
      [p, QUARTER_HOUR],
    ] as const) {
      switching.step(parameters, years, 1);
      // One that is new each time has nothing to remember.
      const fresh = new SpotProcess(spot, variance, rng);
      fresh.step(parameters, years, 1);
      [spot, variance] = [fresh.spot, fresh.variance];
      expect([switching.spot, switching.variance, switching.shock]).toEqual([spot, variance, fresh.shock]);
    }
  });

  test('the factor multiplies the long-run variance', () => {
    const process = new SpotProcess(100, 0.1, streams('0').stream('factor'));
    process.step({ ...p, volOfVol: 0, jumpsPerYear: 0 }, 0.1, 3);
    expect(process.variance).toBeCloseTo(0.75 - 0.65 * Math.exp(-0.6), 14);
  });
});

test('expected mean variance: at once the present one, far ahead the long run', () => {
  const p = WORLD_PRESETS.btc.regimes[2].spot;
  const jumps = p.jumpsPerYear * (p.jumpMean * p.jumpMean + p.jumpSd * p.jumpSd);
  expect(expectedMeanVariance(p, 0.3, 1e-9, 1)).toBeCloseTo(0.3 + jumps, 6);
  expect(expectedMeanVariance(p, 0.3, 1e6, 2)).toBeCloseTo(2 * p.theta + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa + jumps, 4);
});
