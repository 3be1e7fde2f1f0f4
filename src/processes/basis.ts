import { normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';

/** How the perpetual stands to the index. Fractions of the index. */
export interface BasisParameters {
  readonly mean: number;
  /** Standard deviation in the long run. */
  readonly sd: number;
  readonly halfLifeMinutes: number;
}

/**
 * Premium of the perpetual's fundamental value over the index, as a fraction of it: an Ornstein-Uhlenbeck process in clock time, stepped by its
 * exact transition b′ = m + (b − m)·a + s·√(1 − a²)·z with a = 2^(−step/half-life) (Uhlenbeck and Ornstein 1930), so that mean and
 * standard deviation do not depend on the step. It starts in its long-run law. One draw per step, the first included.
 */
export class BasisProcess {
  value: number;
  readonly #parameters: BasisParameters;
  readonly #keep: number;
  readonly #shock: number;
  readonly #rng: Rng;

  constructor(parameters: BasisParameters, stepMinutes: number, rng: Rng) {
    const { mean, sd, halfLifeMinutes } = parameters;
    this.#parameters = parameters;
    this.#keep = Math.exp((-Math.LN2 * stepMinutes) / halfLifeMinutes);
    this.#shock = sd * Math.sqrt(1 - this.#keep * this.#keep);
    this.#rng = rng;
    this.value = mean + sd * normal(rng);
  }

  step(): void {
    const { mean } = this.#parameters;
    this.value = mean + (this.value - mean) * this.#keep + this.#shock * normal(this.#rng);
  }
}
