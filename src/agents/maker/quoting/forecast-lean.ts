import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import type { Forecast } from '../../../forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';

/**
 * Weights of a path's values at the horizons in the shift of the fair value that a maker should quote around (decision 19): the path discounted at
 * the rate at which inventory is worked off,
 *
 *   ∫ e^(−κs) E[dx_s] = κ∫ e^(−κs) E[x_s − x_0] ds.
 *
 * The path runs straight between the horizons, from 0 now, and stays at the last one beyond it. The weights are at least 0 and sum to at most 1.
 *
 * @param horizonsSeconds increasing, all above 0.
 * @param kappa inventory speed, per year; 0 sees the end of the path only.
 * @param out at least as long as the horizons.
 */
export function pathWeights(horizonsSeconds: readonly number[], kappa: number, out: Float64Array): Float64Array {
  const perSecond = kappa / SECONDS_PER_YEAR;
  let before = 0;
  out.fill(0);
  for (let h = 0; h < horizonsSeconds.length; h += 1) {
    const after = horizonsSeconds[h] ?? 0;
    const t = perSecond * (after - before);
    const atStart = Math.exp(-perSecond * before);
    // Weights of the two ends of a straight piece under the density κe^(−κs).
    const mass = -Math.expm1(-t);
    // 1 − (1 + t)e^(−t) over t loses its digits where t is small; by its series there.
    const towardsEnd = t < 1e-4 ? t / 2 - (t * t) / 3 : (mass - t * Math.exp(-t)) / t;
    if (h > 0) out[h - 1] = (out[h - 1] ?? 0) + atStart * (mass - towardsEnd);
    out[h] = atStart * towardsEnd;
    before = after;
  }
  const last = horizonsSeconds.length - 1;
  out[last] = (out[last] ?? 0) + Math.exp(-perSecond * before);
  return out;
}

/** The discounted path of each factor ({@link pathWeights}) at one speed for all. @param out per factor, in the factor's unit. */
export function forecastLean(forecast: Forecast, kappa: number, out: Float64Array): Float64Array {
  const { horizonsSeconds, change } = forecast;
  const weights = pathWeights(horizonsSeconds, kappa, new Float64Array(horizonsSeconds.length));
  out.fill(0);
  for (let h = 0; h < horizonsSeconds.length; h += 1) {
    for (let f = 0; f < FACTOR_COUNT; f += 1) out[f] = (out[f] ?? 0) + (weights[h] ?? 0) * (change[h * FACTOR_COUNT + f] ?? 0);
  }
  return out;
}

/** Expected change of a factor by a time ahead: straight between the horizons, from 0 now, and as at the last one beyond it. */
export function pathAt({ horizonsSeconds, change }: Forecast, seconds: number, factor: number): number {
  let before = 0;
  let from = 0;
  for (let h = 0; h < horizonsSeconds.length; h += 1) {
    const after = horizonsSeconds[h] ?? 0;
    const to = change[h * FACTOR_COUNT + factor] ?? 0;
    if (seconds <= after) return from + ((to - from) * (seconds - before)) / (after - before);
    before = after;
    from = to;
  }
  return from;
}
