import type { z } from 'zod';
import { FACTOR_COUNT } from '../../../../pricing/factors.ts';
import { gammaVariance, nearestVol, RISK_COUNT, riskExposures } from '../../quoting/gamma-risk.ts';
import type { QuotingView } from '../../quoting/quoter.ts';
import type { optionHedgeParams } from './params.ts';

const MINUTES_PER_YEAR = 525_600;

/**
 * What a contract more or less of a series does to the risk of a position over a horizon h, in dollars: ½ γ h BᵀΣB with the exposures B to the
 * factors and gamma, less those that a forecast wants, and Σ of the quoting view beside the variance of gamma (`quoting/gamma-risk.ts`).
 */
export class VegaGate {
  readonly #params: Pick<z.output<typeof optionHedgeParams>, 'gamma' | 'horizonMinutes'>;
  readonly #held = new Float64Array(RISK_COUNT);
  readonly #covariance = new Float64Array(RISK_COUNT * RISK_COUNT);
  readonly #slope = new Float64Array(RISK_COUNT);
  readonly #own = new Float64Array(RISK_COUNT);
  #scale = 0;

  constructor(params: Pick<z.output<typeof optionHedgeParams>, 'gamma' | 'horizonMinutes'>) {
    this.#params = params;
  }

  /** Takes in the position. @param wanted exposures to the factors that are held on purpose; none if undefined. */
  look(view: QuotingView, wanted: Readonly<Float64Array> | undefined): void {
    const { gamma, horizonMinutes } = this.#params;
    this.#scale = view.terms.riskAversion * (horizonMinutes / MINUTES_PER_YEAR);
    this.#held.set(view.exposures);
    this.#held[FACTOR_COUNT] = view.dollarGamma;
    if (wanted !== undefined) for (let f = 0; f < FACTOR_COUNT; f += 1) this.#held[f] = (this.#held[f] ?? 0) - (wanted[f] ?? 0);
    this.#covariance.fill(0);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      this.#covariance.set(view.covariance.subarray(f * FACTOR_COUNT, (f + 1) * FACTOR_COUNT), f * RISK_COUNT);
    }
    this.#covariance[RISK_COUNT * RISK_COUNT - 1] = gammaVariance(gamma, nearestVol(view));
    for (let f = 0; f < RISK_COUNT; f += 1) this.#slope[f] = this.#row(f, this.#held);
  }

  /**
   * Risk that the first contract of a series adds when it is bought, dollars: below 0 where buying makes it smaller. `curvature` is what each
   * further contract adds to that.
   */
  contract(view: QuotingView, series: number): { readonly risk: number; readonly curvature: number } {
    const own = riskExposures(view, series, this.#own);
    let risk = 0;
    let curvature = 0;
    for (let f = 0; f < RISK_COUNT; f += 1) {
      risk += (own[f] ?? 0) * (this.#slope[f] ?? 0);
      curvature += (own[f] ?? 0) * this.#row(f, own);
    }
    return { risk: this.#scale * risk, curvature: this.#scale * curvature };
  }

  #row(f: number, vector: Readonly<Float64Array>): number {
    let sum = 0;
    for (let g = 0; g < RISK_COUNT; g += 1) sum += (this.#covariance[f * RISK_COUNT + g] ?? 0) * (vector[g] ?? 0);
    return sum;
  }
}
