import { InputError, type Issue } from '../core/assert.ts';
import type { DatedColumns, DatedTable } from '../core/dated-table.ts';
import { Cells, csvTable, refuse, refuseFaults } from './csv-table.ts';
import { columnsOf, headerOf } from './header-columns.ts';
import { tableTime } from './table-time.ts';

/** A column of numbers: what files call it, and what it may hold. */
export interface NumberColumn {
  /** In lower case, the first that a file has counts. */
  readonly names: readonly string[];
  /**
   * `vol`: above 0, an annual fraction, or percentage points where the median of all of them is above 5; `spread`: a difference of vols, of
   * either sign, in the same unit; `positive`: above 0; `any`: any number.
   */
  readonly holds: 'vol' | 'spread' | 'positive' | 'any';
}

/** Where a table has what is wanted of it. Columns may come in any order and among others. */
export interface TableLayout {
  /** What the layout is called in messages. */
  readonly name: string;
  readonly time: readonly string[];
  /** Column that tells assets apart, where files have one. */
  readonly asset?: readonly string[];
  /** By the name that the table will give them. */
  readonly columns: Readonly<Record<string, NumberColumn>>;
}

interface ReadRow {
  readonly seconds: number;
  readonly line: number;
  readonly values: readonly number[];
}

/** A vol above this is in percentage points. */
const VOL_MAXIMUM = 5;
const DAY_ALONE = /^(\d{4}-\d\d-\d\d|\d{1,2}\/\d{1,2}\/\d{4})$/;

/**
 * Reads numbers over time from CSV. Rows with a blank in any wanted column are left out and counted: exchanges print on days when others do
 * not. Rows may come in any order.
 *
 * @throws InputError naming line and column of what is wrong, the first 20 in full: a column that is missing, a time or a number that is none, a vol
 *   or price that is not above 0, two rows of one asset at one time, or no row without a blank.
 */
export function readDatedTable(source: string, text: string, layout: TableLayout): DatedTable {
  const header = headerOf(text);
  const wanted = Object.entries(layout.columns);
  const names = Object.fromEntries(wanted.map(([name, column]) => [name, column.names]));
  const found = columnsOf<string>(header, { ...names, '(time)': layout.time, '(asset)': layout.asset ?? [] });
  const time = found['(time)'];
  const asset = found['(asset)'];
  const places = wanted.map(([name]) => found[name]);
  if (time === undefined || places.includes(undefined)) throw missing(source, layout, header, time, places);
  const columns = places.flatMap((name) => name ?? []);
  const issues: Issue[] = [];
  const byAsset = new Map<string, ReadRow[]>();
  let blankRows = 0;
  for (const row of csvTable(source, text, [...new Set([time, ...columns, ...(asset === undefined ? [] : [asset])])])) {
    if (columns.some((name) => row.cell(name) === '')) {
      blankRows += 1;
      continue;
    }
    const cells = new Cells(row, issues);
    const at = row.cell(time);
    const known = tableTime(at) ?? cells.fault(time, 'a time like 2026-01-02T16:26:24Z, a day, or a number of seconds or milliseconds');
    const values = columns.map((name, i) => {
      const holds = wanted[i]?.[1].holds;
      return holds === 'vol' || holds === 'positive' ? cells.positive(name) : signed(cells, name);
    });
    if (known === undefined || values.includes(undefined)) continue;
    const name = asset === undefined ? '' : row.cell(asset);
    const rows = byAsset.get(name) ?? [];
    rows.push({ seconds: DAY_ALONE.test(at) ? known - 1 : known, line: row.line, values: values.flatMap((value) => value ?? []) });
    byAsset.set(name, rows);
  }
  for (const rows of byAsset.values()) {
    rows.sort((a, b) => a.seconds - b.seconds);
    rows.forEach(({ seconds, line }, i) => {
      const before = rows[i - 1];
      if (before?.seconds !== seconds) return;
      issues.push({ path: time, message: `is the time of line ${before.line} too; expected one row per time and asset`, line });
    });
  }
  refuseFaults(source, issues);
  if (byAsset.size === 0) refuse(source, `has no row without a blank in ${columns.join(', ')}`);
  const scale = volScale(wanted, [...byAsset.values()].flat());
  const assets = [...byAsset].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, rows]) => columnsFor(name, rows, wanted, scale));
  return { source, assets, blankRows };
}

function columnsFor(
  asset: string,
  rows: readonly ReadRow[],
  wanted: readonly (readonly [string, NumberColumn])[],
  scale: number,
): DatedColumns {
  const columns = wanted.map(([name, { holds }], i) => {
    const unit = holds === 'vol' || holds === 'spread' ? scale : 1;
    return [name, Float64Array.from(rows, ({ values }) => (values[i] ?? Number.NaN) / unit)] as const;
  });
  return { asset, seconds: Float64Array.from(rows, ({ seconds }) => seconds), columns: Object.fromEntries(columns) };
}

/** What one vol of 1.00 is in the file: 1, or 100. */
function volScale(wanted: readonly (readonly [string, NumberColumn])[], rows: readonly ReadRow[]): number {
  const vols = wanted
    .flatMap(([, { holds }], i) => (holds === 'vol' ? rows.map(({ values }) => values[i] ?? 0) : []))
    .sort((a, b) => a - b);
  return (vols[vols.length >> 1] ?? 0) > VOL_MAXIMUM ? 100 : 1;
}

function missing(
  source: string,
  layout: TableLayout,
  header: readonly string[],
  time: string | undefined,
  places: readonly (string | undefined)[],
): InputError {
  const columns = Object.values(layout.columns);
  const absent = [
    ...(time === undefined ? [layout.time.join(' or ')] : []),
    ...places.flatMap((place, i) => (place === undefined ? [columns[i]?.names.join(' or ') ?? ''] : [])),
  ];
  const message = `is no table of the layout ${layout.name}: it has no column ${absent.join(', and none ')}; found ${header.join(', ').slice(0, 200)}`;
  return new InputError(source, [{ path: '', message, line: 1 }]);
}

/** A number of either sign. */
function signed(cells: Cells<string>, column: string): number | undefined {
  const text = cells.row.cell(column);
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : cells.fault(column, 'a number or a blank');
}
