import { categorical } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import type { Chain, Expiry } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { strikeWeight, tenorWeight } from '../pricing/flow-shape.ts';
import type { TheoChain } from '../pricing/theo.ts';

const DAYS_PER_YEAR = 365;
/** Seconds between two refreshes of the weights: strikes move slowly against the spot. */
const REFRESH_SECONDS = 30;

/** Which series customers come for: weights over expiries and strikes (`pricing/flow-shape.ts`), refreshed as the spot moves. */
export class SeriesInterest {
  readonly #chain: Chain;
  /** By instrument id − 1: all series, and puts below the spot alone. */
  readonly #weights: Float64Array;
  readonly #puts: Float64Array;
  readonly #totals: Float64Array;
  readonly #ofExpiry: readonly { readonly options: readonly OptionSeries[]; readonly weights: Float64Array }[];
  #refreshed = Number.NEGATIVE_INFINITY;
  #anyPut = false;

  constructor(chain: Chain) {
    this.#chain = chain;
    this.#weights = new Float64Array(chain.options.length);
    this.#puts = new Float64Array(chain.options.length);
    this.#totals = new Float64Array(chain.expiries.length);
    this.#ofExpiry = chain.expiries.map(({ index }) => {
      const options = chain.options.filter(({ expiry }) => expiry === index);
      return { options, weights: new Float64Array(options.length) };
    });
  }

  /** Brings the weights up to date if they are old. `theo` is the fair chain, moved to now. */
  refresh(theo: TheoChain, nowYears: number, nowSeconds: number): void {
    if (nowSeconds < this.#refreshed + REFRESH_SECONDS) return;
    this.#refreshed = nowSeconds;
    this.#totals.fill(0);
    for (const option of this.#chain.options) {
      const i = option.id - 1;
      const weight = this.#strikeWeight(option, theo, nowYears);
      this.#weights[i] = weight;
      this.#totals[option.expiry] = (this.#totals[option.expiry] ?? 0) + weight;
    }
    this.#anyPut = false;
    for (const option of this.#chain.options) {
      const i = option.id - 1;
      const total = this.#totals[option.expiry] ?? 0;
      const days = ((this.#chain.expiries[option.expiry]?.years ?? 0) - nowYears) * DAYS_PER_YEAR;
      const weight = total > 0 ? ((this.#weights[i] ?? 0) * tenorWeight(days)) / total : 0;
      this.#weights[i] = weight;
      this.#puts[i] = option.right === 'put' && option.strike < theo.spot ? weight : 0;
      this.#anyPut ||= (this.#puts[i] ?? 0) > 0;
    }
    for (const { options, weights } of this.#ofExpiry) {
      for (const [k, option] of options.entries()) weights[k] = this.#weights[option.id - 1] ?? 0;
    }
  }

  /** Any series. One draw. */
  anywhere(rng: Rng): OptionSeries | undefined {
    return this.#chain.options[categorical(rng, this.#weights)];
  }

  /** A put below the spot; any series where there is none. One draw. */
  downsidePut(rng: Rng): OptionSeries | undefined {
    return this.#anyPut ? this.#chain.options[categorical(rng, this.#puts)] : this.anywhere(rng);
  }

  /** A series of one expiry. One draw. */
  within(expiry: Expiry['index'], rng: Rng): OptionSeries | undefined {
    const one = this.#ofExpiry[expiry];
    return one?.options[categorical(rng, one.weights)];
  }

  #strikeWeight(option: OptionSeries, theo: TheoChain, nowYears: number): number {
    const left = (this.#chain.expiries[option.expiry]?.years ?? 0) - nowYears;
    if (left <= 0) return 0;
    const k = Math.log(option.strike / (theo.forward[option.expiry] ?? theo.spot));
    const deviations = Math.abs(k) / (theo.surface.vol(option.expiry, 0) * Math.sqrt(left));
    return strikeWeight(deviations, option.right === 'call' ? k >= 0 : k <= 0);
  }
}
