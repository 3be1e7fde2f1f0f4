import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { BUILT_IN_AGENTS } from '../src/agents/built-in.ts';
import { readOverride } from '../src/scenario/overrides.ts';
import { parseScenario } from '../src/scenario/parse-scenario.ts';
import { forecasterCatalog } from '../src/sim/forecasters.ts';
import { Simulation } from '../src/sim/simulation.ts';
import type { Figure } from './figure.ts';

const SCENARIO = 'vol-regimes';
const HOURS = 0.5;
const ROUNDS = 3;

/**
 * Kernel events per second of half an hour of the bundled scenario, agents included: 54 series, a quoting maker with forecaster `rw`, a market of
 * quotes that follow the world every second, customers and an informed trader. Best of three rounds.
 */
export function simEvents(root: string): Figure {
  const text = readFileSync(`${root}/scenarios/${SCENARIO}.yaml`, 'utf8');
  const scenario = parseScenario(SCENARIO, text, BUILT_IN_AGENTS, [readOverride('agents.maker.forecaster=rw')]);
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const simulation = new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) });
    const start = performance.now();
    simulation.advance(HOURS * 3600);
    best = Math.max(best, simulation.kernel.events / ((performance.now() - start) / 1000));
  }
  return { name: `sim.events (${SCENARIO}, 54 series)`, value: best, unit: 'events/s' };
}
