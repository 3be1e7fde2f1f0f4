import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Agent, AgentKind } from '../src/agents/agent.ts';
import { BUILT_IN_AGENTS } from '../src/agents/built-in.ts';
import { makerKind } from '../src/agents/maker/maker.ts';
import { BUILT_IN_PARTS } from '../src/agents/maker/parts.ts';
import { blankQuote, type Quoter, type QuoterKind, type QuotingView } from '../src/agents/maker/quoting/quoter.ts';
import { readOverride } from '../src/scenario/overrides.ts';
import { parseScenario } from '../src/scenario/parse-scenario.ts';
import { forecasterCatalog } from '../src/sim/forecasters.ts';
import { Simulation } from '../src/sim/simulation.ts';
import type { Figure } from './figure.ts';

const SCENARIO = 'normal';
const SECONDS = 3600;
/** Looks until all code has been compiled. */
const WARMUP = 600;
const QUOTER = 'factors';
const ROUNDS = 40;

/** What a run leaves behind: the time of each look, microseconds, and the quoter with its view. */
interface Seen {
  readonly looks: number[];
  quoter: Quoter | undefined;
  view: QuotingView | undefined;
}

/** The maker, with the time of each of its looks written down. */
function timed(seen: Seen): AgentKind {
  const quoters = BUILT_IN_PARTS.quoters.map((kind) => (kind.kind === QUOTER ? watched(kind, seen) : kind));
  const kind = makerKind({ ...BUILT_IN_PARTS, quoters });
  const wrapped = (agent: Agent): Agent => {
    const wake = agent.onWake?.bind(agent);
    agent.onWake = (desk) => {
      const start = performance.now();
      wake?.(desk);
      seen.looks.push(1000 * (performance.now() - start));
    };
    return agent;
  };
  return { ...kind, build: (params, setup) => wrapped(kind.build(params, setup)) };
}

/** The quoter, remembered with the view that it was last prepared for. */
function watched(kind: QuoterKind, seen: Seen): QuoterKind {
  return {
    ...kind,
    build: (params) => {
      const quoter = kind.build(params);
      const prepare = quoter.prepare.bind(quoter);
      quoter.prepare = (view) => {
        seen.quoter = quoter;
        seen.view = view;
        prepare(view);
      };
      return quoter;
    },
  };
}

/** Microseconds per call, best round. */
function microseconds(calls: number, call: (n: number) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let n = 0; n < calls; n += 1) call(n);
    best = Math.min(best, (1000 * (performance.now() - start)) / calls);
  }
  return best;
}

/**
 * Microseconds of one look of a maker at its market, in an hour of a run: reads 60 series, moves the tracker, values the chain, closes a forecast step and
 * chooses series when it is time for that, quotes all 60 and hedges. Half of the looks take no longer than the median; those that close a step or
 * choose take longer, which the mean shows. Then its quoter alone: one quote, and what it does after each choice and forecast.
 */
export function makerCycle(root: string): Figure[] {
  const read = (name: string) => ({ source: name, text: readFileSync(`${root}/scenarios/${name}.yaml`, 'utf8') });
  const seen: Seen = { looks: [], quoter: undefined, view: undefined };
  const kinds = BUILT_IN_AGENTS.map((kind) => (kind.kind === 'maker' ? timed(seen) : kind));
  const overrides = ['agents.maker.forecaster=rw', 'agents.maker.seriesMaximum=60', `agents.maker.quoter={ kind: ${QUOTER} }`].map(
    readOverride,
  );
  const scenario = parseScenario(SCENARIO, read(SCENARIO).text, kinds, overrides, read);
  const simulation = new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []) });
  simulation.advance(SECONDS);
  const late = seen.looks.slice(WARMUP).sort((a, b) => a - b);
  const series = scenario.chain.options.length;
  const name = `maker.cycle (${series} series)`;
  const { quoter, view } = seen;
  if (quoter === undefined || view === undefined) throw new Error('the maker never quoted');
  const out = blankQuote();
  return [
    { name: `${name}, median`, value: late[Math.floor(late.length / 2)] ?? Number.NaN, unit: 'us' },
    { name: `${name}, mean`, value: late.reduce((sum, time) => sum + time, 0) / late.length, unit: 'us' },
    { name: `maker.quote (${QUOTER})`, value: microseconds(2000, (n) => quoter.quote(view, n % series, out)), unit: 'us' },
    { name: `maker.prepare (${QUOTER}, ${series} series)`, value: microseconds(10, () => quoter.prepare(view)), unit: 'us' },
  ];
}
