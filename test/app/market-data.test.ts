import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readMarketData } from '../../src/app/market-data.ts';
import { factsOf, factValues } from '../../src/study/realism/facts.ts';

/** Real data are not part of the repository; they lie beside it where there are any. */
const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const isThere = existsSync(FOLDER);
if (!isThere) console.log('market-data: skipped, ../shared/data is absent');
const AMZN = 'lobster-amzn-2012-06-21/AMZN_2012-06-21_34200000_57600000_message_1.csv';
const HOURLY = 'deribit-btc-chain-hourly/btc_chain_hourly_2026-01-23_24.csv';
const PAGE = 'spx-chain-2011-01-24/spx_quotes_raw_cboe_layout.csv';

const valuesOf = (...files: readonly string[]) => factValues(readMarketData(files.map((file) => FOLDER + file)).samples);

/** What scripts/realism-targets.py prints for the same files, in another language and by other code. */
describe.skipIf(!isThere)('data sets that the bands were computed from', () => {
  test.each<[string, readonly string[], Readonly<Record<string, number>>, number]>([
    [
      'AMZN',
      [AMZN],
      {
        'order-life': 0.3094,
        'cancels-per-trade': 2.03,
        'short-lives': 0.673,
        'trade-size-p50': 0.6,
        'trade-size-p99': 4,
        'trade-sign-autocorrelation-1': 0.62,
        'trade-sign-autocorrelation-10': 0.0797,
        'trade-interval-variation': 2.46,
        'return-kurtosis': 3.35,
      },
      0.01,
    ],
    [
      'the panel',
      ['deribit-iv-panel/const_maturity.csv'],
      { 'atm-vol-spot-correlation': -0.61, 'skew-sd': 0.0166, 'first-component': 0.967 },
      0.005,
    ],
    ['DVOL', ['deribit-dvol-btc-hourly/btc_dvol_hourly.csv'], { 'atm-vol-variance-ratio': 1.116, 'atm-vol-sd-stressed': 0.0552 }, 0.01],
    ['the indices of Cboe', ['cboe-vol-indices/joined_closes.csv'], { 'first-component': 0.967, 'atm-vol-half-life': 37 }, 0.05],
    [
      'the quote page',
      [PAGE],
      { 'spread 10-45 d': 1.515, 'spread >45 d': 1.217, 'two-sided': 0.991, 'wing-spread': 1.19, 'volume-puts': 0.686 },
      0.01,
    ],
    ['SPY', ['us-etf-chains-2026-08/2026-08-12_SPY.csv'], { 'spread 10-45 d': 0.1027, 'volume-puts': 0.464, 'volume-2-10 d': 0.653 }, 0.02],
    [
      'the hourly chain',
      [HOURLY],
      { 'volume-2-10 d': 0.557, 'volume-puts': 0.494, 'volume-wings': 0.823, 'volume-at-the-money': 0.147 },
      0.01,
    ],
  ])('%s', (_name, files, expected, relative) => {
    const values = valuesOf(...files);
    for (const [name, value] of Object.entries(expected)) {
      expect([name, (values[name] ?? 0) / value]).toEqual([name, expect.closeTo(1, -Math.log10(2 * relative))]);
    }
  });

  test('together show more than half of the facts of an index, most of them inside their bands', () => {
    const values = valuesOf(AMZN, 'cboe-vol-indices/joined_closes.csv', PAGE);
    const shown = factsOf('index').flatMap(({ name, target: { band } }) => {
      const value = values[name];
      return value === undefined
        ? []
        : [value >= (band.low ?? Number.NEGATIVE_INFINITY) && value <= (band.high ?? Number.POSITIVE_INFINITY)];
    });
    expect(shown.length).toBeGreaterThan(factsOf('index').length / 2);
    expect(shown.filter(Boolean).length / shown.length).toBeGreaterThan(0.75);
  });

  test('chains of several times are taken together', () => {
    const files = ['20260102T162624Z', '20260205T042952Z'].map((time) => `deribit-chain-snapshots/deribit_options_snapshot_${time}.csv`);
    const [both, one] = [readMarketData(files.map((file) => FOLDER + file)), readMarketData([FOLDER + (files[0] ?? '')])];
    expect(both.files.map(({ format }) => format)).toEqual(['deribit', 'deribit']);
    expect(both.samples.looks).toBeGreaterThan(one.samples.looks);
    expect(both.samples.panel?.rows).toHaveLength(2);
  });
});
