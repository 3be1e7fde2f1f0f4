import { describe, expect, test } from 'vitest';
import { type BandTerms, zakamouline, zakamoulineHalfWidth, zakamoulineShift } from '../../../../src/agents/maker/hedging/zakamouline.ts';
import { greeks } from '../../../../src/pricing/black-scholes.ts';
import { TheoChain } from '../../../../src/pricing/theo.ts';
import { hedgingView } from '../../../support/hedging-view.ts';
import { quotingView } from '../../../support/quoting-view.ts';
import { plainTerms, smallChain } from '../../../support/small-chain.ts';

const DENSITY_AT_0 = 0.3989422804;

/** One at-the-money option of 30 days. */
function atTheMoney(spot: number, vol: number, costBp: number, riskAversion: number): BandTerms {
  const years = 30 / 365;
  const sd = vol * Math.sqrt(years);
  return { cost: costBp / 10_000, riskAversion, spot, vol, years, rate: 0, gamma: (DENSITY_AT_0 * Math.exp((-sd * sd) / 8)) / (spot * sd) };
}

const INDEX = atTheMoney(5000, 0.16, 0.2, 1e-3);
const COIN = atTheMoney(1, 0.5, 3.5, 1);
const CHAIN = smallChain();
const SERIES = CHAIN.options.length;
const PARAMS = { costBp: 5, riskAversion: 0.0005, bandMaximum: 1e9 };

/** The band for so many contracts of some series; gamma is what they have. */
function band(held: readonly (readonly [series: number, units: number])[], params: Partial<typeof PARAMS> = {}) {
  const units = new Float64Array(SERIES);
  for (const [series, size] of held) units[series] = size;
  const quoting = quotingView({ units });
  const gamma = units.reduce((sum, size, i) => sum + size * (quoting.theo.gamma[i] ?? 0), 0);
  return { ...zakamouline.build({ ...PARAMS, ...params }).band(hedgingView({ quoting, gamma })), quoting, gamma };
}

const at = (expiry: number, strike: number, right: 'call' | 'put'): number =>
  CHAIN.options.findIndex((option) => option.expiry === expiry && option.strike === strike && option.right === right);

describe('the formula', () => {
  test('gives the half-widths of models 4e', () => {
    expect(zakamoulineHalfWidth(INDEX)).toBeCloseTo(0.074, 3);
    expect(zakamoulineHalfWidth(COIN)).toBeCloseTo(0.183, 3);
    // Of a public implementation, whose figures are printed with its tests: 0.020954.
    const terms = { cost: 5e-4, riskAversion: 1, spot: 5000, vol: 0.2, years: 0.25, rate: 0, gamma: 0.02 };
    expect(zakamoulineHalfWidth(terms)).toBeCloseTo(0.020953691, 8);
  });

  test('scales as the square root of gamma over risk aversion, once costs without gamma are off', () => {
    const free = zakamoulineHalfWidth({ ...COIN, gamma: 0 });
    expect(free).toBeCloseTo(3.5e-4 / (0.25 * (30 / 365)), 12);
    const own = zakamoulineHalfWidth(COIN) - free;
    expect((zakamoulineHalfWidth({ ...COIN, gamma: 4 * COIN.gamma }) - free) / own).toBeCloseTo(2, 12);
    expect(zakamoulineHalfWidth({ ...COIN, gamma: -COIN.gamma })).toBe(zakamoulineHalfWidth(COIN));
  });

  test('discounts by the rate', () => {
    const free = zakamoulineHalfWidth({ ...COIN, gamma: 0 });
    const discounted = zakamoulineHalfWidth({ ...COIN, rate: 0.05 }) - free;
    expect(discounted / (zakamoulineHalfWidth(COIN) - free)).toBeCloseTo(Math.exp((-0.05 * 30) / 365 / 4), 12);
  });

  test('takes sold gamma for more vol, bought gamma for less, by at most 0.014 at these terms', () => {
    for (const terms of [INDEX, COIN]) {
      const sold = zakamoulineShift({ ...terms, gamma: -terms.gamma });
      expect(sold).toBeGreaterThan(0);
      expect(sold).toBeLessThan(0.014);
      expect(zakamoulineShift(terms)).toBe(-sold);
    }
    expect(zakamoulineShift({ ...COIN, gamma: 0 })).toBe(0);
  });
});

describe('the band of a portfolio', () => {
  test('is that of the formula for one option, with its own vol and time', () => {
    const series = at(1, 76_000, 'call');
    const { halfWidth, quoting, gamma } = band([[series, -3]]);
    const terms = {
      cost: 5e-4,
      riskAversion: 0.0005,
      spot: 70_000,
      rate: 0,
      gamma,
      vol: quoting.theo.vol[series] ?? 0,
      years: 30 / 365,
    };
    expect(halfWidth).toBeCloseTo(zakamoulineHalfWidth(terms), 12);
  });

  test('has its centre where the delta at the modified vol is', () => {
    for (const [strike, units] of [
      [58_000, -3],
      [76_000, -3],
      [84_000, 5],
    ] as const) {
      const series = at(1, strike, 'call');
      const { centre, quoting, gamma } = band([[series, units]]);
      const vol = quoting.theo.vol[series] ?? 0;
      const shift = zakamoulineShift({ cost: 5e-4, riskAversion: 0.0005, spot: 70_000, vol, years: 30 / 365, rate: 0, gamma });
      const delta = (sigma: number): number =>
        greeks({ right: 'call', strike, years: 30 / 365 }, { spot: 70_000, vol: sigma, rate: 0, yield: 0 }).delta;
      const exact = units * (delta(vol) - delta(vol * Math.sqrt(1 + shift)));
      // First order in the vol: what is left is the square of the shift.
      expect(Math.abs(centre - exact)).toBeLessThan(0.05 * Math.abs(exact));
      expect(Math.sign(centre)).toBe(Math.sign(exact));
    }
  });

  test('weights vol and time by gamma: a far option of little gamma hardly counts', () => {
    const near = at(0, 70_000, 'call');
    const far = at(2, 96_000, 'call');
    const alone = band([[near, 10]]);
    const both = band([
      [near, 10],
      [far, 0.1],
    ]);
    expect(Math.abs(both.halfWidth / alone.halfWidth - 1)).toBeLessThan(0.01);
    const equal = band([[far, 10]]);
    expect(Math.abs(equal.halfWidth / alone.halfWidth - 1)).toBeGreaterThan(0.2);
  });

  test('is a number on the way to where an option has no gamma left', () => {
    const chain = smallChain([{ days: 30, strikes: [1_000] }]);
    const theo = new TheoChain(chain, plainTerms(chain));
    let vanishing = 0;
    for (let days = 10; days < 15; days += 0.02) {
      theo.move([Math.log(0.5), 0, 0, -12], 70_000, days / 365);
      theo.valueAll();
      const gamma = theo.gamma[0] ?? 0;
      if (gamma > 0 && gamma < 1e-307) vanishing += 1;
      for (const units of [1, -1]) {
        const quoting = { ...quotingView({ chain, units: Float64Array.from([units, 0]) }), theo };
        const { centre, halfWidth } = zakamouline.build(PARAMS).band(hedgingView({ quoting, gamma: units * gamma, lotSize: 1e-6 }));
        expect(Math.abs(centre)).toBeLessThan(1e-9);
        // What is left is the cost that has no gamma.
        expect(halfWidth).toBeCloseTo(5e-4 / (0.0005 * 70_000 * 0.25 * ((30 - days) / 365)), 6);
      }
    }
    expect(vanishing).toBeGreaterThan(3);
  });

  test('is as narrow as a lot where options cancel, and never wider than its maximum', () => {
    expect(band([]).halfWidth).toBe(0.01);
    const straddle = band([
      [at(1, 70_000, 'call'), 1],
      [at(1, 70_000, 'put'), -1],
    ]);
    // No gamma is left, only the cost that has none: λ/(γ S σ² τ).
    const vol = straddle.quoting.theo.vol[at(1, 70_000, 'call')] ?? 0;
    expect(straddle.halfWidth).toBeCloseTo(Math.max(0.01, 5e-4 / (0.0005 * 70_000 * vol * vol * (30 / 365))), 6);
    expect(straddle.centre + 0).toBe(0);
    expect(band([[at(1, 70_000, 'call'), 20]], { bandMaximum: 0.1 }).halfWidth).toBe(0.1);
  });
});
