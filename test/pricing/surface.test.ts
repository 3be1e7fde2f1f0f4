import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { butterflyMinimum } from '../../src/pricing/arbitrage.ts';
import { ssviCurve } from '../../src/pricing/smile-curve.ts';
import { psiMaximum, type Slice } from '../../src/pricing/ssvi.ts';
import { VarianceSurface } from '../../src/pricing/surface.ts';
import { sviCurve } from '../../src/pricing/svi.ts';
import { expiryAt } from '../../src/risk/smile-surface.ts';

const SLICES: readonly (Slice & { years: number })[] = [
  { years: 0.05, theta: 0.008, rho: -0.3, psi: 0.08 },
  { years: 0.25, theta: 0.03, rho: -0.35, psi: 0.15 },
  { years: 1, theta: 0.11, rho: -0.4, psi: 0.3 },
];
const surface = new VarianceSurface(SLICES.map((slice) => ({ years: slice.years, curve: ssviCurve(slice) })));

describe('in time', () => {
  test('at an expiry it is that smile; between two it is linear in total variance', () => {
    for (const k of [-1, -0.1, 0, 0.4]) {
      const ends = [0.25, 1].map((years) => surface.totalVariance(k, years));
      expect(ends[0]).toBe(ssviCurve(SLICES[1] ?? { theta: 1, rho: 0, psi: 1 }).at(k).w);
      expect(surface.totalVariance(k, 0.4375)).toBeCloseTo(0.75 * (ends[0] ?? 0) + 0.25 * (ends[1] ?? 0), 14);
    }
  });

  test('before the first expiry its vol is held, beyond the last the forward variance at the money', () => {
    for (const k of [-0.5, 0, 0.3]) expect(surface.vol(k, 0.01)).toBeCloseTo(surface.vol(k, 0.05), 14);
    const forwardVariance = (0.11 - 0.03) / 0.75;
    expect(surface.totalVariance(0, 3)).toBeCloseTo(0.11 + 2 * forwardVariance, 14);
    expect(surface.totalVariance(-0.8, 3) - surface.totalVariance(-0.8, 1)).toBeCloseTo(2 * forwardVariance, 14);
    expect(Math.abs(surface.skew(0, 4))).toBeLessThan(Math.abs(surface.skew(0, 1)) / 3);
  });

  test('one expiry is enough: then its own variance goes on', () => {
    const alone = new VarianceSurface([{ years: 0.5, curve: ssviCurve({ theta: 0.02, rho: 0, psi: 0.1 }) }]);
    expect(alone.vol(0, 2)).toBeCloseTo(0.2, 14);
    expect(alone.arbitrageMinimum().calendar).toBeUndefined();
  });

  test('skew is the slope of vol', () => {
    for (const years of [0.02, 0.1, 0.25, 0.6, 2]) {
      const slope = (surface.vol(0.2 + 1e-6, years) - surface.vol(0.2 - 1e-6, years)) / 2e-6;
      expect(surface.skew(0.2, years)).toBeCloseTo(slope, 7);
    }
  });

  test('is refused out of order, empty, or at no time', () => {
    expect(() => new VarianceSurface([])).toThrow(/needs an expiry/);
    const twice = { years: 1, curve: ssviCurve({ theta: 0.02, rho: 0, psi: 0.1 }) };
    expect(() => new VarianceSurface([twice, twice])).toThrow(/not after/);
    expect(() => surface.vol(0, 0)).toThrow(/no smile at 0/);
  });
});

describe('arbitrage', () => {
  test('a sound surface has none, and an unsound one shows which', () => {
    const { butterfly, calendar } = surface.arbitrageMinimum();
    expect(butterfly).toBeGreaterThan(0);
    expect(calendar).toBeGreaterThan(0);
    const vogt = sviCurve({ a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 });
    expect(new VarianceSurface([{ years: 1, curve: vogt }]).arbitrageMinimum().butterfly).toBeLessThan(-0.03);
    const falling = [0.04, 0.039].map((theta, i) => ({ years: 1 + i, curve: ssviCurve({ theta, rho: 0, psi: 0.1 }) }));
    expect(new VarianceSurface(falling).arbitrageMinimum().calendar).toBeLessThan(0);
  });

  test('a smile that is free of butterflies stays so before the first expiry', () => {
    const sound = fc
      .record({ theta: fc.double({ min: 1e-3, max: 0.5, noNaN: true }), rho: fc.double({ min: -0.9, max: 0.9, noNaN: true }) })
      .map(({ theta, rho }) => ({ theta, rho, psi: psiMaximum(theta, rho) }));
    fc.assert(
      fc.property(sound, fc.double({ min: 0.01, max: 1, noNaN: true }), (slice, share) => {
        const one = new VarianceSurface([{ years: 1, curve: ssviCurve(slice) }]);
        expect(butterflyMinimum(one.curve(share))).toBeGreaterThanOrEqual(-1e-9);
      }),
      { numRuns: 60 },
    );
  });
});

test('the interpolation of stressed portfolios, in SSVI parameters, is the same at the money and near it in the wings', () => {
  const expiries = SLICES.map(({ years, ...slice }) => ({ years, carry: 0, slice }));
  for (const years of [0.02, 0.1, 0.25, 0.5, 0.8]) {
    const { slice } = expiryAt(expiries, years);
    expect(surface.totalVariance(0, years)).toBeCloseTo(slice.theta, 14);
    for (const z of [-2, 2]) {
      const k = z * Math.sqrt(slice.theta);
      // Two rules, not one: measured 0.0023, a quarter of a vol point at two standard deviations.
      expect(Math.abs(surface.vol(k, years) - Math.sqrt(ssviCurve(slice).at(k).w / years))).toBeLessThan(0.004);
    }
  }
});
