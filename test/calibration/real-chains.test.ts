import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type SurfaceFit, surfaceFit } from '../../src/calibration/surface-fit.ts';
import { residualCurve } from '../../src/calibration/svi-residual.ts';
import { type ChainChoice, chainFormat, readChain } from '../../src/data/chain-formats.ts';
import { VarianceSurface } from '../../src/pricing/surface.ts';
import { expectNoArbitrage } from '../support/no-arbitrage.ts';

/** Real chains are not part of the repository; they lie beside it where there are any. */
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const FOLDERS = [
  'deribit-chain-snapshots',
  'deribit-btc-chain-hourly',
  'deribit-btc-chain-depth-2020',
  'spx-chain-2011-01-24',
  'spx-chain-eod-2018',
  'us-etf-chains-2026-08',
];
const files = FOLDERS.flatMap((folder) =>
  existsSync(DATA + folder)
    ? readdirSync(DATA + folder)
        .filter((name) => name.endsWith('.csv'))
        .map((name) => `${folder}/${name}`)
    : [],
);
if (files.length === 0) console.log('real-chains: skipped, ../shared/data holds no chains');

function fitted(file: string, choice: ChainChoice = {}): SurfaceFit {
  const text = readFileSync(DATA + file, 'utf8');
  return surfaceFit(readChain(file, text, chainFormat(file, text), choice));
}
const curvesOf = (fit: SurfaceFit) => fit.smiles.map(({ slice, residual }) => residualCurve(slice, residual));

const SPX_DAYS = 'spx-chain-eod-2018/spxw_chain_eod_2018-01_02.csv';

describe.skipIf(files.length === 0)('every chain file, its layout found by itself', () => {
  test('there are twenty', () => expect(files).toHaveLength(20));

  // The other four funds are in the slow suite.
  test.each(files.filter((file) => !/2026-08-1[34]_/.test(file)))('%s: fitted, and free of arbitrage with raw SVI on top', (file) => {
    const fit = fitted(file);
    expectNoArbitrage(curvesOf(fit));
    for (const { residual } of fit.expiries) expect(residual.share).toBeGreaterThanOrEqual(0.9);
    // A quarter of a vol point, or of the width: in the crash of February 2026 quotes are two to six points wide.
    expect(fit.residual.coreMedianAbsErrorVolPoints).toBeLessThan(0.25 * Math.max(1, fit.residual.medianWidthVolPoints));
    expect(fit.residual.insideShare).toBeGreaterThan(fit.overall.insideShare - 0.01);
  });

  test('2 January 2026, BTC: 60 % inside with eSSVI alone, 90 % with raw SVI after the repair', () => {
    const { overall, residual } = fitted('deribit-chain-snapshots/deribit_options_snapshot_20260102T162624Z.csv', { currency: 'BTC' });
    // Measured: 69.9 %, 96.4 %, and 96.4 % without regard to arbitrage.
    expect(overall.insideShare).toBeGreaterThan(0.6);
    expect(residual.insideShare).toBeGreaterThan(0.9);
    expect(residual.freeInsideShare - residual.insideShare).toBeLessThan(0.02);
  });

  test('5 February 2018: fits, and says what it did not use', () => {
    const fit = fitted(SPX_DAYS, { date: '2018-02-05' });
    expect(fit.expiries[0]?.dropped['zero-price']).toBeGreaterThan(50);
    expect(fit.residual.insideShare).toBeGreaterThan(0.9);
    expectNoArbitrage(curvesOf(fit));
  });

  test('forwards and vols of SPX 2011 are those that its second file states', () => {
    const fit = fitted('spx-chain-2011-01-24/spx_iv_tidy.csv');
    for (const { futuresDifferenceBp } of fit.expiries) expect(Math.abs(futuresDifferenceBp ?? 99)).toBeLessThan(20);
    expect(fit.residual.medianAbsErrorVolPoints).toBeLessThan(0.1);
  });

  test('a surface over the smiles of BTC has no arbitrage between and beyond its expiries either', () => {
    const fit = fitted('deribit-chain-snapshots/deribit_options_snapshot_20260102T162624Z.csv');
    const curves = curvesOf(fit);
    const expiries = fit.expiries.flatMap(({ years }, i) => {
      const curve = curves[i];
      return curve === undefined ? [] : [{ years, curve }];
    });
    const { butterfly, calendar } = new VarianceSurface(expiries).arbitrageMinimum();
    expect(butterfly).toBeGreaterThan(0);
    expect(calendar).toBeGreaterThan(0);
  });
});
