import { CsvError, parse } from 'csv-parse/sync';
import type { ChainQuote, ChainSnapshot } from '../calibration/chain-snapshot.ts';
import { median } from '../calibration/median.ts';
import { InputError, type Issue } from '../core/assert.ts';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../core/units.ts';
import type { Right } from '../market/instrument.ts';

const CURRENCIES = ['BTC', 'ETH'] as const;
export type DeribitCurrency = (typeof CURRENCIES)[number];

const COLUMNS = [
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
type Column = (typeof COLUMNS)[number];

/** A file with more faults than this is of another kind: the rest is only counted. */
const ISSUES_MAXIMUM = 20;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

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
  const rows = table(source, text);
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
  if (issues.length > ISSUES_MAXIMUM) {
    const more = issues.length - ISSUES_MAXIMUM;
    issues.splice(ISSUES_MAXIMUM, more, { path: '', message: `and ${more} more faults` });
  }
  if (issues.length > 0) throw new InputError(source, issues);
  return { source, symbol: currency, at, index: median(indices), settlement: 'coin', quotes };
}

interface Row {
  readonly line: number;
  cell(column: Column): string;
}

/** Rows under a checked header. Faults of the file as a whole end the reading here. */
function table(source: string, text: string): Row[] {
  const refuse = (message: string, line?: number): never => {
    throw new InputError(source, [line === undefined ? { path: '', message } : { path: '', message, line }]);
  };
  // A file that was decoded although it is not text has NULs, or the mark that stands for bytes without a meaning.
  if (/[\0\uFFFD]/.test(text)) refuse('is not a text file (it holds bytes that are not UTF-8 text)');
  if (text.trim() === '') refuse('is empty; expected a CSV file with a header line');
  let records: { record: string[]; info: { lines: number } }[];
  try {
    // The types of csv-parse do not know that `info` wraps each record.
    records = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return refuse('a quote opens on this line and is never closed', openQuoteLine(text));
    return refuse(`is not well-formed CSV: ${error.message}`);
  }
  const header = (records[0]?.record ?? []).map((name) => name.trim());
  const issues: Issue[] = [];
  for (const column of COLUMNS) {
    const count = header.filter((name) => name === column).length;
    if (count === 1) continue;
    const like = header.find((name) => name.toLowerCase().replace(/[^a-z]/g, '') === column.replace(/_/g, ''));
    const message = count > 1 ? `is in the header ${count} times` : `column is missing${like === undefined ? '' : `; found '${like}'`}`;
    issues.push({ path: column, message: `${message}; expected the columns ${COLUMNS.join(', ')}`, line: 1 });
  }
  if (issues.length > 0) throw new InputError(source, issues);
  const body = records.slice(1);
  for (const { record, info } of body) {
    if (record.length !== header.length) refuse(`has ${record.length} cells, the header has ${header.length}`, info.lines);
  }
  if (body.length === 0) refuse('has a header and no rows');
  const place = new Map(COLUMNS.map((column) => [column, header.indexOf(column)]));
  return body.map(({ record, info }) => ({ line: info.lines, cell: (column) => (record[place.get(column) ?? -1] ?? '').trim() }));
}

/** The line on which the quote that is still open at the end of the text was opened. */
function openQuoteLine(text: string): number {
  let open = false;
  let opened = 1;
  for (const [index, line] of text.split('\n').entries()) {
    const odd = ((line.match(/"/g) ?? []).length & 1) === 1;
    if (odd && !open) opened = index + 1;
    if (odd) open = !open;
  }
  return opened;
}

/** The cells of one row, read as what they ought to be; what they are not is noted. */
class Cells {
  readonly row: Row;
  readonly #issues: Issue[];
  /** False once a cell of this row was found at fault. */
  sound = true;

  constructor(row: Row, issues: Issue[]) {
    this.row = row;
    this.#issues = issues;
  }

  fault(column: Column, expected: string): undefined {
    this.sound = false;
    this.#issues.push({
      path: column,
      message: `expected ${expected}, found '${this.row.cell(column).slice(0, 40)}'`,
      line: this.row.line,
    });
  }

  /** Blank is undefined, and no fault. */
  optional(column: Column): number | undefined {
    const text = this.row.cell(column);
    if (text === '') return undefined;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value)) return this.fault(column, 'a number or a blank');
    return value < 0 ? this.fault(column, 'no negative number') : value;
  }

  positive(column: Column): number | undefined {
    const value = this.optional(column);
    return value !== undefined && value > 0 ? value : this.sound ? this.fault(column, 'a number above 0') : undefined;
  }

  time(column: Column): UtcTime | undefined {
    const text = this.row.cell(column);
    const parts = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d(?:\.\d{1,9})?)(?:Z|\+00:?00)$/.exec(text);
    if (parts === null) return this.fault(column, 'a time in UTC like 2026-01-02T16:26:24+00:00');
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
    const days = daysSince1970(year, month, day);
    const nextMonth = month === 12 ? daysSince1970(year + 1, 1, 1) : daysSince1970(year, month + 1, 1);
    const exists = month >= 1 && month <= 12 && day >= 1 && days < nextMonth && hour < 24 && minute < 60 && second < 60;
    if (!exists) return this.fault(column, 'a time that exists');
    const label = `${day}${MONTHS[month - 1] ?? ''}${String(year).slice(2)}`;
    return { seconds: days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second, label };
  }
}

interface UtcTime {
  /** Since 1970, with their fraction. */
  readonly seconds: number;
  /** As Deribit writes the day: `2JAN26`. */
  readonly label: string;
}

/** Days from 1 January 1970 to a day of the Gregorian calendar, counted in years that start in March (Hinnant 2013). */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

function quoteOf(cells: Cells): ChainQuote | undefined {
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
