import { InputError, type Issue } from '../core/assert.ts';

/** Columns computed from others of a table, row by row. */
export interface ColumnPlan {
  /** Columns that must be there, in the order that `cells` gets them. */
  readonly needed: readonly string[];
  /** Columns that come behind all others, in the order that `cells` gives them. */
  readonly added: readonly string[];
  /** The added cells of a row that has not as many cells as the header. */
  unfit(): string;
  /** The added cells of one row, joined by commas. @param texts the needed cells, without quotes, as they stand. */
  cells(texts: readonly string[]): string;
}

/** A quote that is not closed within so many characters was not meant as one. */
const RECORD_MAXIMUM = 1_048_576;
/** What a byte order mark of UTF-8 looks like as Latin-1. */
const MARK = '\u00EF\u00BB\u00BF';

/**
 * Adds columns to a CSV text that comes in parts, keeping what is there byte for byte: quotes, line ends, blank lines, a byte order mark.
 *
 * Parts are Latin-1 decoded bytes (`toString('latin1')`), whatever the encoding, and so is what comes out: that way no byte is lost, and
 * none of those that CSV gives a meaning to is ever part of another character in UTF-8. Memory holds one part and one record.
 */
export class AddedColumns {
  readonly #source: string;
  readonly #plan: ColumnPlan;
  readonly #picked: string[];
  #places: readonly number[] = [];
  #width = 0;
  #line = 1;
  #rest = '';

  /** @param source names the table in messages. */
  constructor(source: string, plan: ColumnPlan) {
    this.#source = source;
    this.#plan = plan;
    this.#picked = plan.needed.map(() => '');
  }

  /**
   * All records that are complete by now, with their new cells.
   * @throws InputError when the header lacks a column, has one twice or has an added one already, or a quote is never closed.
   */
  push(part: string): string {
    const text = this.#rest + part;
    // The mark is no part of the first cell, which may be in quotes.
    let start = this.#width === 0 && text.startsWith(MARK) ? MARK.length : 0;
    let out = text.slice(0, start);
    for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', end + 1)) {
      const cells = cellsOf(text.slice(start, end));
      if (cells === undefined) continue;
      out += `${this.#record(text.slice(start, end), cells)}\n`;
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > RECORD_MAXIMUM)
      this.#refuse(`has a record of more than ${RECORD_MAXIMUM} characters: is a quote never closed?`);
    return out;
  }

  /** What is left when no more parts come: a last line without a line end. Throws as {@link push} does. */
  end(): string {
    const text = this.#rest;
    this.#rest = '';
    const cells = cellsOf(text);
    if (cells === undefined) return this.#refuse('has a quote on this line that is never closed');
    const out = text === '' ? '' : this.#record(text, cells);
    if (this.#width === 0) this.#refuse('is empty; expected a CSV file with a header line');
    return out;
  }

  #record(text: string, cells: readonly string[]): string {
    const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lineEnd = text.length === bare.length ? '' : '\r';
    const line = this.#line;
    this.#line += 1;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#line += 1;
    if (bare.trim() === '') return text;
    if (this.#width === 0) {
      this.#open(cells, line);
      return `${bare},${this.#plan.added.join(',')}${lineEnd}`;
    }
    if (cells.length !== this.#width) return `${bare},${this.#plan.unfit()}${lineEnd}`;
    const picked = this.#picked;
    for (const [i, place] of this.#places.entries()) picked[i] = cells[place] ?? '';
    return `${bare},${this.#plan.cells(picked)}${lineEnd}`;
  }

  #open(cells: readonly string[], line: number): void {
    const names = cells.map((name) => name.trim());
    const issues: Issue[] = [];
    const times = (column: string): number => names.filter((name) => name === column).length;
    for (const column of this.#plan.needed) {
      if (times(column) === 0)
        issues.push({ path: column, message: `column is missing; needed are ${this.#plan.needed.join(', ')}`, line });
      if (times(column) > 1) issues.push({ path: column, message: `is in the header ${times(column)} times`, line });
    }
    for (const column of this.#plan.added) {
      if (times(column) > 0) issues.push({ path: column, message: 'is in the header already, and is what would be added', line });
    }
    if (issues.length > 0) throw new InputError(this.#source, issues);
    this.#width = cells.length;
    this.#places = this.#plan.needed.map((column) => names.indexOf(column));
  }

  #refuse(message: string): never {
    throw new InputError(this.#source, [{ path: '', message, line: this.#line }]);
  }
}

/** Cells of one record without their quotes; undefined where a quote is still open at its end. */
function cellsOf(record: string): readonly string[] | undefined {
  const text = record.endsWith('\r') ? record.slice(0, -1) : record;
  if (!text.includes('"')) return text.split(',');
  const cells: string[] = [];
  for (let start = 0; start <= text.length; ) {
    if (text[start] !== '"') {
      const end = text.indexOf(',', start);
      const stop = end < 0 ? text.length : end;
      cells.push(text.slice(start, stop));
      start = stop + 1;
      continue;
    }
    let close = text.indexOf('"', start + 1);
    while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    if (close < 0) return undefined;
    // What follows the closing quote, up to the next comma, belongs to no value.
    const end = text.indexOf(',', close + 1);
    const stop = end < 0 ? text.length : end;
    cells.push(text.slice(start + 1, close).replaceAll('""', '"') + text.slice(close + 1, stop));
    start = stop + 1;
  }
  return cells;
}
