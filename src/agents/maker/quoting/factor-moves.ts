import { z } from 'zod';
import { nonNegative, seconds, wholePositive } from '../../../config/quantity.ts';
import { SECONDS_PER_DAY } from '../../../core/units.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';

/** Moves whose squares sum to less than this share of the largest's are none: rounding. */
const ROUNDING = 1e-18;
/** A move further than this many believed standard deviations counts as that far: the tracker found the surface anew. */
const MOVE_SD_MAXIMUM = 5;

/** How the correlations of factors are learnt. */
export const moveParams = z
  .strictObject({
    lagSteps: wholePositive({
      about: 'forecast steps over which moves are taken: over one, the tracker’s errors are as large as they',
    }).default(10),
    halfLifeSeconds: seconds({ about: 'time in which a move loses half of its weight', minimum: 1 }).prefault(7200),
    priorMoves: nonNegative({ about: 'moves without correlation that are taken to have been seen before' }).default(5),
  })
  .prefault({})
  .describe('belief: how the factors move together');

/**
 * Correlations of the factors from moves of the tracked surface: sums of products over the last forecast steps, each move over `lagSteps` of them, with
 * weights that halve in a half-life, and shrunk to 0. With W the sum of weights, a move in each step makes W/lag independent ones, and
 *
 *   r_fg = C_fg/√(C_ff C_gg) · N/(N + prior),  N = W/lag.
 *
 * C is a sum of squares and the shrunk matrix a mean of it and the identity, so it is positive semi-definite whatever was seen.
 *
 * Why not over one step: of the level's and slope's correlation of −0.94 in an hour of `normal` the tracked moves over one step (30 s) show −0.4, those over
 * ten −0.8, since the errors of the tracker are white and moves add up.
 */
export class FactorMoves {
  readonly #lag: number;
  readonly #kept: number;
  readonly #prior: number;
  /** Largest move of each factor that is believed. */
  readonly #largest: Float64Array;
  /** Factors at the last `lag` steps, a ring. */
  readonly #past: Float64Array;
  readonly #products = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  readonly #move = new Float64Array(FACTOR_COUNT);
  #steps = 0;
  #weight = 0;

  /** @param dailySd believed standard deviation of each factor's move in a day. */
  constructor({ lagSteps, halfLifeSeconds, priorMoves }: z.output<typeof moveParams>, stepSeconds: number, dailySd: readonly number[]) {
    this.#lag = lagSteps;
    this.#kept = Math.exp((-Math.LN2 * stepSeconds) / halfLifeSeconds);
    this.#prior = priorMoves;
    this.#past = new Float64Array(lagSteps * FACTOR_COUNT);
    const days = (lagSteps * stepSeconds) / SECONDS_PER_DAY;
    this.#largest = Float64Array.from({ length: FACTOR_COUNT }, (_, f) => MOVE_SD_MAXIMUM * (dailySd[f] ?? 0) * Math.sqrt(days));
  }

  /** Takes in the tracked factors at a forecast step. */
  step(factors: Readonly<Float64Array>): void {
    const slot = (this.#steps % this.#lag) * FACTOR_COUNT;
    if (this.#steps >= this.#lag) {
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const largest = this.#largest[f] ?? 0;
        this.#move[f] = Math.max(-largest, Math.min(largest, (factors[f] ?? 0) - (this.#past[slot + f] ?? 0)));
      }
      this.#weight = this.#weight * this.#kept + 1;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        for (let g = 0; g < FACTOR_COUNT; g += 1) {
          const cell = f * FACTOR_COUNT + g;
          this.#products[cell] = (this.#products[cell] ?? 0) * this.#kept + (this.#move[f] ?? 0) * (this.#move[g] ?? 0);
        }
      }
    }
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.#past[slot + f] = factors[f] ?? 0;
    this.#steps += 1;
  }

  /** Forgets where the factors were, as after a night: what was learnt of how they move holds. */
  forget(): void {
    this.#steps = 0;
  }

  /** Correlation of two factors, shrunk; 0 where one never moved. */
  correlation(f: number, g: number): number {
    if (f === g) return 1;
    const [own, other] = [this.#sd(f), this.#sd(g)];
    if (own === 0 || other === 0) return 0;
    const seen = this.#weight / this.#lag;
    return ((this.#products[f * FACTOR_COUNT + g] ?? 0) / (own * other)) * (seen / (seen + this.#prior));
  }

  /** Root of the sum of a factor's squares. */
  #sd(f: number): number {
    const largest = this.#largest[f] ?? 0;
    const square = this.#products[f * FACTOR_COUNT + f] ?? 0;
    return square <= ROUNDING * largest * largest ? 0 : Math.sqrt(square);
  }
}
