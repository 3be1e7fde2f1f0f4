import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factors } from '../../../../src/agents/maker/quoting/factors.ts';
import { gammaParams, gammaVariance, nearestVol, RISK_COUNT, riskExposures } from '../../../../src/agents/maker/quoting/gamma-risk.ts';
import { bestDistance, quoteCurvature } from '../../../../src/agents/maker/quoting/hamiltonian.ts';
import { InventoryPrice } from '../../../../src/agents/maker/quoting/inventory-price.ts';
import { oneFactor } from '../../../../src/agents/maker/quoting/one-factor.ts';
import { settledShare } from '../../../../src/agents/maker/quoting/quoted-liquidity.ts';
import { blankQuote, type Quote, type Quoter } from '../../../../src/agents/maker/quoting/quoter.ts';
import type { Forecast } from '../../../../src/forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { quotingView, steadyForecast, TEST_FEE, type ViewChanges } from '../../../support/quoting-view.ts';

const { theo: THEO, chain: CHAIN } = quotingView();
const SECONDS_PER_YEAR = 31_536_000;
/** The call at the money of the 30-day expiry, and of the 7-day expiry. */
const CALL = CHAIN.options.findIndex(({ expiry, strike, right }) => expiry === 1 && strike === 70_000 && right === 'call');
const SHORT = CHAIN.options.findIndex(({ expiry, strike, right }) => expiry === 0 && strike === 70_000 && right === 'call');
const VEGA = THEO.vega[CALL] ?? 0;
const WITHOUT_GAMMA = { gamma: { hedgeSeconds: 1e-6, jumpsPerYear: 0 } };

function prepared(
  changes: ViewChanges = {},
  params: object = {},
): { readonly quoter: Quoter; readonly quoteOf: (series: number) => Quote } {
  const view = quotingView(changes);
  const quoter = factors.build(params);
  quoter.prepare(view);
  const quoteOf = (series: number): Quote => {
    const out = blankQuote();
    quoter.quote(view, series, out);
    return out;
  };
  return { quoter, quoteOf };
}
const made = (changes: ViewChanges = {}, params: object = {}, series = CALL): Quote => prepared(changes, params).quoteOf(series);

/** M, D and modes of a view, put together apart from the quoter. */
function priceOf(changes: ViewChanges, params: object = {}): { price: InventoryPrice; exposures: readonly Float64Array[] } {
  const view = quotingView(changes);
  const exposures = CHAIN.options.map((_, i) => riskExposures(view, i, new Float64Array(RISK_COUNT)));
  const d = new Float64Array(RISK_COUNT * RISK_COUNT);
  exposures.forEach((b, i) => {
    if (view.isQuoted[i] !== 1) return;
    const vega = THEO.vega[i] ?? 0;
    const weight = (view.terms.size * (view.perYear[i] ?? 0) * quoteCurvature((view.fee[i] ?? 0) / vega, view.beta[i] ?? 0)) / vega;
    for (let n = 0; n < d.length; n += 1) d[n] = (d[n] ?? 0) + weight * (b[Math.floor(n / RISK_COUNT)] ?? 0) * (b[n % RISK_COUNT] ?? 0);
  });
  const covariance = new Float64Array(RISK_COUNT * RISK_COUNT);
  for (let f = 0; f < FACTOR_COUNT; f += 1) {
    for (let g = 0; g < FACTOR_COUNT; g += 1) covariance[f * RISK_COUNT + g] = view.covariance[f * FACTOR_COUNT + g] ?? 0;
  }
  covariance[RISK_COUNT * RISK_COUNT - 1] = gammaVariance(gammaParams.parse((params as { gamma?: object }).gamma), nearestVol(view));
  const price = new InventoryPrice(RISK_COUNT);
  price.update(d, covariance, view.terms.riskAversion, 1e-4);
  const clips = Float64Array.from(exposures, (b, i) => {
    const mb = price.times(b, new Float64Array(RISK_COUNT));
    return view.isQuoted[i] === 1 ? 0.5 * view.terms.size * b.reduce((sum, value, f) => sum + value * (mb[f] ?? 0), 0) : 0;
  });
  price.scaleLiquidity(settledShare(view, clips, new Float64Array(clips.length)));
  return { price, exposures };
}

/** Σ of four correlated factors. */
const CORRELATED = ((): Float64Array => {
  const sd = [0.7, 0.45, 0.6, 0.4];
  const correlation = [1, -0.5, 0.2, 0.1, -0.5, 1, 0, 0.1, 0.2, 0, 1, -0.3, 0.1, 0.1, -0.3, 1];
  return Float64Array.from(correlation, (value, n) => value * (sd[Math.floor(n / 4)] ?? 0) * (sd[n % 4] ?? 0));
})();

/** A forecast whose factor f is expected to have moved by `path(s, f)` after s seconds. */
function forecast(horizonsSeconds: readonly number[], path: (seconds: number, factor: number) => number): Forecast {
  const change = Float64Array.from({ length: horizonsSeconds.length * FACTOR_COUNT }, (_, n) =>
    path(horizonsSeconds[Math.floor(n / FACTOR_COUNT)] ?? 0, n % FACTOR_COUNT),
  );
  return { horizonsSeconds, change, scale: new Float64Array(change.length).fill(0.01) };
}

describe('inventory', () => {
  test('each side is at the best distance for b·MB and half a clip of b·Mb', () => {
    const held = [20_000, -9000, 4000, 700];
    const changes = {
      exposures: held,
      dollarGamma: 3e6,
      covariance: CORRELATED,
      terms: { size: 2.5 },
      isQuoted: (i: number) => i % 3 !== 0,
    };
    const { price, exposures } = priceOf(changes);
    const { quoteOf } = prepared(changes);
    const view = quotingView(changes);
    const mb = price.times([...held, 3e6], new Float64Array(RISK_COUNT));
    exposures.forEach((b, i) => {
      const vega = THEO.vega[i] ?? 0;
      const cost = b.reduce((sum, value, f) => sum + value * (mb[f] ?? 0), 0);
      const clip = 1.25 * price.times(b, new Float64Array(RISK_COUNT)).reduce((sum, value, f) => sum + value * (b[f] ?? 0), 0);
      const q = quoteOf(i);
      expect(q.inventoryLean).toBeCloseTo(-cost, 6);
      expect(q.clip).toBeCloseTo(clip, 6);
      const beta = view.beta[i] ?? 0;
      expect(q.fair - q.bid).toBeCloseTo(bestDistance((TEST_FEE + cost + clip) / vega, beta) * vega, 6);
      expect(q.ask - q.fair).toBeCloseTo(bestDistance((TEST_FEE - cost + clip) / vega, beta) * vega, 6);
    });
  });

  test('with the level alone at risk it is the closed form in one factor', () => {
    const changes = { exposures: [20_000, 5000, 1000, 300], variances: [0.5, 0, 0, 0] };
    const { quoteOf } = prepared(changes, { ...WITHOUT_GAMMA, ridge: 1e-12 });
    const view = quotingView(changes);
    const one = oneFactor.build({});
    one.prepare(view);
    for (const i of CHAIN.options.keys()) {
      const [q, wanted] = [quoteOf(i), blankQuote()];
      one.quote(view, i, wanted);
      expect(q.inventoryLean / wanted.inventoryLean).toBeCloseTo(1, 4);
      expect(q.clip / wanted.clip).toBeCloseTo(1, 4);
    }
  });

  test('a position in one factor moves the quotes that share it most, and through correlation others too', () => {
    // Long the slope: short-dated options, whose exposure to it is below 0, are welcome; long-dated ones are not.
    const long = prepared({ exposures: [0, 30_000, 0, 0] }, WITHOUT_GAMMA);
    expect(long.quoteOf(SHORT).inventoryLean).toBeGreaterThan(0);
    expect(long.quoteOf(CHAIN.options.length - 6).inventoryLean).toBeLessThan(0);
  });

  test('gamma is leaned against near expiry, by more with jumps', () => {
    const gamma = (params: object, series: number): number =>
      -made({ dollarGamma: 4e6 }, params, series).inventoryLean / (THEO.vega[series] ?? 0);
    expect(Math.abs(gamma(WITHOUT_GAMMA, SHORT))).toBeLessThan(1e-6);
    expect(gamma({}, SHORT)).toBeGreaterThan(0.002);
    expect(gamma({}, SHORT)).toBeGreaterThan(3 * gamma({}, CALL));
    expect(gamma({ gamma: { jumpsPerYear: 24 } }, SHORT)).toBeGreaterThan(1.1 * gamma({}, SHORT));
    expect(gamma({ gamma: { hedgeSeconds: 86_400 } }, SHORT)).toBeGreaterThan(1.1 * gamma({}, SHORT));
  });

  test('long and short are mirror images', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5e4, max: 5e4, noNaN: true }), { minLength: 4, maxLength: 4 }), (held) => {
        const dollars = [0.001, -0.002, 0.001, 0.0005];
        const long = made({ exposures: held, forecast: steadyForecast(dollars, 300), covariance: CORRELATED });
        const minus = (of: readonly number[]): number[] => of.map((value) => -value);
        const short = made({ exposures: minus(held), forecast: steadyForecast(minus(dollars), 300), covariance: CORRELATED });
        expect(long.fair - long.bid).toBeCloseTo(short.ask - short.fair, 7);
        expect(long.ask - long.fair).toBeCloseTo(short.fair - short.bid, 7);
      }),
      { numRuns: 20 },
    );
  });

  test('without anything quoted there is no lean', () => {
    const q = made({ exposures: [2e4, 0, 0, 0], isQuoted: () => false });
    expect([q.inventoryLean + 0, q.clip]).toEqual([0, 0]);
    expect(q.fair - q.bid).toBeCloseTo(q.neutral, 9);
  });
});

/** Solves 2MDG + GΦ = I for a diagonal Φ: column j is (2MD + φ_j)^(−1) e_j. */
function sylvester(speed: Float64Array, phi: readonly number[]): number[][] {
  return phi.map((rate, j) => {
    const rows = Array.from({ length: RISK_COUNT }, (_, r) =>
      Array.from({ length: RISK_COUNT + 1 }, (__, c) =>
        c === RISK_COUNT ? (r === j ? 1 : 0) : (speed[r * RISK_COUNT + c] ?? 0) + (r === c ? rate : 0),
      ),
    );
    return eliminated(rows);
  });
}

/** Gauss and Jordan, with pivots. */
function eliminated(rows: number[][]): number[] {
  const n = rows.length;
  for (let c = 0; c < n; c += 1) {
    const pivot = rows.slice(c).reduce((best, row, r) => (Math.abs(row[c] ?? 0) > Math.abs(rows[best]?.[c] ?? 0) ? r + c : best), c);
    const top = rows[pivot] as number[];
    rows[pivot] = rows[c] as number[];
    rows[c] = top;
    for (const [r, row] of rows.entries()) {
      if (r === c) continue;
      const factor = (row[c] ?? 0) / (top[c] ?? 1);
      for (let k = c; k <= n; k += 1) row[k] = (row[k] ?? 0) - factor * (top[k] ?? 0);
    }
  }
  return rows.map((row, r) => (row[n] ?? 0) / (row[r] ?? 1));
}

describe('the lean toward a forecast', () => {
  const MANY = { terms: { leanCap: 1e9 }, covariance: CORRELATED };

  test('is the solution of the Sylvester equation where drifts decay', () => {
    const { price, exposures } = priceOf(MANY);
    const speed = new Float64Array(RISK_COUNT * RISK_COUNT);
    for (let k = 0; k < RISK_COUNT; k += 1) {
      for (let n = 0; n < speed.length; n += 1) {
        const [r, c] = [Math.floor(n / RISK_COUNT), n % RISK_COUNT];
        speed[n] =
          (speed[n] ?? 0) + (price.speeds[k] ?? 0) * (price.outOf[k * RISK_COUNT + r] ?? 0) * (price.into[k * RISK_COUNT + c] ?? 0);
      }
    }
    // Per year: half-lives of 3 minutes to an hour, against inventory's of minutes.
    const phi = [120_000, 50_000, 12_000, 6000];
    const drift = [30, -20, 25, 10];
    const g = sylvester(speed, phi);
    const steps = Array.from({ length: 4000 }, (_, n) => 0.01 * (n + 1) * (n + 1));
    const path = (seconds: number, f: number): number =>
      ((drift[f] ?? 0) / (phi[f] ?? 1)) * (1 - Math.exp((-(phi[f] ?? 0) * seconds) / SECONDS_PER_YEAR));
    const { quoteOf } = prepared({ ...MANY, forecast: forecast(steps, path) });
    exposures.forEach((b, i) => {
      const q = quoteOf(i);
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const wanted = b.reduce((sum, value, r) => sum + value * (g[f]?.[r] ?? 0) * (drift[f] ?? 0), 0);
        expect(Math.abs((q.forecastShifts[f] ?? 0) - wanted)).toBeLessThan(2e-4 * Math.max(1, Math.abs(wanted)));
      }
    });
  });

  test('of what happens at once is its value', () => {
    const lean = [0.001, 0.0004, -0.002, 0.003];
    const q = made({ ...MANY, forecast: steadyForecast(lean, 1e-5) });
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      expect(q.forecastShifts[f]).toBeCloseTo((lean[f] ?? 0) * (THEO.exposures[CALL * FACTOR_COUNT + f] ?? 0), 5);
    }
    expect(q.forecastLean).toBeCloseTo(
      q.forecastShifts.reduce((sum, part) => sum + part, 0),
      9,
    );
    expect(q.theo).toBe(q.fair + q.forecastLean);
    expect(q.bidCost).toBeCloseTo(TEST_FEE + q.clip - q.forecastLean, 9);
  });

  test('stays within its cap, a share of the neutral half-spread', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.constantFrom(...CHAIN.options.keys()),
        (change, leanCap, series) => {
          const q = made({ forecast: steadyForecast(change, 60), terms: { leanCap } }, {}, series);
          expect(Math.abs(q.forecastLean)).toBeLessThanOrEqual(leanCap * q.neutral + 1e-9);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the exposures that it wants to hold', () => {
  const lean = [0.0004, -0.0003, 0.0008, 0.0005];
  const target = (changes: ViewChanges, params: object = WITHOUT_GAMMA): number[] => [
    ...(prepared({ covariance: CORRELATED, ...changes }, params).quoter.targetExposures?.() ?? []),
  ];

  test('are those at which inventory and forecast cancel', () => {
    const changes = { forecast: steadyForecast(lean, 600), covariance: CORRELATED };
    const params = { ...WITHOUT_GAMMA, ridge: 1e-8 };
    const { quoteOf } = prepared({ ...changes, exposures: target(changes, params) }, params);
    for (const i of CHAIN.options.keys()) {
      const q = quoteOf(i);
      expect(Math.abs(q.forecastLean)).toBeLessThan(q.neutral);
      expect(Math.abs(q.forecastLean)).toBeGreaterThan(0.001 * q.neutral);
      expect(Math.abs(q.forecastLean + q.inventoryLean)).toBeLessThan(1e-5 * q.neutral);
    }
  });

  test('are none without a forecast, or where leans are not allowed', () => {
    expect(target({})).toEqual([0, 0, 0, 0]);
    for (const exposure of target({ forecast: steadyForecast(lean, 600), terms: { leanCap: 0 } })) expect(exposure).toBeCloseTo(0, 6);
  });

  test('are no more than capped leans call for', () => {
    const size = (times: number): number =>
      Math.hypot(
        ...target(
          {
            forecast: steadyForecast(
              lean.map((value) => times * value),
              600,
            ),
          },
          { ...WITHOUT_GAMMA, targetDailySd: 1e9 },
        ),
      );
    expect(size(0.2) / size(0.1)).toBeCloseTo(2, 6);
    expect(size(1e6) / size(1e5)).toBeCloseTo(1, 6);
  });

  test('have at most the risk that is allowed', () => {
    const changes = { forecast: steadyForecast(lean, 600) };
    const [free, bound] = [target(changes), target(changes, { ...WITHOUT_GAMMA, targetDailySd: 10 })];
    const variance = bound.reduce((sum, a, f) => sum + bound.reduce((row, b, g) => row + a * b * (CORRELATED[f * 4 + g] ?? 0), 0), 0);
    expect(Math.sqrt(variance / 365)).toBeCloseTo(10, 6);
    bound.forEach((value, f) => {
      expect(value / (free[f] ?? 0)).toBeCloseTo((bound[0] ?? 0) / (free[0] ?? 1), 9);
    });
  });
});

describe('width', () => {
  test('grows with fee, uncertainty, toxicity and inventory on either side', () => {
    const base = made().halfSpread;
    expect(made({ fee: 2 * TEST_FEE }).halfSpread).toBeGreaterThan(base);
    expect(made({ valueSd: 20 }).halfSpread - base).toBeCloseTo(
      0.8 * (quotingView().beta[CALL] ?? 0) * (20 / VEGA) * (20 / VEGA) * VEGA,
      9,
    );
    expect(made({ toxicity: 0.001 }).halfSpread - base).toBeCloseTo(0.001 * VEGA, 9);
    for (const held of [-3e5, 3e5]) expect(made({ exposures: [held, 0, 0, 0] }).halfSpread).toBeGreaterThan(base + 1);
    expect(made({ terms: { widthMultiplier: 1.5 } }).halfSpread - base).toBeCloseTo(0.5 * made().neutral, 9);
  });

  test('a bid is below an offer whatever is held and expected', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.constantFrom(...CHAIN.options.keys()),
        (exposures, change, series) => {
          const q = made({ exposures, forecast: steadyForecast(change, 300), covariance: CORRELATED }, {}, series);
          expect(q.bid).toBeLessThan(q.ask);
          expect([q.bid, q.ask, q.bidValue, q.askValue].every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('the variance of gamma: what hedging at an interval leaves, and jumps', () => {
  const plain = gammaParams.parse({ hedgeSeconds: 3600, jumpsPerYear: 0 });
  // ½ σ⁴ h per year.
  expect(gammaVariance(plain, 0.6)).toBeCloseTo((0.5 * 0.6 * 0.6 * 0.6 * 0.6) / 8760, 15);
  // A jump of three days' moves, 20 times a year: ¾ λ s⁴.
  const jump = 3 * (0.6 / Math.sqrt(365));
  const jumps = gammaParams.parse({ hedgeSeconds: 3600, jumpsPerYear: 20, jumpPerDailySd: 3 });
  expect(gammaVariance(jumps, 0.6) - gammaVariance(plain, 0.6)).toBeCloseTo(0.75 * 20 * jump * jump * jump * jump, 15);
});
