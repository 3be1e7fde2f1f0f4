import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { BUILT_IN_AGENTS } from '../src/agents/built-in.ts';
import { readOverride } from '../src/scenario/overrides.ts';
import { parseScenario } from '../src/scenario/parse-scenario.ts';
import type { Scenario } from '../src/scenario/scenario.ts';
import { forecasterCatalog } from '../src/sim/forecasters.ts';
import { Simulation } from '../src/sim/simulation.ts';
import type { Figure } from './figure.ts';

const SCENARIO = 'normal';
const ROUNDS = 3;

/** Scenario of the session: in this folder, as it is of no use but here. */
const SESSION = 'session';
const SESSION_ROUNDS = 8;
/** Prints per hour in option series between which a session counts as an ordinary one; a tape of Deribit's had 205. */
const PRINTS_PER_HOUR = [150, 600] as const;

/**
 * Kernel events per second of one hour of the bundled scenario with its full population: 60 series, all of its agents, the maker with
 * forecaster `rw`. Best of three rounds.
 */
export function simEvents(root: string): Figure {
  const scenario = normalScenario(root);
  return { name: `sim.events (${SCENARIO}, ${scenario.chain.options.length} series)`, value: rate(scenario, 1, ROUNDS), unit: 'events/s' };
}

/** Seconds that the hour of {@link simEvents} takes. */
export function simHour(root: string): Figure {
  const scenario = normalScenario(root);
  const { events } = run(scenario, 1).kernel;
  return { name: `sim.hour (${SCENARIO})`, value: events / rate(scenario, 1, ROUNDS), unit: 's' };
}

function normalScenario(root: string): Scenario {
  const read = (name: string) => ({ source: name, text: readFileSync(`${root}/scenarios/${name}.yaml`, 'utf8') });
  return parseScenario(SCENARIO, read(SCENARIO).text, BUILT_IN_AGENTS, [readOverride('agents.maker.forecaster=rw')], read);
}

/** The scenario of the session, parsed. */
export function sessionScenario(root: string): Scenario {
  return parseScenario(SESSION, readFileSync(`${root}/bench/scenarios/${SESSION}.yaml`, 'utf8'), BUILT_IN_AGENTS);
}

/**
 * `sim.session`: kernel events per second of one hour, agents included: 60 series, three makers who quote each of them cheaply, customers and
 * an informed trader. Best of some rounds.
 */
export function simSession(root: string): Figure {
  const scenario = sessionScenario(root);
  const { records } = run(scenario, 1);
  const { prints } = records.recorder;
  if (!(prints >= PRINTS_PER_HOUR[0] && prints <= PRINTS_PER_HOUR[1]))
    throw new Error(`${prints} prints in an hour are no ordinary session`);
  return { name: 'sim.session (60 series, 3 makers)', value: rate(scenario, 1, SESSION_ROUNDS), unit: 'events/s' };
}

/** A new run of a scenario, at its opening. */
export function simulationOf(scenario: Scenario): Simulation {
  return new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) });
}

function run(scenario: Scenario, hours: number): Simulation {
  const simulation = simulationOf(scenario);
  simulation.advance(hours * 3600);
  return simulation;
}

function rate(scenario: Scenario, hours: number, rounds: number): number {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const { kernel } = run(scenario, hours);
    best = Math.max(best, (1000 * kernel.events) / (performance.now() - start));
  }
  return best;
}
