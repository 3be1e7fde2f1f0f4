import type { TargetForecasts } from './forecast-table.ts';
import { series } from './series.ts';

/** Squared errors of forecasts, origin by origin. */
export function squaredErrors(outcome: ArrayLike<number>, change: ArrayLike<number>): Float64Array {
  return series(outcome.length, (i) => {
    const error = (outcome[i] ?? 0) - (change[i] ?? 0);
    return error * error;
  });
}

/**
 * QLIKE of forecasts of variances, r − ln r − 1 with r = realised over forecast (Patton 2011, eq. 24): 0 where they agree, and in the mean least for the
 * right variance even where the realised one is a noisy proxy. Outcome and forecast as log variances less the same number.
 */
export function qlikeLosses(outcome: ArrayLike<number>, change: ArrayLike<number>): Float64Array {
  return series(outcome.length, (i) => {
    const log = (outcome[i] ?? 0) - (change[i] ?? 0);
    return Math.expm1(log) - log;
  });
}

/** By what models of a target are held against each other: squared errors of changes, QLIKE of variances. */
export function comparedLosses({ kind, outcome }: Pick<TargetForecasts, 'kind' | 'outcome'>, change: ArrayLike<number>): Float64Array {
  return kind === 'variance' ? qlikeLosses(outcome, change) : squaredErrors(outcome, change);
}
