import { normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import type { SizePart } from './world-spec.ts';

/**
 * Sizes of customers' orders: a mixture of lognormals, such as small orders of many and large orders of few; a part without spread stands for
 * a round number. Two draws per size. Buckets against theory: test/processes/order-sizes.test.ts.
 */
export class OrderSizes {
  readonly #parts: readonly SizePart[];
  readonly #total: number;
  readonly #scale: number;
  readonly #maximum: number;

  /** @param scale multiplies every size; `maximum` cuts what comes of it. */
  constructor(parts: readonly SizePart[], scale: number, maximum: number) {
    this.#parts = parts;
    this.#total = parts.reduce((sum, part) => sum + part.share, 0);
    this.#scale = scale;
    this.#maximum = maximum;
  }

  /** Contracts, above 0. */
  draw(rng: Rng): number {
    let rest = rng.uniform() * this.#total;
    const z = normal(rng);
    for (const { share, median, logSd } of this.#parts) {
      rest -= share;
      if (rest < 0) return Math.min(this.#maximum, this.#scale * median * Math.exp(logSd * z));
    }
    return this.#maximum;
  }
}
