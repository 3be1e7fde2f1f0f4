import type { Chain } from '../../../market/chain.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import type { TheoChain } from '../../../pricing/theo.ts';
import type { HedgingParams } from './hedging-params.ts';
import { VolResponse } from './vol-response.ts';

const SECONDS_PER_MINUTE = 60;

/**
 * The delta that is hedged, by one of three definitions, which differ in what they take to happen to vols when the spot moves:
 * - `smile`: the smile moves with the forward (values of the chain as they are);
 * - `black-scholes`: each strike keeps its vol;
 * - `minimum-variance`: the smile moves with the forward and shifts as its expiry's vol has been going with the spot (Hull and White 2017:
 *   Black-Scholes delta + vega · E[dσ]/dS).
 */
export class HedgeDelta {
  readonly #chain: Chain;
  readonly #definition: HedgingParams['delta'];
  readonly #response: VolResponse;
  readonly #gradient = new Float64Array(FACTOR_COUNT);

  constructor(chain: Chain, { delta, responseMinutes }: HedgingParams, forecastStepSeconds: number) {
    this.#chain = chain;
    this.#definition = delta;
    this.#response = new VolResponse(chain.expiries.length, (responseMinutes * SECONDS_PER_MINUTE) / forecastStepSeconds);
  }

  /** Takes in the tracked surface at a forecast step. */
  step(theo: TheoChain): void {
    if (this.#definition === 'minimum-variance') this.#response.observe(theo.spot, (expiry) => theo.surface.vol(expiry, 0));
  }

  /** Moves are not taken across a gap in time. */
  pause(): void {
    this.#response.pause();
  }

  /** Of one contract, in units of what the options are valued on. `series` is the instrument id − 1. */
  of(theo: TheoChain, series: number): number {
    const smile = theo.delta[series] ?? 0;
    const option = this.#chain.options[series];
    if (this.#definition === 'smile' || option === undefined || theo.yearsLeft(series) === 0) return smile;
    const vega = theo.vega[series] ?? 0;
    return smile + (vega * this.#volPerReturn(theo, option.expiry, option.strike)) / theo.spot;
  }

  /** What a definition adds to the smile's delta for each unit of vega, times the spot. */
  #volPerReturn(theo: TheoChain, expiry: number, strike: number): number {
    if (this.#definition === 'minimum-variance') return this.#response.slope(expiry);
    // A strike's log-moneyness falls as the forward rises: along the smile its vol would go by minus the slope.
    return theo.surface.volGradient(expiry, Math.log(strike / (theo.forward[expiry] ?? 1)), this.#gradient, 0);
  }

  /**
   * Delta of a position in units of the perpetual: what options have of it, over what the perpetual moves with the index, and the perpetual
   * itself.
   *
   * @param units contracts held by series. @param perpetual units held. @param basis of the perpetual over what options are valued on, as a fraction.
   */
  position(theo: TheoChain, units: Readonly<Float64Array>, perpetual: number, basis: number): number {
    let delta = perpetual;
    for (let i = 0; i < units.length; i += 1) {
      const size = units[i] ?? 0;
      if (size !== 0) delta += (size * this.of(theo, i)) / (1 + basis);
    }
    return delta;
  }
}
