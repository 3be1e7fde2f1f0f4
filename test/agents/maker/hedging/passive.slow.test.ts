import { expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../../../src/agents/built-in.ts';
import { DeltaHedger } from '../../../../src/agents/maker/hedging/delta-hedger.ts';
import { hedgingParams } from '../../../../src/agents/maker/hedging/hedging-params.ts';
import { nanos } from '../../../../src/core/units.ts';
import { midTicks } from '../../../../src/market/data.ts';
import { blankGreeks, greeks } from '../../../../src/pricing/black-scholes.ts';
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts';
import { forecasterCatalog } from '../../../../src/sim/forecasters.ts';
import { Simulation } from '../../../../src/sim/simulation.ts';
import { studentInterval } from '../../../../src/study/bootstrap.ts';
import { hedgingView } from '../../../support/hedging-view.ts';
import { kindOf } from '../../../support/tiny.ts';

const SEEDS = Array.from({ length: 48 }, (_, n) => String(n + 1));
/** So many straddles of seven days, sold at the opening outside the market. */
const STRADDLES = -40;
const HALF_BAND = 0.5;

const WAYS = {
  takes: {},
  'rests 2 s': { passive: { seconds: 2 } },
  'rests 5 s': { passive: { seconds: 5 } },
  'rests 20 s': { passive: { seconds: 20 } },
} as const;

/** A market in the underlying alone, without impact: each way of hedging meets the same path. */
const MARKET = `
name: hedges
question: Does a hedge that rests cost less than one that takes?
duration: 2 h
market:
  symbol: BTC
  expiries: [{ days: 7, strikes: [66000, 70000, 74000] }]
world:
  preset: btc
  spot: 70000
  switching: false
  surface: { atmVol: 50 %, skew: -0.15, curvature: -0.05 }
  impact: { bpPer100Units: 0 }
agents:
  liquidity: { kind: underlying-liquidity }
  hedger: { kind: hedges-only }
subject: hedger
`;

/** Dollars of hedging, and units traded, over a run; the book's own profit is the same in all ways. */
function run(hedging: object, seed: string): { readonly profit: number; readonly units: number } {
  let units = 0;
  const hedgesOnly = kindOf('hedges-only', ({ chain: { underlying }, feePerUnit }) => {
    const hedger = new DeltaHedger(
      underlying,
      hedgingParams.parse(hedging),
      { band: () => ({ centre: 0, halfWidth: HALF_BAND }) },
      { limit: 8, feePerUnit },
    );
    const scratch = blankGreeks();
    return {
      onOpen: (desk) => {
        desk.watch(underlying.id);
        desk.wakeAt(nanos(1e9));
      },
      onWake: (desk) => {
        desk.wakeAt(nanos(desk.now + 1e9));
        const mid = midTicks(desk.bbo(underlying.id));
        if (mid === undefined) return;
        const spot = mid * underlying.tickSize;
        const at = { spot, vol: 0.5, rate: 0, yield: 0 };
        const years = 7 / 365 - desk.nowYears;
        const call = greeks({ right: 'call', strike: 70_000, years }, at, scratch).delta;
        const delta = STRADDLES * (2 * call - 1) + desk.position(underlying.id) * underlying.lotSize;
        hedger.hedge(desk, hedgingView({ delta, spot, nowSeconds: desk.now / 1e9 }), false);
      },
      onReport: (report) => {
        hedger.hear(report);
        if (report.kind === 'fill') units += report.lots * underlying.lotSize;
      },
    };
  });
  const scenario = parseScenario('hedges.yaml', MARKET, [...BUILT_IN_AGENTS, hedgesOnly]);
  const sim = new Simulation(scenario, { seed, forecasters: forecasterCatalog(scenario.forecast, []) });
  sim.advance(scenario.durationSeconds);
  return { profit: sim.attribution.total(sim.subject.id), units };
}

test('a hedge that rests first costs less than one that takes, in a market in which makers pay no fee', () => {
  const results = Object.entries(WAYS).map(([name, hedging]) => ({ name, runs: SEEDS.map((seed) => run(hedging, seed)) }));
  const taken = results[0]?.runs ?? [];
  for (const { name, runs } of results) {
    const units = runs.reduce((sum, each) => sum + each.units, 0) / runs.length;
    const gains = runs.map(({ profit }, i) => profit - (taken[i]?.profit ?? 0));
    const [low, high] = studentInterval(gains, 0.95);
    const perUnit = gains.reduce((sum, gain) => sum + gain, 0) / runs.length / units;
    console.log(
      `${name.padEnd(12)} ${units.toFixed(1)} units a run; earns [${low.toFixed(1)}, ${high.toFixed(1)}] $ a run more than taking, ${((perUnit / 70_000) * 10_000).toFixed(2)} bp of what is traded`,
    );
    if (name !== 'takes') expect(low).toBeGreaterThan(0);
  }
});
