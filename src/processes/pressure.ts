import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { SurfaceParameters } from './world-spec.ts';

/**
 * Demand pressure on the surface (decision 6): each customer's wish to trade pushes the factors, and the push decays. Those who take the other side
 * ask for the risk that they cannot hedge, so a push is along the covariance of the factors with the series (Gârleanu, Pedersen and
 * Poteshman 2009): buying of short options lifts short vols most, and buying of long ones too, if less.
 *
 *   Δx_f = impact · contracts · s_f (R z)_f / Z,  z_g = s_g b_g,
 *
 * with b the exposures of the series, s the standard deviations per day, R the correlations and Z the root-mean-square of √(zᵀRz) over the
 * chain at the opening. Wishes count whether or not they trade, so that makers compared at one seed meet the same surface.
 */
export class DemandPressure {
  /** Pressure on level, slope, skew, curvature; borrowed. */
  readonly values = new Float64Array(FACTOR_COUNT);
  /** Row by row: s_f R_fg s_g / Z. */
  readonly #response = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);

  /**
   * @param surface deviations and correlations of the factors.
   * @param exposures of the chain's series at the opening, dollars per unit of each factor, series by series.
   */
  constructor({ dailySd, withLevel }: Pick<SurfaceParameters, 'dailySd' | 'withLevel'>, exposures: Readonly<Float64Array>) {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      for (let g = 0; g < FACTOR_COUNT; g += 1) {
        // Factors are tied to each other through the level alone.
        const correlation = f === g ? 1 : (withLevel[f] ?? 0) * (withLevel[g] ?? 0);
        this.#response[f * FACTOR_COUNT + g] = (dailySd[f] ?? 0) * correlation * (dailySd[g] ?? 0);
      }
    }
    const typical = Math.sqrt(this.#meanVariance(exposures));
    if (typical > 0) for (let i = 0; i < this.#response.length; i += 1) this.#response[i] = (this.#response[i] ?? 0) / typical;
  }

  /** Lets the pressure decay by a share of its half-life. */
  decay(halfLives: number): void {
    const keep = Math.exp(-Math.LN2 * halfLives);
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.values[f] = (this.values[f] ?? 0) * keep;
  }

  /** Adds the push of `contracts` (signed: positive bought) with the exposures that begin at `offset`. */
  push(contracts: number, exposures: Readonly<Float64Array>, offset: number, impact: number): void {
    const size = impact * contracts;
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.values[f] = (this.values[f] ?? 0) + size * this.#along(f, exposures, offset);
  }

  #along(f: number, exposures: Readonly<Float64Array>, offset: number): number {
    let sum = 0;
    for (let g = 0; g < FACTOR_COUNT; g += 1) sum += (this.#response[f * FACTOR_COUNT + g] ?? 0) * (exposures[offset + g] ?? 0);
    return sum;
  }

  /** Mean over the series of the variance per day of one unit. */
  #meanVariance(exposures: Readonly<Float64Array>): number {
    let total = 0;
    for (let offset = 0; offset < exposures.length; offset += FACTOR_COUNT) {
      for (let f = 0; f < FACTOR_COUNT; f += 1) total += (exposures[offset + f] ?? 0) * this.#along(f, exposures, offset);
    }
    return exposures.length > 0 ? (total * FACTOR_COUNT) / exposures.length : 0;
  }
}
