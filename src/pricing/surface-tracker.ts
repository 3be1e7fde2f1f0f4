import type { Chain } from '../market/chain.ts';
import { FACTOR_COUNT } from './factors.ts';
import { type BookNoise, SurfaceSearch } from './surface-search.ts';
import { TheoChain, type ValuationTerms } from './theo.ts';

/** What the tracker believes about how factors move, and how books err. */
export interface TrackerTerms extends BookNoise {
  /** Standard deviation of each factor's change over one day (1/365 year). */
  readonly dailySd: readonly number[];
}

/** After this many updates in a row in which most mids were rejected, the surface is looked for afresh. */
const LOST_AFTER = 3;
/** Days of moves that are thought possible when it is. */
const LOST_DAYS = 1;
const DAYS_PER_YEAR = 365;

/**
 * Estimate of the surface factors from two-sided books: one extended-Kalman update per observation step, each mid
 * weighted by its vega over its width (decision 7). The factors are taken to be random walks, so the estimate is
 * also the random-walk forecast at every horizon (decision 13). A mid that is further than `rejectSd` from its expectation is not believed. The surface
 * is fitted afresh ({@link SurfaceSearch}) at the first observation, and when most mids were rejected several times in a row.
 */
export class SurfaceTracker {
  /** Values of the chain at the estimate. */
  readonly theo: TheoChain;
  /** Estimated factors; borrowed. */
  readonly factors = new Float64Array(FACTOR_COUNT);
  /** Mids that were not believed, so far, and full fits made. */
  rejected = 0;
  fits = 0;
  readonly #chain: Chain;
  readonly #terms: TrackerTerms;
  readonly #covariance = new Float64Array(FACTOR_COUNT * FACTOR_COUNT);
  readonly #search: SurfaceSearch;
  readonly #gain = new Float64Array(FACTOR_COUNT);
  readonly #base = new Float64Array(FACTOR_COUNT);
  readonly #mid: Float64Array;
  readonly #width: Float64Array;
  #atYears: number | undefined;
  #lost = 0;
  #isForgotten = false;

  constructor(chain: Chain, valuation: ValuationTerms, terms: TrackerTerms) {
    this.#chain = chain;
    this.#terms = terms;
    this.theo = new TheoChain(chain, valuation);
    this.#search = new SurfaceSearch(chain, new TheoChain(chain, valuation), terms);
    this.#mid = new Float64Array(chain.options.length);
    this.#width = new Float64Array(chain.options.length);
  }

  /** True once a first fit was made, and again once one was made after {@link forget}. */
  get ready(): boolean {
    return this.fits > 0 && !this.#isForgotten;
  }

  /** From now on nothing is known, as at the start: the next surface is fitted afresh. */
  forget(): void {
    this.#isForgotten = true;
    this.#width.fill(0);
  }

  /** Standard deviation of the estimate of a factor. */
  sd(factor: number): number {
    return Math.sqrt(this.#covariance[factor * FACTOR_COUNT + factor] ?? 0);
  }

  /** Notes a two-sided book before {@link update}, in dollars; a width of 0 says that there is none. */
  note(series: number, mid: number, width: number): void {
    this.#mid[series] = mid;
    this.#width[series] = width;
  }

  /**
   * Takes in the mids noted since the last update, at this spot and time. Does nothing before a first fit can be made,
   * for which at least 8 two-sided series are needed. Afterwards {@link theo} is valued at the new estimate.
   */
  update(spot: number, nowYears: number): void {
    if (!this.ready) {
      this.#findAfresh(spot, nowYears);
      return;
    }
    this.#predict(nowYears);
    const share = this.#correct(spot, nowYears);
    if (share !== undefined) this.#lost = share > 0.5 ? this.#lost + 1 : 0;
    if (this.#lost >= LOST_AFTER) this.#findAgain(spot, nowYears);
    this.#value(spot, nowYears);
  }

  /** Values {@link theo} at the present estimate and another spot and time. */
  revalue(spot: number, nowYears: number): void {
    this.theo.move(this.factors, spot, nowYears);
    this.theo.valueAll();
  }

  #value(spot: number, nowYears: number): void {
    this.revalue(spot, nowYears);
    this.#width.fill(0);
  }

  /**
   * The surface is elsewhere. With most of the chain at hand it is fitted afresh; a few marks, as come in after news, do not carry a fit, and
   * are believed from now on instead.
   */
  #findAgain(spot: number, nowYears: number): void {
    const noted = this.#width.reduce((count, width) => (width > 0 ? count + 1 : count), 0);
    if (2 * noted >= this.#chain.options.length) {
      this.#findAfresh(spot, nowYears);
      return;
    }
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const sd = this.#terms.dailySd[f] ?? 0;
      const at = f * FACTOR_COUNT + f;
      this.#covariance[at] = (this.#covariance[at] ?? 0) + sd * sd * LOST_DAYS;
    }
    this.#lost = 0;
  }

  #predict(nowYears: number): void {
    const days = (nowYears - (this.#atYears ?? nowYears)) * DAYS_PER_YEAR;
    this.#atYears = nowYears;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const sd = this.#terms.dailySd[f] ?? 0;
      const at = f * FACTOR_COUNT + f;
      this.#covariance[at] = (this.#covariance[at] ?? 0) + sd * sd * days;
    }
  }

  /** One pass of scalar updates, linearised at the estimate it starts from. Returns the share of mids rejected; undefined without mids. */
  #correct(spot: number, nowYears: number): number | undefined {
    this.theo.move(this.factors, spot, nowYears);
    this.theo.valueAll();
    this.#base.set(this.factors);
    let seen = 0;
    let rejected = 0;
    for (let i = 0; i < this.#chain.options.length; i += 1) {
      const width = this.#width[i] ?? 0;
      if (width <= 0) continue;
      seen += 1;
      if (!this.#scalarUpdate(i, width)) rejected += 1;
    }
    this.rejected += rejected;
    return seen === 0 ? undefined : rejected / seen;
  }

  /** Returns false when the mid is too far from its expectation to be believed. */
  #scalarUpdate(series: number, width: number): boolean {
    const p = this.#covariance;
    const h = this.theo.exposures;
    const at = series * FACTOR_COUNT;
    let expected = this.theo.price[series] ?? 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) expected += (h[at + f] ?? 0) * ((this.factors[f] ?? 0) - (this.#base[f] ?? 0));
    const noise = this.#terms.noisePerWidth * width;
    let variance = noise * noise;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      let row = 0;
      for (let g = 0; g < FACTOR_COUNT; g += 1) row += (p[f * FACTOR_COUNT + g] ?? 0) * (h[at + g] ?? 0);
      this.#gain[f] = row;
      variance += row * (h[at + f] ?? 0);
    }
    const innovation = (this.#mid[series] ?? 0) - expected;
    if (innovation * innovation > this.#terms.rejectSd * this.#terms.rejectSd * variance) return false;
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.factors[f] = (this.factors[f] ?? 0) + ((this.#gain[f] ?? 0) * innovation) / variance;
    // P ← P − (P h)(P h)ᵀ / variance; symmetric by construction.
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      for (let g = 0; g < FACTOR_COUNT; g += 1) {
        const cell = f * FACTOR_COUNT + g;
        p[cell] = (p[cell] ?? 0) - ((this.#gain[f] ?? 0) * (this.#gain[g] ?? 0)) / variance;
      }
    }
    return true;
  }

  /** Finds the surface from nothing but the books at hand. */
  #findAfresh(spot: number, nowYears: number): void {
    if (!this.#search.find({ mid: this.#mid, width: this.#width }, spot, nowYears)) return;
    this.factors.set(this.#search.factors);
    this.#covariance.set(this.#search.covariance);
    this.fits += 1;
    this.#isForgotten = false;
    this.#lost = 0;
    this.#atYears = nowYears;
    this.#value(spot, nowYears);
  }
}
