import type { Evaluation } from '../evaluation/evaluation.ts';
import type { EvaluationRow } from '../evaluation/evaluation-row.ts';

/** Scores of one model over several ensembles that share nothing but the data. */
export interface EnsembleRow extends EvaluationRow {
  /** R2 against the random walk of each ensemble, in their order. The row is that of the ensemble in the middle. */
  readonly r2ByEnsemble: readonly number[];
  /** In how many ensembles' 90 % Model Confidence Sets the model is. */
  readonly confidenceSets: number;
}

/**
 * One row per target, horizon and model: of the ensemble whose R2 is the median (the lower one of an even number), whole, so that all figures of a
 * row belong together.
 */
export function ensembleRows(evaluations: readonly Evaluation[]): EnsembleRow[] {
  const first = evaluations[0]?.rows ?? [];
  return first.flatMap((_, place): EnsembleRow[] => {
    const rows = evaluations.flatMap(({ rows: own }) => own[place] ?? []);
    const order = [...rows].sort((a, b) => a.r2VsRandomWalk.all - b.r2VsRandomWalk.all);
    const middle = order[(order.length - 1) >> 1];
    if (middle === undefined) return [];
    return [
      {
        ...middle,
        r2ByEnsemble: rows.map((row) => row.r2VsRandomWalk.all),
        confidenceSets: rows.filter((row) => row.inConfidenceSet === true).length,
      },
    ];
  });
}
