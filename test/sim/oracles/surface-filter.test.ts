import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { PathLaw } from '../../../src/sim/oracles/path-law.ts';
import { SurfaceFilter } from '../../../src/sim/oracles/surface-filter.ts';
import { REGRESSORS, SEEN, STATE, STATES, STEP_SIZE } from '../../../src/sim/oracles/surface-state.ts';
import { LinearPath, randomStepLaw, Seeing, surfaceLaw } from '../../support/random-law.ts';

test('in one regime it is the exact conditional mean of all that was seen', () => {
  const rng = streams('filter').stream('test');
  const own = randomStepLaw(rng, 0);
  const only = surfaceLaw([own], [1]);
  const path = new PathLaw(only, [1, 5]);
  const filter = new SurfaceFilter(only, path);
  const exact = new LinearPath(own, 4);
  const seeing = new Seeing();
  filter.see(seeing.opening());
  for (let step = 0; step < 4; step += 1) {
    const values = Array.from({ length: STEP_SIZE }, () => normal(rng));
    filter.see(seeing.step(values));
    exact.step(SEEN, values);
  }
  const expected = exact.expected();
  for (const horizon of [0, 1])
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const forecast = path.change(0, horizon, f, expected) - expected[STATE.error + f]!;
      expect(filter.forecast(horizon, f)).toBeCloseTo(forecast, 8);
    }
});

describe('with several regimes', () => {
  const rng = streams('regimes').stream('test');
  const two = [randomStepLaw(rng, 0), randomStepLaw(rng, 1)];
  const switching = surfaceLaw(two, [0.9, 0.1, 0.3, 0.7]);

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
    const one = surfaceLaw([two[0]!], [1]);
    const alike = surfaceLaw([two[0]!, { ...two[0]!, regime: 1 }], [0.9, 0.1, 0.3, 0.7]);
    const filters = [
      new SurfaceFilter(one, new PathLaw(one, [1])),
      ...[2, 3].map((order) => new SurfaceFilter(alike, new PathLaw(alike, [1]), order)),
    ];
    const apart = new SurfaceFilter(switching, new PathLaw(switching, [1]), 3);
    const seeing = new Seeing();
    const draws = streams('seen').stream('test');
    for (let step = 0; step < 12; step += 1) {
      const look = seeing.step(Array.from({ length: STEP_SIZE }, () => normal(draws)));
      for (const filter of [...filters, apart]) filter.see(look);
    }
    for (const filter of filters.slice(1)) expect(filter.forecast(0, 2)).toBeCloseTo(filters[0]!.forecast(0, 2), 9);
    expect(apart.regimeChance(0) + apart.regimeChance(1)).toBeCloseTo(1, 12);
    expect(Math.abs(apart.regimeChance(0) - 0.75)).toBeGreaterThan(0.05);
  });
});
