import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { butterflyMinimum } from '../../src/pricing/arbitrage.ts';
import { blendedCurve, durrlemanOf, type SmileCurve, scaledCurve, ssviCurve } from '../../src/pricing/smile-curve.ts';
import { durrleman, type Slice, totalVariance } from '../../src/pricing/ssvi.ts';
import { type Svi, sviCurve, sviJet, sviOfSlice } from '../../src/pricing/svi.ts';
import { cell, referenceRows } from '../support/reference-table.ts';

/** Axel Vogt's slice: it looks like a smile and is not one (Gatheral and Jacquier 2014, example 3.1). */
const VOGT: Svi = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

const slice = fc.record({
  theta: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
  rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
  psi: fc.double({ min: 0.01, max: 1.5, noNaN: true }),
});
const logMoneyness = fc.double({ min: -3, max: 3, noNaN: true });

describe("Vogt's slice", () => {
  const rows = referenceRows('ssvi_heston.csv')?.filter((row) => row['model'] === 'svi-raw');

  test.skipIf(rows === undefined)('w, its derivatives and g are those of the reference table', () => {
    expect(rows?.length).toBeGreaterThan(10);
    for (const row of rows ?? []) {
      const k = cell(row, 'k');
      const jet = sviJet(VOGT, k);
      // Five operations on numbers below 1: some roundings of 2^-52 each.
      expect(Math.abs(jet.w - cell(row, 'w'))).toBeLessThan(1e-15);
      expect(Math.abs(jet.w1 - cell(row, 'dw_dk'))).toBeLessThan(1e-15);
      expect(Math.abs(jet.w2 - cell(row, 'd2w_dk2'))).toBeLessThan(1e-14);
      expect(Math.abs(durrlemanOf(jet, k) - cell(row, 'g'))).toBeLessThan(1e-12);
    }
  });

  test('is called arbitrageable, with its least g of -0.0329', () => {
    expect(butterflyMinimum(sviCurve(VOGT))).toBeCloseTo(-0.03286, 4);
  });
});

test('an SSVI slice is a raw SVI, exactly', () => {
  fc.assert(
    fc.property(slice, logMoneyness, (ssvi: Slice, k) => {
      const svi = sviOfSlice(ssvi);
      const w = totalVariance(ssvi, k);
      // a + bσ√… cancels near the least variance, θ(1 − ρ²); relative to the terms it is rounding.
      const size = Math.abs(svi.a) + svi.b * (Math.abs(k - svi.m) + svi.sigma);
      expect(Math.abs(sviJet(svi, k).w - w)).toBeLessThan(1e-14 * size);
      const [one, other] = [ssviCurve(ssvi), sviCurve(svi)];
      expect(Math.abs(one.at(k).w1 - other.at(k).w1)).toBeLessThan(1e-12 * (1 + size));
      expect(one.wings[0]).toBeCloseTo(other.wings[0], 12);
      expect(one.wings[1]).toBeCloseTo(other.wings[1], 12);
      expect(durrlemanOf(one.at(k), k)).toBeCloseTo(durrleman(ssvi, k), 10);
    }),
  );
});

test('derivatives are those of w, and wings its slopes far out', () => {
  const step = 1e-5;
  const check = (curve: SmileCurve): void => {
    for (const k of [-1.2, -0.3, 0, 0.04, 0.9]) {
      const [before, here, after] = [curve.at(k - step), curve.at(k), curve.at(k + step)];
      expect(here.w1).toBeCloseTo((after.w - before.w) / (2 * step), 8);
      expect(here.w2).toBeCloseTo((after.w1 - before.w1) / (2 * step), 6);
    }
    expect(-curve.at(-1e4).w1).toBeCloseTo(curve.wings[0], 6);
    expect(curve.at(1e4).w1).toBeCloseTo(curve.wings[1], 6);
  };
  const base = ssviCurve({ theta: 0.04, rho: -0.4, psi: 0.3 });
  for (const curve of [base, sviCurve(VOGT), blendedCurve(base, sviCurve(VOGT), 0.3), scaledCurve(base, 0.7, 0.01)]) check(curve);
});

test('a blend is between its ends, and is its ends at 0 and 1', () => {
  const [from, to] = [ssviCurve({ theta: 0.04, rho: -0.4, psi: 0.3 }), sviCurve(VOGT)];
  expect(blendedCurve(from, to, 0)).toBe(from);
  expect(blendedCurve(from, to, 1)).toBe(to);
  expect(blendedCurve(from, to, 0.25).at(0.7).w).toBeCloseTo(0.75 * from.at(0.7).w + 0.25 * to.at(0.7).w, 15);
});
