import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { greeks } from '../../src/pricing/black-scholes.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { TheoChain, type ValuationTerms } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain([
  { days: 7, strikes: [64_000, 70_000, 76_000], carry: 0.04 },
  { days: 30, strikes: [58_000, 64_000, 70_000, 76_000, 84_000], carry: 0.08 },
  { days: 365, strikes: [40_000, 70_000, 120_000], carry: -0.03 },
]);
const TERMS: ValuationTerms = {
  rate: 0.05,
  tenors: plainTerms(CHAIN).tenors.map((tenor, i) => ({ ...tenor, levelRatio: 1 + 0.02 * i, rhoOffset: 0.03 * i, etaRatio: 1 - 0.04 * i })),
};
const FACTORS = [Math.log(0.55), 0.06, -0.25, -0.1];
const SPOT = 70_300;
const NOW = 3 / 365;

function valued(factors: readonly number[] = FACTORS, spot = SPOT, nowYears = NOW): TheoChain {
  const theo = new TheoChain(CHAIN, TERMS);
  theo.move(factors, spot, nowYears);
  theo.valueAll();
  return theo;
}

const yearsOf = (expiry: number): number => CHAIN.expiries[expiry]?.years ?? 0;

describe('columns', () => {
  test('are the Greeks of each contract at its own vol and carry', () => {
    const theo = valued();
    for (const option of CHAIN.options) {
      const i = option.id - 1;
      const years = yearsOf(option.expiry) - NOW;
      const carry = CHAIN.expiries[option.expiry]?.carry ?? 0;
      const forward = SPOT * Math.exp(carry * years);
      expect(theo.forward[option.expiry]).toBeCloseTo(forward, 8);
      const vol = theo.surface.vol(option.expiry, Math.log(option.strike / forward));
      const own = greeks({ ...option, years }, { spot: SPOT, vol, rate: 0.05, yield: 0.05 - carry });
      expect(theo.vol[i]).toBe(vol);
      for (const name of ['price', 'gamma', 'vega', 'theta'] as const) expect(theo[name][i]).toBeCloseTo(own[name], 9);
      // Undiscounted, the forward is what calls and puts are worth apart.
      if (option.right === 'put') continue;
      const parity = (theo.price[i] ?? 0) - (theo.price[i + 1] ?? 0);
      expect(parity).toBeCloseTo(Math.exp(-0.05 * years) * (forward - option.strike), 7);
    }
    expect(theo.spot).toBe(SPOT);
  });

  test('of all series at once are those of each by itself, to the bit, before and after expiries', () => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const factors = fc.tuple(between(-2.5, 1), between(-0.3, 0.3), between(-0.9, 0.9), between(-1.5, 1.5));
    const days = fc.oneof(between(0, 400), fc.constantFrom(0, 7, 30, 365));
    const bits = (column: Float64Array): bigint[] => [...new BigUint64Array(column.buffer, column.byteOffset, column.length)];
    const single = new TheoChain(CHAIN, TERMS);
    const all = new TheoChain(CHAIN, TERMS);
    fc.assert(
      fc.property(factors, between(20_000, 200_000), days, (at, spot, day) => {
        for (const theo of [single, all]) theo.move(at, spot, day / 365);
        for (const option of CHAIN.options) single.value(option);
        all.valueAll();
        for (const name of ['price', 'vol', 'delta', 'gamma', 'vega', 'theta', 'exposures'] as const)
          expect(bits(all[name]), name).toEqual(bits(single[name]));
      }),
    );
  });

  test('delta is the change of the price with the spot, the smile moving with the forward', () => {
    const h = 0.5;
    const up = valued(FACTORS, SPOT + h);
    const down = valued(FACTORS, SPOT - h);
    const theo = valued();
    for (let i = 0; i < CHAIN.options.length; i += 1) {
      const difference = ((up.price[i] ?? 0) - (down.price[i] ?? 0)) / (2 * h);
      expect(Math.abs((theo.delta[i] ?? 0) - difference), `series ${i}`).toBeLessThan(1e-7);
    }
  });

  test('exposures are the changes of the price with the factors', () => {
    const h = 1e-4;
    const theo = valued();
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const bumped = (by: number): TheoChain => valued(FACTORS.map((value, g) => (f === g ? value + by : value)));
      const [up, down] = [bumped(h), bumped(-h)];
      for (let i = 0; i < CHAIN.options.length; i += 1) {
        const difference = ((up.price[i] ?? 0) - (down.price[i] ?? 0)) / (2 * h);
        const exposure = theo.exposures[i * FACTOR_COUNT + f] ?? 0;
        expect(Math.abs(exposure - difference), `factor ${f} of series ${i}`).toBeLessThan(1e-4 * (1 + Math.abs(exposure)));
      }
    }
  });

  test('stay as they were until they are valued again', () => {
    const theo = valued();
    const before = Float64Array.from(theo.price);
    theo.move(FACTORS, SPOT * 1.1, NOW);
    expect(theo.price).toEqual(before);
    const option = CHAIN.options[4];
    if (option === undefined) throw new Error('no option');
    theo.value(option);
    const changed = Array.from(theo.price, (price, i) => price !== before[i]);
    expect(changed.indexOf(true)).toBe(4);
    expect(changed.lastIndexOf(true)).toBe(4);
  });

  test.each([7, 7.5, 29.9])('after %d days an expired series has its intrinsic value and no Greeks', (days) => {
    const theo = valued(FACTORS, SPOT, days / 365);
    for (const option of CHAIN.options) {
      const i = option.id - 1;
      if (option.expiry !== 0) {
        expect(theo.vega[i]).toBeGreaterThan(0);
        continue;
      }
      expect(theo.price[i]).toBeCloseTo(Math.max(0, option.right === 'call' ? SPOT - option.strike : option.strike - SPOT), 9);
      const exposures = Array.from(theo.exposures.subarray(i * FACTOR_COUNT, (i + 1) * FACTOR_COUNT));
      for (const value of [theo.delta[i], theo.gamma[i], theo.vega[i], theo.theta[i], ...exposures]) expect(Math.abs(value ?? 1)).toBe(0);
    }
  });

  test('holds still under factors that leave the arbitrage-free set: all finite, none negative', () => {
    const theo = valued([Math.log(0.2), -1.2, -0.95, 1.4]);
    for (const column of [theo.price, theo.vol, theo.delta, theo.gamma, theo.vega, theo.theta, theo.exposures]) {
      expect(column.every(Number.isFinite)).toBe(true);
    }
    expect(Math.min(...theo.price)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...theo.gamma, ...theo.vega)).toBeGreaterThanOrEqual(0);
  });
});
