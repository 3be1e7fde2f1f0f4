import { type Evaluation, RANDOM_WALK } from '../study/evaluation/evaluation.ts';
import type { EvaluationRow } from '../study/evaluation/evaluation-row.ts';
import type { ForecastTable } from '../study/evaluation/forecast-table.ts';
import type { AuditFinding } from '../study/evaluation/leakage-audit.ts';

/** Losses of one training, epoch by epoch. */
export interface LearningCurve {
  /** Which net: `seed 1`, `2019, seed 2`. */
  readonly name: string;
  readonly train: readonly number[];
  /** Of rows that are not trained on; of the same length, or empty. */
  readonly validation: readonly number[];
}

/** All that is told of forecasts on one page. */
export interface EvaluationReport {
  readonly version: string;
  /** What a reader must know before the figures, a paragraph each: data or scenario, split, models, command. */
  readonly about: readonly string[];
  readonly evaluation: Evaluation;
  /** The forecasts that it was made from. */
  readonly table: ForecastTable;
  /** Model that is drawn by itself: the one that is shipped. */
  readonly subject: string;
  readonly curves?: readonly LearningCurve[];
  readonly audit?: readonly AuditFinding[];
}

/** Series that fit one picture, which has five colours. */
const SHOWN = 5;

/**
 * Models that share a picture: the subject, the reference, then the best by mean R²; without the random walk, which is the zero line.
 * @param isWith rows that have what is drawn.
 */
export function shownModels({ evaluation, subject }: EvaluationReport, isWith: (row: EvaluationRow) => boolean = () => true): string[] {
  const rows = evaluation.rows.filter((row) => row.model !== RANDOM_WALK && isWith(row));
  const skill = (model: string): number => {
    const own = rows.filter((row) => row.model === model);
    return own.reduce((sum, row) => sum + row.r2VsRandomWalk.all, 0) / own.length;
  };
  const all = [...new Set(rows.map((row) => row.model))];
  const first = [subject, evaluation.reference].filter((model) => model !== undefined && all.includes(model)) as string[];
  return [...new Set([...first, ...all.sort((a, b) => skill(b) - skill(a))])].slice(0, SHOWN);
}

/** Colour of a series. */
export const styleOf = (index: number): string => String(1 + (index % SHOWN));
