import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { factorFit } from '../../src/calibration/factor-fit.ts';
import { type SurfaceFit, surfaceFit } from '../../src/calibration/surface-fit.ts';
import { readDeribitChain } from '../../src/data/deribit-chain.ts';
import { FactorSurface } from '../../src/pricing/factors.ts';
import { durrleman, sliceVol, totalVariance } from '../../src/pricing/ssvi.ts';

/** Real chains are not part of the repository; they lie beside it where there are any. */
const FOLDER = fileURLToPath(new URL('../../../shared/data/deribit-chain-snapshots/', import.meta.url));
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.csv')) : [];
if (files.length === 0) console.log('real-snapshots: skipped, ../shared/data/deribit-chain-snapshots is absent');

const fits = new Map<string, SurfaceFit>();
function fitOf(file: string, currency: 'BTC' | 'ETH'): SurfaceFit {
  const known = fits.get(file + currency);
  if (known !== undefined) return known;
  const fit = surfaceFit(readDeribitChain(file, readFileSync(FOLDER + file, 'utf8'), { currency }));
  fits.set(file + currency, fit);
  return fit;
}
const cases = files.flatMap((file) => (['BTC', 'ETH'] as const).map((currency) => ({ file, currency })));

describe.skipIf(files.length === 0)('real chains of Deribit', () => {
  test('there are eight, the crash of February 2026 among them', () => {
    expect(files).toHaveLength(8);
  });

  test.each(cases)("$currency of $file: fitted without arbitrage, the error below half of the quotes' own width", ({ file, currency }) => {
    const fit = fitOf(file, currency);
    expect(fit.expiries.length).toBeGreaterThanOrEqual(11);
    for (const [i, far] of fit.expiries.entries()) {
      const near = fit.expiries[i - 1];
      expect(Math.abs(far.futuresDifferenceBp ?? 99)).toBeLessThan(20);
      let least = Number.POSITIVE_INFINITY;
      let growth = Number.POSITIVE_INFINITY;
      for (let k = -4; k <= 4; k += 0.02) {
        least = Math.min(least, durrleman(far, k), durrleman(far, (k / 2) * Math.sqrt(far.theta)));
        if (near !== undefined) growth = Math.min(growth, totalVariance(far, k) - totalVariance(near, k));
      }
      expect(least).toBeGreaterThan(0);
      expect(growth).toBeGreaterThan(0);
      expect(far.medianAbsErrorVolPoints).toBeLessThan(1.5 * far.medianWidthVolPoints);
    }
    // Measured: .09 to .42 of the width, and 55 % to 99 % inside; the least in BTC during the crash, for which SSVI is too stiff.
    expect(fit.overall.medianAbsErrorVolPoints).toBeLessThan(0.5 * fit.overall.medianWidthVolPoints);
    expect(fit.overall.insideShare).toBeGreaterThan(0.5);
  });

  test('2 January 2026, BTC: the error is below half of the width, and 60 % of the curve lies inside bid and ask', () => {
    const { overall, expiries } = fitOf('deribit_options_snapshot_20260102T162624Z.csv', 'BTC');
    expect(expiries).toHaveLength(13);
    expect(overall.quotes).toBeGreaterThan(300);
    expect(overall.medianAbsErrorVolPoints).toBeLessThan(0.5 * overall.medianWidthVolPoints);
    expect(overall.insideShare).toBeGreaterThan(0.6);
  });

  test.each(cases)('$currency of $file: a simulated surface starts exactly at the fit', ({ file, currency }) => {
    const { expiries } = fitOf(file, currency);
    const fit = factorFit(expiries);
    const surface = new FactorSurface(fit.tenors);
    surface.update(fit.factors, 0);
    for (const [i, expiry] of expiries.entries()) {
      for (const z of [-3, -1, 0, 1, 3]) {
        const k = z * Math.sqrt(expiry.theta);
        expect(surface.vol(i, k)).toBeCloseTo(sliceVol(expiry, k, expiry.years), 9);
      }
    }
    for (const { levelRatio, etaRatio } of fit.tenors) {
      expect(levelRatio).toBeGreaterThan(0.5);
      expect(levelRatio).toBeLessThan(2);
      expect(etaRatio).toBeGreaterThan(0.4);
      expect(etaRatio).toBeLessThan(2.5);
    }
  });
});
