import { InputError } from '../../core/assert.ts';
import type { DatedColumns, DatedTable } from '../../core/dated-table.ts';
import { trailingMedian } from './rolling.ts';

/** A series whose changes are forecast. */
export interface StateSeries {
  readonly name: string;
  /** `log` of a vol, or `vol` itself. */
  readonly unit: 'log' | 'vol';
}

/** How the rows of a file become what forecasts are made from. */
export interface PanelDefinition {
  readonly name: string;
  readonly states: readonly StateSeries[];
  /** Inputs of the net, all known at the row. */
  readonly features: readonly string[];
  /** Those of them that the linear model with exogenous inputs sees beside the state's own history. */
  readonly exogenous: readonly string[];
  /** States that a vector autoregression holds: the others follow from these. */
  readonly factors: readonly string[];
  /** Rows of the two means that the heterogeneous autoregression adds to the last value: a week and a month of days, a day and a week of hours. */
  readonly meanRows: readonly [number, number];
  readonly horizons: readonly { readonly steps: number; readonly label: string }[];
  /** Usual seconds between two rows, for the reader. */
  readonly stepSeconds: number;
  /** After a longer pause history begins anew: no lag, window or target reaches across it. */
  readonly pauseSecondsMax: number;
  /** States, then features, then the price if there is one: one array each. */
  columns(rows: DatedColumns): PanelColumns;
  /** From this vol on a row is stressed; without it, from the trailing median on. */
  readonly stressedVol?: number;
}

/** What a definition makes of the rows of one asset between two pauses. */
export interface PanelColumns {
  readonly states: readonly Float64Array[];
  readonly features: readonly Float64Array[];
  /** The vol by which calm and stress are told apart. */
  readonly level: Float64Array;
  /** Logarithm of the price of the underlying, where the file has it. */
  readonly logPrice?: Float64Array;
}

/**
 * History ready for forecasts: all rows of all assets, those between two pauses together and in order of time. Arrays have one entry per row.
 */
export interface HistoryPanel {
  readonly source: string;
  readonly definition: PanelDefinition;
  /** Names of assets; `asset` indexes them. */
  readonly assets: readonly string[];
  readonly asset: Readonly<Int32Array>;
  /** Index of the span without a pause that a row belongs to. */
  readonly segment: Readonly<Int32Array>;
  readonly seconds: Readonly<Float64Array>;
  readonly states: readonly Readonly<Float64Array>[];
  /** One per name of `features`: those of the definition, then one that marks each asset but the first. */
  readonly features: readonly string[];
  readonly inputs: readonly Readonly<Float64Array>[];
  readonly logPrice?: Readonly<Float64Array>;
  /** 1 where the row is stressed by what was known then. */
  readonly stressed: Readonly<Uint8Array>;
  /** Rows whose inputs are all known, in order of time. */
  readonly order: Readonly<Int32Array>;
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

/** Rows that the trailing median of a vol is made of, and the fewest. */
const MEDIAN_ROWS = 500;
const MEDIAN_ROWS_MIN = 22;

/**
 * Lays a table out for forecasts.
 * @throws InputError when no row has all its inputs, or a state never moves.
 */
export function historyPanel(table: DatedTable, definition: PanelDefinition): HistoryPanel {
  const assets = table.assets.map(({ asset }) => asset);
  const spans = table.assets.flatMap((rows, asset) => segmentsOf(rows, definition.pauseSecondsMax).map((span) => ({ asset, span })));
  const made = spans.map(({ asset, span }) => ({ asset, span, columns: definition.columns(span) }));
  const joined = (pick: (columns: PanelColumns) => Float64Array | undefined): Float64Array =>
    Float64Array.from(made.flatMap(({ columns }) => [...(pick(columns) ?? [])]));
  const perRow = (value: (asset: number, segment: number) => number): number[] =>
    made.flatMap(({ asset, span }, segment) => Array.from(span.seconds, () => value(asset, segment)));
  const states = definition.states.map((_, i) => joined(({ states: own }) => own[i]));
  const inputs = [
    ...definition.features.map((_, i) => joined(({ features: own }) => own[i])),
    ...assets.slice(1).map((_, i) => Float64Array.from(perRow((asset) => (asset === i + 1 ? 1 : 0)))),
  ];
  const logPrice = joined(({ logPrice: own }) => own);
  const asset = Int32Array.from(perRow((own) => own));
  const seconds = Float64Array.from(made.flatMap(({ span }) => [...span.seconds]));
  const known = [...seconds.keys()].filter((row) => [...states, ...inputs].every((values) => Number.isFinite(values[row])));
  if (known.length === 0) {
    const message = `has ${seconds.length} rows without a blank, none with enough rows before it; expected more rows, and pauses of at most ${definition.pauseSecondsMax / 3600} h`;
    throw new InputError(table.source, [{ path: '', message }]);
  }
  const still = definition.states.filter((_, i) => known.every((row) => states[i]?.[row] === states[i]?.[known[0] ?? 0]));
  if (still.length > 0)
    throw new InputError(
      table.source,
      still.map(({ name }) => ({ path: name, message: 'never moves: there is nothing to forecast' })),
    );
  const notes = [
    ...(table.blankRows === 0 ? [] : [`${table.blankRows} rows with blanks are left out`]),
    ...(spans.length === assets.length ? [] : [`${spans.length - assets.length} pauses part the rows`]),
  ];
  return {
    source: table.source,
    definition,
    assets,
    asset,
    segment: Int32Array.from(perRow((_, segment) => segment)),
    seconds,
    states,
    features: [...definition.features, ...assets.slice(1).map((name) => `is ${name}`)],
    inputs,
    ...(logPrice.length === seconds.length ? { logPrice } : {}),
    stressed: Uint8Array.from(made.flatMap(({ columns }) => [...stressedRows(columns.level, definition.stressedVol)])),
    // Equal times keep the order of assets.
    order: Int32Array.from(known.sort((a, b) => (seconds[a] ?? 0) - (seconds[b] ?? 0) || a - b)),
    notes,
  };
}

function stressedRows(level: Float64Array, stressedVol: number | undefined): Uint8Array {
  const border = stressedVol === undefined ? trailingMedian(level, MEDIAN_ROWS, MEDIAN_ROWS_MIN) : level.map(() => stressedVol);
  return Uint8Array.from(level, (vol, i) =>
    vol >= (border[i] ?? Number.NaN) && (stressedVol !== undefined || vol > (border[i] ?? 0)) ? 1 : 0,
  );
}

/** The rows between pauses. */
function segmentsOf(rows: DatedColumns, pauseSecondsMax: number): DatedColumns[] {
  const starts = [...rows.seconds.keys()].filter((i) => i === 0 || (rows.seconds[i] ?? 0) - (rows.seconds[i - 1] ?? 0) > pauseSecondsMax);
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? rows.seconds.length;
    const columns = Object.fromEntries(Object.entries(rows.columns).map(([name, values]) => [name, values.slice(from, to)]));
    return { asset: rows.asset, seconds: rows.seconds.slice(from, to), columns };
  });
}

/** Row at a horizon, or undefined past a pause or the end. */
export function rowAhead(panel: Pick<HistoryPanel, 'segment'>, row: number, steps: number): number | undefined {
  const ahead = row + steps;
  return ahead < panel.segment.length && panel.segment[ahead] === panel.segment[row] ? ahead : undefined;
}

/** Change of a state over a horizon for each row; NaN where it is not known. */
export function outcomesOf(panel: HistoryPanel, state: number, steps: number): Float64Array {
  const values = panel.states[state];
  return Float64Array.from(panel.seconds, (_, row) => {
    const ahead = rowAhead(panel, row, steps);
    return ahead === undefined ? Number.NaN : (values?.[ahead] ?? Number.NaN) - (values?.[row] ?? Number.NaN);
  });
}
