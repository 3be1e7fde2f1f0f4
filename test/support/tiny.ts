import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Agent, type AgentKind, type AgentRights, type AgentSetup, defineAgent } from '../../src/agents/agent.ts';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import type { AgentId } from '../../src/core/units.ts';
import type { TraceObserver } from '../../src/kernel/trace.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { AgentDesk } from '../../src/sim/desk.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { Simulation } from '../../src/sim/simulation.ts';

export const TINY = readFileSync(new URL('../../scenarios/tiny.yaml', import.meta.url), 'utf8');

/** `scenarios/tiny.yaml` with changes, and with kinds of agents beside the built-in ones. */
export function tinyScenario(changes: readonly string[] = [], kinds: readonly AgentKind[] = [], text = TINY): Scenario {
  return parseScenario('tiny.yaml', text, [...BUILT_IN_AGENTS, ...kinds], changes.map(readOverride));
}

export function simulation(scenario: Scenario, seed = '1', verify = false, observer?: TraceObserver): Simulation {
  const watched = observer === undefined ? {} : { observer };
  return new Simulation(scenario, { seed, forecasters: forecasterCatalog(scenario.forecast, []), verify, ...watched });
}

/** A run to its end. */
export function finished(scenario: Scenario, seed = '1', verify = false): Simulation {
  const sim = simulation(scenario, seed, verify);
  sim.advance(scenario.durationSeconds);
  return sim;
}

/** A kind of agent without parameters, for one test. */
export function kindOf(
  kind: string,
  create: (setup: AgentSetup) => Agent,
  terms: { readonly positionPerSeries?: number; readonly rights?: AgentRights } = {},
): AgentKind {
  return defineAgent({
    kind,
    summary: `does what a test asks for: ${kind}`,
    params: z.strictObject({}),
    rights: terms.rights ?? {},
    positionPerSeries: () => terms.positionPerSeries,
    create: (_params, setup) => create(setup),
  });
}

export function deskOf(sim: Simulation, name: string): AgentDesk {
  const desk = sim.desks.find((candidate) => candidate.name === name);
  if (desk === undefined) throw new Error(`no agent ${name}`);
  return desk;
}

export const idIn = (sim: Simulation, name: string): AgentId => deskOf(sim, name).id;
