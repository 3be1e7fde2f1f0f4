/**
 * Room left under the limits of vega and gamma, counting every quote as if it were filled: long options only add, so the worst case of the
 * bids and that of the asks are each a plain sum. Quotes are granted in order until the room is used.
 */
export class RiskBudget {
  readonly #vegaLimit: number;
  readonly #gammaLimit: number;
  #vega = 0;
  #gamma = 0;
  #bidVega = 0;
  #bidGamma = 0;
  #askVega = 0;
  #askGamma = 0;

  /** @param vegaLimit dollars per vol point. @param gammaLimit change of delta, in units, for a move of 1 %. */
  constructor(vegaLimit: number, gammaLimit: number) {
    this.#vegaLimit = vegaLimit;
    this.#gammaLimit = gammaLimit;
  }

  /** Starts over from the present position. */
  reset(vega: number, gamma: number): void {
    this.#vega = vega;
    this.#gamma = gamma;
    this.#bidVega = 0;
    this.#bidGamma = 0;
    this.#askVega = 0;
    this.#askGamma = 0;
  }

  /** Reserves room for a bid (or an offer) worth this much vega and gamma; false, and nothing reserved, when a limit forbids it. */
  grant(side: 'buy' | 'sell', vega: number, gamma: number): boolean {
    if (side === 'buy') {
      if (this.#vega + this.#bidVega + vega > this.#vegaLimit || this.#gamma + this.#bidGamma + gamma > this.#gammaLimit) return false;
      this.#bidVega += vega;
      this.#bidGamma += gamma;
      return true;
    }
    if (this.#vega - this.#askVega - vega < -this.#vegaLimit || this.#gamma - this.#askGamma - gamma < -this.#gammaLimit) return false;
    this.#askVega += vega;
    this.#askGamma += gamma;
    return true;
  }

  /** Largest |vega| that fills could lead to, and the same for gamma. */
  get worstVega(): number {
    return Math.max(Math.abs(this.#vega + this.#bidVega), Math.abs(this.#vega - this.#askVega));
  }

  get worstGamma(): number {
    return Math.max(Math.abs(this.#gamma + this.#bidGamma), Math.abs(this.#gamma - this.#askGamma));
  }
}
