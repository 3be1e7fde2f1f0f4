import type { InstrumentId } from '../../../../core/units.ts';
import type { Chain, Expiry } from '../../../../market/chain.ts';
import type { Right } from '../../../../market/instrument.ts';
import type { TheoChain } from '../../../../pricing/theo.ts';
import type { ArbitrageParams, Bound } from './params.ts';
import { smallestRatio } from './strike-ratio.ts';
import type { TouchPrices } from './touch-prices.ts';

/** So much may a growth of a forward be below 1 by rounding. */
const ROUNDING = 1e-12;

export interface PackageLeg {
  readonly instrument: InstrumentId;
  /** Bought above 0. */
  readonly lots: number;
}

/** Trades that together bring more than they can ever cost. */
export interface ArbitragePackage {
  readonly bound: Bound;
  readonly legs: readonly PackageLeg[];
  /** Of the largest leg. */
  readonly contracts: number;
  /** Dollars per contract of the largest leg, after all costs. */
  readonly gain: number;
  /** Where: expiry, strikes, right. */
  readonly where: string;
}

/**
 * Looks through the best prices of the others for bounds that they break whatever vols are, with all costs of {@link TouchPrices}:
 *
 * - parity: C − P = gS − AK, with A = e^(−rT) and g = A · forward/spot; the third leg is g of the perpetual;
 * - vertical: 0 ≤ C(K₁) − C(K₂) ≤ A(K₂ − K₁) for K₁ < K₂, and the same for puts the other way round;
 * - butterfly: C(K₂) ≤ wC(K₁) + (1 − w)C(K₃), K₂ = wK₁ + (1 − w)K₃, in whole ratios;
 * - calendar: a call of a later expiry, at the highest strike that is no higher against its forward, is worth no less than the near one, where the
 *   forward does not fall; a put, at the lowest strike that is no lower, less what the strikes differ by.
 *
 * Merton (1973) for verticals and butterflies; calendars with forwards as in Gatheral and Jacquier (2014, lemma 2.1), but for the worst case
 * at the near expiry, which deterministic carry bounds.
 */
export class ArbitrageFinder {
  readonly #chain: Chain;
  readonly #rate: number;
  readonly #params: ArbitrageParams;
  readonly #byStrike: readonly (readonly InstrumentId[])[];
  /** Most lots that a leg may have: by instrument and side. */
  #room: (instrument: InstrumentId, buys: boolean) => number = () => 0;
  #best: ArbitragePackage | undefined;
  #bestDollars = 0;

  constructor(chain: Chain, rate: number, params: ArbitrageParams) {
    this.#chain = chain;
    this.#rate = rate;
    this.#params = params;
    this.#byStrike = chain.expiries.map(({ index }) => chain.options.filter(({ expiry }) => expiry === index).map(({ id }) => id));
  }

  /**
   * The package that brings most in all; undefined where there is none.
   * @param room lots that the limits leave to each leg.
   */
  find(prices: TouchPrices, theo: TheoChain, room: (instrument: InstrumentId, buys: boolean) => number): ArbitragePackage | undefined {
    this.#best = undefined;
    this.#bestDollars = 0;
    this.#room = room;
    const { bounds } = this.#params;
    for (const expiry of this.#chain.expiries) {
      if (theo.yearsLeft(this.#id(expiry, 0, 'call') - 1) === 0) continue;
      if (bounds.includes('parity')) this.#parity(prices, theo, expiry);
      for (const right of ['call', 'put'] as const) {
        if (bounds.includes('vertical')) this.#verticals(prices, theo, expiry, right);
        if (bounds.includes('butterfly')) this.#butterflies(prices, expiry, right);
        if (!bounds.includes('calendar')) continue;
        for (const later of this.#chain.expiries.slice(expiry.index + 1)) this.#calendars(prices, theo, expiry, later, right);
      }
    }
    return this.#best;
  }

  /** Instruments lie call before put, strike by strike. */
  #id(expiry: Expiry, strike: number, right: Right): InstrumentId {
    return this.#byStrike[expiry.index]?.[2 * strike + (right === 'call' ? 0 : 1)] ?? (0 as InstrumentId);
  }

  #discount(theo: TheoChain, expiry: Expiry): number {
    return Math.exp(-this.#rate * theo.yearsLeft(this.#id(expiry, 0, 'call') - 1));
  }

  #parity(prices: TouchPrices, theo: TheoChain, expiry: Expiry): void {
    const { underlying } = this.#chain;
    const discount = this.#discount(theo, expiry);
    const units = (discount * (theo.forward[expiry.index] ?? 0)) / theo.spot;
    const [buy, sell] = [prices.buy[underlying.id] ?? Number.NaN, prices.sell[underlying.id] ?? Number.NaN];
    expiry.strikes.forEach((strike, k) => {
      const [call, put] = [this.#id(expiry, k, 'call'), this.#id(expiry, k, 'put')];
      const paid = discount * strike;
      const conversion = at(prices.sell, call) - at(prices.buy, put) - units * buy + paid;
      const reversal = at(prices.sell, put) - at(prices.buy, call) + units * sell - paid;
      const where = (): string => `${expiry.label} ${strike}`;
      if (this.#pays(conversion)) this.#offer('parity', conversion, prices, [call, -1, put, 1], where, units);
      if (this.#pays(reversal)) this.#offer('parity', reversal, prices, [call, 1, put, -1], where, -units);
    });
  }

  #verticals(prices: TouchPrices, theo: TheoChain, expiry: Expiry, right: Right): void {
    const { strikes } = expiry;
    const discount = this.#discount(theo, expiry);
    for (let i = 0; i < strikes.length; i += 1) {
      for (let j = i + 1; j < strikes.length; j += 1) {
        // The one that is worth more, and the one that is worth less.
        const [more, less] = right === 'call' ? [i, j] : [j, i];
        const [rich, poor] = [this.#id(expiry, more, right), this.#id(expiry, less, right)];
        const widest = discount * ((strikes[j] ?? 0) - (strikes[i] ?? 0));
        const free = at(prices.sell, poor) - at(prices.buy, rich);
        const full = at(prices.sell, rich) - at(prices.buy, poor) - widest;
        const where = (): string => `${expiry.label} ${right}s ${strikes[i]} ${strikes[j]}`;
        if (this.#pays(free)) this.#offer('vertical', free, prices, [rich, 1, poor, -1], where);
        if (this.#pays(full)) this.#offer('vertical', full, prices, [rich, -1, poor, 1], where);
      }
    }
  }

  #butterflies(prices: TouchPrices, expiry: Expiry, right: Right): void {
    const { strikes } = expiry;
    for (let j = 1; j + 1 < strikes.length; j += 1) {
      const body = at(prices.sell, this.#id(expiry, j, right));
      if (Number.isNaN(body)) continue;
      for (let i = 0; i < j; i += 1) {
        for (let k = j + 1; k < strikes.length; k += 1) {
          const [low, middle, high] = [strikes[i] ?? 0, strikes[j] ?? 0, strikes[k] ?? 0];
          const share = (high - middle) / (high - low);
          const [lower, upper] = [this.#id(expiry, i, right), this.#id(expiry, k, right)];
          const gain = body - share * at(prices.buy, lower) - (1 - share) * at(prices.buy, upper);
          if (!this.#pays(gain)) continue;
          const [below, above] = smallestRatio(high - middle, middle - low);
          const legs = [lower, below, this.#id(expiry, j, right), -(below + above), upper, above];
          this.#offer('butterfly', gain, prices, legs, () => `${expiry.label} ${right}s ${low} ${middle} ${high}`);
        }
      }
    }
  }

  #calendars(prices: TouchPrices, theo: TheoChain, near: Expiry, far: Expiry, right: Right): void {
    const discounts = this.#discount(theo, far) / this.#discount(theo, near);
    // What a unit of the spot at the near expiry is worth in the far one.
    const growth = (discounts * (theo.forward[far.index] ?? 0)) / (theo.forward[near.index] ?? 1);
    if (right === 'call' && growth < 1 - ROUNDING) return;
    near.strikes.forEach((strike, k) => {
      const level = (strike * growth) / discounts;
      const other =
        right === 'call'
          ? far.strikes.findLastIndex((each) => each <= level * (1 + ROUNDING))
          : far.strikes.findIndex((each) => each >= level * (1 - ROUNDING));
      if (other < 0) return;
      const farStrike = far.strikes[other] ?? 0;
      const short = right === 'call' ? 0 : Math.max(0, strike - farStrike * discounts) * this.#discount(theo, near);
      const [sold, bought] = [this.#id(near, k, right), this.#id(far, other, right)];
      const gain = at(prices.sell, sold) - at(prices.buy, bought) - short;
      if (!this.#pays(gain)) return;
      this.#offer('calendar', gain, prices, [sold, -1, bought, 1], () => `${near.label} ${strike} ${far.label} ${farStrike} ${right}s`);
    });
  }

  #pays(gain: number): boolean {
    return gain >= this.#params.edgeDollars;
  }

  /**
   * Sizes a package, and keeps it if it brings more in all than the best so far.
   *
   * @param gain dollars per contract of the largest leg. @param legs instrument and lots of the smallest package, in turn.
   * @param perpetual units of the perpetual, bought above 0, to each contract.
   */
  #offer(bound: Bound, gain: number, prices: TouchPrices, legs: readonly number[], where: () => string, perpetual = 0): void {
    const { underlying, options } = this.#chain;
    const lotSize = options[0]?.lotSize ?? 1;
    const largest = legs.reduce((most, lots, i) => (i % 2 === 1 ? Math.max(most, Math.abs(lots)) : most), 0);
    let multiple = Math.floor(this.#params.size / lotSize / largest + 1e-9);
    for (let i = 0; i < legs.length; i += 2) {
      const [instrument, lots] = [legs[i] as InstrumentId, legs[i + 1] ?? 0];
      const shown = (lots > 0 ? prices.buyLots : prices.sellLots)[instrument] ?? 0;
      multiple = Math.min(multiple, Math.floor(Math.min(shown, this.#room(instrument, lots > 0)) / Math.abs(lots)));
    }
    const perMultiple = (Math.abs(perpetual) * lotSize) / underlying.lotSize;
    const shown = (perpetual > 0 ? prices.buyLots : prices.sellLots)[underlying.id] ?? 0;
    if (perpetual !== 0) multiple = Math.min(multiple, Math.floor(shown / perMultiple));
    const contracts = multiple * largest * lotSize;
    if (multiple < 1 || gain * contracts <= this.#bestDollars) return;
    const made: PackageLeg[] = [];
    for (let i = 0; i < legs.length; i += 2) made.push({ instrument: legs[i] as InstrumentId, lots: (legs[i + 1] ?? 0) * multiple });
    if (perpetual !== 0) made.push({ instrument: underlying.id, lots: Math.sign(perpetual) * Math.round(perMultiple * multiple) });
    this.#bestDollars = gain * contracts;
    this.#best = { bound, legs: made, contracts, gain, where: where() };
  }
}

const at = (prices: Float64Array, instrument: InstrumentId): number => prices[instrument] ?? Number.NaN;
