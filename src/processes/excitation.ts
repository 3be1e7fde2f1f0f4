import { exponential } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import type { DelayPart } from './world-spec.ts';

/**
 * When orders come that earlier ones have drawn: delays from a mixture of exponentials, and what is to be expected of them. The
 * expectation is the state of a Hawkes process with such a kernel: one number per part of the mixture.
 */
export class Excitation {
  readonly #parts: readonly DelayPart[];
  readonly #total: number;
  readonly #expected: Float64Array;

  constructor(parts: readonly DelayPart[]) {
    this.#parts = parts;
    this.#total = parts.reduce((sum, { share }) => sum + share, 0);
    this.#expected = new Float64Array(parts.length);
  }

  /** Signed number of direct followers that are still to come, in expectation: above 0 where they will buy. */
  get expected(): number {
    return this.#expected.reduce((sum, value) => sum + value, 0);
  }

  decay(seconds: number): void {
    for (const [k, { meanSeconds }] of this.#parts.entries()) {
      this.#expected[k] = (this.#expected[k] ?? 0) * Math.exp(-seconds / meanSeconds);
    }
  }

  /** An order has come that will draw so many others, signed by their expected side. */
  add(followers: number): void {
    for (const [k, { share }] of this.#parts.entries()) {
      this.#expected[k] = (this.#expected[k] ?? 0) + (followers * share) / this.#total;
    }
  }

  /** Seconds. Two draws. */
  delay(rng: Rng): number {
    let rest = rng.uniform() * this.#total;
    const unit = exponential(rng, 1);
    for (const { share, meanSeconds } of this.#parts) {
      rest -= share;
      if (rest < 0) return unit * meanSeconds;
    }
    return unit * (this.#parts.at(-1)?.meanSeconds ?? 0);
  }
}
