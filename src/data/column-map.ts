import { InputError, type Issue } from '../core/assert.ts';
import type { NumberColumn, TableLayout } from './dated-table.ts';

/** Where a dated table has its columns, as a user says it. */
export interface ColumnMap {
  readonly time: string;
  /** Names that forecasts will have, and the columns of the file, in order. */
  readonly vols: readonly { readonly name: string; readonly column: string }[];
  readonly spot?: string;
  /** Column that tells assets apart. */
  readonly asset?: string;
  /** Rows whose first vol is below it are calm: an annual fraction. */
  readonly calmBelow?: number;
}

/** A vol above this is in percentage points, here as in files. */
const VOL_MAXIMUM = 5;
const FORM = 'expected a map like time=date,vix=VIX,spot=SPX,calm-below=20';

/**
 * Reads a map `name=column,...`: `time` must be there; `spot`, `asset` and `calm-below` (a vol; above 5 it is in percentage points) may be; every
 * other name is a vol that is forecast. Columns with a comma or an equals sign in their names cannot be written.
 *
 * @throws InputError for `flag` with all that is wrong.
 */
export function readColumnMap(flag: string, text: string): ColumnMap {
  const issues: Issue[] = [];
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  for (const part of text.split(',')) {
    const [name = '', column = '', ...rest] = part.split('=').map((one) => one.trim());
    const fault = (message: string): void => void issues.push({ path: '', message: `${message}; ${FORM}` });
    if (name === '' || column === '' || rest.length > 0) fault(`found "${part.slice(0, 40)}"`);
    else if (pairs.has(name)) fault(`${name} is there twice`);
    else if (name !== 'calm-below' && taken.has(column.toLowerCase())) fault(`the column ${column} is there twice`);
    else if (name !== 'calm-below' && (!/^[A-Za-z]\w{0,31}$/.test(name) || /^slope_\d+_\d+$/.test(name)))
      fault(`${name} is no name for a vol: letters, digits and _, not slope_1_2`);
    else {
      pairs.set(name, column);
      if (name !== 'calm-below') taken.add(column.toLowerCase());
    }
  }
  const { asset, 'calm-below': calm, spot, time, ...vols } = Object.fromEntries(pairs) as Partial<Record<string, string>>;
  if (time === undefined) issues.push({ path: '', message: `has no time; ${FORM}` });
  if (Object.keys(vols).length === 0) issues.push({ path: '', message: `has no vol to forecast; ${FORM}` });
  const border = calm === undefined ? undefined : /^(\d+\.?\d*|\.\d+)$/.test(calm) ? Number(calm) : Number.NaN;
  if (border !== undefined && !(border > 0))
    issues.push({ path: 'calm-below', message: `found "${calm?.slice(0, 40)}", expected a vol above 0` });
  if (issues.length > 0 || time === undefined) throw new InputError(flag, issues);
  return {
    time,
    vols: Object.entries(vols).map(([name, column]) => ({ name, column: column ?? '' })),
    ...(spot === undefined ? {} : { spot }),
    ...(asset === undefined ? {} : { asset }),
    ...(border === undefined ? {} : { calmBelow: border > VOL_MAXIMUM ? border / 100 : border }),
  };
}

/** The layout that the map describes. */
export function mappedLayout({ asset, spot, time, vols }: ColumnMap): TableLayout {
  const column = (name: string, holds: NumberColumn['holds']): NumberColumn => ({ names: [name.toLowerCase()], holds });
  return {
    name: 'given by --columns',
    time: [time.toLowerCase()],
    ...(asset === undefined ? {} : { asset: [asset.toLowerCase()] }),
    columns: {
      ...Object.fromEntries(vols.map((vol) => [vol.name, column(vol.column, 'vol')])),
      ...(spot === undefined ? {} : { spot: column(spot, 'positive') }),
    },
  };
}
