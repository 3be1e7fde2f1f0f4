import type { Issue } from '../core/assert.ts';
import { refuse, refuseFaults } from './csv-table.ts';

/** After so many faults the rest of a file is not read: it is of another kind. */
const FAULTS_MAXIMUM = 20;

/**
 * The rows of a plain table: cells between commas that hold none themselves, with or without a header line. Made for long files of numbers: a row is
 * read, checked, and gone.
 *
 * Faults are collected; {@link end} throws them.
 */
export class NumberRows<Column extends string> {
  /** 1-based, of the row that is being read. */
  line = 0;
  readonly #source: string;
  readonly #columns: readonly Column[];
  readonly #issues: Issue[] = [];
  #cells: readonly string[] = [];
  /** Place of each column in a row. */
  #places: readonly number[];

  constructor(source: string, columns: readonly Column[]) {
    this.#source = source;
    this.#columns = columns;
    this.#places = columns.map((_, place) => place);
  }

  /**
   * Calls `visit` for every row, blank lines left out, until there are 20 faults. A first line whose first cell is no number is the
   * header, and goes to `header`, which says where each column is, or nothing where the order is the usual one.
   * @throws InputError when the text is not text, or has no rows.
   */
  each(text: string, header: (names: readonly string[], line: number) => readonly number[] | undefined, visit: () => void): void {
    // A file that was decoded although it is not text has NULs, or the mark that stands for bytes without a meaning.
    if (/[\0\uFFFD]/.test(text)) refuse(this.#source, 'is not a text file (it holds bytes that are not UTF-8 text)');
    let rows = 0;
    this.line = 0;
    for (let start = text.startsWith('\uFEFF') ? 1 : 0; start < text.length && this.#issues.length < FAULTS_MAXIMUM; ) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      const row = text.slice(start, end).trim();
      start = end + 1;
      this.line += 1;
      if (row === '') continue;
      this.#cells = row.split(',');
      rows += 1;
      if (rows === 1 && /[a-z]/i.test(this.#cells[0] ?? '')) this.#places = header(this.#cells, this.line) ?? this.#places;
      else visit();
    }
    if (rows === 0) refuse(this.#source, `is empty; expected rows of ${this.#columns.join(', ')}`);
  }

  /** Number of cells of the row. */
  get width(): number {
    return this.#cells.length;
  }

  /** True when the row has that many cells; notes the fault otherwise. */
  hasWidth(width: number): boolean {
    if (this.width === width) return true;
    this.#issues.push({ path: '', message: `has ${this.width} cells, expected ${width}`, line: this.line });
    return false;
  }

  /** Trimmed, and without quotes around it. */
  text(place: number): string {
    const cell = (this.#cells[this.#places[place] ?? place] ?? '').trim();
    return cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1) : cell;
  }

  /** The number in a cell when `accepts` takes it, else NaN and a fault that says what was `expected`. */
  number(place: number, expected: string, accepts: (value: number) => boolean): number {
    const text = this.text(place);
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (accepts(value)) return value;
    this.fault(place, expected);
    return Number.NaN;
  }

  /** As {@link number}, for whole numbers from `least` up. */
  whole(place: number, least: number): number {
    return this.number(place, `a whole number${least > Number.MIN_SAFE_INTEGER ? ` from ${least} up` : ''}`, (value) => {
      return Number.isSafeInteger(value) && value >= least;
    });
  }

  fault(place: number, expected: string): void {
    const path = this.#columns[place % this.#columns.length] ?? '';
    this.#issues.push({ path, message: `expected ${expected}, found '${this.text(place).slice(0, 40)}'`, line: this.line });
  }

  /** @throws InputError when there were faults, or no row under the header. */
  end(rows: number): void {
    refuseFaults(this.#source, this.#issues);
    if (rows === 0) refuse(this.#source, 'has a header and no rows');
  }
}
