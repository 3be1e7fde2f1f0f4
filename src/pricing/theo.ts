import type { Chain } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { blankGreeks, type Conditions, type Contract, greeks } from './black-scholes.ts';
import { FACTOR_COUNT, FactorSurface, type TenorShape } from './factors.ts';

/** How a chain is valued: the annual discount rate, and what each expiry has of its own. */
export interface ValuationTerms {
  readonly rate: number;
  readonly tenors: readonly TenorShape[];
}

/**
 * Values of a whole chain from a factor vector and a spot, in preallocated columns. Column index = instrument id − 1.
 *
 * Units: dollars per unit of the underlying. `delta` is ∂price/∂spot with the factors held (the smile moves with the
 * forward), `gamma` the Black-Scholes gamma, `vega` per 1.00 of the series' own vol, `theta` per year with the factors'
 * smile held at the strike, `exposures[i·4 + k]` = ∂price/∂factor k. Columns are borrowed until the next update.
 */
export class TheoChain {
  readonly surface: FactorSurface;
  readonly price: Float64Array;
  readonly vol: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly vega: Float64Array;
  readonly theta: Float64Array;
  readonly exposures: Float64Array;
  /** Forward of each expiry. */
  readonly forward: Float64Array;
  readonly #chain: Chain;
  readonly #rate: number;
  readonly #contracts: readonly { right: 'call' | 'put'; strike: number; years: number }[];
  readonly #conditions: { spot: number; vol: number; rate: number; yield: number };
  readonly #greeks = blankGreeks();
  #nowYears = 0;
  #spot = 0;

  constructor(chain: Chain, terms: ValuationTerms) {
    const n = chain.options.length;
    this.#chain = chain;
    this.#rate = terms.rate;
    this.surface = new FactorSurface(terms.tenors);
    this.price = new Float64Array(n);
    this.vol = new Float64Array(n);
    this.delta = new Float64Array(n);
    this.gamma = new Float64Array(n);
    this.vega = new Float64Array(n);
    this.theta = new Float64Array(n);
    this.exposures = new Float64Array(n * FACTOR_COUNT);
    this.forward = new Float64Array(chain.expiries.length);
    this.#contracts = chain.options.map((option) => ({ right: option.right, strike: option.strike, years: 0 }));
    this.#conditions = { spot: 0, vol: 0, rate: terms.rate, yield: 0 };
  }

  get spot(): number {
    return this.#spot;
  }

  /** Moves surface and forwards; the columns follow with {@link value} or {@link valueAll}. */
  move(factors: ArrayLike<number>, spot: number, nowYears: number): void {
    this.#nowYears = nowYears;
    this.#spot = spot;
    this.surface.update(factors, nowYears);
    for (const expiry of this.#chain.expiries) {
      this.forward[expiry.index] = spot * Math.exp(expiry.carry * Math.max(0, expiry.years - nowYears));
    }
  }

  /** Values every series. */
  valueAll(): void {
    for (const option of this.#chain.options) this.value(option);
  }

  /** Values one series. An expired one gets its intrinsic value at the spot, and no Greeks. */
  value(option: OptionSeries): void {
    const i = option.id - 1;
    const expiry = this.#chain.expiries[option.expiry];
    const contract = this.#contracts[i];
    if (expiry === undefined || contract === undefined) return;
    const years = Math.max(0, expiry.years - this.#nowYears);
    const k = Math.log(option.strike / (this.forward[option.expiry] ?? 1));
    const conditions = this.#conditions;
    contract.years = years;
    conditions.spot = this.#spot;
    conditions.vol = years === 0 ? 0 : this.surface.vol(option.expiry, k);
    conditions.yield = this.#rate - expiry.carry;
    const result = greeks(contract satisfies Contract, conditions satisfies Conditions, this.#greeks);
    const skew = this.surface.volGradient(option.expiry, k, this.exposures, i * FACTOR_COUNT);
    for (let f = 0; f < FACTOR_COUNT; f += 1)
      this.exposures[i * FACTOR_COUNT + f] = (this.exposures[i * FACTOR_COUNT + f] ?? 0) * result.vega;
    this.price[i] = result.price;
    this.vol[i] = conditions.vol;
    // k = ln(strike/forward) falls as the spot rises: the smile follows the forward.
    this.delta[i] = years === 0 ? 0 : result.delta - (result.vega * skew) / this.#spot;
    this.gamma[i] = result.gamma;
    this.vega[i] = result.vega;
    this.theta[i] = years === 0 ? 0 : result.theta;
  }
}
