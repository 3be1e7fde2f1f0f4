import { parentPort, workerData } from 'node:worker_threads';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { Simulation } from '../../src/sim/simulation.ts';

/** The program of a worker thread: a run of the scenario whose text it is given, seed 1; it posts what identifies the run. */
const scenario = parseScenario('tiny.yaml', String(workerData), BUILT_IN_AGENTS);
const sim = new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) });
sim.advance(scenario.durationSeconds);
parentPort?.postMessage({ hash: sim.trace.hash(), events: sim.kernel.events, records: sim.trace.records });
