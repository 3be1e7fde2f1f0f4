import { expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readBase, readBundledScenario } from '../../src/app/bundled.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { deskOf, simulation } from '../support/tiny.ts';

test.each([
  // Spot and 30-day at-the-money vol at the end: around what the day was, chance and demand included.
  ['index-normal', [4850, 5150], [0.14, 0.2]],
  ['spx-2018-02-05', [2580, 2720], [0.26, 0.42]],
  ['covid-2020-03', [3900, 5900], [1.2, 2.4]],
] as const)('%s runs to its end, with a maker that trades all the time', (name, spots, vols) => {
  const { source, text } = readBundledScenario(name);
  for (const seed of ['1', '2', '3']) {
    const scenario = parseScenario(source, text, BUILT_IN_AGENTS, [readOverride('agents.maker.forecaster=rw')], readBase);
    const sim = simulation(scenario, seed);
    sim.advance(scenario.durationSeconds);
    sim.exchange.verify();
    sim.ledger.verify();
    expect(sim.world.spot()).toBeGreaterThan(spots[0]);
    expect(sim.world.spot()).toBeLessThan(spots[1]);
    expect(Math.exp(sim.world.factor(0))).toBeGreaterThan(vols[0]);
    expect(Math.exp(sim.world.factor(0))).toBeLessThan(vols[1]);
    expect(deskOf(sim, 'maker').agent.inspect?.().state).toMatch(/^(quoting|stopped)/);
  }
});
