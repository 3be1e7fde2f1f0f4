import { describe, expect, test } from 'vitest';
import { factors } from '../../../../src/agents/maker/quoting/factors.ts';
import { InventoryPrice } from '../../../../src/agents/maker/quoting/inventory-price.ts';
import { levelPrice, oneFactor } from '../../../../src/agents/maker/quoting/one-factor.ts';
import { blankQuote, type QuoterKind, type QuotingView } from '../../../../src/agents/maker/quoting/quoter.ts';
import type { Forecast } from '../../../../src/forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { STEP, STEPS, TWO_COVARIANCE, TWO_RISK_AVERSION, TwoFactorProblem } from '../../../support/two-factor-market.ts';
import { bbgOptions, VegaProblem, type VegaTerms } from '../../../support/vega-market.ts';
import { type Held, twoFactorView, vegaView } from '../../../support/vega-view.ts';

const OPTIONS = bbgOptions();
/** A year, at the money. */
const ATM = 2;
const SECONDS_PER_YEAR = 31_536_000;
/** Clips up to this vega are small against the grid's 1e7: all but one of the 20. */
const CLIP_MAXIMUM = 2.6e6;

/** On half of the authors' grid, which moves offsets by less than 0.0003 points. */
const solved = (changes: Partial<VegaTerms> = {}): VegaProblem =>
  new VegaProblem({ options: OPTIONS, years: 0.0012, step: 8e-6, points: 201, ...changes });

/** Distance of a quote from the fair value, in vol points. */
function distance(kind: QuoterKind, view: QuotingView, series: number, side: 1 | -1): number {
  const quoter = kind.build(kind === factors ? { ridge: 1e-12 } : {});
  quoter.prepare(view);
  const out = blankQuote();
  quoter.quote(view, series, out);
  return (100 * (side === 1 ? out.fair - out.bid : out.ask - out.fair)) / (view.theo.vega[series] ?? 0);
}

/** A forecast that each factor drifts at μ at first, decaying at φ per year. */
function drifting(drifts: readonly (readonly [mu: number, phi: number])[], years: number): Forecast {
  const count = 500;
  const horizonsSeconds = Array.from({ length: count }, (_, n) => ((n + 1) / count) * ((n + 1) / count) * years * SECONDS_PER_YEAR);
  const change = new Float64Array(count * FACTOR_COUNT);
  for (const [h, seconds] of horizonsSeconds.entries()) {
    for (const [f, [mu, phi]] of drifts.entries()) {
      const t = seconds / SECONDS_PER_YEAR;
      change[h * FACTOR_COUNT + f] = phi === 0 ? mu * t : (mu / phi) * -Math.expm1(-phi * t);
    }
  }
  return { horizonsSeconds, change, scale: new Float64Array(change.length).fill(1) };
}

describe('the example of Baldacci, Bergault and Guéant', () => {
  test('has the prices, vegas and value that they print', () => {
    const at = OPTIONS.slice(0, 5);
    for (const [i, price] of [2.06, 1.22, 0.586, 0.218, 0.061].entries()) expect(Math.abs((at[i]?.price ?? 0) - price)).toBeLessThan(0.003);
    for (const [i, vega] of [0.417, 0.914, 1.252, 1.059, 0.559].entries()) expect(Math.abs((at[i]?.vega ?? 0) - vega)).toBeLessThan(0.0006);
    const problem = solved({ step: 4e-6, points: 401 });
    expect(Math.abs(problem.value(0) - 1.64e5)).toBeLessThan(0.01e5);
    const atm = OPTIONS[ATM] as (typeof OPTIONS)[number];
    for (const [vega, wanted] of [
      [-5e6, 0.02],
      [-2e6, 0.5],
      [0, 0.87],
      [2e6, 1.27],
      [5e6, 1.9],
    ] as const) {
      expect(Math.abs(problem.offset(atm, 1, vega) - wanted)).toBeLessThan(0.006);
    }
  });

  test('a drift that lasts is best met with V* = 4m/(γξ²): 2.00e6 at m = 20', () => {
    expect(solved({ drift: () => 20 }).best).toBeCloseTo(2e6, 0);
  });
});

const PLAIN = solved();
const ONE_SIDED = solved({ buyers: 0.6, years: 0.002 });
const CASES: readonly (readonly [name: string, problem: VegaProblem, held: Held, tolerance: number])[] = [
  ['plain', PLAIN, {}, 0.003],
  ['with a fee of 0.26 points', solved({ fee: 0.0026 }), { fee: 0.0026 }, 0.015],
  ['with 60 % buyers', ONE_SIDED, { buyers: 0.6 }, 0.02],
];
const DECAYS = [0, 2, 8, 30].map((perDay) => {
  const { kappa } = levelPrice(vegaView(OPTIONS));
  const phi = 365 * perDay;
  const mu = 15 * (1 + phi / kappa);
  return {
    problem: solved({ years: 0.002, drift: (years) => mu * Math.exp(-phi * years) }),
    forecast: drifting([[mu, phi]], 0.01),
  };
});

describe.each([oneFactor, factors].map((kind) => [kind.kind, kind] as const))('%s against the numerical solution', (_, kind) => {
  test.each(CASES)('%s: both sides of all options up to a vega of 1e6', (_name, problem, held, tolerance) => {
    for (const vega of [-1e6, -5e5, 0, 5e5, 1e6]) {
      const view = vegaView(OPTIONS, { ...held, exposures: [vega] });
      for (const [i, option] of OPTIONS.entries()) {
        for (const side of [1, -1] as const) {
          const off = Math.abs(distance(kind, view, i, side) - problem.offset(option, side, vega));
          // What is asked of clips that are small is what they reach.
          expect(off).toBeLessThan(option.size * option.vega <= CLIP_MAXIMUM ? tolerance : 0.03);
        }
      }
    }
  });

  test('plain: also at the five-fold', () => {
    const problem = PLAIN;
    for (const vega of [-5e6, -2e6, 2e6, 5e6]) {
      const view = vegaView(OPTIONS, { exposures: [vega] });
      for (const side of [1, -1] as const) {
        expect(Math.abs(distance(kind, view, ATM, side) - problem.offset(OPTIONS[ATM] as never, side, vega))).toBeLessThan(0.004);
      }
    }
  });

  test('60 % buyers raise the centre by ½D⁻¹d', () => {
    const centre = (bid: number, offer: number): number => (offer - bid) / 2;
    const problem = ONE_SIDED;
    const atm = OPTIONS[ATM] as (typeof OPTIONS)[number];
    const wanted = centre(problem.offset(atm, 1, 0), problem.offset(atm, -1, 0));
    const view = vegaView(OPTIONS, { buyers: 0.6 });
    expect(wanted).toBeGreaterThan(0.15);
    expect(Math.abs(centre(distance(kind, view, ATM, 1), distance(kind, view, ATM, -1)) - wanted)).toBeLessThan(0.01);
  });

  test('drifts that decay at 0, 2, 8 and 30 a day, as large at first as keeps the lean the same', () => {
    const atm = OPTIONS[ATM] as (typeof OPTIONS)[number];
    for (const { problem, forecast } of DECAYS) {
      const view = vegaView(OPTIONS, { forecast });
      expect(problem.offset(atm, -1, 0) - problem.offset(atm, 1, 0)).toBeGreaterThan(0.5);
      for (const side of [1, -1] as const) {
        expect(Math.abs(distance(kind, view, ATM, side) - problem.offset(atm, side, 0))).toBeLessThan(0.03);
      }
    }
  });
});

describe('two factors whose drifts decay at speeds of their own', () => {
  // Inventory is worked off at some 400 and 1000 a year; the level's drift lives longer, the slope's is over soon.
  const drifts = [
    [7, 700],
    [-40, 4400],
  ] as const;
  const forecast = drifting(drifts, 0.02);
  const problem = new TwoFactorProblem(29, 0.012, 3e-5, (years) => [
    drifts[0][0] * Math.exp(-drifts[0][1] * years),
    drifts[1][0] * Math.exp(-drifts[1][1] * years),
  ]);
  const centre = (option: number): number => (problem.offset(option, -1) - problem.offset(option, 1)) / 2;

  test('the Sylvester form gives the leans of the numerical solution', () => {
    const view = twoFactorView({ forecast });
    for (const option of STEPS.keys()) {
      const found = (distance(factors, view, option, -1) - distance(factors, view, option, 1)) / 2;
      expect(Math.abs(found - centre(option))).toBeLessThan(0.006);
      for (const side of [1, -1] as const) {
        expect(Math.abs(distance(factors, view, option, side) - problem.offset(option, side))).toBeLessThan(0.006);
      }
    }
    // They differ much between options.
    expect(centre(0)).toBeGreaterThan(0.6);
    expect(Math.abs(centre(2))).toBeLessThan(0.05);
  });

  test('holding the exposures of a drift that lasts for ever would be far off', () => {
    const [level, both, slope] = TWO_COVARIANCE;
    const [mu, nu] = [drifts[0][0], drifts[1][0]];
    const scale = TWO_RISK_AVERSION * (level * slope - both * both);
    const wanted = [(slope * mu - both * nu) / scale, (level * nu - both * mu) / scale];
    const view = twoFactorView({ exposures: wanted.map((value) => -value) });
    const leans = [...STEPS.keys()].map((option) => (distance(factors, view, option, -1) - distance(factors, view, option, 1)) / 2);
    expect(leans[0]).toBeGreaterThan(4 * centre(0));
    expect(leans[2]).toBeLessThan(-2);
  });

  test('inventory alone: as the numerical solution without drift', () => {
    const still = new TwoFactorProblem(29, 0.012, 3e-5, () => [0, 0]);
    for (const held of [
      [0, 0],
      [3, 1],
      [-2, 3],
      [2, -3],
    ] as const) {
      const view = twoFactorView({ exposures: [held[0] * STEP, held[1] * STEP] });
      for (const option of STEPS.keys()) {
        for (const side of [1, -1] as const) {
          expect(Math.abs(distance(factors, view, option, side) - still.offset(option, side, held))).toBeLessThan(0.006);
        }
      }
    }
  });

  test('its modes are those of two factors', () => {
    const price = new InventoryPrice(2);
    price.update([4, 1, 1, 2], [TWO_COVARIANCE[0], TWO_COVARIANCE[1], TWO_COVARIANCE[1], TWO_COVARIANCE[2]], TWO_RISK_AVERSION, 1e-12);
    // The trace of 2MD is the sum of its speeds.
    const [a = 0, b = 0, , d = 0] = price.m;
    expect(2 * (4 * a + 2 * b + 2 * d)).toBeCloseTo((price.speeds[0] ?? 0) + (price.speeds[1] ?? 0), 9);
  });
});
