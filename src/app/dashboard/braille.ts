import { invariant } from '../../core/assert.ts';
import type { Role, Theme } from './theme.ts';

/** Dots of a cell by row and column: the bit order of U+2800, which has the lowest row last. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * A drawing of dots on braille characters, 2 dots wide and 4 high to the cell. x grows to the right, y downwards, both in
 * dots. Dots outside are dropped. A cell has one style: that of the series drawn last there.
 */
export class BrailleCanvas {
  /** Size in dots. */
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #bits: Uint8Array;
  readonly #roles: (Role | undefined)[];
  readonly #glyphs = new Map<number, string>();

  /** @throws InvariantError when there is not at least one cell. */
  constructor(columns: number, rows: number) {
    invariant(columns >= 1 && rows >= 1, () => `a canvas of ${columns} x ${rows} cells`);
    this.#columns = columns;
    this.#rows = rows;
    this.width = columns * 2;
    this.height = rows * 4;
    this.#bits = new Uint8Array(columns * rows);
    this.#roles = new Array<Role | undefined>(columns * rows).fill(undefined);
  }

  dot(x: number, y: number, role: Role): void {
    if (!(x >= 0 && y >= 0 && x < this.width && y < this.height)) return;
    const cell = Math.floor(y / 4) * this.#columns + Math.floor(x / 2);
    const bit = DOTS[Math.floor(y) % 4]?.[Math.floor(x) % 2] ?? 0;
    this.#bits[cell] = (this.#bits[cell] ?? 0) | bit;
    this.#roles[cell] = role;
  }

  /** A straight line between two dots, both included (Bresenham, 1965). With `gap` n, every nth dot only: a dotted line. */
  line(x0: number, y0: number, x1: number, y1: number, role: Role, gap = 1): void {
    let x = Math.round(x0);
    let y = Math.round(y0);
    const [endX, endY] = [Math.round(x1), Math.round(y1)];
    const [dx, dy] = [Math.abs(endX - x), -Math.abs(endY - y)];
    const [stepX, stepY] = [x < endX ? 1 : -1, y < endY ? 1 : -1];
    let error = dx + dy;
    // By the place on the longer axis, so that the dots of joined lines keep their rhythm.
    const phase = (): number => (dx >= -dy ? x : y);
    for (;;) {
      if (phase() % gap === 0) this.dot(x, y, role);
      if (x === endX && y === endY) return;
      const twice = 2 * error;
      if (twice >= dy) {
        error += dy;
        x += stepX;
      }
      if (twice <= dx) {
        error += dx;
        y += stepY;
      }
    }
  }

  /** Puts a character of one cell at a dot, over all that is drawn in that cell. */
  glyph(x: number, y: number, character: string, role: Role): void {
    if (!(x >= 0 && y >= 0 && x < this.width && y < this.height)) return;
    const cell = Math.floor(y / 4) * this.#columns + Math.floor(x / 2);
    this.#glyphs.set(cell, character);
    this.#roles[cell] = role;
  }

  /** One string per row of cells, each exactly the width in cells. Empty cells are spaces. */
  lines(theme: Theme): string[] {
    return Array.from({ length: this.#rows }, (_, row) => this.#line(row, theme));
  }

  #line(row: number, theme: Theme): string {
    let line = '';
    let run = '';
    let runRole: Role | undefined;
    for (let column = 0; column < this.#columns; column++) {
      const cell = row * this.#columns + column;
      const character = this.#character(cell);
      const role = character === ' ' ? undefined : this.#roles[cell];
      if (role !== runRole) {
        line += runRole === undefined ? run : theme.paint(runRole, run);
        run = '';
        runRole = role;
      }
      run += character;
    }
    return line + (runRole === undefined ? run : theme.paint(runRole, run));
  }

  #character(cell: number): string {
    const bits = this.#bits[cell] ?? 0;
    return this.#glyphs.get(cell) ?? (bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits));
  }
}
