import { z } from 'zod';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import { closedForm } from './closed-form.ts';
import { forecastLean } from './forecast-lean.ts';
import { curvaturePerYear, imbalancePerYear, LEAN_ROUNDS, settledShare } from './quoted-liquidity.ts';
import { defineQuoter, type Quote, type Quoter, type QuotingView } from './quoter.ts';

/** What inventory costs: M of the closed form for the level factor, and the speed 2MD at which inventory is worked off (per year). */
export interface LevelPrice {
  /** Dollars per (dollar of level exposure)². */
  readonly m: number;
  readonly kappa: number;
  /** Shift of the level because one side outnumbers the other. */
  readonly flow: number;
}

/**
 * M = √(γΣ/(2D)) with D = Σ z λ (h″/V) b² over the quoted series, b the exposure to the level (Baldacci, Bergault and Guéant 2021 in the level
 * factor; H″ taken at fee and half a clip, and at the lean for flow). An imbalance d = Σ z (H_b′ − H_a′) b that passes at a rate φ shifts by ½ d/D κ/(κ + φ); with a
 * shift c that is there already, d is what is left and 2Dc more of it has been worked off.
 */
export function levelPrice(view: QuotingView): LevelPrice {
  const { terms, theo, isQuoted } = view;
  const own = (series: number): number => theo.exposures[series * FACTOR_COUNT] ?? 0;
  let d = 0;
  for (let i = 0; i < isQuoted.length; i += 1) d += curvaturePerYear(view, i, 0) * own(i) * own(i);
  if (d <= 0) return { m: 0, kappa: 1, flow: 0 };
  const variance = terms.riskAversion * (view.covariance[0] ?? 0);
  const first = Math.sqrt(variance / (2 * d));
  const clips = Float64Array.from(isQuoted, (_, i) => 0.5 * terms.size * own(i) * own(i) * first);
  const leans = new Float64Array(isQuoted.length);
  let price: LevelPrice = { m: first, kappa: 2 * first * d, flow: 0 };
  for (let round = 0; round < LEAN_ROUNDS; round += 1) {
    for (let i = 0; i < leans.length; i += 1) leans[i] = own(i) * price.flow;
    const share = settledShare(view, clips, leans);
    const m = first / Math.sqrt(share);
    const kappa = 2 * m * d * share;
    let sold = 0;
    for (let i = 0; i < isQuoted.length; i += 1) sold += imbalancePerYear(view, i, (clips[i] ?? 0) / Math.sqrt(share), leans[i]) * own(i);
    const flow = kappa === 0 ? 0 : ((sold / (2 * d * share) + price.flow) * kappa) / (kappa + view.balanceDecay);
    price = { m, kappa, flow };
    if (flow === 0) break;
  }
  return price;
}

/**
 * The closed form in the level factor (Baldacci, Bergault and Guéant 2021; economics 1): the best distances around the tracked value, shifted
 * toward the forecast path discounted at the speed of inventory, and away from the inventory's level exposure, widened where the value itself is
 * uncertain.
 */
export const oneFactor = defineQuoter({
  kind: 'one-factor',
  summary: 'closed form in the level of vol: leans toward the forecast and away from inventory',
  params: z.strictObject({}),
  create: () => new OneFactor(),
});

class OneFactor implements Quoter {
  #price: LevelPrice = { m: 0, kappa: 1, flow: 0 };
  readonly #lean = new Float64Array(FACTOR_COUNT);

  prepare(view: QuotingView): void {
    this.#price = levelPrice(view);
    if (view.forecast === undefined) this.#lean.fill(0);
    else forecastLean(view.forecast, this.#price.kappa, this.#lean);
  }

  quote(view: QuotingView, series: number, out: Quote): void {
    const { exposures } = view.theo;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      out.forecastShifts[f] = (exposures[series * FACTOR_COUNT + f] ?? 0) * (this.#lean[f] ?? 0);
    }
    const own = exposures[series * FACTOR_COUNT] ?? 0;
    const inventory = own * this.#price.m * (view.exposures[0] ?? 0);
    closedForm(view, series, own * this.#price.flow, inventory, 0.5 * view.terms.size * own * own * this.#price.m, out);
  }
}
