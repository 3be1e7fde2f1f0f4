import type { Chain, Expiry } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { blankGreeks, type Conditions, type Contract, greeks } from './black-scholes.ts';
import { ChainGreeks } from './chain-greeks.ts';
import { FACTOR_COUNT, FactorSurface, type TenorShape } from './factors.ts';

/** How a chain is valued: the annual discount rate, and what each expiry has of its own. */
export interface ValuationTerms {
  readonly rate: number;
  readonly tenors: readonly TenorShape[];
}

/** One expiry as {@link ChainGreeks} takes it, filled anew for each valuation. */
interface ExpiryBlock {
  years: number;
  readonly strikes: readonly number[];
  /** Index of its first strike among those of the chain. */
  readonly first: number;
  /** ln(strike/forward) of each. */
  readonly moneyness: Float64Array;
  readonly at: { spot: number; readonly rate: number; readonly yield: number; readonly vols: Float64Array };
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
  /** Prices and Greeks are its columns: a strike's call and put stand there as they do in a chain. */
  readonly #columns: ChainGreeks;
  readonly #blocks: readonly ExpiryBlock[];
  #nowYears = 0;
  #spot = 0;

  constructor(chain: Chain, terms: ValuationTerms) {
    const n = chain.options.length;
    this.#chain = chain;
    this.#rate = terms.rate;
    this.surface = new FactorSurface(terms.tenors);
    this.#columns = new ChainGreeks(n / 2);
    this.price = this.#columns.price;
    this.vol = new Float64Array(n);
    this.delta = this.#columns.delta;
    this.gamma = this.#columns.gamma;
    this.vega = this.#columns.vega;
    this.theta = this.#columns.theta;
    this.exposures = new Float64Array(n * FACTOR_COUNT);
    this.forward = new Float64Array(chain.expiries.length);
    this.#contracts = chain.options.map((option) => ({ right: option.right, strike: option.strike, years: 0 }));
    this.#conditions = { spot: 0, vol: 0, rate: terms.rate, yield: 0 };
    let first = 0;
    this.#blocks = chain.expiries.map(({ strikes, carry }): ExpiryBlock => {
      const at = { spot: 0, rate: terms.rate, yield: terms.rate - carry, vols: new Float64Array(strikes.length) };
      first += strikes.length;
      return { years: 0, strikes, first: first - strikes.length, moneyness: new Float64Array(strikes.length), at };
    });
  }

  get spot(): number {
    return this.#spot;
  }

  /** Years that a series has left at the last {@link move}; at least 0. `series` is the instrument id − 1. */
  yearsLeft(series: number): number {
    const expiry = this.#chain.options[series]?.expiry ?? -1;
    return Math.max(0, (this.#chain.expiries[expiry]?.years ?? 0) - this.#nowYears);
  }

  /** Value today of 1 at an expiry, at the last {@link move}. */
  discount(expiry: number): number {
    return Math.exp(-this.#rate * Math.max(0, (this.#chain.expiries[expiry]?.years ?? 0) - this.#nowYears));
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

  /** Values every series, to the same bits as {@link value} would: call and put at one strike share most of the work. */
  valueAll(): void {
    for (const expiry of this.#chain.expiries) this.#valueExpiry(expiry);
  }

  #valueExpiry(expiry: Expiry): void {
    const block = this.#blocks[expiry.index];
    if (block === undefined) return;
    const { strikes, moneyness, at } = block;
    const forward = this.forward[expiry.index] ?? 1;
    block.years = Math.max(0, expiry.years - this.#nowYears);
    at.spot = this.#spot;
    for (let i = 0; i < strikes.length; i += 1) {
      const k = Math.log((strikes[i] ?? Number.NaN) / forward);
      moneyness[i] = k;
      at.vols[i] = block.years === 0 ? 0 : this.surface.vol(expiry.index, k);
    }
    this.#columns.value(block, at, block.first);
    for (let i = 0; i < strikes.length; i += 1) this.#smile(expiry.index, block, i);
  }

  /** What call and put at a strike get from the smile: vols, exposures, and a delta that moves with the forward. */
  #smile(expiry: number, block: ExpiryBlock, strike: number): void {
    const { exposures, delta, theta } = this;
    const call = 2 * (block.first + strike);
    const put = call + 1;
    const skew = this.surface.volGradient(expiry, block.moneyness[strike] ?? Number.NaN, exposures, call * FACTOR_COUNT);
    const vega = this.vega[call] ?? 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const exposure = (exposures[call * FACTOR_COUNT + f] ?? 0) * vega;
      exposures[call * FACTOR_COUNT + f] = exposure;
      exposures[put * FACTOR_COUNT + f] = exposure;
    }
    const vol = block.at.vols[strike] ?? 0;
    this.vol[call] = vol;
    this.vol[put] = vol;
    const over = block.years === 0;
    // k = ln(strike/forward) falls as the spot rises: the smile follows the forward.
    delta[call] = over ? 0 : (delta[call] ?? 0) - (vega * skew) / this.#spot;
    delta[put] = over ? 0 : (delta[put] ?? 0) - (vega * skew) / this.#spot;
    if (!over) return;
    theta[call] = 0;
    theta[put] = 0;
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
    this.delta[i] = years === 0 ? 0 : result.delta - (result.vega * skew) / this.#spot;
    this.gamma[i] = result.gamma;
    this.vega[i] = result.vega;
    this.theta[i] = years === 0 ? 0 : result.theta;
  }
}
