import { InputError, type Issue } from '../core/assert.ts';
import { Cells, csvTable, refuseFaults } from './csv-table.ts';
import { columnsOf, headerOf } from './header-columns.ts';
import { tableTime } from './table-time.ts';

const TIME = { time: ['timestamp_utc', 'datetime_utc', 'timestamp', 'timestamp_ms', 'time', 'datetime', 'date'] } as const;
const SPOT = { spot: ['index_price', 'spot', 'index', 'spy', 'spx', 'underlying'] } as const;
/** Names of indices with a tenor that is not in them, in days. */
const INDICES: Readonly<Record<string, number>> = {
  vix1d: 1,
  vix9d: 9,
  vix: 30,
  vix3m: 91,
  vix6m: 182,
  vix1y: 365,
  dvol: 30,
  dvol_close: 30,
};
/** A vol above this is in percentage points. */
const VOL_MAXIMUM = 5;

/** The columns by which a panel of vols is known, for messages. */
export const VOL_COLUMNS = 'time or date, and vols by tenor such as 7d, atm_30d, iv_90d, vix9d, vix, vix3m or dvol_close';

/** Vols at one time. */
export interface VolRow {
  /** Since 1970. */
  readonly seconds: number;
  /** Price of the underlying; undefined where the cell is blank or there is no column. */
  readonly spot: number | undefined;
  /** At-the-money vol by tenor in days, annual fractions, of the cells that are not blank. */
  readonly vols: ReadonlyMap<number, number>;
  /** Vol of the 25-delta call less that of the put by tenor in days. */
  readonly riskReversals: ReadonlyMap<number, number>;
}

interface NamedTenor {
  readonly name: string;
  readonly days: number;
}

/** Tenor in days that a column of at-the-money vols names. */
function tenorOf(name: string): number | undefined {
  const days = /^(?:atm|iv|vol|atm_vol|atm_iv)?_?(\d+)_?d$/i.exec(name)?.[1];
  return days === undefined ? INDICES[name.toLowerCase()] : Number(days);
}

function reversalOf(name: string): number | undefined {
  const days = /^rr25_?(\d+)_?d$/i.exec(name)?.[1];
  return days === undefined ? undefined : Number(days);
}

/** Whether a header line is that of vols over time. */
export function isVolTable(text: string): boolean {
  const header = headerOf(text);
  return columnsOf(header, TIME).time !== undefined && header.some((name) => tenorOf(name) !== undefined);
}

/**
 * Reads vols over time from a table: a time ({@link tableTime}), a column of at-the-money vols per tenor (`7d`, `atm_30d`, `vix3m`, …), and
 * where there are some, 25-delta risk reversals as call less put (`rr25_30d`) and the price of the underlying. Vols and risk reversals are
 * fractions, or percentage points where the median vol is above 5. Where a column `currency` names several, the first row's is read. Rows without
 * any vol are left out.
 * @throws InputError naming line and column of what is wrong, the first 20 in full.
 */
export function readVolTable(source: string, text: string): VolRow[] {
  const header = headerOf(text);
  const time = columnsOf(header, TIME).time;
  const { spot } = columnsOf(header, SPOT);
  const { currency } = columnsOf(header, { currency: ['currency', 'coin', 'symbol'] });
  const named = (daysOf: (name: string) => number | undefined): NamedTenor[] =>
    header.flatMap((name) => {
      const days = daysOf(name);
      return days === undefined ? [] : [{ name, days }];
    });
  const [vols, reversals] = [named(tenorOf), named(reversalOf)];
  if (time === undefined || vols.length === 0) {
    throw new InputError(source, [{ path: '', message: `expected the columns ${VOL_COLUMNS}`, line: 1 }]);
  }
  const chosen = [time, ...vols.map(({ name }) => name), ...reversals.map(({ name }) => name)];
  const others = [spot, currency].flatMap((name) => name ?? []);
  const rows = csvTable(source, text, [...chosen, ...others]);
  const first = currency === undefined ? '' : (rows[0]?.cell(currency) ?? '');
  const issues: Issue[] = [];
  const read = rows.flatMap((row): VolRow[] => {
    if (currency !== undefined && row.cell(currency) !== first) return [];
    const cells = new Cells(row, issues);
    const seconds = tableTime(row.cell(time)) ?? cells.fault(time, 'a time like 2026-01-02T16:26:24Z, a day, or a number of milliseconds');
    const found = (columns: readonly NamedTenor[], isSigned: boolean): Map<number, number> =>
      new Map(
        columns.flatMap(({ name, days }): [number, number][] => {
          const value = isSigned ? signed(cells, name) : row.cell(name) === '' ? undefined : cells.positive(name);
          return value === undefined ? [] : [[days, value]];
        }),
      );
    const one = {
      spot: spot === undefined ? undefined : cells.optional(spot),
      vols: found(vols, false),
      riskReversals: found(reversals, true),
    };
    return seconds === undefined || one.vols.size === 0 ? [] : [{ seconds, ...one }];
  });
  refuseFaults(source, issues);
  return inFractions(read).sort((a, b) => a.seconds - b.seconds);
}

/** A number of either sign; blank is undefined, and no fault. */
function signed(cells: Cells<string>, column: string): number | undefined {
  const text = cells.row.cell(column);
  if (text === '') return undefined;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : cells.fault(column, 'a number or a blank');
}

function inFractions(rows: readonly VolRow[]): VolRow[] {
  const all = rows.flatMap(({ vols }) => [...vols.values()]).sort((a, b) => a - b);
  const scale = (all[all.length >> 1] ?? 0) > VOL_MAXIMUM ? 100 : 1;
  const scaled = (values: ReadonlyMap<number, number>): Map<number, number> =>
    new Map([...values].map(([days, value]) => [days, value / scale]));
  return rows.map((row) => ({ ...row, vols: scaled(row.vols), riskReversals: scaled(row.riskReversals) }));
}
