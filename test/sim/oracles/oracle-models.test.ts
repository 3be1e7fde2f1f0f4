import { describe, expect, test } from 'vitest';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { forecasterCatalog } from '../../../src/sim/forecasters.ts';
import { hiddenPath } from '../../../src/sim/oracles/hidden-path.ts';
import { fitOracleLaw } from '../../../src/sim/oracles/oracle-law.ts';
import { PathLaw } from '../../../src/sim/oracles/path-law.ts';
import { StateReplay } from '../../../src/sim/oracles/replay.ts';
import { signalSteps } from '../../../src/sim/oracles/signal.ts';
import { Simulation } from '../../../src/sim/simulation.ts';
import { oracleForecasts } from '../../../src/study/simulated/oracle-forecasts.ts';
import { RECORDED_WALK, recordedRun } from '../../../src/study/simulated/recorded-run.ts';
import { tinyScenario } from '../../support/tiny.ts';

// Without the script's fall, which would count as a jump.
const CHANGES = ['world.timeline=[]', 'duration=10 min'];
const recordable = tinyScenario([...CHANGES, `agents.maker.forecaster=${RECORDED_WALK}`]);
const seeds = ['1', '2', '3', '4', '5', '6'];
const records = seeds.map((seed) => {
  const run = recordedRun(recordable, seed);
  for (;;) {
    const step = run.next();
    if (step.done === true) return step.value;
  }
});
const worlds = seeds.map((seed) => hiddenPath(recordable, seed));
const law = fitOracleLaw(recordable, worlds, records);
const uninformed = { ...recordable, agents: recordable.agents.filter(({ name }) => name !== 'insider') };

test('a record holds what is true, step by step, and the world without books is the same but for the impact of hedging', () => {
  const [record] = records;
  const path = hiddenPath(recordable, '1');
  expect(record?.steps).toBe(60);
  expect(record?.seen.every((seen) => seen === 1)).toBe(true);
  for (const key of ['pressure', 'memory', 'excitation', 'regime'] as const) expect(record?.[key]).toEqual(path[key]);
  const other = (of: ArrayLike<number> | undefined): number[] => Array.from(of ?? []).filter((_, i) => i % FACTOR_COUNT !== 0);
  expect(other(record?.truth)).toEqual(other(path.truth));
  expect(record?.prints.reduce((a, b) => a + b, 0)).toBeGreaterThan(50);
  expect(record?.tape.contracts.length).toBeGreaterThanOrEqual(record?.prints.reduce((a, b) => a + b, 0) ?? 0);
});

test('the signal is what the slow factors will have done when the informed see no further; without any there is none', () => {
  const [record] = records;
  if (record === undefined) throw new Error('no record');
  // 120 s ahead, in steps of 10 s. What trades have done to the level lasts as long as anybody sees.
  for (const step of [0, 7, 40])
    for (let f = 1; f < FACTOR_COUNT; f += 1) {
      const slow = (at: number): number => record.truth[at * FACTOR_COUNT + f]! - record.pressure[at * FACTOR_COUNT + f]!;
      expect(record.signal[step * FACTOR_COUNT + f]).toBeCloseTo(slow(step + 12) - slow(step), 12);
    }
  expect(record.signal.some((value, at) => at % FACTOR_COUNT === 0 && value !== 0)).toBe(true);
  expect(signalSteps(recordable)).toBe(120_000 / recordable.world.stepMillis);
  expect(signalSteps(uninformed)).toBe(0);
});

test('a filter that is told nothing is the filter of a market in which nobody is informed', () => {
  // Six runs are too few to find out a size.
  expect(law.surface.sizes.contracts).toEqual([]);
  const deaf = fitOracleLaw(
    uninformed,
    worlds,
    records.map((record) => ({ ...record, signal: new Float64Array(record.signal.length) })),
  );
  expect(deaf.surface.opening.covariance).not.toEqual(law.surface.opening.covariance);
  const [heard, unheard] = [law, deaf].map((of) => oracleForecasts(of, records));
  let [most, apart] = [0, 0];
  for (const kind of ['filter', 'state'] as const)
    for (const [n, { change }] of heard![kind].entries())
      for (const [at, value] of change.entries()) {
        most = Math.max(most, Math.abs(value));
        apart = Math.max(apart, Math.abs(value - unheard![kind][n]!.change[at]!));
      }
  expect(most).toBeGreaterThan(1e-3);
  expect(apart).toBeLessThan(1e-9);
});

describe('in the market', () => {
  const run = (kind: string): Simulation => {
    const scenario = tinyScenario([...CHANGES, `agents.maker.forecaster=${kind}`]);
    const sim = new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, [], law) });
    sim.advance(scenario.durationSeconds / 2);
    return sim;
  };

  test.each(['filter', 'state'])('%s forecasts after the burn-in of all others, the same bits again', (kind) => {
    const [forecast, again] = [run(kind), run(kind)].map((sim) => sim.subject.agent.inspect?.().forecast);
    expect(forecast?.change.some((value) => value !== 0)).toBe(true);
    expect(forecast?.scale.every((value) => value > 0)).toBe(true);
    expect(again).toEqual(forecast);
  });

  test('the state sees the truth: the error of its tracker is taken out of its forecast', () => {
    const sim = run('state');
    const forecast = sim.subject.agent.inspect?.().forecast;
    // At one step, whose own change is small, what is expected is mostly what the tracker is wrong by.
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const error = (forecast?.origin[f] ?? 0) - sim.world.factor(f);
      expect(Math.abs((forecast?.change[f] ?? 0) + error)).toBeLessThan(Math.abs(error) / 2 + 0.001);
    }
  });

  test('is refused where no law is given', () => {
    const scenario = tinyScenario([...CHANGES, 'agents.maker.forecaster=filter']);
    expect(() => new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) })).toThrow(
      /filter.*knows the law of its market/,
    );
  });
});

test('knowing the hidden state beats the walk on the runs that the law was fitted on', () => {
  const path = new PathLaw(law.surface, law.horizonsSteps);
  let [walk, error] = [0, 0];
  for (const record of records) {
    const state = new StateReplay(law.surface, path, law.horizonsSteps.length, record);
    for (let step = 0; step + 1 <= record.steps; step += 1) {
      if (!state.see(step)) continue;
      const outcome = (record.truth[(step + 1) * FACTOR_COUNT] ?? 0) - (record.tracked[step * FACTOR_COUNT] ?? 0);
      walk += outcome * outcome;
      error += (outcome - (state.change[0] ?? 0)) * (outcome - (state.change[0] ?? 0));
    }
  }
  expect(1 - error / walk).toBeGreaterThan(0.2);
});
