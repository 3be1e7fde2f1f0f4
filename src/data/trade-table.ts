import { InputError, type Issue } from '../core/assert.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import type { Right } from '../market/instrument.ts';
import { Cells, csvTable, type Row, refuseFaults } from './csv-table.ts';
import { columnsOf, headerOf } from './header-columns.ts';
import { tableTime } from './table-time.ts';

/** What each column may be called, in small letters. */
const NAMES = {
  time: ['time', 'timestamp', 'timestamp_utc', 'datetime', 'ts'],
  side: ['side', 'direction', 'aggressor', 'taker_side'],
  size: ['size', 'amount', 'qty', 'quantity', 'volume'],
  price: ['price'],
  iv: ['iv', 'implied_vol', 'impliedvol', 'impliedvolatility', 'implied_volatility'],
  strike: ['strike'],
  expiry: ['expiry', 'expiration', 'expiry_utc', 'expiry_datetime'],
  right: ['right', 'type', 'option_type', 'optiontype'],
  spot: ['spot', 'index', 'index_price', 'indexprice', 'underlying_price'],
} as const;
const NEEDED = ['time', 'side', 'size', 'price'] as const;
const OF_OPTIONS = ['iv', 'strike', 'expiry', 'right', 'spot'] as const;
/** A vol above this is in percentage points. */
const VOL_MAXIMUM = 5;

/** The columns by which a table of trades is known, for messages. */
export const TRADE_COLUMNS = `${NEEDED.join(', ')}, and for options ${OF_OPTIONS.join(', ')}`;

/** One trade of a tape. */
export interface TableTrade {
  /** Since 1970. */
  readonly seconds: number;
  /** Of the taker. */
  readonly side: 'buy' | 'sell';
  readonly size: number;
  readonly price: number;
  readonly option?: {
    readonly strike: number;
    readonly right: Right;
    readonly years: number;
    /** Annual fraction. */
    readonly vol: number;
    readonly spot: number;
  };
}

/** Whether a header line is that of trades. */
export function isTradeTable(text: string): boolean {
  const columns = columnsOf(headerOf(text), NAMES);
  return NEEDED.every((field) => columns[field] !== undefined);
}

/**
 * Reads trades from a table: time ({@link tableTime}), side of the taker (`buy` or `sell`, `b` or `s`, `1` or `-1`), size in contracts,
 * price. With vol, strike, expiry, right (`call`, `put`, `C`, `P`) and price of the underlying in the header, a row that has them all says what
 * was traded. Vols are fractions, or percentage points where the median is above 5. Rows may come in any order of time, forward or back.
 * @throws InputError naming line and column of what is wrong, the first 20 in full.
 */
export function readTradeTable(source: string, text: string): TableTrade[] {
  const columns = columnsOf(headerOf(text), NAMES);
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  if (missing.length > 0) {
    throw new InputError(
      source,
      missing.map((field) => ({ path: field, message: `no column ${NAMES[field].join(' or ')}`, line: 1 })),
    );
  }
  const rows = csvTable(source, text, Object.values(columns));
  const issues: Issue[] = [];
  const hasOptions = OF_OPTIONS.every((field) => columns[field] !== undefined);
  const inPercent = hasOptions && isInPercent(rows, columns.iv ?? '');
  const trades = rows.flatMap((row): TableTrade[] => {
    const cells = new Cells(row, issues);
    const time = columns.time ?? '';
    const seconds =
      tableTime(row.cell(time)) ?? cells.fault(time, 'a time like 2026-01-02T16:26:24Z, or a number of seconds or milliseconds');
    const sideColumn = columns.side ?? '';
    const side = sideOf(row.cell(sideColumn)) ?? cells.fault(sideColumn, 'buy or sell');
    const [size, price] = [cells.positive(columns.size ?? ''), cells.positive(columns.price ?? '')];
    const option = hasOptions ? optionOf(row, cells, columns, seconds ?? 0, inPercent) : undefined;
    if (!cells.sound || seconds === undefined || side === undefined || size === undefined || price === undefined) return [];
    return [{ seconds, side, size, price, ...(option === undefined ? {} : { option }) }];
  });
  refuseFaults(source, issues);
  // In a stable sort matches of one order keep their places.
  return trades.sort((a, b) => a.seconds - b.seconds);
}

type Columns = Partial<Record<keyof typeof NAMES, string>>;

/** Undefined, and no fault, where a cell of it is blank or the expiry is over. */
function optionOf(row: Row<string>, cells: Cells<string>, columns: Columns, seconds: number, inPercent: boolean): TableTrade['option'] {
  if (OF_OPTIONS.some((field) => row.cell(columns[field] ?? '') === '')) return undefined;
  const [expiry, rightColumn] = [columns.expiry ?? '', columns.right ?? ''];
  const ends = tableTime(row.cell(expiry)) ?? cells.fault(expiry, 'a time like 2026-01-02T08:00:00Z');
  const right = rightOf(row.cell(rightColumn)) ?? cells.fault(rightColumn, 'call or put');
  const [vol, strike, spot] = [cells.optional(columns.iv ?? ''), cells.positive(columns.strike ?? ''), cells.positive(columns.spot ?? '')];
  if (ends === undefined || right === undefined || vol === undefined || strike === undefined || spot === undefined) return undefined;
  const years = (ends - seconds) / SECONDS_PER_YEAR;
  return years > 0 && vol > 0 ? { strike, right, years, vol: inPercent ? vol / 100 : vol, spot } : undefined;
}

function isInPercent(rows: readonly Row<string>[], column: string): boolean {
  const vols = rows.flatMap((row) => (row.cell(column) === '' ? [] : [Number(row.cell(column))])).sort((a, b) => a - b);
  return (vols[vols.length >> 1] ?? 0) > VOL_MAXIMUM;
}

function sideOf(text: string): 'buy' | 'sell' | undefined {
  if (/^(b|buy|bid|1|\+1)$/i.test(text)) return 'buy';
  return /^(s|sell|ask|-1)$/i.test(text) ? 'sell' : undefined;
}

function rightOf(text: string): Right | undefined {
  if (/^(c|call)$/i.test(text)) return 'call';
  return /^(p|put)$/i.test(text) ? 'put' : undefined;
}
