import { performance } from 'node:perf_hooks';
import { blankGreeks, type Contract, greeks } from '../src/pricing/black-scholes.ts';
import { impliedVol, type OptionPrice } from '../src/pricing/implied-vol.ts';
import type { Figure } from './figure.ts';

/** Passes over the chain per timed round, and rounds; the best round counts, since others share the machine. */
const PASSES = 500;
const ROUNDS = 7;
const SPOT = 60_000;

/** 400 series: 5 expiries from a day to a year, 40 strikes from 2.5 standard deviations below to 2.5 above, call and put. */
function chain(): readonly Contract[] {
  const contracts: Contract[] = [];
  for (const days of [1, 7, 30, 90, 365]) {
    const years = days / 365;
    for (let i = 0; i < 40; i += 1) {
      const strike = SPOT * Math.exp(((i - 19.5) / 7.8) * 0.5 * Math.sqrt(years));
      contracts.push({ right: 'call', strike, years }, { right: 'put', strike, years });
    }
  }
  return contracts;
}

/** Calls per second of `visit` on the items, best round. */
function rate<T>(items: readonly T[], visit: (item: T, pass: number) => number): number {
  let best = 0;
  let checksum = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let pass = 0; pass < PASSES; pass += 1) {
      for (const item of items) checksum += visit(item, pass);
    }
    best = Math.max(best, (1000 * PASSES * items.length) / (performance.now() - start));
  }
  // Keeps the work from being optimised away.
  if (!Number.isFinite(checksum)) throw new Error('the chain has no finite value');
  return best;
}

/**
 * Options per second of `greeks`: price and five Greeks of each of 400 series on a spot that moves with every pass. Every series is
 * valued on its own: call and put at one strike do not share d₁ and d₂.
 */
export function pricingGreeks(): Figure {
  const at = { spot: SPOT, vol: 0.5, rate: 0.04, yield: 0 };
  const out = blankGreeks();
  const value = rate(chain(), (contract, pass) => {
    at.spot = SPOT + pass;
    greeks(contract, at, out);
    return out.price + out.delta + out.gamma + out.vega + out.theta + out.rho;
  });
  return { name: 'pricing.greeks', value, unit: 'options/s' };
}

/** Vols per second of `impliedVol` over the same 400 series, priced at vols between 30 % and 90 %. */
export function pricingImpliedVol(): Figure {
  const at = { spot: SPOT, vol: 0.5, rate: 0.04, yield: 0 };
  const prices = chain().map((contract, i): OptionPrice => {
    const { price } = greeks(contract, { ...at, vol: 0.3 + 0.0015 * i });
    return { ...contract, forward: SPOT * Math.exp(at.rate * contract.years), discount: Math.exp(-at.rate * contract.years), price };
  });
  const value = rate(prices, (price) => {
    const vol = impliedVol(price);
    return typeof vol === 'number' ? vol : 0;
  });
  return { name: 'pricing.impliedVol', value, unit: 'vols/s' };
}
