import { buildChain, type Chain } from '../../src/market/chain.ts';
import type { ValuationTerms } from '../../src/pricing/theo.ts';

/** One expiry of a chain for tests; days from the opening. */
export interface TestExpiry {
  readonly days: number;
  readonly strikes: readonly number[];
  readonly carry?: number;
}

/** Three tenors of five strikes around 70,000. */
export const THREE_TENORS: readonly TestExpiry[] = [
  { days: 7, strikes: [64_000, 67_000, 70_000, 73_000, 76_000] },
  { days: 30, strikes: [58_000, 64_000, 70_000, 76_000, 84_000] },
  { days: 90, strikes: [50_000, 60_000, 70_000, 82_000, 96_000] },
];

/** A BTC-like chain: ticks of 1 and 5 dollars, lots of 0.01 and 0.1. */
export function smallChain(expiries: readonly TestExpiry[] = THREE_TENORS): Chain {
  return buildChain({
    symbol: 'BTC',
    underlying: { tickSize: 1, lotSize: 0.01 },
    options: { tickSize: 5, lotSize: 0.1 },
    expiries: expiries.map(({ days, strikes, carry }) => ({ label: `${days}d`, years: days / 365, carry: carry ?? 0, strikes })),
  });
}

/** Valuation of a chain whose tenors have nothing of their own. */
export function plainTerms(chain: Chain, rate = 0): ValuationTerms {
  return { rate, tenors: chain.expiries.map(({ years }) => ({ years, levelRatio: 1, rhoOffset: 0, etaRatio: 1 })) };
}
