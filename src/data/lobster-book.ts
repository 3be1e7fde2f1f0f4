import { InputError } from '../core/assert.ts';
import { type Lots, lots, type Ticks, ticks } from '../core/units.ts';
import type { Side } from '../market/order.ts';
import { refuse } from './csv-table.ts';
import { NumberRows } from './number-rows.ts';

const COLUMNS = ['ask price', 'ask size', 'bid price', 'bid size'] as const;
const WIDTH = COLUMNS.length;
/** What stands for the price of a level that there is not, with either sign. */
const NO_PRICE = 9_999_999_999;

/** The book after each message of a LOBSTER file, to a fixed number of levels. Rows and levels count from 0. */
export class LobsterBook {
  /** Levels per side. */
  readonly levels: number;
  /** Row by row; level by level; price and size of the ask, price and size of the bid. */
  readonly #cells: readonly number[];

  constructor(levels: number, cells: readonly number[]) {
    this.levels = levels;
    this.#cells = cells;
  }

  get rows(): number {
    return this.#cells.length / (WIDTH * this.levels);
  }

  /** In units of 1/10,000 dollar; undefined where the side has fewer levels. */
  price(row: number, side: Side, level: number): Ticks | undefined {
    return this.lots(row, side, level) === 0 ? undefined : ticks(this.#cell(row, side, level, 0));
  }

  /** Shares; 0 where the side has fewer levels. */
  lots(row: number, side: Side, level: number): Lots {
    return lots(this.#cell(row, side, level, 1));
  }

  #cell(row: number, side: Side, level: number, place: number): number {
    return this.#cells[WIDTH * (row * this.levels + level) + (side === 'buy' ? 2 : 0) + place] ?? 0;
  }
}

/**
 * Reads an order-book file of LOBSTER: per level ask price, ask size, bid price, bid size; a level that there is not has the price
 * ±9999999999 and size 0. The number of levels is that of the first row. The files have no header; one is allowed.
 * @param messages number of rows of the message file: the two belong together row by row.
 * @throws InputError naming line and column of what is wrong: the first 20 faults.
 */
export function readLobsterBook(source: string, text: string, messages: number): LobsterBook {
  const rows = new NumberRows(source, COLUMNS);
  const cells: number[] = [];
  let width = 0;
  let count = 0;
  const header = (names: readonly string[], line: number): undefined => {
    if (!/ask|offer/i.test(names[0] ?? '') || !/bid/i.test(names[2] ?? '')) {
      refuse(source, `has the header '${names.join(',').slice(0, 80)}', expected per level ${COLUMNS.join(', ')}`, line);
    }
  };
  rows.each(text, header, () => {
    if (width === 0) {
      width = rows.width;
      if (width % WIDTH !== 0) refuse(source, `has ${width} cells, expected four per level: ${COLUMNS.join(', ')}`, rows.line);
    }
    if (!rows.hasWidth(width)) return;
    count += 1;
    for (let place = 0; place < width; place += 2) {
      const size = rows.whole(place + 1, 0);
      const isEmpty = size === 0;
      const expected = isEmpty ? `${NO_PRICE} or -${NO_PRICE} for a level of size 0` : 'a price in 1/10,000 dollar';
      const price = rows.number(place, expected, (value) => {
        return isEmpty ? Math.abs(value) === NO_PRICE : Number.isSafeInteger(value) && value > 0 && value < NO_PRICE;
      });
      cells.push(price, size);
    }
  });
  rows.end(count);
  if (count !== messages) {
    throw new InputError(source, [
      { path: '', message: `has ${count} rows, the message file has ${messages}: they belong together row by row` },
    ]);
  }
  return new LobsterBook(width / WIDTH, cells);
}
