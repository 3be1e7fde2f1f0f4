import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  butterflySufficient,
  calendarSufficient,
  durrleman,
  psiMaximum,
  repairSlices,
  type Slice,
  totalVariance,
} from '../../src/pricing/ssvi.ts';
import { arbitrageFree, expiryAt, refined, type SmileExpiry, type SmileSurface } from '../../src/risk/smile-surface.ts';

/** Surfaces free of arbitrage: random slices, repaired. */
const surfaces = fc
  .array(
    fc.record({
      gap: fc.double({ min: 0.005, max: 1, noNaN: true }),
      carry: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      vol: fc.double({ min: 0.05, max: 2, noNaN: true }),
      rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rows): SmileSurface => {
    let years = 0;
    const drawn = rows.map((row) => {
      years += row.gap;
      const theta = row.vol * row.vol * years;
      return { years, carry: row.carry, slice: { theta, rho: row.rho, psi: row.share * psiMaximum(theta, row.rho) } };
    });
    repairSlices(drawn.map((expiry) => expiry.slice));
    return { spot: 100, rate: 0.02, yearsPassed: 0, expiries: drawn };
  });

const clean = (slice: Slice): Slice => ({ ...slice, psi: slice.psi * (1 - 1e-9) });

describe('expiryAt', () => {
  const near: SmileExpiry = { years: 0.1, carry: 0.02, slice: { theta: 0.02, rho: -0.1, psi: 0.1 } };
  const far: SmileExpiry = { years: 0.5, carry: 0.04, slice: { theta: 0.13, rho: -0.3, psi: 0.3 } };

  test('gives back what it was given', () => {
    expect(expiryAt([near, far], 0.1)).toBe(near);
    expect(expiryAt([near, far], 0.5)).toBe(far);
  });

  test('between: total variance and ln forward are linear in time', () => {
    const { slice, carry } = expiryAt([near, far], 0.2);
    expect(slice.theta).toBeCloseTo(0.02 + 0.25 * 0.11, 14);
    expect(slice.psi).toBeCloseTo(0.15, 14);
    expect(slice.rho * slice.psi).toBeCloseTo(0.75 * -0.01 + 0.25 * -0.09, 14);
    expect(carry * 0.2).toBeCloseTo(0.75 * 0.002 + 0.25 * 0.02, 14);
  });

  test('before the first: each vol is held', () => {
    const { slice, carry } = expiryAt([near, far], 0.02);
    for (const k of [-0.5, 0, 0.3]) expect(totalVariance(slice, k) / 0.02).toBeCloseTo(totalVariance(near.slice, k) / 0.1, 13);
    expect(carry).toBe(0.02);
  });

  test('beyond the last: the at-the-money vol is held, the skew falls with the root of time', () => {
    const { slice } = expiryAt([near, far], 2);
    expect(slice.theta / 2).toBeCloseTo(0.13 / 0.5, 13);
    expect(slice.rho).toBe(-0.3);
    const skew = (s: Slice, years: number): number => (s.rho * s.psi) / (2 * Math.sqrt(s.theta * years));
    expect(skew(slice, 2) / skew(far.slice, 0.5)).toBeCloseTo(0.5, 12);
  });

  test('no expiry, or none in the future, is a bug', () => {
    expect(() => expiryAt([], 1)).toThrow(/no smile/);
    expect(() => expiryAt([near], 0)).toThrow(/no smile/);
  });

  test('what it makes is free of arbitrage and in order with its neighbours', () => {
    const at = fc.array(fc.double({ min: 0.001, max: 12, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(surfaces, at, (surface, years) => {
        const { expiries } = refined(surface, years);
        expiries.forEach(({ slice }, i) => {
          expect(butterflySufficient(clean(slice))).toBe(true);
          for (const k of [-2, -0.5, -0.1, 0, 0.2, 1]) expect(durrleman(slice, k)).toBeGreaterThan(-1e-9);
          const before = expiries[i - 1];
          if (before !== undefined)
            expect(calendarSufficient(before.slice, { ...slice, theta: slice.theta * (1 + 1e-8), psi: slice.psi * (1 + 1e-8) })).toBe(true);
        });
        expect(arbitrageFree({ ...surface, expiries }).repairs).toBe(0);
      }),
    );
  });
});

describe('arbitrageFree', () => {
  test('returns a free market as it is', () => {
    fc.assert(
      fc.property(surfaces, (surface) => {
        const result = arbitrageFree(surface);
        expect(result.repairs).toBe(0);
        expect(result.surface).toBe(surface);
      }),
    );
  });

  test('repairs total variance that falls, and counts it', () => {
    const expiries = [
      { years: 0.1, carry: 0, slice: { theta: 0.05, rho: -0.1, psi: 0.1 } },
      { years: 0.2, carry: 0, slice: { theta: 0.03, rho: -0.1, psi: 0.1 } },
    ];
    const { surface, repairs } = arbitrageFree({ spot: 100, rate: 0, yearsPassed: 0, expiries });
    expect(repairs).toBe(1);
    expect(surface.expiries[1]?.slice.theta).toBe(0.05);
    expect(expiries[1]?.slice.theta).toBe(0.03);
    // An expiry that is over binds no other.
    expect(arbitrageFree({ spot: 100, rate: 0, yearsPassed: 0.1, expiries }).repairs).toBe(0);
  });
});
