import { z } from 'zod';
import { positive } from '../../../config/quantity.ts';
import type { Forecast } from '../../../forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import { closedForm } from './closed-form.ts';
import { pathWeights } from './forecast-lean.ts';
import { gammaParams, gammaVariance, nearestVol, RISK_COUNT, riskExposures } from './gamma-risk.ts';
import { bestDistance } from './hamiltonian.ts';
import { InventoryPrice } from './inventory-price.ts';
import { curvaturePerYear, imbalancePerYear, LEAN_ROUNDS, settledShare } from './quoted-liquidity.ts';
import { defineQuoter, type Quote, type Quoter, type QuotingView } from './quoter.ts';

const DAYS_PER_YEAR = 365;

const params = z.strictObject({
  gamma: gammaParams,
  ridge: positive({
    about:
      'liquidity that each risk is given beside that of the quoted series, as a share of their mean: bounds the price of what they do not span',
    maximum: 1,
  }).default(1e-4),
  targetDailySd: positive({
    about: 'dollars: largest daily standard deviation of the exposures that it wants to hold for a forecast',
  }).default(20_000),
});

/**
 * The closed form in the four factors and gamma (Bergault, Evangelista, Guéant and Vieira 2021, with the vegas of Baldacci, Bergault and Guéant
 * 2021; corrected as in economics 1). With b_i the exposures of series i, B those of the position, and M of {@link InventoryPrice}:
 *
 *   marginal cost of a bid  x = fee + b·(MB − c) + ½ z b·Mb,  of an offer  x = fee − b·(MB − c) + ½ z b·Mb,  each at distance y*(x),
 *   D = Σ z λ (h″/V) b bᵀ over the quoted series, h″ at the cost of fee and half a clip, each side at its own rate and the lean for it,
 *   c = ∫ e^(−2MDs) E[dx_s] + (2MD + φ)^(−1) M d, the forecast path discounted mode by mode at the speed at which inventory is worked off, and what
 *   buyers who outnumber sellers leave behind, d = Σ z (H_b′ − H_a′) b, as long as that lasts (φ per year).
 *
 * For a drift that decays at rates Φ that is c = Gμ with 2MDG + GΦ = I. What is forecast of a factor moves the exposures to all of them; a quote's
 * `forecastShifts` say by how much the forecast of each factor moves its value in this way, before the cap.
 */
export const factors = defineQuoter({
  kind: 'factors',
  summary: 'closed form in all factors of the surface and gamma: leans toward the forecast and away from inventory',
  params,
  create: (set) => new Factors(set),
});

class Factors implements Quoter {
  readonly #params: z.output<typeof params>;
  readonly #price = new InventoryPrice(RISK_COUNT);
  readonly #liquidity = new Float64Array(RISK_COUNT * RISK_COUNT);
  readonly #covariance = new Float64Array(RISK_COUNT * RISK_COUNT);
  /** Shift of each risk (rows) because of the forecast of each factor (columns). */
  readonly #lean = new Float64Array(RISK_COUNT * FACTOR_COUNT);
  /** Shift of each risk because one side outnumbers the other. */
  readonly #flow = new Float64Array(RISK_COUNT);
  readonly #target = new Float64Array(RISK_COUNT);
  /** By series: what a clip adds to its own cost with the liquidity at fees alone, 0 where it is not quoted. */
  #clips = new Float64Array(0);
  /** By series, dollars: what its value is shifted by because one side outnumbers the other. */
  #leans = new Float64Array(0);
  /** Liquidity at the cost of half clips and leans over that at fees alone. */
  #share = 1;
  /** B and M B. */
  readonly #held = new Float64Array(RISK_COUNT);
  readonly #cost = new Float64Array(RISK_COUNT);
  /** Exposures of one contract, and room for products with M and D. */
  readonly #own = new Float64Array(RISK_COUNT);
  readonly #times = new Float64Array(RISK_COUNT);
  readonly #sum = new Float64Array(RISK_COUNT);

  constructor(set: z.output<typeof params>) {
    this.#params = set;
  }

  prepare(view: QuotingView): void {
    this.#addUpLiquidity(view);
    this.#believeMoves(view);
    this.#price.update(this.#liquidity, this.#covariance, view.terms.riskAversion, this.#params.ridge);
    this.#settle(view);
    this.#held.fill(Number.NaN);
    this.#lean.fill(0);
    this.#target.fill(0);
    if (view.forecast === undefined) return;
    this.#discount(view.forecast);
    this.#aim(view);
  }

  quote(view: QuotingView, series: number, out: Quote): void {
    const own = riskExposures(view, series, this.#own);
    for (let f = 0; f < FACTOR_COUNT; f += 1) out.forecastShifts[f] = this.#shift(own, f);
    this.#hold(view);
    const inventory = dot(own, this.#cost);
    closedForm(view, series, dot(own, this.#flow), inventory, this.#clip(view, own), out);
  }

  /** Keeps M B for the series of one look: the position is the same for all. */
  #hold({ exposures, dollarGamma }: QuotingView): void {
    const held = this.#held;
    let isSame = held[FACTOR_COUNT] === dollarGamma;
    for (let f = 0; f < FACTOR_COUNT; f += 1) isSame &&= held[f] === exposures[f];
    if (isSame) return;
    held.set(exposures);
    held[FACTOR_COUNT] = dollarGamma;
    this.#price.times(held, this.#cost);
  }

  targetExposures(): Readonly<Float64Array> {
    return this.#target.subarray(0, FACTOR_COUNT);
  }

  /** D of the quoted series, at their fees. */
  #addUpLiquidity(view: QuotingView): void {
    const d = this.#liquidity.fill(0);
    for (let i = 0; i < view.isQuoted.length; i += 1) {
      const rate = curvaturePerYear(view, i, 0);
      if (rate === 0) continue;
      const own = riskExposures(view, i, this.#own);
      for (let f = 0; f < RISK_COUNT; f += 1) {
        for (let g = 0; g < RISK_COUNT; g += 1) d[f * RISK_COUNT + g] = (d[f * RISK_COUNT + g] ?? 0) + rate * (own[f] ?? 0) * (own[g] ?? 0);
      }
    }
  }

  /** Takes the liquidity at the cost of half clips as well, and at what is leant because one side outnumbers the other, which is found with it. */
  #settle(view: QuotingView): void {
    const { length } = view.isQuoted;
    if (this.#clips.length !== length) {
      this.#clips = new Float64Array(length);
      this.#leans = new Float64Array(length);
    }
    for (let i = 0; i < length; i += 1) this.#clips[i] = view.isQuoted[i] === 1 ? this.#clip(view, riskExposures(view, i, this.#own)) : 0;
    this.#share = 1;
    this.#flow.fill(0);
    for (let round = 0; round < LEAN_ROUNDS; round += 1) {
      for (let i = 0; i < length; i += 1) this.#leans[i] = dot(riskExposures(view, i, this.#own), this.#flow);
      const share = settledShare(view, this.#clips, this.#leans);
      this.#price.scaleLiquidity(share / this.#share);
      this.#share = share;
      this.#price.flowLean(this.#sold(view), view.balanceDecay, this.#flow);
      if (this.#flow.every((shift) => shift === 0)) break;
    }
  }

  /** ½ z b·Mb. */
  #clip(view: QuotingView, own: Float64Array): number {
    return 0.5 * view.terms.size * dot(own, this.#price.times(own, this.#times));
  }

  /**
   * d: exposures that are sold in a year because more come to buy, Σ z (H_b′ − H_a′) b, with all that the lean for them works off already: what is left at
   * the lean c, and 2Dc.
   */
  #sold(view: QuotingView): Float64Array {
    const sold = this.#sum;
    for (let f = 0; f < RISK_COUNT; f += 1) {
      let already = 0;
      for (let g = 0; g < RISK_COUNT; g += 1) already += (this.#liquidity[f * RISK_COUNT + g] ?? 0) * (this.#flow[g] ?? 0);
      sold[f] = 2 * this.#share * already;
    }
    const root = Math.sqrt(this.#share);
    for (let i = 0; i < view.isQuoted.length; i += 1) {
      const excess = imbalancePerYear(view, i, (this.#clips[i] ?? 0) / root, this.#leans[i]);
      if (excess === 0) continue;
      const own = riskExposures(view, i, this.#own);
      for (let f = 0; f < RISK_COUNT; f += 1) sold[f] = (sold[f] ?? 0) + excess * (own[f] ?? 0);
    }
    return sold;
  }

  /** Σ: the view's for the factors, and gamma's beside it. */
  #believeMoves(view: QuotingView): void {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      this.#covariance.set(view.covariance.subarray(f * FACTOR_COUNT, (f + 1) * FACTOR_COUNT), f * RISK_COUNT);
    }
    this.#covariance[RISK_COUNT * RISK_COUNT - 1] = gammaVariance(this.#params.gamma, nearestVol(view));
  }

  /** c, by the factor whose forecast it comes from. */
  #discount({ horizonsSeconds, change }: Forecast): void {
    const { speeds, into, outOf } = this.#price;
    const weights = new Float64Array(horizonsSeconds.length);
    for (let k = 0; k < RISK_COUNT; k += 1) {
      pathWeights(horizonsSeconds, speeds[k] ?? 0, weights);
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        let path = 0;
        for (let h = 0; h < weights.length; h += 1) path += (weights[h] ?? 0) * (change[h * FACTOR_COUNT + f] ?? 0);
        path *= into[k * RISK_COUNT + f] ?? 0;
        for (let r = 0; r < RISK_COUNT; r += 1) {
          this.#lean[r * FACTOR_COUNT + f] = (this.#lean[r * FACTOR_COUNT + f] ?? 0) + path * (outOf[k * RISK_COUNT + r] ?? 0);
        }
      }
    }
  }

  /**
   * B*, the exposures at which inventory and forecast cancel: M B* = c, with c as what the capped leans amount to, the mean of them weighted by
   * liquidity: D c = Σ z λ (h″/V) b · lean. What the quoted series do not span is in no lean, and so in no target. Scaled down to the largest
   * risk that is wanted.
   */
  #aim(view: QuotingView): void {
    const { leanCap } = view.terms;
    for (let r = 0; r < RISK_COUNT; r += 1) {
      let c = 0;
      for (let f = 0; f < FACTOR_COUNT; f += 1) c += this.#lean[r * FACTOR_COUNT + f] ?? 0;
      this.#times[r] = c;
    }
    const pulled = this.#sum.fill(0);
    for (let i = 0; i < view.isQuoted.length; i += 1) {
      const rate = this.#share * curvaturePerYear(view, i, 0);
      if (rate === 0) continue;
      const own = riskExposures(view, i, this.#own);
      const wanted = dot(own, this.#times);
      const vega = view.theo.vega[i] ?? 0;
      const cap = leanCap * bestDistance((view.fee[i] ?? 0) / vega, view.beta[i] ?? 0) * vega;
      const lean = Math.max(-cap, Math.min(cap, wanted));
      for (let r = 0; r < RISK_COUNT; r += 1) pulled[r] = (pulled[r] ?? 0) + rate * lean * (own[r] ?? 0);
    }
    this.#price.exposuresFor(this.#price.liquidityInverse(pulled, this.#times), this.#target);
    let variance = 0;
    for (let f = 0; f < RISK_COUNT; f += 1) {
      for (let g = 0; g < RISK_COUNT; g += 1) {
        variance += (this.#target[f] ?? 0) * (this.#covariance[f * RISK_COUNT + g] ?? 0) * (this.#target[g] ?? 0);
      }
    }
    const dailySd = Math.sqrt(Math.max(0, variance) / DAYS_PER_YEAR);
    if (dailySd <= this.#params.targetDailySd) return;
    for (let r = 0; r < RISK_COUNT; r += 1) this.#target[r] = ((this.#target[r] ?? 0) * this.#params.targetDailySd) / dailySd;
  }

  /** What the forecast of a factor moves the value of a contract by. */
  #shift(own: Float64Array, factor: number): number {
    let sum = 0;
    for (let r = 0; r < RISK_COUNT; r += 1) sum += (own[r] ?? 0) * (this.#lean[r * FACTOR_COUNT + factor] ?? 0);
    return sum;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let f = 0; f < a.length; f += 1) sum += (a[f] ?? 0) * (b[f] ?? 0);
  return sum;
}
