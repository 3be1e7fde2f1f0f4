import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atmVol, FACTOR_COUNT, FactorSurface, slopeWeight, type TenorShape } from '../../src/pricing/factors.ts';
import { calendarSufficient, durrleman, totalVariance } from '../../src/pricing/ssvi.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';

const YEARS_30_DAYS = 30 / 365;
const tenor = (days: number, own: Partial<TenorShape> = {}): TenorShape => ({
  years: days / 365,
  levelRatio: 1,
  rhoOffset: 0,
  etaRatio: 1,
  ...own,
});
const TENORS = [tenor(2), tenor(7), tenor(30), tenor(90), tenor(365)];

/** Factors for which the form needs no repair, and its vols stand far above the floor. */
const calmFactors = fc.tuple(
  fc.double({ min: Math.log(0.25), max: Math.log(0.9), noNaN: true }),
  fc.double({ min: -0.05, max: 0.15, noNaN: true }),
  fc.double({ min: -0.7, max: 0.5, noNaN: true }),
  fc.double({ min: -0.5, max: 0, noNaN: true }),
);
/** All that a world may bring about. */
const anyFactors = fc.tuple(
  fc.double({ min: Math.log(0.03), max: Math.log(4), noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: -0.95, max: 0.95, noNaN: true }),
  fc.double({ min: -2.5, max: 1.5, noNaN: true }),
);
const anyTenors = fc
  .array(
    fc.record({
      gap: fc.double({ min: 0.5, max: 120, noNaN: true }),
      levelRatio: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
      rhoOffset: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
      etaRatio: fc.double({ min: 0.5, max: 2, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => {
    let days = 0;
    return list.map(({ gap, ...own }) => {
      days += gap;
      return tenor(days, own);
    });
  });

describe('slopeWeight', () => {
  test('is 0 at 30 days, 1 at a year, negative before, and increasing', () => {
    expect(slopeWeight(YEARS_30_DAYS)).toBeCloseTo(0, 15);
    expect(slopeWeight(1)).toBe(1);
    expect(slopeWeight(7 / 365)).toBeLessThan(0);
    let before = slopeWeight(0);
    expect(Number.isFinite(before)).toBe(true);
    for (let days = 1; days <= 1500; days += 7) {
      const weight = slopeWeight(days / 365);
      expect(weight).toBeGreaterThan(before);
      before = weight;
    }
  });

  test('follows (g(T) − g(30 d))/(g(1 y) − g(30 d)), g(T) = (1 − e^(−T/τ))/(T/τ), τ = 90 d', () => {
    const g = (days: number): number => (1 - Math.exp(-days / 90)) / (days / 90);
    for (const days of [1, 7, 60, 180, 900]) {
      expect(slopeWeight(days / 365)).toBeCloseTo((g(days) - g(30)) / (g(365) - g(30)), 12);
    }
  });

  test('is continuous where the tenor vanishes', () => {
    expect(Math.abs(slopeWeight(2e-9) - slopeWeight(0.5e-9))).toBeLessThan(1e-6);
  });
});

describe('FactorSurface', () => {
  test('round trip: the factors can be read off the surface', () => {
    fc.assert(
      fc.property(calmFactors, ([level, slope, skew, curvature]) => {
        const surface = new FactorSurface(TENORS);
        surface.update([level, slope, skew, curvature], 0);
        expect(surface.repairs).toBe(0);
        expect(Math.log(surface.vol(2, 0))).toBeCloseTo(level, 12);
        expect(surface.vol(4, 0) - surface.vol(2, 0)).toBeCloseTo(slope, 12);
        expect(surface.slices[2]?.rho).toBeCloseTo(skew, 15);
        // φ = η θ^−γ (1 + θ)^(γ−1), γ = 0.45.
        const { theta, psi } = surface.slices[2] ?? { theta: 1, psi: 1 };
        const phi = psi / theta;
        expect(Math.log(phi) + 0.45 * Math.log(theta) + 0.55 * Math.log1p(theta)).toBeCloseTo(curvature, 12);
        expect(surface.vol(1, 0)).toBeCloseTo(atmVol(level, slope, 7 / 365), 12);
      }),
    );
  });

  test('an expiry keeps what is its own', () => {
    const surface = new FactorSurface([tenor(30, { levelRatio: 1.1, rhoOffset: 0.07, etaRatio: 0.8 })]);
    surface.update([Math.log(0.5), 0.1, -0.2, 0], 0);
    const plain = new FactorSurface([tenor(30)]);
    plain.update([Math.log(0.55), 0, -0.13, Math.log(0.8)], 0);
    for (const k of [-0.4, -0.1, 0, 0.2]) expect(surface.vol(0, k)).toBeCloseTo(plain.vol(0, k), 12);
  });

  test('gradient against central differences, in all four factors and in k', () => {
    const own = fc.record({
      levelRatio: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      rhoOffset: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      etaRatio: fc.double({ min: 0.8, max: 1.1, noNaN: true }),
    });
    const days = fc.double({ min: 1, max: 700, noNaN: true });
    const now = fc.double({ min: 0, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(calmFactors, own, days, now, fc.double({ min: -3, max: 3, noNaN: true }), (factors, shape, far, share, sds) => {
        const surface = new FactorSurface([tenor(far, shape)]);
        const nowYears = (share * far) / 365;
        const at = (bumped: readonly number[], k: number): number => {
          surface.update(bumped, nowYears);
          return surface.vol(0, k);
        };
        const k = sds * at(factors, 0) * Math.sqrt(surface.yearsLeft(0));
        fc.pre(at(factors, 0) > 0.05);
        const out = new Float64Array(FACTOR_COUNT + 2).fill(Number.NaN);
        surface.update(factors, nowYears);
        const skew = surface.volGradient(0, k, out, 1);
        expect(surface.repairs).toBe(0);
        expect([out[0], out[5]]).toEqual([Number.NaN, Number.NaN]);
        const h = 1e-5;
        for (let f = 0; f < FACTOR_COUNT; f += 1) {
          const bump = (by: number): number =>
            at(
              factors.map((value, i) => (i === f ? value + by : value)),
              k,
            );
          const difference = (bump(h) - bump(-h)) / (2 * h);
          expect(Math.abs((out[1 + f] ?? 0) - difference), `factor ${f}`).toBeLessThan(1e-7 * (1 + Math.abs(difference)));
        }
        const hk = 1e-5 * Math.sqrt(surface.yearsLeft(0));
        const difference = (at(factors, k + hk) - at(factors, k - hk)) / (2 * hk);
        expect(Math.abs(skew - difference), 'k').toBeLessThan(1e-6 * (1 + Math.abs(difference)));
      }),
      { numRuns: 300 },
    );
  });

  test('no arbitrage whatever the factors, at any moment of its life', () => {
    const wings = Array.from({ length: 81 }, (_, i) => (i - 40) / 10);
    fc.assert(
      fc.property(
        anyTenors,
        fc.array(fc.tuple(anyFactors, fc.double({ min: 0, max: 0.6, noNaN: true })), { minLength: 1, maxLength: 3 }),
        (tenors, moves) => {
          const surface = new FactorSurface(tenors);
          for (const [factors, nowYears] of moves) {
            surface.update(factors, nowYears);
            surface.slices.forEach((slice, i) => {
              expect(slice.theta).toBeGreaterThan(0);
              const width = slice.theta / slice.psi;
              for (const x of wings) {
                const k = width * Math.sinh(x);
                expect(durrleman(slice, k), `butterfly at ${k} of expiry ${i}`).toBeGreaterThan(-1e-9);
              }
              const near = surface.slices[i - 1];
              if (near === undefined) return;
              expect(calendarSufficient(near, slice), `calendar of expiry ${i}`).toBe(true);
              for (const x of wings) {
                const k = width * Math.sinh(x);
                expect(totalVariance(slice, k)).toBeGreaterThan(totalVariance(near, k) * (1 - 1e-9));
              }
            });
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each(Object.entries(WORLD_PRESETS))('the long-run surfaces of preset %s need no repair', (_name, preset) => {
    for (const { surface: means, spot } of preset.regimes) {
      const surface = new FactorSurface(TENORS);
      surface.update([0.5 * Math.log(spot.theta) + means.premium, means.slope, means.skew, means.curvature], 0);
      expect(surface.repairs).toBe(0);
    }
  });

  test('an expiry that is over stays finite and does not disturb the others', () => {
    const factors = [Math.log(0.5), 0.05, -0.2, -0.05];
    const both = new FactorSurface([tenor(7, { rhoOffset: 0.3 }), tenor(30)]);
    const alone = new FactorSurface([tenor(30)]);
    for (const days of [6.9, 7, 7.1, 29]) {
      both.update(factors, days / 365);
      alone.update(factors, days / 365);
      expect(both.yearsLeft(0)).toBeGreaterThan(0);
      for (const k of [-0.3, 0, 0.3]) {
        expect(both.vol(1, k)).toBe(alone.vol(0, k));
        expect(Number.isFinite(both.vol(0, k))).toBe(true);
      }
    }
  });

  test('a slope that ran away leaves vols of at least 1 %', () => {
    const surface = new FactorSurface(TENORS);
    surface.update([Math.log(0.2), -1.5, -0.2, -0.05], 0);
    for (let i = 0; i < TENORS.length; i += 1) expect(surface.vol(i, 0)).toBeGreaterThanOrEqual(0.01 * (1 - 1e-12));
  });

  test('asks of an unknown expiry are answered with 0', () => {
    const surface = new FactorSurface(TENORS);
    surface.update([Math.log(0.5), 0, 0, 0], 0);
    expect([surface.vol(9, 0), surface.yearsLeft(9), surface.volGradient(9, 0, new Float64Array(4), 0)]).toEqual([0, 0, 0]);
  });
});
