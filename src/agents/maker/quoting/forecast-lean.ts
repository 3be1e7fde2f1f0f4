import type { Forecast } from '../../../forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';

const SECONDS_PER_YEAR = 31_536_000;

/**
 * The forecast path of each factor, discounted at the rate at which inventory is worked off: c = κ∫e^(−κs) E[x_s − x_0] ds, the shift of
 * the fair value that a maker should quote around (decision 19). The path runs straight between the forecast's horizons, from 0 now, and
 * stays at the last one beyond it.
 *
 * @param kappa inventory speed, per year.
 * @param out per factor, in the factor's unit.
 */
export function forecastLean(forecast: Forecast, kappa: number, out: Float64Array): Float64Array {
  const perSecond = kappa / SECONDS_PER_YEAR;
  out.fill(0);
  let before = 0;
  for (let h = 0; h < forecast.horizonsSeconds.length; h += 1) {
    const after = forecast.horizonsSeconds[h] ?? 0;
    const span = after - before;
    const atStart = Math.exp(-perSecond * before);
    const atEnd = Math.exp(-perSecond * after);
    // Weights of the two ends of a straight piece under the density κe^(−κs).
    const mass = atStart - atEnd;
    const towardsEnd = (mass - perSecond * span * atEnd) / (perSecond * span);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const start = h === 0 ? 0 : (forecast.change[(h - 1) * FACTOR_COUNT + f] ?? 0);
      const end = forecast.change[h * FACTOR_COUNT + f] ?? 0;
      out[f] = (out[f] ?? 0) + start * (mass - towardsEnd) + end * towardsEnd;
    }
    before = after;
  }
  const rest = Math.exp(-perSecond * before);
  const last = (forecast.horizonsSeconds.length - 1) * FACTOR_COUNT;
  for (let f = 0; f < FACTOR_COUNT; f += 1) out[f] = (out[f] ?? 0) + rest * (forecast.change[last + f] ?? 0);
  return out;
}
