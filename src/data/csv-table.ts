import { CsvError, parse } from 'csv-parse/sync';
import { InputError, type Issue } from '../core/assert.ts';
import { type Day, dayLabel, exists, utcSeconds } from './calendar.ts';

/** A file with more faults than this is of another kind: the rest is only counted. */
const ISSUES_MAXIMUM = 20;

/** One line of a table. */
export interface Row<Column extends string> {
  /** 1-based, in the text. */
  readonly line: number;
  /** Trimmed. */
  cell(column: Column): string;
}

/** One record as it stands in the text. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records of a text, blank lines left out.
 * @throws InputError when the text is not text, empty, or not CSV.
 */
export function csvRecords(source: string, text: string): CsvRecord[] {
  // A file that was decoded although it is not text has NULs, or the mark that stands for bytes without a meaning.
  if (/[\0\uFFFD]/.test(text)) refuse(source, 'is not a text file (it holds bytes that are not UTF-8 text)');
  if (text.trim() === '') refuse(source, 'is empty; expected a CSV file with a header line');
  try {
    // The types of csv-parse do not know that `info` wraps each record.
    const records = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return refuse(source, 'a quote opens on this line and is never closed', openQuoteLine(text));
    return refuse(source, `is not well-formed CSV: ${error.message}`);
  }
}

/**
 * Rows under a checked header, whose columns may come in any order and among others. Faults of the file as a whole end the
 * reading here.
 * @throws InputError when a column is missing or doubled, a row has another number of cells, or there is no row.
 */
export function csvTable<Column extends string>(source: string, text: string, columns: readonly Column[]): Row<Column>[] {
  const records = csvRecords(source, text);
  const header = (records[0]?.cells ?? []).map((name) => name.trim());
  const issues: Issue[] = [];
  for (const column of columns) {
    const count = header.filter((name) => name === column).length;
    if (count === 1) continue;
    const like = header.find((name) => name.toLowerCase().replace(/[^a-z]/g, '') === column.toLowerCase().replace(/[^a-z]/g, ''));
    const message = count > 1 ? `is in the header ${count} times` : `column is missing${like === undefined ? '' : `; found '${like}'`}`;
    issues.push({ path: column, message: `${message}; expected the columns ${columns.join(', ')}`, line: 1 });
  }
  if (issues.length > 0) throw new InputError(source, issues);
  const body = records.slice(1);
  for (const { cells, line } of body) {
    if (cells.length !== header.length) refuse(source, `has ${cells.length} cells, the header has ${header.length}`, line);
  }
  if (body.length === 0) refuse(source, 'has a header and no rows');
  const place = new Map<string, number>(columns.map((column) => [column, header.indexOf(column)]));
  return body.map(({ cells, line }) => ({ line, cell: (column) => (cells[place.get(column) ?? -1] ?? '').trim() }));
}

/** @throws InputError always, about the file or one line of it. */
export function refuse(source: string, message: string, line?: number): never {
  throw new InputError(source, [line === undefined ? { path: '', message } : { path: '', message, line }]);
}

/** @throws InputError with the first 20 faults and the number of the others, if there is one. */
export function refuseFaults(source: string, issues: readonly Issue[]): void {
  if (issues.length === 0) return;
  const more = issues.length - ISSUES_MAXIMUM;
  throw new InputError(source, more <= 0 ? issues : [...issues.slice(0, ISSUES_MAXIMUM), { path: '', message: `and ${more} more faults` }]);
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

/** A point in time, in UTC. */
export interface UtcTime {
  /** Since 1970, with their fraction. */
  readonly seconds: number;
  /** As Deribit writes the day: `2JAN26`. */
  readonly label: string;
}

/** The cells of one row, read as what they ought to be; what they are not is noted. */
export class Cells<Column extends string> {
  readonly row: Row<Column>;
  readonly #issues: Issue[];
  /** False once a cell of this row was found at fault. */
  sound = true;

  constructor(row: Row<Column>, issues: Issue[]) {
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
    const seconds = utcSeconds({ year, month, day }, hour, minute, second);
    return seconds === undefined ? this.fault(column, 'a time that exists') : { seconds, label: dayLabel({ year, month, day }) };
  }

  /** A day, written `iso` as 2026-01-02 or `american` as 01/02/2026. */
  day(column: Column, form: 'iso' | 'american'): Day | undefined {
    const text = this.row.cell(column);
    const parts = (form === 'iso' ? /^(\d{4})-(\d\d)-(\d\d)$/ : /^(\d\d)\/(\d\d)\/(\d{4})$/).exec(text)?.slice(1).map(Number);
    if (parts === undefined) return this.fault(column, form === 'iso' ? 'a day like 2026-01-02' : 'a day like 01/02/2026');
    const [a = 0, b = 0, c = 0] = parts;
    const day = form === 'iso' ? { year: a, month: b, day: c } : { year: c, month: a, day: b };
    return exists(day) ? day : this.fault(column, 'a day that exists');
  }
}
