import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factorFit } from '../../src/calibration/factor-fit.ts';
import { FactorSurface } from '../../src/pricing/factors.ts';
import { repairSlices } from '../../src/pricing/ssvi.ts';

const NEUTRAL = { levelRatio: 1, rhoOffset: 0, etaRatio: 1 };
const DAYS = [1, 3, 7, 21, 30, 84, 175, 365];

test('a surface made of the factors alone gives them back, with neutral residuals', () => {
  const surface = new FactorSurface(DAYS.map((days) => ({ years: days / 365, ...NEUTRAL })));
  const factors = [Math.log(0.52), 0.07, -0.21, Math.log(0.9)];
  surface.update(factors, 0);
  expect(surface.repairs).toBe(0);
  const fit = factorFit(surface.slices.map((slice, i) => ({ ...slice, years: (DAYS[i] ?? 0) / 365, quotes: 10 + i })));
  expect([fit.level, fit.slope, fit.skew, fit.curvature]).toEqual(factors.map((factor) => expect.closeTo(factor, 10)));
  expect(fit.factors).toEqual([fit.level, fit.slope, fit.skew, fit.curvature]);
  for (const tenor of fit.tenors) {
    expect(tenor).toEqual({
      years: tenor.years,
      levelRatio: expect.closeTo(1, 10),
      rhoOffset: expect.closeTo(0, 10),
      etaRatio: expect.closeTo(1, 10),
    });
  }
});

test('between expiries the level is linear in total variance, and flat beyond them', () => {
  const slice = { rho: -0.1, psi: 0.1, quotes: 10 };
  const at = (days: number, vol: number) => ({ years: days / 365, theta: (vol * vol * days) / 365, ...slice });
  expect(Math.exp(factorFit([at(20, 0.6), at(40, 0.5)]).level)).toBeCloseTo(Math.sqrt((0.5 * (0.36 * 20 + 0.25 * 40)) / 30), 12);
  expect(Math.exp(factorFit([at(60, 0.6), at(90, 0.5)]).level)).toBeCloseTo(0.6, 12);
  expect(Math.exp(factorFit([at(5, 0.6), at(10, 0.5)]).level)).toBeCloseTo(0.5, 12);
  expect(factorFit([at(30, 0.6)])).toMatchObject({ slope: 0, tenors: [{ levelRatio: expect.closeTo(1, 12) }] });
});

test('one expiry of few quotes does not move the common skew and curvature', () => {
  const expiries = [7, 30, 90, 180, 365].map((days) => ({
    years: days / 365,
    theta: (0.25 * days) / 365,
    rho: -0.2,
    psi: 0.9 * Math.sqrt((0.25 * days) / 365),
    quotes: 30,
  }));
  const base = factorFit(expiries);
  const odd = factorFit(expiries.map((expiry, i) => (i === 0 ? { ...expiry, rho: 0.8, psi: 3 * expiry.psi, quotes: 6 } : expiry)));
  expect(odd.skew).toBe(base.skew);
  expect(Math.abs(odd.curvature - base.curvature)).toBeLessThan(0.05);
  expect(odd.tenors[0]?.rhoOffset).toBeCloseTo(1, 12);
});

test('factors and residuals together are the slices, whatever these are', () => {
  const one = fc.record({
    days: fc.integer({ min: 1, max: 900 }),
    vol: fc.double({ min: 0.03, max: 4, noNaN: true }),
    rho: fc.double({ min: -0.97, max: 0.97, noNaN: true }),
    psi: fc.double({ min: 0.001, max: 3, noNaN: true }),
    quotes: fc.integer({ min: 5, max: 100 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(one, { selector: ({ days }) => days, minLength: 1, maxLength: 12 }), (smiles) => {
      smiles.sort((a, b) => a.days - b.days);
      const slices = smiles.map(({ days, vol, rho, psi }) => ({ theta: (vol * vol * days) / 365, rho, psi }));
      repairSlices(slices);
      const fit = factorFit(slices.map((slice, i) => ({ ...slice, years: (smiles[i]?.days ?? 0) / 365, quotes: smiles[i]?.quotes ?? 0 })));
      const surface = new FactorSurface(fit.tenors);
      surface.update(fit.factors, 0);
      for (const [i, { theta, rho, psi }] of surface.slices.entries()) {
        expect(Math.abs(theta / (slices[i]?.theta ?? 0) - 1)).toBeLessThan(1e-9);
        expect(Math.abs(rho - (slices[i]?.rho ?? 9))).toBeLessThan(1e-9);
        expect(Math.abs(psi / (slices[i]?.psi ?? 0) - 1)).toBeLessThan(1e-9);
      }
    }),
  );
});
