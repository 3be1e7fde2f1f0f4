import { FACTOR_COUNT } from '../pricing/factors.ts';

/**
 * Demand pressure on the surface (decision 6): each customer's wish to trade pushes the factors along its own exposures,
 * and the push decays. Wishes count whether or not they trade, so that makers compared at one seed meet the same surface.
 */
export class DemandPressure {
  /** Pressure on level, slope, skew, curvature; borrowed. */
  readonly values = new Float64Array(FACTOR_COUNT);
  readonly #scale: Readonly<Float64Array>;
  readonly #typical: Readonly<Float64Array>;

  /**
   * @param dailySd of each factor: the unit in which an impact is stated.
   * @param typical root-mean-square exposure of the chain's series to each factor at the opening, dollars per unit.
   */
  constructor(dailySd: readonly number[], typical: Readonly<Float64Array>) {
    this.#scale = Float64Array.from(dailySd);
    this.#typical = typical;
  }

  /** Lets the pressure decay by a share of its half-life. */
  decay(halfLives: number): void {
    const keep = Math.exp(-Math.LN2 * halfLives);
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.values[f] = (this.values[f] ?? 0) * keep;
  }

  /** Adds the push of `contracts` (signed: positive bought) with these exposures. */
  push(contracts: number, exposures: Readonly<Float64Array>, offset: number, impact: number): void {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const typical = this.#typical[f] ?? 0;
      if (typical === 0) continue;
      this.values[f] = (this.values[f] ?? 0) + (impact * (this.#scale[f] ?? 0) * contracts * (exposures[offset + f] ?? 0)) / typical;
    }
  }
}
