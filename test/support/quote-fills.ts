import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readBase, readBundledScenario } from '../../src/app/bundled.ts';
import { hashText } from '../../src/core/hash.ts';
import { instrumentId } from '../../src/core/units.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { Simulation } from '../../src/sim/simulation.ts';

const HORIZON_SECONDS = 300;

/** Fills of the subject's quotes by one kind of counterparty, judged after five minutes. Dollars. */
export interface CounterpartySums {
  fills: number;
  /** What the quotes were to earn: the value that they were made around against their price. */
  quoted: number;
  /** The world's fair value at the fill against the price. */
  captured: number;
  /** The fair value five minutes later, less delta at the fill times the move of the spot, against the price. */
  kept: number;
}

/** What a run brought its subject, in dollars. */
export interface QuoteResult {
  readonly counterparties: ReadonlyMap<string, CounterpartySums>;
  readonly pnl: number;
  /** What the spot made of the delta that was left open: nothing on average. */
  readonly openDelta: number;
  readonly fees: number;
  readonly hedgeCost: number;
}

interface Pending {
  readonly counterparty: string;
  readonly instrument: number;
  readonly units: number;
  readonly sign: number;
  readonly price: number;
  readonly quoted: number;
  readonly captured: number;
  readonly delta: number;
  readonly spot: number;
  readonly due: number;
}

/** Runs a bundled scenario, and judges every fill of its subject's quotes; those of the last five minutes are not judged. */
export function quoteFills(name: string, seed: string): QuoteResult {
  const { source, text } = readBundledScenario(name);
  const scenario = parseScenario(source, text, BUILT_IN_AGENTS, [], readBase);
  const kinds = new Map(scenario.agents.map((agent) => [hashText(agent.name), agent.kind.kind]));
  const subject = hashText(scenario.subject);
  const counterparties = new Map<string, CounterpartySums>();
  const pending: Pending[] = [];
  let taker = 0;
  const sim: Simulation = new Simulation(scenario, {
    seed,
    forecasters: forecasterCatalog(scenario.forecast, []),
    observer: {
      onRecord: (kind, _at, instrument, agent, _order, price, size) => {
        if (instrument !== 0 && kind === TRACE.filled) taker = agent;
        const option = scenario.chain.options[instrument - 1];
        if (kind !== TRACE.hit || agent !== subject || option === undefined) return;
        const centre = sim.subject.agent.inspect?.().theo(option.id) ?? sim.attribution.fair(option.id);
        const dollars = price * option.tickSize;
        const [sign, units] = [centre > dollars ? 1 : -1, size * option.lotSize];
        pending.push({
          counterparty: kinds.get(taker) ?? '',
          instrument,
          units,
          sign,
          price: dollars,
          quoted: sign * (centre - dollars) * units,
          captured: sign * (sim.attribution.fair(option.id) - dollars) * units,
          delta: sim.attribution.delta(option.id),
          spot: sim.world.spot(),
          due: sim.world.step + Math.ceil((HORIZON_SECONDS * 1000) / scenario.world.stepMillis),
        });
      },
    },
  });
  while (!sim.done) {
    sim.advance(sim.nowSeconds + scenario.world.stepMillis / 1000);
    while ((pending[0]?.due ?? Number.POSITIVE_INFINITY) <= sim.world.step) judge(sim, pending.shift() as Pending, counterparties);
  }
  const amount = (cause: 'delta' | 'fees' | 'hedgeCost'): number => sim.attribution.amount(sim.subject.id, cause);
  return {
    counterparties,
    pnl: sim.attribution.total(sim.subject.id),
    openDelta: amount('delta'),
    fees: amount('fees'),
    hedgeCost: amount('hedgeCost'),
  };
}

function judge(sim: Simulation, fill: Pending, into: Map<string, CounterpartySums>): void {
  const later = sim.attribution.fair(instrumentId(fill.instrument));
  const kept = fill.sign * (later - fill.price - fill.delta * (sim.world.spot() - fill.spot)) * fill.units;
  for (const key of ['all', fill.counterparty]) {
    const sums = into.get(key) ?? { fills: 0, quoted: 0, captured: 0, kept: 0 };
    sums.fills += 1;
    sums.quoted += fill.quoted;
    sums.captured += fill.captured;
    sums.kept += kept;
    into.set(key, sums);
  }
}
