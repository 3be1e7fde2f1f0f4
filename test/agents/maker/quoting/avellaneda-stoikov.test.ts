import { describe, expect, test } from 'vitest';
import { asPrice, priceVariance } from '../../../../src/agents/maker/quoting/as-price.ts';
import { asVol, localRisk } from '../../../../src/agents/maker/quoting/as-vol.ts';
import { exponentialDecay, exponentialDistance } from '../../../../src/agents/maker/quoting/avellaneda-stoikov.ts';
import { gammaParams, gammaVariance } from '../../../../src/agents/maker/quoting/gamma-risk.ts';
import { bestDistance } from '../../../../src/agents/maker/quoting/hamiltonian.ts';
import { blankQuote, type Quote, type QuoterKind } from '../../../../src/agents/maker/quoting/quoter.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { quotingView, steadyForecast, TEST_FEE, type ViewChanges } from '../../../support/quoting-view.ts';

const VIEW = quotingView();
const { theo: THEO, chain: CHAIN } = VIEW;
const at = (expiry: number, strike: number): number =>
  CHAIN.options.findIndex((option) => option.expiry === expiry && option.strike === strike && option.right === 'call');
const CALL = at(1, 70_000);
const VEGA = THEO.vega[CALL] ?? 0;
const BETA = VIEW.beta[CALL] ?? 0;
const N = CHAIN.options.length;
const HOUR = 1 / 8760;

function made(kind: QuoterKind, params: object, changes: ViewChanges = {}, series = CALL): Quote {
  const view = quotingView(changes);
  const quoter = kind.build(params);
  quoter.prepare(view);
  const out = blankQuote();
  quoter.quote(view, series, out);
  return out;
}
const holding = (...positions: readonly (readonly [series: number, units: number])[]): Float64Array => {
  const units = new Float64Array(N);
  for (const [series, held] of positions) units[series] = held;
  return units;
};

describe('the spread', () => {
  test('is Avellaneda and Stoikov’s: γσ²τ + (2/γ) ln(1 + γ/k), at γ 0.3, κ 8, a vol of vol of 1.2 and a day 0.2466', () => {
    const whole = 0.3 * 1.2 * 1.2 * (1 / 365) + 2 * exponentialDistance(0.3, 8);
    expect(whole).toBeCloseTo(0.24661, 5);
  });

  test('without aversion is that of the closed form', () => {
    expect(1 / exponentialDecay(BETA)).toBeCloseTo(bestDistance(0, BETA), 12);
    expect(exponentialDistance(1e-9, exponentialDecay(BETA))).toBeCloseTo(bestDistance(0, BETA), 9);
    const quiet = { fee: 0, variances: [0, 0, 0, 0], terms: { riskAversion: 1e-9 } };
    expect(made(asPrice, { residualDelta: 0 }, quiet).halfSpread).toBeCloseTo(bestDistance(0, BETA) * VEGA, 4);
  });

  test('the exponential of the customers has the slope of their acceptance where the quote stands', () => {
    const accepted = (distance: number): number => 1 / (1 + Math.exp(0.7 + BETA * distance));
    const best = bestDistance(0, BETA);
    const slope = (Math.log(accepted(best + 1e-6)) - Math.log(accepted(best - 1e-6))) / 2e-6;
    expect(-slope / exponentialDecay(BETA)).toBeCloseTo(1, 6);
  });
});

describe('as-price', () => {
  const terms = { riskAversion: 0.004, size: 2 };
  const hour = { horizonSeconds: 3600, residualDelta: 0 };
  const variance = priceVariance(VIEW, CALL, 0, 0.5);

  test('the variance of a price is bᵀΣb, and what is left of its delta', () => {
    const b = [0, 1, 2, 3].map((f) => THEO.exposures[CALL * FACTOR_COUNT + f] ?? 0);
    const wanted = [0.5, 0.2, 0.4, 0.2].reduce((sum, each, f) => sum + each * (b[f] ?? 0) * (b[f] ?? 0), 0);
    expect(variance / wanted).toBeCloseTo(1, 12);
    const open = 0.1 * (THEO.delta[CALL] ?? 0) * THEO.spot * 0.5;
    expect((priceVariance(VIEW, CALL, 0.1, 0.5) - variance) / (open * open)).toBeCloseTo(1, 9);
    const together = Float64Array.of(0.5, 0.1, 0, 0, 0.1, 0.2, 0, 0, 0, 0, 0.4, 0, 0, 0, 0, 0.2);
    const correlated = quotingView({ covariance: together });
    expect(priceVariance(correlated, CALL, 0, 0.5) - variance).toBeCloseTo(0.2 * (b[0] ?? 0) * (b[1] ?? 0), 2);
  });

  test('r = s − qγσ²τ, at ½zγσ²τ + (1/γz) ln(1 + γz/k) and the fee', () => {
    const each = 0.004 * variance * HOUR;
    const q = made(asPrice, hour, { terms, units: holding([CALL, 6]) });
    expect(q.inventoryLean).toBeCloseTo(-6 * each, 9);
    const half = TEST_FEE + each + exponentialDistance(0.008, exponentialDecay(BETA) / VEGA);
    expect(q.halfSpread).toBeCloseTo(half, 9);
    expect((q.bid + q.ask) / 2).toBeCloseTo(q.fair - 6 * each, 9);
    // What is held elsewhere does not matter to it.
    expect(made(asPrice, hour, { terms, units: holding([CALL + 2, 9]) }).inventoryLean + 0).toBe(0);
  });

  test('goes around the value expected at its horizon', () => {
    const forecast = {
      horizonsSeconds: [600, 1200],
      change: Float64Array.of(0.0004, 0, 0, 0, 0.0002, 0, 0, 0),
      scale: new Float64Array(8).fill(1),
    };
    const level = THEO.exposures[CALL * FACTOR_COUNT] ?? 0;
    for (const [horizonSeconds, change] of [
      [300, 0.0002],
      [600, 0.0004],
      [900, 0.0003],
      [1200, 0.0002],
      [9000, 0.0002],
    ] as const) {
      const q = made(asPrice, { horizonSeconds }, { forecast });
      expect(q.forecastLean).toBeCloseTo(change * level, 9);
      expect((q.bid + q.ask) / 2).toBeCloseTo(q.fair + q.forecastLean, 9);
    }
  });

  test('is wider where the value is uncertain and where fills give back', () => {
    const plain = made(asPrice, {}).halfSpread;
    expect(made(asPrice, {}, { valueSd: 20 }).halfSpread - plain).toBeCloseTo((0.8 * BETA * 20 * 20) / VEGA, 9);
    expect(made(asPrice, {}, { toxicity: 0.003 }).halfSpread - plain).toBeCloseTo(0.003 * VEGA, 9);
  });
});

describe('as-vol', () => {
  const without = { horizonSeconds: 3600, gamma: { hedgeSeconds: 0, jumpsPerYear: 0 } };
  const vol = THEO.surface.vol(1, 0);
  const perVega = 0.002 * HOUR * (1.2 * vol) * (1.2 * vol);

  test('leans in vol with the vega of its expiry, alike at all strikes', () => {
    const units = holding([at(1, 64_000), 5], [at(1, 76_000), -2], [at(2, 70_000), 8]);
    const bucket = 5 * (THEO.vega[at(1, 64_000)] ?? 0) - 2 * (THEO.vega[at(1, 76_000)] ?? 0);
    for (const strike of [58_000, 70_000, 84_000]) {
      const i = at(1, strike);
      const q = made(asVol, without, { units }, i);
      expect(q.inventoryLean / (THEO.vega[i] ?? 0)).toBeCloseTo(-perVega * bucket, 12);
    }
    expect(made(asVol, without, { units }, at(0, 70_000)).inventoryLean + 0).toBe(0);
  });

  test('half a clip of its own variance is in the spread', () => {
    const q = made(asVol, without, { terms: { size: 3 } });
    expect(q.clip).toBeCloseTo(1.5 * perVega * VEGA * VEGA, 9);
    expect(q.halfSpread).toBeCloseTo(TEST_FEE + q.clip + exponentialDistance(0.006, exponentialDecay(BETA) / VEGA), 9);
  });

  test('gamma held at a strike counts there, and less by exp(−½d²) away from it', () => {
    const held = at(0, 70_000);
    const units = holding([held, 4]);
    const view = quotingView({ units });
    const gamma = 4 * (THEO.gamma[held] ?? 0) * THEO.spot * THEO.spot;
    const width = 0.5 * THEO.surface.vol(0, 0) * Math.sqrt(7 / 365);
    expect(localRisk(view, held, 0.5).gamma).toBeCloseTo(gamma, 6);
    for (const strike of [64_000, 67_000, 76_000]) {
      const d = Math.log(70_000 / strike) / width;
      expect(localRisk(view, at(0, strike), 0.5).gamma).toBeCloseTo(gamma * Math.exp(-0.5 * d * d), 6);
    }
    expect(localRisk(view, CALL, 0.5)).toEqual({ vega: 0, gamma: 0 });
    const i = at(0, 67_000);
    const jumps = gammaParams.parse({ hedgeSeconds: 0, jumpsPerYear: 30 });
    const more =
      made(asVol, { horizonSeconds: 3600, gamma: jumps }, { units }, i).inventoryLean - made(asVol, without, { units }, i).inventoryLean;
    const own = (THEO.gamma[i] ?? 0) * THEO.spot * THEO.spot;
    const wanted = -0.002 * HOUR * gammaVariance(jumps, THEO.surface.vol(0, 0)) * own * localRisk(view, i, 0.5).gamma;
    expect(more / wanted).toBeCloseTo(1, 9);
  });

  test('goes around the value expected at its horizon', () => {
    const q = made(asVol, {}, { forecast: steadyForecast([0.0003, 0, 0, 0], 60) });
    expect(q.forecastLean).toBeCloseTo(0.0003 * (THEO.exposures[CALL * FACTOR_COUNT] ?? 0), 9);
  });
});
