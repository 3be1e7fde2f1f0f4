import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestDistance, quoteCurvature, quoteValue, shareOf } from '../../../src/agents/maker/hamiltonian.ts';
import { acceptanceSlope, blankQuote, inventoryPrice, type Quote, type QuotingTerms, quote } from '../../../src/agents/maker/quoter.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { TheoChain } from '../../../src/pricing/theo.ts';
import { TEST_FACTORS, TEST_SPOT } from '../../support/fake-desk.ts';
import { plainTerms, smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const THEO = new TheoChain(CHAIN, plainTerms(CHAIN));
THEO.move(TEST_FACTORS, TEST_SPOT, 0);
THEO.valueAll();

/** The call at the money of the 30-day expiry. */
const CALL = CHAIN.options.findIndex((option) => option.expiry === 1 && option.strike === 70_000 && option.right === 'call');
const VEGA = THEO.vega[CALL] ?? 0;
const LEVEL = THEO.exposures[CALL * FACTOR_COUNT] ?? 0;
const FEE = 21;

const TERMS: QuotingTerms = {
  riskAversion: 0.002,
  widthMultiplier: 1,
  leanCap: 1,
  size: 1,
  reservationPerVol: 0.0063,
  levelVariance: 0.5,
};
const PRICE = { m: 2e-6, kappa: 5000 };
const BETA = acceptanceSlope(THEO, 1, TERMS.reservationPerVol);

interface Case {
  readonly terms?: Partial<QuotingTerms>;
  readonly inventory?: number;
  readonly lean?: readonly number[];
  readonly sd?: number;
}

function made({ terms = {}, inventory = 0, lean = [0, 0, 0, 0], sd = 0 }: Case = {}): Quote {
  return quote(THEO, CALL, 1, { ...TERMS, ...terms }, PRICE, inventory, Float64Array.from(lean), sd, FEE, blankQuote());
}

/** The lean that moves the value of the call by so many dollars, through the level. */
const leanFor = (dollars: number): number[] => [dollars / LEVEL, 0, 0, 0];
const NEUTRAL = bestDistance(FEE / VEGA, BETA) * VEGA;
const STEP = 0.5 * TERMS.size * LEVEL * LEVEL * PRICE.m;

test('β is 1.156 over the reservation scale of the tenor', () => {
  // At 30 days the scale is the at-the-money vol of 50 % times the parameter.
  expect(BETA).toBeCloseTo(1.156 / (0.0063 * 0.5), 6);
  // At 90 days the shape over tenors is 0.68; times the at-the-money vol of the tenor.
  const vol = THEO.surface.vol(2, 0);
  expect(acceptanceSlope(THEO, 2, 0.0063)).toBeCloseTo(1.156 / (0.0063 * vol * 0.68), 6);
});

describe('without inventory or forecast', () => {
  test('the quote is symmetric, at the best distance for the fee and half a clip of inventory', () => {
    const q = made();
    expect(q.fair).toBe(THEO.price[CALL]);
    expect(q.theo).toBe(q.fair);
    expect(q.fair - q.bid).toBeCloseTo(q.ask - q.fair, 9);
    expect(q.halfSpread).toBeCloseTo(bestDistance((FEE + STEP) / VEGA, BETA) * VEGA, 9);
    expect([q.forecastLean, q.inventoryLean + 0]).toEqual([0, 0]);
    expect(q.bidValue).toBeCloseTo(quoteValue((FEE + STEP) / VEGA, BETA) * VEGA, 12);
    expect(q.askValue).toBe(q.bidValue);
  });

  test('it earns the fee', () => {
    expect(made().halfSpread).toBeGreaterThan(FEE);
  });
});

describe('the lean toward a forecast', () => {
  test('moves both sides as far as the closed form says', () => {
    for (const shift of [-40, -10, -1, 1, 10, 40]) {
      const q = made({ lean: leanFor(shift) });
      expect(q.forecastLean).toBeCloseTo(shift, 9);
      expect(q.theo).toBeCloseTo(q.fair + shift, 9);
      expect(q.bid).toBeCloseTo(q.fair - bestDistance((FEE + STEP - shift) / VEGA, BETA) * VEGA, 9);
      expect(q.ask).toBeCloseTo(q.fair + bestDistance((FEE + STEP + shift) / VEGA, BETA) * VEGA, 9);
      expect(Math.sign(q.bid - made().bid)).toBe(Math.sign(shift));
      expect(Math.sign(q.ask - made().ask)).toBe(Math.sign(shift));
      // The side that a forecast favours is the one that gains.
      expect(Math.sign(q.bidValue - q.askValue)).toBe(Math.sign(shift));
    }
  });

  test('a small one moves both sides by 1/(1 + u) of itself', () => {
    const share = 1 / (1 + shareOf((FEE + STEP) / VEGA, BETA));
    const q = made({ lean: leanFor(0.01) });
    expect((q.bid - made().bid) / 0.01).toBeCloseTo(share, 4);
    expect((q.ask - made().ask) / 0.01).toBeCloseTo(share, 4);
  });

  test('sums what the factors expect, each times its exposure', () => {
    const lean = [0.001, 0.0004, -0.002, 0.003];
    const shift = lean.reduce((sum, value, f) => sum + value * (THEO.exposures[CALL * FACTOR_COUNT + f] ?? 0), 0);
    expect(made({ lean }).forecastLean).toBeCloseTo(shift, 9);
  });

  test('stays within its cap, a share of the neutral half-spread', () => {
    expect(made({ lean: leanFor(1e6) }).forecastLean).toBeCloseTo(NEUTRAL, 9);
    expect(made({ lean: leanFor(-1e6), terms: { leanCap: 0.5 } }).forecastLean).toBeCloseTo(-NEUTRAL / 2, 9);
    expect(made({ lean: leanFor(30), terms: { leanCap: 0 } })).toEqual({ ...made(), forecastLean: 0 });
  });
});

describe('the lean away from inventory', () => {
  test('a long position lowers both sides, a short one raises them, by the closed form', () => {
    for (const inventory of [-40_000, -5000, 5000, 40_000]) {
      const q = made({ inventory });
      const cost = LEVEL * PRICE.m * inventory;
      expect(q.inventoryLean).toBeCloseTo(-cost, 9);
      expect(q.bid).toBeCloseTo(q.fair - bestDistance((FEE + cost + STEP) / VEGA, BETA) * VEGA, 9);
      expect(q.ask).toBeCloseTo(q.fair + bestDistance((FEE - cost + STEP) / VEGA, BETA) * VEGA, 9);
      expect(Math.sign(q.bid - made().bid)).toBe(-Math.sign(inventory));
      expect(Math.sign(q.ask - made().ask)).toBe(-Math.sign(inventory));
    }
  });

  test('long and short are mirror images', () => {
    const long = made({ inventory: 20_000, lean: leanFor(7) });
    const short = made({ inventory: -20_000, lean: leanFor(-7) });
    expect(long.fair - long.bid).toBeCloseTo(short.ask - short.fair, 9);
    expect(long.ask - long.fair).toBeCloseTo(short.fair - short.bid, 9);
  });
});

describe('width', () => {
  test('grows by 0.8 β s² on each side where the value is uncertain', () => {
    for (const sd of [5, 10, 20, 40]) {
      const extra = 0.8 * BETA * (sd / VEGA) * (sd / VEGA) * VEGA;
      expect(made().bid - made({ sd }).bid).toBeCloseTo(extra, 9);
      expect(made({ sd }).ask - made().ask).toBeCloseTo(extra, 9);
    }
    const wider = (sd: number): number => made({ sd }).halfSpread - made().halfSpread;
    expect(wider(20) / wider(10)).toBeCloseTo(4, 9);
  });

  test('the multiplier scales the neutral half-spread, and leaves leans and widening whole', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 2, noNaN: true }),
        fc.double({ min: -50_000, max: 50_000, noNaN: true }),
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (widthMultiplier, inventory, shift, sd) => {
          const plain = made({ inventory, lean: leanFor(shift), sd });
          const q = made({ inventory, lean: leanFor(shift), sd, terms: { widthMultiplier } });
          const narrower = (1 - widthMultiplier) * NEUTRAL;
          expect(q.bid).toBeCloseTo(plain.bid + narrower, 8);
          expect(q.ask).toBeCloseTo(plain.ask - narrower, 8);
          expect([q.forecastLean, q.inventoryLean, q.theo]).toEqual([plain.forecastLean, plain.inventoryLean, plain.theo]);
          expect(q.halfSpread).toBeCloseTo((q.ask - q.bid) / 2, 9);
        },
      ),
    );
  });
});

describe('the price of inventory', () => {
  const series = [
    { perYear: 1e6, vega: 8000, exposure: 4000, beta: 300, feeVol: 0.0026 },
    { perYear: 3e5, vega: 12_000, exposure: 5500, beta: 420, feeVol: 0.0018 },
  ];

  test('is M = √(γΣ/2D), and inventory is worked off at κ = 2MD', () => {
    const terms = { ...TERMS, size: 2.5 };
    let d = 0;
    for (const { perYear, vega, exposure, beta, feeVol } of series) {
      d += (2.5 * perYear * quoteCurvature(feeVol, beta) * exposure * exposure) / vega;
    }
    const { m, kappa } = inventoryPrice(terms, series);
    expect(m / Math.sqrt((0.002 * 0.5) / (2 * d))).toBeCloseTo(1, 12);
    expect(kappa / (2 * m * d)).toBeCloseTo(1, 12);
    // The two together: κ = √(2γΣD).
    expect(kappa / Math.sqrt(2 * 0.002 * 0.5 * d)).toBeCloseTo(1, 12);
  });

  test('more customers make it cheaper and faster, more risk dearer and faster', () => {
    const base = inventoryPrice(TERMS, series);
    const busy = inventoryPrice(
      TERMS,
      series.map((s) => ({ ...s, perYear: 4 * s.perYear })),
    );
    expect([base.m / busy.m, busy.kappa / base.kappa]).toEqual([expect.closeTo(2, 9), expect.closeTo(2, 9)]);
    const wild = inventoryPrice({ ...TERMS, levelVariance: 4 * TERMS.levelVariance }, series);
    expect([wild.m / base.m, wild.kappa / base.kappa]).toEqual([expect.closeTo(2, 9), expect.closeTo(2, 9)]);
  });

  test('without anything to quote there is none', () => {
    expect(inventoryPrice(TERMS, [])).toEqual({ m: 0, kappa: 1 });
  });
});
