import { millsRatioRight, normalPdf } from '../core/special.ts';
import { logRatio, STDEV_MINIMUM } from './black-scholes.ts';

/** A call and a put at each of some strikes, all of one expiry. */
export interface ExpiryStrikes {
  /** Years to expiry (act/365), ≥ 0. */
  readonly years: number;
  /** Currency of the spot, > 0; in any order. */
  readonly strikes: ArrayLike<number>;
}

/** What one expiry is valued at. */
export interface ExpiryConditions {
  /** > 0. */
  readonly spot: number;
  /** Annual, continuously compounded. */
  readonly rate: number;
  /** Continuous dividend yield: annual. */
  readonly yield: number;
  /** Annual vol at each strike, ≥ 0: call and put share it. */
  readonly vols: ArrayLike<number>;
}

/**
 * Price and five Greeks of calls and puts at the same strikes, in columns that are allocated once. The call at strike i stands at 2·i, the
 * put at 2·i + 1; units are those of `greeks`. Columns are borrowed until the next {@link value}.
 */
export class ChainGreeks {
  readonly price: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly vega: Float64Array;
  readonly theta: Float64Array;
  readonly rho: Float64Array;

  /** @param strikes the most that a chain to be valued will have. */
  constructor(strikes: number) {
    this.price = new Float64Array(2 * strikes);
    this.delta = new Float64Array(2 * strikes);
    this.gamma = new Float64Array(2 * strikes);
    this.vega = new Float64Array(2 * strikes);
    this.theta = new Float64Array(2 * strikes);
    this.rho = new Float64Array(2 * strikes);
  }

  /**
   * Values one expiry. Call and put share d₁, d₂, the density and both values of Mills' ratio, and the expiry its discount factors:
   * that, not another formula, makes it faster than `greeks`, whose bits it reproduces (test/pricing/chain-greeks.test.ts).
   * @param first index of the expiry's first strike in the columns, for chains of several expiries.
   * @throws RangeError as `greeks` does, or when the columns are too short: a bug of the caller.
   */
  value(expiry: ExpiryStrikes, at: ExpiryConditions, first = 0): void {
    const { years, strikes } = expiry;
    const { spot, rate, vols } = at;
    const { price, delta, gamma, vega, theta, rho } = this;
    const count = strikes.length;
    const rootYears = Math.sqrt(years);
    const spotValue = spot * Math.exp(-at.yield * years);
    const discount = Math.exp(-rate * years);
    const carry = (rate - at.yield) * years;
    const sound = spot > 0 && spot < Infinity && spotValue > 0 && spotValue < Infinity;
    if (!sound || vols.length !== count || 2 * (first + count) > price.length) {
      throw new RangeError(`cannot value ${count} strikes (${vols.length} vols) from ${first} of ${price.length / 2} on a spot of ${spot}`);
    }
    for (let i = 0; i < count; i += 1) {
      const strike = strikes[i] ?? Number.NaN;
      const vol = vols[i] ?? Number.NaN;
      const stdev = vol * rootYears;
      const strikeValue = strike * discount;
      if (!(strike > 0 && strike < Infinity && strikeValue > 0 && strikeValue < Infinity && vol >= 0 && stdev < Infinity)) {
        throw new RangeError(`cannot value the strike ${strike} at a vol of ${vol}, ${years} years to expiry`);
      }
      let density = 0;
      let callSpotLeg: number;
      let putSpotLeg: number;
      let callStrikeLeg: number;
      let putStrikeLeg: number;
      if (stdev > STDEV_MINIMUM) {
        const drift = (logRatio(spot, strike) + carry) / stdev;
        const d1 = drift + stdev / 2;
        const d2 = drift - stdev / 2;
        density = Math.abs(d1) <= Math.abs(d2) ? spotValue * normalPdf(d1) : strikeValue * normalPdf(d2);
        const spotTail = density * millsRatioRight(Math.abs(d1));
        const strikeTail = density * millsRatioRight(Math.abs(d2));
        callSpotLeg = d1 > 0 ? spotValue - spotTail : spotTail;
        putSpotLeg = d1 < 0 ? spotValue - spotTail : spotTail;
        callStrikeLeg = d2 > 0 ? strikeValue - strikeTail : strikeTail;
        putStrikeLeg = d2 < 0 ? strikeValue - strikeTail : strikeTail;
      } else {
        const moneyness = spotValue - strikeValue;
        const exercised = moneyness === 0 ? 0.5 : moneyness > 0 ? 1 : 0;
        callSpotLeg = exercised * spotValue;
        putSpotLeg = (1 - exercised) * spotValue;
        callStrikeLeg = exercised * strikeValue;
        putStrikeLeg = (1 - exercised) * strikeValue;
      }
      const call = 2 * (first + i);
      const put = call + 1;
      const curve = density === 0 ? 0 : density / spot / (spot * stdev);
      const decay = density === 0 ? 0 : (density * vol) / (2 * rootYears);
      price[call] = Math.max(0, callSpotLeg - callStrikeLeg);
      price[put] = Math.max(0, putStrikeLeg - putSpotLeg);
      delta[call] = callSpotLeg / spot;
      delta[put] = -putSpotLeg / spot;
      gamma[call] = curve;
      gamma[put] = curve;
      vega[call] = density * rootYears;
      vega[put] = density * rootYears;
      theta[call] = at.yield * callSpotLeg - rate * callStrikeLeg - decay;
      theta[put] = -(at.yield * putSpotLeg - rate * putStrikeLeg) - decay;
      rho[call] = years * callStrikeLeg;
      rho[put] = -years * putStrikeLeg;
    }
  }
}
