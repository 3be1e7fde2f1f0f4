import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { streams } from '../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { World } from '../../src/processes/world.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { measureObservation } from '../../src/study/observation-model.ts';
import { eagerness } from '../../src/study/print-rule.ts';
import { ended } from '../support/generators.ts';
import { deskOf, simulation, TINY, tinyScenario } from '../support/tiny.ts';

const SEEDS = ['train/observation/1', 'train/observation/2'];
const SCENARIO = tinyScenario(['duration=10 min']);
const CATALOG = forecasterCatalog(SCENARIO.forecast, []);
const MODEL = ended(measureObservation(SCENARIO, SEEDS, CATALOG));
const STEPS_PER_RUN = 59;

/** The tracker's errors and the true factors at each forecast step of a run. */
function seen(seed: string) {
  const sim = simulation(SCENARIO, seed);
  const steps: { readonly error: number[]; readonly truth: number[] }[] = [];
  for (let t = 10; t < 600; t += 10) {
    sim.advance(t);
    const inspection = sim.subject.agent.inspect?.();
    const truth = Array.from({ length: FACTOR_COUNT }, (_, f) => sim.world.factor(f));
    const error = truth.map((value, f) => (inspection?.factors?.[f] ?? Number.NaN) - value);
    steps.push({ error, truth });
  }
  const customers = deskOf(sim, 'customers').id;
  const contracts = SCENARIO.chain.options.reduce((sum, { id, lotSize }) => sum + lotSize * sim.ledger.traded(customers, id), 0);
  return { steps, prints: sim.ledger.fills(customers), contracts };
}

const RUNS = SEEDS.map(seen);
const all = RUNS.flatMap(({ steps }) => steps);

describe('the measured model', () => {
  test('counts each forecast step of each run', () => {
    expect(MODEL.steps).toBe(2 * STEPS_PER_RUN);
  });

  test('has the root-mean-square error of the tracker', () => {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const square = all.reduce((sum, { error }) => sum + (error[f] ?? 0) * (error[f] ?? 0), 0) / all.length;
      expect((MODEL.errorSd[f] ?? 0) / Math.sqrt(square)).toBeCloseTo(1, 10);
    }
  });

  test('is the least-squares law of the next error, runs kept apart', () => {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      let residuals = 0;
      const slopes = [0, 0];
      for (const { steps } of RUNS) {
        for (let n = 1; n < steps.length; n += 1) {
          const [before, now] = [steps[n - 1], steps[n]];
          const moved = (now?.truth[f] ?? 0) - (before?.truth[f] ?? 0);
          const last = before?.error[f] ?? 0;
          const noise = (now?.error[f] ?? 0) - (MODEL.persistence[f] ?? 0) * last + (MODEL.lag[f] ?? 0) * moved;
          residuals += noise * noise;
          slopes[0] = (slopes[0] ?? 0) + noise * last;
          slopes[1] = (slopes[1] ?? 0) + noise * moved;
        }
      }
      const count = 2 * (STEPS_PER_RUN - 1);
      expect((MODEL.noiseSd[f] ?? 0) / Math.sqrt(residuals / count)).toBeCloseTo(1, 9);
      // What is left over has nothing to do with either regressor.
      for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-9);
    }
  });

  test('as many candidates print as customers traded, for as many contracts, or all that they wished for where that is less', () => {
    const theo = new TheoChain(SCENARIO.chain, SCENARIO.valuation);
    const factors = new Float64Array(FACTOR_COUNT);
    let above = 0;
    let contracts = 0;
    let largest = 0;
    for (const seed of SEEDS) {
      const world = new World({ ...SCENARIO.world, lookaheadSteps: 0 }, SCENARIO.chain, SCENARIO.valuation, streams(seed));
      for (let second = 0; second < 600; second += 1) {
        world.factorsInto(factors);
        theo.move(factors, world.spot(), second / 31_536_000);
        theo.valueAll();
        for (const candidate of world.candidates()) {
          if (eagerness(candidate, theo) < MODEL.printRatio) continue;
          above += 1;
          contracts += Math.min(candidate.contracts, MODEL.printContracts);
          largest = Math.max(largest, candidate.contracts);
        }
        world.advance();
      }
    }
    // Parts of one order are as eager as each other: the rule takes all of them or none.
    const prints = RUNS.reduce((sum, run) => sum + run.prints, 0);
    expect(above).toBeGreaterThanOrEqual(prints);
    expect(above).toBeLessThan(1.02 * prints);
    expect(above).toBeGreaterThan(50);
    const traded = RUNS.reduce((sum, run) => sum + run.contracts, 0);
    expect(traded).toBeGreaterThan(20);
    if (MODEL.printContracts < largest) expect(Math.abs(contracts / traded - 1)).toBeLessThan(0.02);
    else expect(contracts).toBeLessThanOrEqual(traded);
    expect(contracts / traded).toBeGreaterThan(0.8);
  });

  test('is of a plausible size: the tracker is near the truth, lags behind it, and sees most books', () => {
    expect(MODEL.errorSd[0]).toBeLessThan(0.02);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      expect(Math.abs(MODEL.persistence[f] ?? 9)).toBeLessThan(1);
      expect(MODEL.noiseSd[f]).toBeLessThan(MODEL.errorSd[f] ?? 0);
    }
    // A move of the level is seen late, and then in full.
    expect(MODEL.lag[0]).toBeGreaterThan(0.3);
    expect(MODEL.lag[0]).toBeLessThan(1);
    expect(MODEL.printRatio).toBeGreaterThan(0.2);
    expect(MODEL.printRatio).toBeLessThan(3);
    // The rest of the market shows 5 contracts, and a customer wants 25 at most.
    expect(MODEL.printContracts).toBeGreaterThan(1);
    expect(MODEL.printContracts).toBeLessThan(25);
  });
});

test('yields how far it is', () => {
  const shares = [...measureObservation(tinyScenario(), ['a'], CATALOG)];
  expect(shares).toHaveLength(29);
  for (const [n, share] of shares.entries()) expect(share).toBeCloseTo((n + 1) / 30, 12);
});

test('a subject that never sees a surface cannot be measured, and the scenario is named', () => {
  // Nobody quotes: the tracker finds no two-sided book.
  const blind = tinyScenario([], [], TINY.replace(/^ {2}rivals:.*\n/m, ''));
  expect(() => ended(measureObservation(blind, ['1'], CATALOG))).toThrow(InputError);
  expect(() => ended(measureObservation(blind, ['1'], CATALOG))).toThrow(/tiny.*subject.*never saw a surface/);
});
