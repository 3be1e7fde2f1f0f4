import type { DatedColumns, DatedTable } from '../../core/dated-table.ts';
import type { PanelDefinition } from './panel.ts';
import { HISTORY_PRESETS, type HistoryPreset } from './presets.ts';
import { changesOf, lessTrend, logRealisedVol } from './rolling.ts';

/** A table of which nothing is known but where its vols are. */
export interface ColumnTerms {
  /** Names of the vols that are forecast; the first tells calm from stress. */
  readonly vols: readonly string[];
  /** Whether the table has a column `spot`. */
  readonly hasSpot: boolean;
  /** From this vol on, an annual fraction, a row is stressed; above the trailing median where not given. */
  readonly stressedVol?: number;
  /** Usual seconds between two rows ({@link usualStep}). */
  readonly stepSeconds: number;
}

/** Half-life, in rows, of what levels are held against; as for the indices of Cboe. */
const TREND_ROWS = 125;
/** Rows of a week and a month of days. */
const [SHORT_ROWS, LONG_ROWS] = [5, 22] as const;
/** A pause of more usual steps than this parts the rows. */
const PAUSE_STEPS = 15;

/**
 * What is forecast from any dated table of vols: the change of the logarithm of each over 1 and 5 rows. Inputs: each vol less its trend, its
 * last change, slopes between one vol and the next, and the return, its negative part and realised vol over 5 and 22 rows of the spot;
 * of the first vol's changes where there is no spot. Lags count rows, whatever their distance.
 */
export function columnDefinition({ hasSpot, stepSeconds, stressedVol, vols }: ColumnTerms): PanelDefinition {
  const slopes = vols.slice(1).map((name, i) => `slope ${vols[i]}-${name}`);
  const moves = hasSpot ? ['realised 5', 'realised 22'] : ['moved 5', 'moved 22'];
  return {
    name: 'columns',
    states: vols.map((name) => ({ name, unit: 'log' })),
    features: [
      ...vols.map((name) => `${name} less trend`),
      ...vols.map((name) => `change ${name}`),
      ...slopes,
      ...(hasSpot ? ['return', 'fall'] : []),
      ...moves,
    ],
    exogenous: [...slopes, ...moves],
    factors: vols,
    meanRows: [SHORT_ROWS, LONG_ROWS],
    horizons: [
      { steps: 1, label: '1 row' },
      { steps: 5, label: '5 rows' },
    ],
    stepSeconds,
    pauseSecondsMax: PAUSE_STEPS * stepSeconds,
    ...(stressedVol === undefined ? {} : { stressedVol }),
    columns(rows) {
      const logs = vols.map((name) => logOf(rows, name));
      const changes = logs.map(changesOf);
      const logPrice = hasSpot ? logOf(rows, 'spot') : undefined;
      const returns = logPrice === undefined ? changes[0] : changesOf(logPrice);
      return {
        states: logs,
        features: [
          ...logs.map((values) => lessTrend(values, TREND_ROWS)),
          ...changes,
          ...logs.slice(1).map((values, i) => values.map((value, row) => (logs[i]?.[row] ?? Number.NaN) - value)),
          ...(hasSpot && returns !== undefined ? [returns, returns.map((value) => Math.min(value, 0))] : []),
          ...[SHORT_ROWS, LONG_ROWS].map((count) => logRealisedVol(returns ?? [], count)),
        ],
        level: Float64Array.from(rows.columns[vols[0] ?? ''] ?? []),
        ...(logPrice === undefined ? {} : { logPrice }),
      };
    },
  };
}

/** That, with the cadence and the nets of the Cboe indices. */
export function columnPreset(terms: ColumnTerms): HistoryPreset {
  const { linear, net, partners, warmUpShare } = HISTORY_PRESETS.cboe;
  return { definition: columnDefinition(terms), linear, net, partners, warmUpShare };
}

/** Median of the seconds between two rows of one asset; a day where there are no two. */
export function usualStep(table: DatedTable): number {
  const gaps = table.assets.flatMap(({ seconds }) => [...changesOf(seconds).subarray(1)]).sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? 86_400;
}

const logOf = (rows: DatedColumns, name: string): Float64Array => Float64Array.from(rows.columns[name] ?? [], Math.log);
