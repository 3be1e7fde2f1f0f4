import { inverseNormalCdf, normalCdf, normalPdf } from '../../core/special.ts';
import { series } from './series.ts';

const INVERSE_SQRT_PI = 0.5641895835477563;

/**
 * Continuous ranked probability score of a normal forecast, ∫(F(x) − 1{x ≥ y})² dx = s·(z(2Φ(z) − 1) + 2φ(z) − 1/√π) with z = (y − mean)/s
 * (Gneiting and Raftery 2007, eq. 21): in the unit of the outcome, smaller is better. A scale of 0 gives the absolute error.
 */
export function gaussianCrps(error: number, scale: number): number {
  if (!(scale > 0)) return Math.abs(error);
  const z = error / scale;
  return scale * (z * (2 * normalCdf(z) - 1) + 2 * normalPdf(z) - INVERSE_SQRT_PI);
}

/** {@link gaussianCrps} of forecasts, origin by origin. */
export function crpsLosses(outcome: ArrayLike<number>, change: ArrayLike<number>, scale: ArrayLike<number>): Float64Array {
  return series(outcome.length, (i) => gaussianCrps((outcome[i] ?? 0) - (change[i] ?? 0), scale[i] ?? 0));
}

/** Quantiles that are scored. */
export const PINBALL_LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

/**
 * Mean pinball loss of a normal forecast's quantile q at level τ: (τ − 1{y < q})·(y − q) (Koenker and Bassett 1978), in the unit of the outcome.
 */
export function pinballLoss(outcome: ArrayLike<number>, change: ArrayLike<number>, scale: ArrayLike<number>, level: number): number {
  const z = inverseNormalCdf(level);
  let total = 0;
  for (let i = 0; i < outcome.length; i += 1) {
    const miss = (outcome[i] ?? 0) - (change[i] ?? 0) - z * (scale[i] ?? 0);
    total += miss < 0 ? (level - 1) * miss : level * miss;
  }
  return total / outcome.length;
}
