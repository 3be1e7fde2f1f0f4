import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One line of a table: every column as text. */
export type ReferenceRow = Readonly<Record<string, string>>;

/**
 * Rows of a table that lies beside the repository, in ../shared/reference, or undefined where that folder is absent: such tests are
 * skipped, with a printed reason, and the repository's own table still runs.
 */
export function referenceRows(name: string): readonly ReferenceRow[] | undefined {
  const path = fileURLToPath(new URL(`../../../shared/reference/${name}`, import.meta.url));
  if (!existsSync(path)) {
    console.info(`skipped: ../shared/reference/${name} is not there`);
    return undefined;
  }
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const columns = (header ?? '').split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
  });
}

/** A column as a number; NaN where the cell is empty. */
export function cell(row: ReferenceRow, column: string): number {
  const text = row[column];
  return text === undefined || text === '' ? Number.NaN : Number(text);
}

/** |got/expected − 1| in units of 2^−52. */
export function ulps(got: number, expected: number): number {
  return got === expected ? 0 : Math.abs(got / expected - 1) / Number.EPSILON;
}
