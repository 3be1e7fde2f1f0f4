import { z } from 'zod';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import { forecastLean } from './forecast-lean.ts';
import { bestDistance, quoteCurvature } from './hamiltonian.ts';
import { defineQuoter, finish, type Quote, type Quoter, type QuotingView } from './quoter.ts';

/** Optimal widening for an uncertain fair value: 0.8·β·s² in vol (winner's curse; economics 1). */
const CURSE = 0.8;

/** What inventory costs: M of the closed form for the level factor, and the speed 2MD at which inventory is worked off (per year). */
export interface InventoryPrice {
  /** Dollars per (dollar of level exposure)². */
  readonly m: number;
  readonly kappa: number;
}

/**
 * M = √(γΣ/(2D)) with D = Σ z λ (h″(f)/V) b² over the quoted series, b the exposure to the level (Baldacci, Bergault and Guéant 2021 in
 * the level factor; H″ taken at the fee f, economics 1).
 */
export function inventoryPrice(view: QuotingView): InventoryPrice {
  const { terms, theo } = view;
  let d = 0;
  for (let i = 0; i < view.isQuoted.length; i += 1) {
    const vega = theo.vega[i] ?? 0;
    if (view.isQuoted[i] !== 1 || vega <= 0) continue;
    const exposure = theo.exposures[i * FACTOR_COUNT] ?? 0;
    const curvature = quoteCurvature((view.fee[i] ?? 0) / vega, view.beta[i] ?? 0);
    d += (terms.size * (view.perYear[i] ?? 0) * curvature * exposure * exposure) / vega;
  }
  if (d <= 0) return { m: 0, kappa: 1 };
  const m = Math.sqrt((terms.riskAversion * (view.covariance[0] ?? 0)) / (2 * d));
  return { m, kappa: 2 * m * d };
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
  #price: InventoryPrice = { m: 0, kappa: 1 };
  readonly #lean = new Float64Array(FACTOR_COUNT);

  prepare(view: QuotingView): void {
    this.#price = inventoryPrice(view);
    if (view.forecast === undefined) this.#lean.fill(0);
    else forecastLean(view.forecast, this.#price.kappa, this.#lean);
  }

  quote(view: QuotingView, i: number, out: Quote): void {
    const { theo, terms } = view;
    const vega = theo.vega[i] ?? 0;
    const own = theo.exposures[i * FACTOR_COUNT] ?? 0;
    const beta = view.beta[i] ?? 0;
    const fee = view.fee[i] ?? 0;
    const neutral = bestDistance(fee / vega, beta) * vega;
    let shift = 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const part = (theo.exposures[i * FACTOR_COUNT + f] ?? 0) * (this.#lean[f] ?? 0);
      out.forecastShifts[f] = part;
      shift += part;
    }
    const cap = terms.leanCap * neutral;
    shift = Math.max(-cap, Math.min(cap, shift));
    const inventory = own * this.#price.m * (view.exposures[0] ?? 0);
    const clip = 0.5 * terms.size * own * own * this.#price.m;
    const sdVol = (view.valueSd[i] ?? 0) / vega;
    out.fair = theo.price[i] ?? 0;
    out.theo = out.fair + shift;
    out.forecastLean = shift;
    out.inventoryLean = -inventory;
    out.neutral = neutral;
    out.multiplied = (terms.widthMultiplier - 1) * neutral;
    out.uncertainty = CURSE * beta * sdVol * sdVol * vega;
    out.toxicity = (view.toxicity[i] ?? 0) * vega;
    out.clip = clip;
    out.bidCost = fee + inventory + clip - shift;
    out.askCost = fee - inventory + clip + shift;
    const wider = out.uncertainty + out.toxicity + out.multiplied;
    out.bid = out.fair - bestDistance(out.bidCost / vega, beta) * vega - wider;
    out.ask = out.fair + bestDistance(out.askCost / vega, beta) * vega + wider;
    finish(view, i, out);
  }
}
