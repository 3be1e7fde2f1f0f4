/** Sums of one side's quotes, as if all were filled. */
interface Side {
  /** With everything that is at the exchange or on its way there. */
  held: number;
  /** Without what is to be withdrawn. */
  planned: number;
}

const blankSide = (): Side => ({ held: 0, planned: 0 });

/**
 * Room left under the limits of vega and gamma, counting every quote as if it were filled: long options only add, so the worst case of the
 * bids and that of the asks are each a plain sum.
 *
 * What rests at the exchange counts until its end has been reported, also when it is being withdrawn: it may fill before the cancel arrives. So
 * a cycle first calls {@link hold} for all that is open, then for each quote {@link keep} and, for what is to be added, {@link grant}.
 */
export class RiskBudget {
  readonly #limits: { readonly vega: number; readonly gamma: number };
  readonly #vega = { buy: blankSide(), sell: blankSide() };
  readonly #gamma = { buy: blankSide(), sell: blankSide() };

  /** @param vegaLimit dollars per vol point. @param gammaLimit change of delta, in units, for a move of 1 %. */
  constructor(vegaLimit: number, gammaLimit: number) {
    this.#limits = { vega: vegaLimit, gamma: gammaLimit };
  }

  /** Starts over from the present position. */
  reset(vega: number, gamma: number): void {
    for (const [greek, position] of [
      [this.#vega, vega],
      [this.#gamma, gamma],
    ] as const) {
      greek.buy.held = position;
      greek.buy.planned = position;
      greek.sell.held = position;
      greek.sell.planned = position;
    }
  }

  /** Counts what is open on a side, whatever the limits say. */
  hold(side: 'buy' | 'sell', vega: number, gamma: number): void {
    this.#add(side, vega, gamma);
  }

  /** Whether a quote that is held may stay; if not, it is to be withdrawn, and its room counts as given up for the others that are held. */
  keep(side: 'buy' | 'sell', vega: number, gamma: number): boolean {
    if (this.#within(side, 'planned', 0, 0)) return true;
    this.giveUp(side, vega, gamma);
    return false;
  }

  /** A quote that is held will be withdrawn for another reason. Its room is free for new quotes once its end was reported. */
  giveUp(side: 'buy' | 'sell', vega: number, gamma: number): void {
    const sign = side === 'buy' ? 1 : -1;
    this.#vega[side].planned -= sign * vega;
    this.#gamma[side].planned -= sign * gamma;
  }

  /** Reserves room for a bid (or an offer) worth this much vega and gamma; false, and nothing reserved, when a limit forbids it. */
  grant(side: 'buy' | 'sell', vega: number, gamma: number): boolean {
    if (!this.#within(side, 'held', vega, gamma)) return false;
    this.#add(side, vega, gamma);
    return true;
  }

  #add(side: 'buy' | 'sell', vega: number, gamma: number): void {
    const sign = side === 'buy' ? 1 : -1;
    for (const [greek, amount] of [
      [this.#vega[side], sign * vega],
      [this.#gamma[side], sign * gamma],
    ] as const) {
      greek.held += amount;
      greek.planned += amount;
    }
  }

  #within(side: 'buy' | 'sell', sum: 'held' | 'planned', vega: number, gamma: number): boolean {
    const sign = side === 'buy' ? 1 : -1;
    return sign * this.#vega[side][sum] + vega <= this.#limits.vega && sign * this.#gamma[side][sum] + gamma <= this.#limits.gamma;
  }

  /** Largest |vega| that fills could lead to, and the same for gamma. */
  get worstVega(): number {
    return Math.max(Math.abs(this.#vega.buy.held), Math.abs(this.#vega.sell.held));
  }

  get worstGamma(): number {
    return Math.max(Math.abs(this.#gamma.buy.held), Math.abs(this.#gamma.sell.held));
  }
}
