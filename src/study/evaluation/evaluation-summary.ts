import { fixed, textTable } from '../../core/text-table.ts';
import { type Evaluation, RANDOM_WALK } from './evaluation.ts';
import type { EvaluationRow } from './evaluation-row.ts';

/** Level of the tests that are counted, after Holm's adjustment. */
const ALPHA = 0.05;

/** How one model did over all targets and horizons: gains and losses alike. */
export interface ModelSummary {
  readonly model: string;
  /** Targets times horizons. */
  readonly rows: number;
  readonly ahead: Standing;
  /** Against the reference; absent for the reference itself, and where there is none. */
  readonly aheadOfReference?: Standing;
  /** In the 90 % confidence set; absent for ceilings. */
  readonly inSet?: number;
  /** Rows whose 80 % interval holds 78 to 82 % of outcomes, and rows that have such intervals. */
  readonly calibrated?: { readonly within: number; readonly rows: number };
}

/** How often a model was ahead of another, and how often a test says so. */
interface Standing {
  /** R² above 0, and below. */
  readonly above: number;
  readonly below: number;
  /** Better, and worse, with Holm's p below 5 %; of ceilings plain p. */
  readonly better: number;
  readonly worse: number;
}

/** One entry per model but the random walk, in the order of the rows. */
export function modelSummaries({ rows, reference }: Evaluation): ModelSummary[] {
  return [...new Set(rows.map((row) => row.model))]
    .filter((model) => model !== RANDOM_WALK)
    .map((model) => {
      const own = rows.filter((row) => row.model === model);
      const covered = own.filter((row) => row.coverage80 !== undefined);
      const within = covered.filter(({ coverage80 = 0 }) => coverage80 >= 0.78 && coverage80 <= 0.82).length;
      const versus = own.filter((row) => row.r2VsReference !== undefined);
      return {
        model,
        rows: own.length,
        ahead: record(own, (row) => row.r2VsRandomWalk.all, 'dieboldMariano'),
        ...(reference === undefined || versus.length === 0
          ? {}
          : { aheadOfReference: record(versus, (row) => row.r2VsReference?.all ?? 0, 'dieboldMarianoVsReference') }),
        ...(own.some((row) => row.inConfidenceSet !== undefined)
          ? { inSet: own.filter((row) => row.inConfidenceSet === true).length }
          : {}),
        ...(covered.length === 0 ? {} : { calibrated: { within, rows: covered.length } }),
      };
    });
}

function record(
  rows: readonly EvaluationRow[],
  r2: (row: EvaluationRow) => number,
  test: 'dieboldMariano' | 'dieboldMarianoVsReference',
): Standing {
  const told = rows.filter((row) => (row[test]?.pHolm ?? row[test]?.p ?? 1) < ALPHA);
  return {
    above: rows.filter((row) => r2(row) > 0).length,
    below: rows.filter((row) => r2(row) < 0).length,
    better: told.filter((row) => (row[test]?.statistic ?? 0) > 0).length,
    worse: told.filter((row) => (row[test]?.statistic ?? 0) < 0).length,
  };
}

/** The summaries as a table: R² above 0 to below, better to worse by Holm's p. */
export function summaryTable(result: Evaluation): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const summaries = modelSummaries(result);
  const { reference } = result;
  const header = [
    ...['model', 'rows', 'R2 > 0 : < 0', 'better : worse'],
    ...(reference === undefined ? [] : [`vs ${reference}, R2 > 0 : < 0`, 'better : worse']),
    ...['in set', '80 % holds 78..82 %'],
  ];
  const rows = summaries.map(({ model, rows: count, ahead, aheadOfReference, inSet, calibrated }) => [
    ...[model, String(count), `${ahead.above} : ${ahead.below}`, `${ahead.better} : ${ahead.worse}`],
    ...(reference === undefined
      ? []
      : aheadOfReference === undefined
        ? ['', '']
        : [`${aheadOfReference.above} : ${aheadOfReference.below}`, `${aheadOfReference.better} : ${aheadOfReference.worse}`]),
    inSet === undefined ? '' : `${inSet} of ${count}`,
    calibrated === undefined ? '' : `${calibrated.within} of ${calibrated.rows}`,
  ]);
  return { header, rows };
}

/** The same for a terminal, with what is counted. */
export function summaryText(result: Evaluation): string {
  const { header, rows } = summaryTable(result);
  if (rows.length === 0) return '';
  return `${textTable([header, ...rows])}\nbetter, worse: Diebold and Mariano with Holm's p below ${fixed(ALPHA, 2)}; a row is a target at a horizon`;
}
