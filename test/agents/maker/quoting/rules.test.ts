import { describe, expect, test } from 'vitest';
import { fixedWidth } from '../../../../src/agents/maker/quoting/fixed-width.ts';
import { leanedSurface } from '../../../../src/agents/maker/quoting/leaned-surface.ts';
import { blankQuote, type Quote, type QuoterKind } from '../../../../src/agents/maker/quoting/quoter.ts';
import { zeroIntelligence } from '../../../../src/agents/maker/quoting/zero-intelligence.ts';
import { quotingView, steadyForecast, TEST_FEE, type ViewChanges } from '../../../support/quoting-view.ts';

const { theo: THEO, chain: CHAIN } = quotingView();
const CALL = CHAIN.options.findIndex(({ expiry, strike, right }) => expiry === 1 && strike === 70_000 && right === 'call');
const VEGA = THEO.vega[CALL] ?? 0;
const FAIR = THEO.price[CALL] ?? 0;
const N = CHAIN.options.length;

function made(kind: QuoterKind, params: object, changes: ViewChanges = {}, series = CALL): Quote {
  const view = quotingView(changes);
  const quoter = kind.build(params);
  quoter.prepare(view);
  const out = blankQuote();
  quoter.quote(view, series, out);
  return out;
}
const books = (bid: number, ask: number): ViewChanges => ({ bid: new Float64Array(N).fill(bid), ask: new Float64Array(N).fill(ask) });
/** A position of so many dollars of vega per vol point, in the call. */
const holding = (perPoint: number): ViewChanges => {
  const units = new Float64Array(N);
  units[CALL] = (100 * perPoint) / VEGA;
  return { units };
};
const EVERYTHING: ViewChanges = {
  ...holding(300),
  exposures: [9e4, 0, 0, 0],
  valueSd: 30,
  toxicity: 0.004,
  forecast: steadyForecast([0.01, 0, 0, 0]),
};

describe('fixed-width', () => {
  test('stands around the mid of the others, in vol or in dollars', () => {
    const inVol = made(fixedWidth, { halfSpread: 0.01 }, books(4000, 4100));
    expect([inVol.bid, inVol.ask]).toEqual([expect.closeTo(4050 - 0.01 * VEGA, 9), expect.closeTo(4050 + 0.01 * VEGA, 9)]);
    const inDollars = made(fixedWidth, { halfSpread: 35, unit: 'dollars' }, books(4000, 4100));
    expect([inDollars.bid, inDollars.ask]).toEqual([4015, 4085]);
    expect([inDollars.fair, inDollars.theo]).toEqual([FAIR, 4050]);
  });

  test('stands around its own value where a side is missing, or where it is told to', () => {
    for (const changes of [{}, books(4000, Number.NaN), books(Number.NaN, 4100)]) expect(made(fixedWidth, {}, changes).theo).toBe(FAIR);
    expect(made(fixedWidth, { around: 'value' }, books(4000, 4100)).theo).toBe(FAIR);
  });

  test('does not look at anything else', () => {
    expect(made(fixedWidth, {}, EVERYTHING)).toEqual(made(fixedWidth, {}));
  });
});

describe('zero-intelligence', () => {
  test('stands half a vol point from its value, whatever is held or known', () => {
    const q = made(zeroIntelligence, {}, { ...EVERYTHING, ...books(4000, 4100) });
    expect([q.bid, q.ask]).toEqual([expect.closeTo(FAIR - 0.005 * VEGA, 9), expect.closeTo(FAIR + 0.005 * VEGA, 9)]);
    expect(made(zeroIntelligence, { vegaShare: 0.02 }).halfSpread).toBeCloseTo(0.02 * VEGA, 9);
    expect([q.bidCost, q.askCost]).toEqual([TEST_FEE, TEST_FEE]);
  });
});

describe('leaned-surface', () => {
  const points = (vols: number): number => (vols * VEGA) / 100;

  test('is as wide as the screen, and never narrower than its floor', () => {
    for (const half of [5, 60, 200]) {
      expect(made(leanedSurface, {}, books(FAIR - half, FAIR + half)).halfSpread).toBeCloseTo(Math.max(points(0.4), half), 9);
    }
    expect(made(leanedSurface, { screenShare: 0.5 }, books(FAIR - 200, FAIR + 200)).halfSpread).toBeCloseTo(100, 9);
    expect(made(leanedSurface, {}, books(Number.NaN, FAIR + 200)).halfSpread).toBeCloseTo(points(0.4), 9);
    // The centre is the surface, wherever the screen may be.
    expect(made(leanedSurface, {}, books(FAIR, FAIR + 200)).theo).toBe(FAIR);
  });

  test('leans against vega up to its limit, and widens with its square', () => {
    const set = { vegaLimit: 400, leanMaximum: 0.02, widening: 0.03 };
    for (const [held, share] of [
      [0, 0],
      [100, 0.25],
      [-200, -0.5],
      [400, 1],
      [900, 1],
      [-5000, -1],
    ] as const) {
      const q = made(leanedSurface, set, holding(held));
      expect(q.inventoryLean).toBeCloseTo(points(-2 * share), 9);
      expect(q.inventoryWidth).toBeCloseTo(points(3 * share * share), 9);
      expect((q.bid + q.ask) / 2).toBeCloseTo(FAIR + q.inventoryLean, 9);
      expect(q.halfSpread).toBeCloseTo(points(0.4 + 3 * share * share), 9);
    }
  });

  test('every series leans alike in vol', () => {
    const changes = holding(150);
    const leans = CHAIN.options.map((_, i) => made(leanedSurface, {}, changes, i).inventoryLean / (THEO.vega[i] ?? 0));
    for (const lean of leans) expect(lean).toBeCloseTo(-0.015 * 0.25, 12);
  });
});
