import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { LinearRegression } from '../../../src/core/linear-regression.ts';
import { type Rng, streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { PathLaw } from '../../../src/sim/oracles/path-law.ts';
import { SurfaceFilter } from '../../../src/sim/oracles/surface-filter.ts';
import type { RegimeStepLaw, SurfaceLaw } from '../../../src/sim/oracles/surface-law.ts';
import { REGRESSORS, SEEN, STATE, STATES, STEP, STEP_SIZE } from '../../../src/sim/oracles/surface-state.ts';

const PRINTS = { constant: 1, persistence: 0.5, sd: 1 };

/** A stable law, drawn at random: variables after a step are a bit of the state and shocks that go together. */
function randomLaw(rng: Rng, regime: number): RegimeStepLaw & { readonly loading: readonly number[] } {
  const mean = Array.from({ length: STEP_SIZE * REGRESSORS }, (_, i) => (i % REGRESSORS === 0 ? 0.1 : 0.2) * normal(rng));
  // The momentum is what has been seen, and nothing else: the filter takes it from returns.
  const loading = Array.from({ length: STEP_SIZE * STEP_SIZE }, (_, i) =>
    Math.floor(i / STEP_SIZE) === i % STEP_SIZE ? 1 : 0.2 * normal(rng),
  );
  const covariance = Array.from({ length: STEP_SIZE * STEP_SIZE }, (_, at) => {
    const [i, j] = [Math.floor(at / STEP_SIZE), at % STEP_SIZE];
    return Array.from({ length: STEP_SIZE }, (_, k) => loading[i * STEP_SIZE + k]! * loading[j * STEP_SIZE + k]!).reduce(
      (a, b) => a + b,
      0,
    );
  });
  const change = Array.from({ length: FACTOR_COUNT * REGRESSORS }, () => 0.1 * normal(rng));
  return { regime, mean, covariance, change, prints: PRINTS, loading };
}

const law = (regimes: readonly RegimeStepLaw[], transitions: readonly number[]): SurfaceLaw => ({
  regimes,
  transitions,
  opening: {
    chances: regimes.map(() => 1 / regimes.length),
    mean: Array.from({ length: STATES }, (_, i) => 0.1 * i),
    covariance: Array.from({ length: STATES * STATES }, (_, at) => (at % (STATES + 1) === 0 ? 1 : 0)),
  },
});

/** What was seen, so that the filter gets these values. */
function seeing(values: readonly number[], before: { tracked: Float64Array; momentum: number }) {
  const tracked = before.tracked.map((value, f) => value + values[STEP.change + f]!);
  return {
    tracked,
    flow: Float64Array.from({ length: FACTOR_COUNT }, (_, f) => values[STEP.flow + f]!),
    signedPrints: values[STEP.signed]!,
    prints: 4,
    spotReturn: values[STATE.momentum]! - before.momentum * Math.exp(-1 / 28.85),
  };
}

test('in one regime it is the exact conditional mean of all that was seen', () => {
  const rng = streams('filter').stream('test');
  const own = randomLaw(rng, 0);
  const only = law([own], [1]);
  const filter = new SurfaceFilter(only, new PathLaw(only, [1, 5]));
  const steps = 4;
  const sources = STATES + steps * STEP_SIZE;
  /** Variables as sums of independent standard normals: a constant, then one weight per source. */
  let state = Array.from({ length: STATES }, (_, i) => {
    const weights = new Float64Array(1 + sources);
    weights[0] = 0.1 * i;
    weights[1 + i] = 1;
    return weights;
  });
  const seen: { readonly weights: Float64Array; readonly value: number }[] = [];
  const before = { tracked: new Float64Array(FACTOR_COUNT), momentum: 0 };
  filter.see({ tracked: before.tracked, flow: new Float64Array(FACTOR_COUNT), signedPrints: 0, prints: 4, spotReturn: 0 });
  for (let step = 0; step < steps; step += 1) {
    const after = Array.from({ length: STEP_SIZE }, (_, i) => {
      const weights = new Float64Array(1 + sources);
      weights[0] = own.mean[i * REGRESSORS]!;
      for (const [k, of] of state.entries())
        for (let s = 0; s <= sources; s += 1) weights[s]! += own.mean[i * REGRESSORS + 1 + k]! * of[s]!;
      for (let k = 0; k < STEP_SIZE; k += 1) weights[1 + STATES + step * STEP_SIZE + k]! += own.loading[i * STEP_SIZE + k]!;
      return weights;
    });
    const values = Array.from({ length: STEP_SIZE }, () => normal(rng));
    values[STATE.fall] = Math.max(0, -values[STATE.momentum]!);
    for (const index of SEEN) seen.push({ weights: after[index]!, value: values[index]! });
    const look = seeing(values, before);
    filter.see(look);
    before.tracked = look.tracked;
    before.momentum = values[STATE.momentum]!;
    state = after.slice(0, STATES);
  }
  const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, s) => (s === 0 ? 0 : sum + value * b[s]!), 0);
  const expected = state.map((target) => {
    const beta = LinearRegression.ofMoments(
      seen.length,
      (i, j) => product(seen[i]!.weights, seen[j]!.weights),
      (i) => product(seen[i]!.weights, target),
    ).coefficients();
    return seen.reduce((sum, { weights, value }, i) => sum + beta[i]! * (value - weights[0]!), target[0]!);
  });
  const path = new PathLaw(only, [1, 5]);
  for (const horizon of [0, 1])
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const forecast = path.change(0, horizon, f, Float64Array.from(expected)) - expected[STATE.error + f]!;
      expect(filter.forecast(horizon, f)).toBeCloseTo(forecast, 8);
    }
});

describe('with several regimes', () => {
  const rng = streams('regimes').stream('test');
  const two = [randomLaw(rng, 0), randomLaw(rng, 1)];
  const switching = law(two, [0.9, 0.1, 0.3, 0.7]);

  test('what is expected of a path is the mean over all ways that regimes may go', () => {
    const path = new PathLaw(switching, [1, 3]);
    const start = Float64Array.from({ length: STATES }, (_, i) => Math.sin(i));
    const after = (j: number, state: Float64Array): Float64Array =>
      Float64Array.from({ length: STATES }, (_, i) =>
        state.reduce((sum, value, k) => sum + two[j]!.mean[i * REGRESSORS + 1 + k]! * value, two[j]!.mean[i * REGRESSORS]!),
      );
    const change = (j: number, f: number, state: Float64Array): number =>
      state.reduce((sum, value, k) => sum + two[j]!.change[f * REGRESSORS + 1 + k]! * value, two[j]!.change[f * REGRESSORS]!);
    const expected = (j: number, f: number, state: Float64Array, left: number): number =>
      change(j, f, state) +
      (left === 1 ? 0 : [0, 1].reduce((sum, k) => sum + switching.transitions[2 * j + k]! * expected(k, f, after(j, state), left - 1), 0));
    for (const j of [0, 1])
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        expect(path.change(j, 0, f, start)).toBeCloseTo(change(j, f, start), 12);
        expect(path.change(j, 1, f, start)).toBeCloseTo(expected(j, f, start, 3), 12);
      }
  });

  test('laws that are alike are one law, at any order; laws that differ are told apart', () => {
    const one = law([two[0]!], [1]);
    const alike = law([two[0]!, { ...two[0]!, regime: 1 }], [0.9, 0.1, 0.3, 0.7]);
    const filters = [
      new SurfaceFilter(one, new PathLaw(one, [1])),
      ...[2, 3].map((order) => new SurfaceFilter(alike, new PathLaw(alike, [1]), order)),
    ];
    const apart = new SurfaceFilter(switching, new PathLaw(switching, [1]), 3);
    const before = { tracked: new Float64Array(FACTOR_COUNT), momentum: 0 };
    const draws = streams('seen').stream('test');
    for (let step = 0; step < 12; step += 1) {
      const values = Array.from({ length: STEP_SIZE }, () => normal(draws));
      const look = seeing(values, before);
      for (const filter of [...filters, apart]) filter.see(look);
      before.tracked = look.tracked;
      before.momentum = look.spotReturn + before.momentum * Math.exp(-1 / 28.85);
    }
    for (const filter of filters.slice(1)) expect(filter.forecast(0, 2)).toBeCloseTo(filters[0]!.forecast(0, 2), 9);
    expect(apart.regimeChance(0) + apart.regimeChance(1)).toBeCloseTo(1, 12);
    expect(Math.abs(apart.regimeChance(0) - 0.75)).toBeGreaterThan(0.05);
  });
});
