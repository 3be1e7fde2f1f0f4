import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type SurfaceFit, surfaceFit } from '../../src/calibration/surface-fit.ts';
import { residualCurve } from '../../src/calibration/svi-residual.ts';
import { InputError } from '../../src/core/assert.ts';
import { readChain } from '../../src/data/chain-formats.ts';
import { expectNoArbitrage } from '../support/no-arbitrage.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const SPX = `${DATA}spx-chain-eod-2018/spxw_chain_eod_2018-01_02.csv`;
const HOURLY = `${DATA}deribit-btc-chain-hourly/btc_chain_hourly_2026-01-23_24.csv`;
const absent = !existsSync(SPX) || !existsSync(HOURLY);
if (absent) console.log('real-chains (slow): skipped, ../shared/data holds no chains');
const distinct = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))].sort();

function expectSound(fit: SurfaceFit): void {
  expectNoArbitrage(fit.smiles.map(({ slice, residual }) => residualCurve(slice, residual)));
}

describe.skipIf(absent)('every snapshot of the files that hold many', () => {
  test('40 days of SPX: each is fitted without arbitrage, or has no option that is left', () => {
    const text = readFileSync(SPX, 'utf8');
    const days = distinct(text, /,(\d\d\/\d\d\/2018),\d+,/g).map((day) => `2018-${day.slice(0, 2)}-${day.slice(3, 5)}`);
    expect(days).toHaveLength(40);
    const calm: number[] = [];
    let over = 0;
    for (const date of days) {
      try {
        const fit = surfaceFit(readChain('spx', text, 'spx-eod', { date }));
        expectSound(fit);
        if (date < '2018-01-30') calm.push(fit.residual.coreMedianAbsErrorVolPoints ?? 9);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        over += 1;
      }
    }
    // The last day of each month lists nothing but what settles at its close.
    expect(over).toBeLessThanOrEqual(2);
    for (const error of calm) expect(error).toBeLessThan(0.25);
  });

  test.each(['13_SPY', '13_QQQ', '14_SPY', '14_QQQ'])('2026-08-%s', (name) => {
    const file = `${DATA}us-etf-chains-2026-08/2026-08-${name}.csv`;
    const fit = surfaceFit(readChain(name, readFileSync(file, 'utf8'), 'us-etf'));
    expectSound(fit);
    expect(fit.residual.coreMedianAbsErrorVolPoints).toBeLessThan(0.1);
    expect(fit.rate).toBeGreaterThan(0.02);
    expect(fit.rate).toBeLessThan(0.06);
  });

  test('37 hours of BTC', () => {
    const text = readFileSync(HOURLY, 'utf8');
    const times = distinct(text, /^(2026[^,]*),/gm);
    expect(times).toHaveLength(37);
    for (const at of times) {
      const fit = surfaceFit(readChain('btc', text, 'deribit-hourly', { at }));
      expectSound(fit);
      expect(fit.residual.insideShare).toBeGreaterThan(0.85);
    }
  });
});
