import { millsRatioRight, normalPdf } from '../core/special.ts';
import { logRatio, STDEV_MINIMUM } from './black-scholes.ts';
import type { ExpiryConditions, ExpiryStrikes } from './chain-greeks.ts';

/**
 * Prices of calls and puts at the same strikes, without Greeks and to the same bits as `ChainGreeks` gives them (test/pricing/chain-prices.test.ts):
 * for those who need a chain at one more state. It goes over the strikes in passes that are each short enough to be compiled as one, so that no
 * number in between becomes an object. The call at strike i stands at 2·i, the put at 2·i + 1. Borrowed until the next {@link value}.
 */
export class ChainPrices {
  readonly price: Float64Array;
  /** d₁ and d₂ of each strike in turn, then the tails they cut off: density times Mills' ratio. */
  readonly #d: Float64Array;
  readonly #tail: Float64Array;
  readonly #density: Float64Array;

  /** @param strikes the most that a chain to be valued will have. */
  constructor(strikes: number) {
    this.price = new Float64Array(2 * strikes);
    this.#d = new Float64Array(2 * strikes);
    this.#tail = new Float64Array(2 * strikes);
    this.#density = new Float64Array(strikes);
  }

  /**
   * Values one expiry. What is given must be sound: `ChainGreeks` has seen it before.
   * @param first index of the expiry's first strike in the columns.
   */
  value(expiry: ExpiryStrikes, at: ExpiryConditions, first = 0): void {
    const end = first + expiry.strikes.length;
    const spotValue = at.spot * Math.exp(-at.yield * expiry.years);
    const discount = Math.exp(-at.rate * expiry.years);
    this.#distances(expiry, at, first, spotValue, discount);
    const tail = this.#tail;
    for (let i = 2 * first; i < 2 * end; i += 1) tail[i] = (this.#density[i >> 1] ?? 0) * millsRatioRight(Math.abs(this.#d[i] ?? 0));
    this.#prices(expiry, first, spotValue, discount);
  }

  #distances({ years, strikes }: ExpiryStrikes, at: ExpiryConditions, first: number, spotValue: number, discount: number): void {
    const rootYears = Math.sqrt(years);
    const carry = (at.rate - at.yield) * years;
    for (let i = 0; i < strikes.length; i += 1) {
      const strike = strikes[i] ?? Number.NaN;
      const stdev = (at.vols[i] ?? Number.NaN) * rootYears;
      const some = stdev > STDEV_MINIMUM;
      const drift = some ? (logRatio(at.spot, strike) + carry) / stdev : 0;
      const d1 = drift + stdev / 2;
      const d2 = drift - stdev / 2;
      const byFirst = Math.abs(d1) <= Math.abs(d2);
      const density = (byFirst ? spotValue : strike * discount) * normalPdf(byFirst ? d1 : d2);
      this.#d[2 * (first + i)] = d1;
      this.#d[2 * (first + i) + 1] = d2;
      // Without a density neither leg has a tail: what is left is the intrinsic value.
      this.#density[first + i] = some ? density : Number.NaN;
    }
  }

  #prices({ strikes }: ExpiryStrikes, first: number, spotValue: number, discount: number): void {
    const { price } = this;
    for (let i = 0; i < strikes.length; i += 1) {
      const call = 2 * (first + i);
      const strikeValue = (strikes[i] ?? Number.NaN) * discount;
      const d1 = this.#d[call] ?? 0;
      const d2 = this.#d[call + 1] ?? 0;
      const spotTail = this.#tail[call] ?? 0;
      const strikeTail = this.#tail[call + 1] ?? 0;
      if (Number.isNaN(this.#density[first + i])) {
        price[call] = Math.max(0, spotValue - strikeValue);
        price[call + 1] = Math.max(0, strikeValue - spotValue);
        continue;
      }
      price[call] = Math.max(0, (d1 > 0 ? spotValue - spotTail : spotTail) - (d2 > 0 ? strikeValue - strikeTail : strikeTail));
      price[call + 1] = Math.max(0, (d2 < 0 ? strikeValue - strikeTail : strikeTail) - (d1 < 0 ? spotValue - spotTail : spotTail));
    }
  }
}
