import { expect, test } from 'vitest';
import { streams } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import {
  BURN_IN_STEPS,
  ForecastFits,
  LAG_STEPS,
  MAKER_REGRESSORS,
  makerRegressors,
  originSteps,
} from '../../../src/study/predictability/forecast-fits.ts';
import { madeWorld, PLAIN } from './worlds.ts';

const LAW = { ...PLAIN, walkSd: 0.3, errorSd: 0.2, keep: 0.8, pushSd: 0.6, flowSd: 0.4, returnSds: [1e-4, 2e-4], switching: 0.02 };
const rng = () => streams('forecast fits').stream('worlds');

test('the state law of a pressure that decays: slope keep^h − 1, whatever the regime', () => {
  const fits = new ForecastFits(0, 2, [1, 3]);
  const source = rng();
  for (let n = 0; n < 150; n += 1) fits.add(madeWorld(LAW, source, 260));
  for (const regime of [0, 1]) {
    for (const [h, slope] of [0.8 - 1, 0.8 * 0.8 * 0.8 - 1].entries()) {
      const [constant, pressure, memory] = fits.state(regime, h);
      expect(Math.abs(pressure - slope)).toBeLessThan(0.03);
      expect(Math.abs(constant)).toBeLessThan(0.03);
      // Without variation, no slope.
      expect(memory).toBe(0);
    }
  }
  expect(fits.state(2, 0)).toEqual([0, 0, 0]);
});

test('regressors: a constant, past changes of the tracked factor, fresh and decayed flow', () => {
  const world = madeWorld(LAW, rng(), 100);
  const x = makerRegressors(world, 0, 60, new Float64Array(MAKER_REGRESSORS));
  const at = (step: number): number => step * FACTOR_COUNT;
  expect([...x]).toEqual([
    1,
    ...LAG_STEPS.map((lag) => (world.tracked[at(60)] ?? 0) - (world.tracked[at(60 - lag)] ?? 0)),
    world.flow[at(60)],
    ...world.decayedFlow.subarray(3 * at(60), 3 * at(60) + 3),
  ]);
});

test('origins come after the burn-in, have an outcome, and keep clear of jumps', () => {
  const world = madeWorld(LAW, rng(), 200);
  expect(originSteps(world, 10)).toEqual(Array.from({ length: 200 - 10 - BURN_IN_STEPS }, (_, i) => BURN_IN_STEPS + i));
  world.jumps.fill(1, 120);
  const kept = originSteps(world, 10);
  // The jump is in the step that ends at 120: not in the 10 steps after an origin, nor in the 40 before it.
  expect(kept).toContain(109);
  expect(kept).not.toContain(110);
  expect(kept).not.toContain(159);
  expect(kept).toContain(160);
});

test('a forecast knows nothing of what comes after its origin', () => {
  const world = madeWorld(LAW, rng(), 120);
  const before = Float64Array.from(makerRegressors(world, 0, 60, new Float64Array(MAKER_REGRESSORS)));
  for (const column of [world.tracked, world.flow, world.truth]) column.fill(99, 61 * FACTOR_COUNT);
  world.decayedFlow.fill(99, 61 * FACTOR_COUNT * 3);
  expect([...makerRegressors(world, 0, 60, new Float64Array(MAKER_REGRESSORS))]).toEqual([...before]);
});
