import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { screenHalfSpread } from '../../pricing/flow-shape.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import { bestDistance, quoteCurvature, quoteValue } from './hamiltonian.ts';

/** All that a quote depends on besides the chain's values. */
export interface QuotingTerms {
  /** Dollars⁻¹. */
  readonly riskAversion: number;
  /** Multiplies the neutral half-spread. */
  readonly widthMultiplier: number;
  readonly leanCap: number;
  /** Contracts per quote. */
  readonly size: number;
  readonly reservationPerVol: number;
  /** Annual variance of the level. */
  readonly levelVariance: number;
}

/** A quote around a theoretical value, in dollars, before rounding to ticks, with its parts. */
export interface Quote {
  bid: number;
  ask: number;
  /** Fair value at the tracked surface, and the value the quote is centred on: plus forecast, less inventory. */
  fair: number;
  theo: number;
  /** Shift for the forecast, after the cap. */
  forecastLean: number;
  /** Shift for the inventory, at the middle of the two sides. */
  inventoryLean: number;
  /** Half of the distance between bid and ask. */
  halfSpread: number;
  /** Expected gain per candidate on the bid and on the ask, dollars per contract. */
  bidValue: number;
  askValue: number;
}

export const blankQuote = (): Quote => ({
  bid: 0,
  ask: 0,
  fair: 0,
  theo: 0,
  forecastLean: 0,
  inventoryLean: 0,
  halfSpread: 0,
  bidValue: 0,
  askValue: 0,
});

const YEARS_30_DAYS = 30 / 365;
/** Optimal widening for an uncertain fair value: 0.8·β·s² in vol (winner's curse; economics 1). */
const CURSE = 0.8;

/** Slope β of the customers' acceptance in vol, for an expiry: 1.156/y0 (economics 1). */
export function acceptanceSlope(theo: TheoChain, expiry: number, reservationPerVol: number): number {
  return 1.156 / screenHalfSpread(reservationPerVol, theo.surface.vol(expiry, 0), theo.surface.yearsLeft(expiry) / YEARS_30_DAYS);
}

/** What inventory costs: M of the closed form for the level factor, and the speed 2MD at which inventory is worked off (per year). */
export interface InventoryPrice {
  /** Dollars per (dollar of level exposure)². */
  readonly m: number;
  readonly kappa: number;
}

/**
 * M = √(γΣ/(2D)) with D = Σ z λ (h″(f)/V) b² over the quoted series, b the exposure to the level (Baldacci, Bergault and Guéant 2021 in
 * the level factor; H″ taken at the fee f, economics 1).
 *
 * @param series one entry per quoted series: candidates per year on one side, vega, level exposure, β, fee in vol.
 */
export function inventoryPrice(
  terms: QuotingTerms,
  series: readonly {
    readonly perYear: number;
    readonly vega: number;
    readonly exposure: number;
    readonly beta: number;
    readonly feeVol: number;
  }[],
): InventoryPrice {
  let d = 0;
  for (const s of series) d += (terms.size * s.perYear * quoteCurvature(s.feeVol, s.beta) * s.exposure * s.exposure) / s.vega;
  if (d <= 0) return { m: 0, kappa: 1 };
  const m = Math.sqrt((terms.riskAversion * terms.levelVariance) / (2 * d));
  return { m, kappa: 2 * m * d };
}

/**
 * One two-sided quote: the best distances of the closed form around the tracked value, shifted toward the discounted forecast and away from
 * the inventory's level exposure, widened where the value itself is uncertain.
 *
 * @param i series (instrument id − 1); its vega must be > 0.
 * @param levelExposure of the whole position, dollars per unit of log vol.
 * @param lean shift of each factor by the forecast (`forecast-lean.ts`).
 * @param valueSd standard deviation of the tracked value, dollars.
 * @param fee maker fee, dollars per contract.
 */
export function quote(
  theo: TheoChain,
  i: number,
  expiry: number,
  terms: QuotingTerms,
  price: InventoryPrice,
  levelExposure: number,
  lean: Readonly<Float64Array>,
  valueSd: number,
  fee: number,
  out: Quote,
): Quote {
  const vega = theo.vega[i] ?? 0;
  const own = theo.exposures[i * FACTOR_COUNT] ?? 0;
  const beta = acceptanceSlope(theo, expiry, terms.reservationPerVol);
  const feeVol = fee / vega;
  const neutral = bestDistance(feeVol, beta) * vega;
  let shift = 0;
  for (let f = 0; f < FACTOR_COUNT; f += 1) shift += (theo.exposures[i * FACTOR_COUNT + f] ?? 0) * (lean[f] ?? 0);
  const cap = terms.leanCap * neutral;
  shift = Math.max(-cap, Math.min(cap, shift));
  const inventory = own * price.m * levelExposure;
  const step = 0.5 * terms.size * own * own * price.m;
  const xBid = feeVol + (inventory + step - shift) / vega;
  const xAsk = feeVol - (inventory - step - shift) / vega;
  const sdVol = valueSd / vega;
  const widening = CURSE * beta * sdVol * sdVol;
  const fair = theo.price[i] ?? 0;
  // The multiplier narrows or widens the neutral half-spread, and leaves both leans whole.
  const narrower = (1 - terms.widthMultiplier) * neutral;
  out.fair = fair;
  out.bid = fair - (bestDistance(xBid, beta) + widening) * vega + narrower;
  out.ask = fair + (bestDistance(xAsk, beta) + widening) * vega - narrower;
  out.theo = fair + shift;
  out.forecastLean = shift;
  out.inventoryLean = -inventory;
  out.halfSpread = (out.ask - out.bid) / 2;
  out.bidValue = quoteValue(xBid, beta) * vega;
  out.askValue = quoteValue(xAsk, beta) * vega;
  return out;
}
