import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import type { Issue } from '../core/assert.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import { dayLabel, isoTime, newYorkSeconds } from './calendar.ts';
import { Cells, csvTable, type Row, refuseFaults } from './csv-table.ts';
import { onlySnapshot } from './snapshot-choice.ts';

/** What the layout `us-etf` must have. */
export const US_ETF_COLUMNS = [
  'contractSymbol',
  'expiry',
  'type',
  'strike',
  'bid',
  'ask',
  'volume',
  'openInterest',
  'lastTradeDate',
  'spot',
  'session',
] as const;
type Column = (typeof US_ETF_COLUMNS)[number];

/**
 * Reads a listed option chain of a US fund from a free web feed. The options are American and the fund pays dividends.
 *
 * Layout: `session` and `expiry` as yyyy-mm-dd, `lastTradeDate` as a time in UTC, `type` C or P, dollars per share. Options expire at
 * 16:00 in New York. The file has no time of its quotes: the latest trade that it knows of is taken for it, the earliest time at which
 * it can have been written. `spot` is the close of the session before and is not synchronous with the quotes; it only says roughly
 * where the money is, until parity does. A blank side is no quote, and open interest may be stale.
 * @param date the session as yyyy-mm-dd, if it is to be checked.
 * @throws InputError naming line and column of everything that is wrong, the first 20 in full.
 */
export function readUsEtfChain(source: string, text: string, date?: string): ChainSnapshot {
  const rows = csvTable(source, text, US_ETF_COLUMNS);
  const session = rows[0]?.cell('session') ?? '';
  onlySnapshot(source, '--date', session, date);
  const issues: Issue[] = [];
  const lineOf = new Map<string, number>();
  const spots: number[] = [];
  const read: { quote: ChainQuote; expires: number }[] = [];
  let [symbol, now] = ['', 0];
  for (const row of rows) {
    const cells = new Cells(row, issues);
    if (row.cell('session') !== session) cells.fault('session', `the session of the first row, ${session}: a snapshot has one time`);
    const name = row.cell('contractSymbol');
    const before = lineOf.get(name);
    if (before !== undefined) cells.fault('contractSymbol', `each contract once (it is on line ${before} too)`);
    lineOf.set(name, row.line);
    symbol ||= /^[A-Z]+/.exec(name)?.[0] ?? '';
    spots.push(cells.positive('spot') ?? Number.NaN);
    if (row.cell('lastTradeDate') !== '') now = Math.max(now, cells.time('lastTradeDate')?.seconds ?? 0);
    const one = rowQuote(row, cells, symbol);
    if (one !== undefined) read.push(one);
  }
  refuseFaults(source, issues);
  const quotes = read.map(({ quote, expires }) => ({ ...quote, years: (expires - now) / SECONDS_PER_YEAR }));
  return {
    ...{ source, symbol, at: isoTime(now), index: median(spots), venue: 'US options exchanges (web feed)', settlement: 'dollar' },
    ...{ exercise: 'american', tickSize: 0.01, indicative: true, quotes },
  };
}

function rowQuote(row: Row<Column>, cells: Cells<Column>, symbol: string): { quote: ChainQuote; expires: number } | undefined {
  const day = cells.day('expiry', 'iso');
  const type = row.cell('type');
  const right = type === 'C' ? 'call' : type === 'P' ? 'put' : cells.fault('type', 'C or P');
  const strike = cells.positive('strike');
  const [bid, ask] = [cells.optional('bid'), cells.optional('ask')];
  // A blank volume is a contract that has not traded in the session.
  const [volume = 0, openInterest] = [cells.optional('volume'), cells.optional('openInterest')];
  if (!cells.sound || day === undefined || right === undefined || strike === undefined) return undefined;
  const two = (value: number): string => String(value % 100).padStart(2, '0');
  const mills = String(Math.round(strike * 1000)).padStart(8, '0');
  const name = `${symbol}${two(day.year)}${two(day.month)}${two(day.day)}${type}${mills}`;
  if (symbol === '' || row.cell('contractSymbol') !== name) {
    return cells.fault('contractSymbol', `${name}, as the row's other columns say`);
  }
  const expires = newYorkSeconds(day, 16, 0);
  const quote: ChainQuote = {
    ...{ expiry: isoTime(expires), label: dayLabel(day), years: 0, strike, right, volume },
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
    ...(openInterest === undefined ? {} : { openInterest }),
  };
  return { quote, expires };
}
