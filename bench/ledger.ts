import { performance } from 'node:perf_hooks';
import { agentId, lots, money, orderId, ticks } from '../src/core/units.ts';
import { Attribution } from '../src/ledger/attribution.ts';
import { Ledger } from '../src/ledger/ledger.ts';
import type { StepMarks } from '../src/ledger/step-changes.ts';
import { buildChain } from '../src/market/chain.ts';
import { TheoChain } from '../src/pricing/theo.ts';
import type { Figure } from './figure.ts';

const STEPS = 4_000;
const ROUNDS = 10;
const AGENTS = 7;
const SPOT = 70_000;
const FACTORS = [Math.log(0.5), 0.05, -0.17, -0.05];

/**
 * `ledger.step`: world steps per second of the accounts by cause, 60 series of three expiries that each of seven agents holds; the peer is what a step
 * does anyway, the valuation of the same chain at its new true values.
 */
export function ledgerStep(): Figure {
  const expiries = [7, 30, 90].map((days) => ({
    label: `${days}d`,
    years: days / 365,
    carry: 0,
    strikes: Array.from({ length: 10 }, (_, i) => Math.round(SPOT * Math.exp(((i - 4.5) / 3) * 0.5 * Math.sqrt(days / 365)))),
  }));
  const chain = buildChain({
    symbol: 'BENCH',
    underlying: { tickSize: 0.5, lotSize: 0.01 },
    options: { tickSize: 5, lotSize: 0.1 },
    expiries,
  });
  const terms = { rate: 0, tenors: expiries.map(({ years }) => ({ years, levelRatio: 1, rhoOffset: 0, etaRatio: 1 })) };
  const theo = new TheoChain(chain, terms);
  const ledger = new Ledger(chain.instruments, AGENTS);
  const attribution = new Attribution(chain, terms, AGENTS);
  const agents = Array.from({ length: AGENTS }, (_, i) => agentId(i));
  for (const { id } of chain.instruments) {
    for (let taker = 1; taker < AGENTS; taker += 1) {
      const [order, price, size] = [orderId(1), ticks(1), lots(taker)];
      const sides = { taker: agentId(taker), takerOrder: order, takerSide: 'buy' as const, maker: agentId(0), makerOrder: order };
      ledger.post({ instrument: id, price, lots: size, ...sides, cause: 'touch' }, money(0), money(0));
    }
  }
  const factors = Float64Array.from(FACTORS);
  let step = 0;
  const value = (): void => {
    step += 1;
    factors[0] = (FACTORS[0] ?? 0) + 0.001 * Math.sin(step);
    factors[2] = (FACTORS[2] ?? 0) + 0.001 * Math.cos(step);
    theo.move(factors, SPOT + 5 * Math.sin(0.7 * step), step / 31_536_000);
    theo.valueAll();
  };
  const marks = (): StepMarks => ({ theo, factors, nowYears: step / 31_536_000, perpetual: theo.spot, jumped: false });
  value();
  attribution.open(marks());
  let [valuation, both] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    step = 0;
    valuation = Math.min(valuation, seconds(value));
    step = 0;
    value();
    attribution.open(marks());
    both = Math.min(
      both,
      seconds(() => {
        value();
        attribution.step(marks(), ledger, agents);
      }),
    );
  }
  const [own, peerValue] = [1 / Math.max(1e-9, both - valuation), 1 / valuation];
  return {
    name: `ledger.step (${chain.options.length} series)`,
    value: own,
    unit: 'steps/s',
    peer: 'valuation',
    peerValue,
    ratio: own / peerValue,
  };
}

/** Seconds per call, over a round of steps. */
function seconds(call: () => void): number {
  const start = performance.now();
  for (let i = 0; i < STEPS; i += 1) call();
  return (performance.now() - start) / 1000 / STEPS;
}
