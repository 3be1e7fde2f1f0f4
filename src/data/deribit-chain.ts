import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import { InputError, type Issue } from '../core/assert.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import type { Right } from '../market/instrument.ts';
import { Cells, csvTable, refuseFaults } from './csv-table.ts';

const CURRENCIES = ['BTC', 'ETH'] as const;
export type DeribitCurrency = (typeof CURRENCIES)[number];

/** What the layout `deribit` must have. */
export const DERIBIT_COLUMNS = [
  'timestamp',
  'instrument_name',
  'underlying',
  'option_type',
  'strike',
  'expiry_datetime',
  'bid_price',
  'ask_price',
  'futures_price',
  'implied_volatility',
  'open_interest',
  'currency',
  'index_price',
] as const;
type Column = (typeof DERIBIT_COLUMNS)[number];

/**
 * Reads one snapshot of Deribit's option chains (inverse options: premiums in coin) from the text of a CSV file with a header.
 *
 * Columns may come in any order, and others are ignored; `time_to_maturity` is one of them: time left is counted from the two
 * time stamps, act/365. A blank bid or ask means that there is no quote. Dollar prices are coin prices times the future.
 * Where the file holds several currencies, `currency` picks one (default BTC).
 * @throws InputError naming line and column of everything that is wrong, the first 20 in full.
 */
export function readDeribitChain(source: string, text: string, options: { readonly currency?: DeribitCurrency } = {}): ChainSnapshot {
  const issues: Issue[] = [];
  const rows = csvTable(source, text, DERIBIT_COLUMNS);
  const found = [...new Set(rows.map((row) => row.cell('currency')))].sort();
  const currency = options.currency ?? (found.length === 1 ? found[0] : 'BTC');
  if (currency === undefined || !found.includes(currency)) {
    throw new InputError(source, [
      { path: 'currency', message: `no rows of ${currency ?? 'any currency'}: the file holds ${found.join(', ')}` },
    ]);
  }
  const at = rows[0]?.cell('timestamp') ?? '';
  const indices: number[] = [];
  const quotes: ChainQuote[] = [];
  const lineOf = new Map<string, number>();
  for (const row of rows) {
    const cells = new Cells(row, issues);
    if (!(CURRENCIES as readonly string[]).includes(row.cell('currency'))) cells.fault('currency', `one of ${CURRENCIES.join(', ')}`);
    if (row.cell('timestamp') !== at) cells.fault('timestamp', `the time of the first row, ${at}: a snapshot has one time`);
    if (row.cell('currency') !== currency) continue;
    const name = row.cell('instrument_name');
    const before = lineOf.get(name);
    if (before !== undefined) cells.fault('instrument_name', `each instrument once (it is on line ${before} too)`);
    lineOf.set(name, row.line);
    indices.push(cells.positive('index_price') ?? Number.NaN);
    const quote = quoteOf(cells);
    if (quote !== undefined) quotes.push(quote);
  }
  refuseFaults(source, issues);
  return { source, symbol: currency, at, index: median(indices), venue: 'Deribit', settlement: 'coin', tickSize: 0.0001, quotes };
}

function quoteOf(cells: Cells<Column>): ChainQuote | undefined {
  const { row } = cells;
  const now = cells.time('timestamp');
  const expires = cells.time('expiry_datetime');
  const type = row.cell('option_type');
  const right: Right | undefined = type === 'call' || type === 'put' ? type : cells.fault('option_type', 'call or put');
  const strike = cells.positive('strike');
  const bidCoin = cells.optional('bid_price');
  const askCoin = cells.optional('ask_price');
  const markVol = cells.optional('implied_volatility');
  const openInterest = cells.optional('open_interest');
  const index = cells.optional('index_price');
  const forwardHint = cells.optional('futures_price') ?? cells.optional('underlying');
  if (forwardHint === 0) cells.fault('futures_price', 'a price above 0');
  if (!cells.sound || now === undefined || expires === undefined || right === undefined || strike === undefined) return undefined;
  if (expires.seconds <= now.seconds) return cells.fault('expiry_datetime', `a time after the snapshot, ${row.cell('timestamp')}`);
  const { label } = expires;
  const name = [row.cell('currency'), label, strike, right === 'call' ? 'C' : 'P'].join('-');
  if (row.cell('instrument_name') !== name) return cells.fault('instrument_name', `${name}, as the row's other columns say`);
  const dollars = forwardHint ?? index ?? 0;
  return {
    expiry: row.cell('expiry_datetime'),
    label,
    years: (expires.seconds - now.seconds) / SECONDS_PER_YEAR,
    strike,
    right,
    ...(bidCoin === undefined ? {} : { bidCoin, bid: bidCoin * dollars }),
    ...(askCoin === undefined ? {} : { askCoin, ask: askCoin * dollars }),
    ...(forwardHint === undefined ? {} : { forwardHint }),
    ...(markVol === undefined ? {} : { markVol }),
    ...(openInterest === undefined ? {} : { openInterest }),
  };
}
