import { normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { SurfaceParameters } from './world-spec.ts';

/**
 * The slow factors of the implied surface: mean-reverting walks with correlated shocks, the level's coupled to the spot
 * by correlation and to its jumps by a slope (models 4b, decision 5). Always four draws per step.
 */
export class SlowFactors {
  /** Level, slope, skew, curvature; borrowed. */
  readonly values: Float64Array;
  readonly #rng: Rng;

  constructor(start: readonly number[], rng: Rng) {
    this.values = Float64Array.from(start);
    this.#rng = rng;
  }

  /**
   * Moves on by `days`.
   * @param means long-run means, or undefined for random walks.
   * @param spotShock standard normal shock of the spot over the same step, and `spotJump` its log jump.
   * @param activity multiplies the variance of the shocks; the pull to the means is on calendar time.
   */
  step(
    p: SurfaceParameters,
    means: Readonly<Float64Array> | undefined,
    speeds: Readonly<Float64Array>,
    days: number,
    spotShock: number,
    spotJump: number,
    activity = 1,
  ): void {
    const root = Math.sqrt(days * activity);
    const corr = p.spotLevelCorrelation;
    const levelShock = corr * spotShock + Math.sqrt(1 - corr * corr) * normal(this.#rng);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const withLevel = p.withLevel[f] ?? 0;
      const shock = f === 0 ? levelShock : withLevel * levelShock + Math.sqrt(1 - withLevel * withLevel) * normal(this.#rng);
      const before = this.values[f] ?? 0;
      const pull = means === undefined ? 0 : (speeds[f] ?? 0) * ((means[f] ?? 0) - before) * days;
      this.values[f] = before + pull + (p.dailySd[f] ?? 0) * root * shock;
    }
    this.values[0] = (this.values[0] ?? 0) + p.levelPerSpotJump * spotJump;
  }

  /** Adds a scripted move. */
  shift(moves: ArrayLike<number>, share: number): void {
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.values[f] = (this.values[f] ?? 0) + (moves[f] ?? 0) * share;
  }
}
