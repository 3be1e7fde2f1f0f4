import type { Rng } from '../core/rng.ts';

/** A Markov chain of regimes in continuous time, seen at steps short against its dwell times. One draw per step. */
export class RegimeChain {
  #current: number;
  readonly #rates: readonly (readonly number[])[];
  readonly #speed: number;

  /** @param ratesPerDay rate from row to column per day; the diagonal is not read. */
  constructor(start: number, ratesPerDay: readonly (readonly number[])[], speed: number) {
    this.#current = start;
    this.#rates = ratesPerDay;
    this.#speed = speed;
  }

  get current(): number {
    return this.#current;
  }

  /** Puts the chain into a regime, as a scripted shift does. */
  force(regime: number): void {
    this.#current = regime;
  }

  /** Moves on by `days`. At most one change per step: exact up to (rate · days)². */
  step(days: number, rng: Rng): number {
    let u = rng.uniform();
    const rates = this.#rates[this.#current] ?? [];
    for (let to = 0; to < rates.length; to += 1) {
      if (to === this.#current) continue;
      const probability = 1 - Math.exp(-(rates[to] ?? 0) * this.#speed * days);
      if (u < probability) {
        this.#current = to;
        break;
      }
      u -= probability;
    }
    return this.#current;
  }
}
