import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import type { Issue } from '../core/assert.ts';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../core/units.ts';
import { dayAt, dayLabel, isoTime } from './calendar.ts';
import { Cells, csvTable, type Row, refuseFaults } from './csv-table.ts';

/** What the layout `deribit-depth` must have. */
export const DERIBIT_DEPTH_COLUMNS = [
  'expiration_timestamp',
  'option_type',
  'instrument_name',
  'strike',
  'underlying_price',
  'timestamp',
  'open_interest',
  'mark_iv',
  'index_price',
  'best_bid_price',
  'best_bid_amount',
  'best_ask_price',
  'best_ask_amount',
] as const;
type Column = (typeof DERIBIT_DEPTH_COLUMNS)[number];

/** Of Deribit's BTC options in 2020, in coin. */
const TICK_SIZE = 0.0005;

/**
 * Reads a Deribit chain that was collected instrument by instrument with its order books (the layout of 2020).
 *
 * Layout: times in milliseconds since 1970, one for each row; prices in coin, amounts in coins, a price or amount of 0 for an empty
 * side; `underlying_price` is the (synthetic) future of the expiry when the row was read; `mark_iv` in percent. Deeper levels and
 * the other columns are not used: a smile needs the best quotes only. The snapshot is of the time of the latest row, and each
 * quote says how old it is then.
 * @throws InputError naming line and column of everything that is wrong, the first 20 in full.
 */
export function readDeribitDepthChain(source: string, text: string): ChainSnapshot {
  const issues: Issue[] = [];
  const names = new Map<string, number>();
  const indices: number[] = [];
  const read: { quote: ChainQuote; seconds: number; expires: number; symbol: string }[] = [];
  for (const row of csvTable(source, text, DERIBIT_DEPTH_COLUMNS)) {
    const cells = new Cells(row, issues);
    const name = row.cell('instrument_name');
    const before = names.get(name);
    if (before !== undefined) cells.fault('instrument_name', `each instrument once (it is on line ${before} too)`);
    names.set(name, row.line);
    const index = cells.positive('index_price');
    const one = rowQuote(row, cells);
    if (one === undefined || index === undefined) continue;
    if (read[0] !== undefined && one.symbol !== read[0].symbol) cells.fault('instrument_name', `one underlying, ${read[0].symbol}`);
    read.push(one);
    indices.push(index);
  }
  refuseFaults(source, issues);
  const now = read.reduce((latest, { seconds }) => Math.max(latest, seconds), 0);
  const quotes = read.map(({ quote, seconds, expires }) => ({
    ...quote,
    years: (expires - now) / SECONDS_PER_YEAR,
    ageSeconds: now - seconds,
  }));
  return {
    ...{ source, symbol: read[0]?.symbol ?? '', at: isoTime(now), index: median(indices), venue: 'Deribit' },
    ...{ settlement: 'coin', tickSize: TICK_SIZE, quotes },
  };
}

function rowQuote(row: Row<Column>, cells: Cells<Column>) {
  const moment = (column: 'timestamp' | 'expiration_timestamp'): number | undefined => {
    const millis = cells.positive(column);
    return millis === undefined || (millis > 1e12 && millis < 1e14) ? millis : cells.fault(column, 'milliseconds since 1970');
  };
  const millis = moment('timestamp');
  const expiryMillis = moment('expiration_timestamp');
  const type = row.cell('option_type');
  const right = type === 'call' || type === 'put' ? type : cells.fault('option_type', 'call or put');
  const strike = cells.positive('strike');
  const forwardHint = cells.positive('underlying_price');
  const markVol = (cells.optional('mark_iv') ?? 0) / 100;
  const openInterest = cells.optional('open_interest');
  const price = (side: 'bid' | 'ask'): number | undefined => {
    const value = cells.optional(`best_${side}_price`);
    const amount = cells.optional(`best_${side}_amount`);
    return value === undefined || value === 0 || amount === 0 ? undefined : value;
  };
  const [bidCoin, askCoin] = [price('bid'), price('ask')];
  if (!cells.sound || millis === undefined || expiryMillis === undefined || right === undefined) return undefined;
  if (strike === undefined || forwardHint === undefined) return undefined;
  const expires = expiryMillis / 1000;
  const label = dayLabel(dayAt(Math.floor(expires / SECONDS_PER_DAY)));
  const name = row.cell('instrument_name');
  const symbol = name.split('-')[0] ?? '';
  const expected = [symbol, label, strike, right === 'call' ? 'C' : 'P'].join('-');
  if (symbol === '' || name !== expected) return cells.fault('instrument_name', `${expected}, as the row's other columns say`);
  const quote: ChainQuote = {
    ...{ expiry: isoTime(expires), label, years: 0, strike, right, forwardHint },
    ...(bidCoin === undefined ? {} : { bidCoin, bid: bidCoin * forwardHint }),
    ...(askCoin === undefined ? {} : { askCoin, ask: askCoin * forwardHint }),
    ...(markVol > 0 ? { markVol } : {}),
    ...(openInterest === undefined ? {} : { openInterest }),
  };
  return { quote, seconds: millis / 1000, expires, symbol };
}
