import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptanceSlope } from '../../../../src/agents/maker/quoting/flow-belief.ts';
import { bestDistance, quoteCurvature, quoteValue, shareOf } from '../../../../src/agents/maker/quoting/hamiltonian.ts';
import { levelPrice, oneFactor } from '../../../../src/agents/maker/quoting/one-factor.ts';
import { imbalancePerYear, settledShare } from '../../../../src/agents/maker/quoting/quoted-liquidity.ts';
import { blankQuote, type Quote } from '../../../../src/agents/maker/quoting/quoter.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { quotingView, steadyForecast, TEST_FEE, type ViewChanges } from '../../../support/quoting-view.ts';

const PLAIN = quotingView();
const { theo: THEO, chain: CHAIN } = PLAIN;
/** The call at the money of the 30-day expiry. */
const CALL = CHAIN.options.findIndex((option) => option.expiry === 1 && option.strike === 70_000 && option.right === 'call');
const VEGA = THEO.vega[CALL] ?? 0;
const LEVEL = THEO.exposures[CALL * FACTOR_COUNT] ?? 0;
const BETA = acceptanceSlope(THEO, 1, 0.0063);
const { m: M } = levelPrice(PLAIN);
const CLIP = 0.5 * LEVEL * LEVEL * M;
const NEUTRAL = bestDistance(TEST_FEE / VEGA, BETA) * VEGA;

function made(changes: ViewChanges = {}): Quote {
  const view = quotingView(changes);
  const quoter = oneFactor.build({});
  quoter.prepare(view);
  const out = blankQuote();
  quoter.quote(view, CALL, out);
  return out;
}

/** A forecast that moves the value of the call by so many dollars, through the level and at once. */
const forecastFor = (dollars: number) => steadyForecast([dollars / LEVEL, 0, 0, 0], 1e-4);

describe('without inventory or forecast', () => {
  test('the quote is symmetric, at the best distance for the fee and half a clip of inventory', () => {
    const q = made();
    expect(q.fair).toBe(THEO.price[CALL]);
    expect(q.theo).toBe(q.fair);
    expect(q.fair - q.bid).toBeCloseTo(q.ask - q.fair, 9);
    expect(q.halfSpread).toBeCloseTo(bestDistance((TEST_FEE + CLIP) / VEGA, BETA) * VEGA, 9);
    expect([q.forecastLean, q.inventoryLean + 0]).toEqual([0, 0]);
    expect(q.bidValue).toBeCloseTo(quoteValue((TEST_FEE + CLIP) / VEGA, BETA) * VEGA, 9);
    expect(q.askValue).toBeCloseTo(q.bidValue, 9);
    expect([q.neutral, q.clip]).toEqual([expect.closeTo(NEUTRAL, 9), expect.closeTo(CLIP, 12)]);
  });

  test('it earns the fee', () => {
    expect(made().halfSpread).toBeGreaterThan(TEST_FEE);
  });
});

describe('the lean toward a forecast', () => {
  test('moves both sides as far as the closed form says', () => {
    for (const shift of [-40, -10, -1, 1, 10, 40]) {
      const q = made({ forecast: forecastFor(shift) });
      expect(q.forecastLean).toBeCloseTo(shift, 5);
      expect(q.theo).toBeCloseTo(q.fair + shift, 5);
      expect(q.bid).toBeCloseTo(q.fair - bestDistance((TEST_FEE + CLIP - shift) / VEGA, BETA) * VEGA, 5);
      expect(q.ask).toBeCloseTo(q.fair + bestDistance((TEST_FEE + CLIP + shift) / VEGA, BETA) * VEGA, 5);
      // The side that a forecast favours is the one that gains.
      expect(Math.sign(q.bidValue - q.askValue)).toBe(Math.sign(shift));
    }
  });

  test('a small one moves both sides by 1/(1 + u) of itself', () => {
    const share = 1 / (1 + shareOf((TEST_FEE + CLIP) / VEGA, BETA));
    const q = made({ forecast: forecastFor(0.01) });
    expect((q.bid - made().bid) / 0.01).toBeCloseTo(share, 4);
    expect((q.ask - made().ask) / 0.01).toBeCloseTo(share, 4);
  });

  test('sums what the factors expect, each times its exposure', () => {
    const lean = [0.001, 0.0004, -0.002, 0.003];
    const parts = lean.map((value, f) => value * (THEO.exposures[CALL * FACTOR_COUNT + f] ?? 0));
    const q = made({ forecast: steadyForecast(lean, 1e-4) });
    expect(q.forecastLean).toBeCloseTo(
      parts.reduce((sum, part) => sum + part, 0),
      5,
    );
    for (const [f, part] of parts.entries()) expect(q.forecastShifts[f]).toBeCloseTo(part, 5);
  });

  test('stays within its cap, a share of the neutral half-spread', () => {
    expect(made({ forecast: forecastFor(1e6) }).forecastLean).toBeCloseTo(NEUTRAL, 9);
    expect(made({ forecast: forecastFor(-1e6), terms: { leanCap: 0.5 } }).forecastLean).toBeCloseTo(-NEUTRAL / 2, 9);
    expect(made({ forecast: forecastFor(30), terms: { leanCap: 0 } }).bid).toBe(made().bid);
  });
});

describe('the lean away from inventory', () => {
  test('a long position lowers both sides, a short one raises them, by the closed form', () => {
    for (const inventory of [-40_000, -5000, 5000, 40_000]) {
      const q = made({ exposures: [inventory, 0, 0, 0] });
      const cost = LEVEL * M * inventory;
      expect(q.inventoryLean).toBeCloseTo(-cost, 9);
      expect(q.bid).toBeCloseTo(q.fair - bestDistance((TEST_FEE + cost + CLIP) / VEGA, BETA) * VEGA, 9);
      expect(q.ask).toBeCloseTo(q.fair + bestDistance((TEST_FEE - cost + CLIP) / VEGA, BETA) * VEGA, 9);
      expect(Math.sign(q.bid - made().bid)).toBe(-Math.sign(inventory));
    }
  });

  test('long and short are mirror images', () => {
    const long = made({ exposures: [20_000, 0, 0, 0], forecast: forecastFor(7) });
    const short = made({ exposures: [-20_000, 0, 0, 0], forecast: forecastFor(-7) });
    expect(long.fair - long.bid).toBeCloseTo(short.ask - short.fair, 9);
    expect(long.ask - long.fair).toBeCloseTo(short.fair - short.bid, 9);
  });
});

describe('width', () => {
  test('grows by 0.8 β s² on each side where the value is uncertain, and by what fills give back', () => {
    for (const valueSd of [5, 10, 20, 40]) {
      const extra = 0.8 * BETA * (valueSd / VEGA) * (valueSd / VEGA) * VEGA;
      expect(made().bid - made({ valueSd }).bid).toBeCloseTo(extra, 9);
      expect(made({ valueSd }).ask - made().ask).toBeCloseTo(extra, 9);
    }
    expect(made({ toxicity: 0.002 }).halfSpread - made().halfSpread).toBeCloseTo(0.002 * VEGA, 9);
  });

  test('the multiplier scales the neutral half-spread, and leaves leans and widening whole', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 2, noNaN: true }),
        fc.double({ min: -50_000, max: 50_000, noNaN: true }),
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (widthMultiplier, inventory, shift, valueSd) => {
          const changes = { exposures: [inventory, 0, 0, 0], forecast: forecastFor(shift), valueSd };
          const plain = made(changes);
          const q = made({ ...changes, terms: { widthMultiplier } });
          const narrower = (1 - widthMultiplier) * NEUTRAL;
          expect(q.bid).toBeCloseTo(plain.bid + narrower, 8);
          expect(q.ask).toBeCloseTo(plain.ask - narrower, 8);
          expect([q.forecastLean, q.inventoryLean, q.theo]).toEqual([plain.forecastLean, plain.inventoryLean, plain.theo]);
          expect(q.halfSpread).toBeCloseTo((q.ask - q.bid) / 2, 9);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the price of inventory', () => {
  test('is M = √(γΣ/2D) over the quoted series, and inventory is worked off at κ = 2MD', () => {
    const view = quotingView({ terms: { size: 2.5 }, isQuoted: (i) => i % 3 === 0 });
    let d = 0;
    CHAIN.options.forEach((_, i) => {
      const vega = THEO.vega[i] ?? 0;
      const exposure = THEO.exposures[i * FACTOR_COUNT] ?? 0;
      if (i % 3 === 0) d += (2.5 * 1e5 * quoteCurvature(TEST_FEE / vega, view.beta[i] ?? 0) * exposure * exposure) / vega;
    });
    const first = Math.sqrt((0.002 * 0.5) / (2 * d));
    const clips = Float64Array.from(CHAIN.options, (_, i) => {
      const exposure = THEO.exposures[i * FACTOR_COUNT] ?? 0;
      return 1.25 * exposure * exposure * first;
    });
    d *= settledShare(view, clips, new Float64Array(clips.length));
    const { m, kappa } = levelPrice(view);
    expect(m / Math.sqrt((0.002 * 0.5) / (2 * d))).toBeCloseTo(1, 12);
    expect(kappa / Math.sqrt(2 * 0.002 * 0.5 * d)).toBeCloseTo(1, 12);
  });

  test('more customers make it cheaper and faster, more risk dearer and faster', () => {
    // With clips so small that they cost nothing.
    const terms = { size: 1e-6 };
    const base = levelPrice(quotingView({ terms }));
    const busy = levelPrice(quotingView({ terms, perYear: 4e5 }));
    expect([base.m / busy.m, busy.kappa / base.kappa]).toEqual([expect.closeTo(2, 4), expect.closeTo(2, 4)]);
    const wild = levelPrice(quotingView({ terms, variances: [2, 0, 0, 0] }));
    expect([wild.m / base.m, wild.kappa / base.kappa]).toEqual([expect.closeTo(2, 4), expect.closeTo(2, 4)]);
  });

  test('an imbalance that passes as fast as inventory is worked off shifts half as far as one that lasts', () => {
    const lasting = levelPrice(quotingView({ buyers: 0.6 }));
    expect(lasting.flow).toBeGreaterThan(0);
    const passing = levelPrice(quotingView({ buyers: 0.6, balanceDecay: lasting.kappa }));
    expect(passing.flow / lasting.flow).toBeCloseTo(0.5, 3);
    expect(levelPrice(quotingView({ buyers: 0.4 })).flow).toBeCloseTo(-lasting.flow, 12);
    // It rests where as many are expected to sell as to buy.
    const left = (flow: number): number => {
      const view = quotingView({ buyers: 0.6 });
      const sold = CHAIN.options.map((_, i) => {
        const own = THEO.exposures[i * FACTOR_COUNT] ?? 0;
        return own * imbalancePerYear(view, i, 0.5 * view.terms.size * own * own * lasting.m, own * flow);
      });
      return sold.reduce((sum, value) => sum + value, 0);
    };
    expect(Math.abs(left(lasting.flow) / left(0))).toBeLessThan(0.01);
    expect(made({ buyers: 0.6 }).flowLean).toBeCloseTo(LEVEL * lasting.flow, 9);
  });

  test('without anything to quote there is none', () => {
    expect(levelPrice(quotingView({ isQuoted: () => false }))).toEqual({ m: 0, kappa: 1, flow: 0 });
  });
});
