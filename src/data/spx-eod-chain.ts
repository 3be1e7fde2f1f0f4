import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import type { Issue } from '../core/assert.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import { dayLabel, isoTime, newYorkSeconds } from './calendar.ts';
import { Cells, csvTable, type Row, refuseFaults } from './csv-table.ts';
import { snapshotChoice } from './snapshot-choice.ts';

/** What the layout `spx-eod` must have. */
export const SPX_EOD_COLUMNS = [
  'underlying',
  'underlying_last',
  'optionroot',
  'type',
  'expiration',
  'quotedate',
  'strike',
  'bid',
  'ask',
  'volume',
  'openinterest',
] as const;
type Column = (typeof SPX_EOD_COLUMNS)[number];

/** The cash market and the options that settle at its close both end at 16:00 in New York. */
const CLOSE_HOUR = 16;
/** Of S&P 500 index options below three dollars; above it is a multiple of this. */
const TICK_SIZE = 0.05;

/**
 * Reads one day of a vendor's end-of-day chains of SPXW options, which settle at the close.
 *
 * Layout: days as mm/dd/yyyy, dollars per unit of index, one row per option and day, several days in a file. Quotes are taken to
 * be of 16:00 New York time, and an option expires at 16:00 of its day. A side of 0 is nobody's quote. The vendor's vols and
 * Greeks are not read.
 * @param date the wanted day as yyyy-mm-dd; the first one by default.
 * @throws InputError naming line and column of what is wrong, or the days when there is no such day.
 */
export function readSpxEodChain(source: string, text: string, date?: string): ChainSnapshot {
  const rows = csvTable(source, text, SPX_EOD_COLUMNS);
  const wanted = snapshotChoice(source, '--date', rows.map(isoDay), date);
  const issues: Issue[] = [];
  const lineOf = new Map<string, number>();
  const indices: number[] = [];
  const quotes: ChainQuote[] = [];
  let [symbol, at] = ['', ''];
  for (const row of rows) {
    if (isoDay(row) !== wanted) continue;
    const cells = new Cells(row, issues);
    symbol ||= row.cell('underlying');
    if (row.cell('underlying') !== symbol) cells.fault('underlying', `one underlying, ${symbol}`);
    const before = lineOf.get(row.cell('optionroot'));
    if (before !== undefined) cells.fault('optionroot', `each option once a day (it is on line ${before} too)`);
    lineOf.set(row.cell('optionroot'), row.line);
    indices.push(cells.positive('underlying_last') ?? Number.NaN);
    const day = cells.day('quotedate', 'american');
    const quote = quoteOf(row, cells, day === undefined ? 0 : newYorkSeconds(day, CLOSE_HOUR, 0));
    if (day !== undefined) at = isoTime(newYorkSeconds(day, CLOSE_HOUR, 0));
    if (quote !== undefined) quotes.push(quote);
  }
  refuseFaults(source, issues);
  const index = median(indices);
  return { source, symbol, at, index, venue: 'Cboe (end of day)', settlement: 'dollar', tickSize: TICK_SIZE, quotes };
}

/** The day of a row as yyyy-mm-dd, or the cell as it is where it is no day. */
function isoDay(row: Row<Column>): string {
  return row.cell('quotedate').replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$1-$2');
}

function quoteOf(row: Row<Column>, cells: Cells<Column>, now: number): ChainQuote | undefined {
  const day = cells.day('expiration', 'american');
  const type = row.cell('type');
  const right = type === 'call' || type === 'put' ? type : cells.fault('type', 'call or put');
  const strike = cells.positive('strike');
  const [bid, ask] = [cells.optional('bid'), cells.optional('ask')];
  const [volume, openInterest] = [cells.optional('volume'), cells.optional('openinterest')];
  if (!cells.sound || day === undefined || right === undefined || strike === undefined) return undefined;
  const expires = newYorkSeconds(day, CLOSE_HOUR, 0);
  return {
    ...{ expiry: isoTime(expires), label: dayLabel(day), years: (expires - now) / SECONDS_PER_YEAR, strike, right },
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
    ...(volume === undefined ? {} : { volume }),
    ...(openInterest === undefined ? {} : { openInterest }),
  };
}
