import type * as z from 'zod';
import type { Forecast } from '../../../forecast/forecaster.ts';
import type { Chain } from '../../../market/chain.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import type { TheoChain } from '../../../pricing/theo.ts';
import { ALPHA } from './hamiltonian.ts';

/** What all quoters of one maker share, so that makers compared differ in one thing only. */
export interface QuotingTerms {
  /** Dollars⁻¹: weight of half the variance of the position. */
  readonly riskAversion: number;
  /** Multiplies the neutral half-spread, and no lean. */
  readonly widthMultiplier: number;
  /** Largest lean toward the forecast, as a share of the neutral half-spread. */
  readonly leanCap: number;
  /** Contracts per quote. */
  readonly size: number;
}

/**
 * All that a quote may depend on. Everything is borrowed and moved on by the maker; a column's index is the series, instrument id − 1.
 * Dollars are per contract (unit of the underlying), vols and factors as in `pricing/factors.ts`, rates per year.
 */
export interface QuotingView {
  readonly chain: Chain;
  /** Values, Greeks and exposures at the tracked surface. */
  readonly theo: TheoChain;
  readonly nowYears: number;
  readonly terms: QuotingTerms;
  /** Contracts held, long above 0. */
  readonly units: Readonly<Float64Array>;
  /** ∂(value of the position)/∂factor, dollars. */
  readonly exposures: Readonly<Float64Array>;
  /** Gamma of the position times the squared spot, dollars. */
  readonly dollarGamma: number;
  /** Undefined while the forecaster warms up. */
  readonly forecast: Forecast | undefined;
  /** Covariance of the factors' moves per year, FACTOR_COUNT² row by row. */
  readonly covariance: Readonly<Float64Array>;
  /** Believed candidates per year on one side, in the mean of both. */
  readonly perYear: Readonly<Float64Array>;
  /** Believed share of buyers among the candidates: ½ where as many sell. */
  readonly buyers: Readonly<Float64Array>;
  /** Speed at which that goes back to ½, per year. */
  readonly balanceDecay: number;
  /** Slope β of the customers' acceptance, per unit of vol. */
  readonly beta: Readonly<Float64Array>;
  /** Maker fee. */
  readonly fee: Readonly<Float64Array>;
  /** Standard deviation of the tracked value. */
  readonly valueSd: Readonly<Float64Array>;
  /** How much fills have been giving back in excess of what was priced, in vol, 0 or more. */
  readonly toxicity: Readonly<Float64Array>;
  /** Best prices of the others; not a number where there is none. */
  readonly bid: Readonly<Float64Array>;
  readonly ask: Readonly<Float64Array>;
  /** 1 where the series is quoted at present: inventory can be worked off in these. */
  readonly isQuoted: Readonly<Uint8Array>;
}

/** A two-sided quote in dollars, before it is rounded to ticks, with its parts: what `explain` tells. */
export interface Quote {
  bid: number;
  ask: number;
  /** Value at the tracked surface. */
  fair: number;
  /** Value that the quote is centred on but for inventory: fair plus the leans for forecast and flow, or what else a quoter goes by. */
  theo: number;
  /** What the forecast shifts the value by through each factor, before the cap. */
  readonly forecastShifts: Float64Array;
  /** Their sum after the cap. */
  forecastLean: number;
  /** Shift because one side outnumbers the other: what is left of it when forecast and flow together have met the cap of leans. */
  flowLean: number;
  /** Shift for the inventory, at the middle of the two sides. */
  inventoryLean: number;
  /** Half-spread without inventory, uncertainty or multiplier, fee included. */
  neutral: number;
  /** Part of each half-spread that the multiplier, uncertainty of the value, toxicity and the clip's own weight add. */
  multiplied: number;
  uncertainty: number;
  toxicity: number;
  clip: number;
  /** The rest of the half-spread: what inventory and forecast widen it by, less the part of the clip that the best distance does not pass on. */
  inventoryWidth: number;
  /** Half of the distance between bid and ask. */
  halfSpread: number;
  /** What a trade on the bid and on the ask costs at the margin: fee, inventory and forecast. Its gain is distance less this. */
  bidCost: number;
  askCost: number;
  /** Expected gain per candidate on the bid and on the ask. */
  bidValue: number;
  askValue: number;
}

export const blankQuote = (): Quote => ({
  bid: 0,
  ask: 0,
  fair: 0,
  theo: 0,
  forecastShifts: new Float64Array(FACTOR_COUNT),
  forecastLean: 0,
  flowLean: 0,
  inventoryLean: 0,
  neutral: 0,
  multiplied: 0,
  uncertainty: 0,
  toxicity: 0,
  clip: 0,
  inventoryWidth: 0,
  halfSpread: 0,
  bidCost: 0,
  askCost: 0,
  bidValue: 0,
  askValue: 0,
});

/** Makes quotes out of a view. Without chance or clock: the same views give the same quotes. */
export interface Quoter {
  /** Takes in what changes slowly: after each choice of series and each forecast. */
  prepare(view: QuotingView): void;
  /** Fills in the quote of one series, whose vega is > 0; nothing of `out` may be left as it was. */
  quote(view: QuotingView, series: number, out: Quote): void;
  /** Exposures that it wants to hold because of the forecast, dollars per unit of each factor; borrowed. Absent where it has no such wish. */
  targetExposures?(): Readonly<Float64Array>;
}

/** A way of quoting, as a catalogue holds it. */
export interface QuoterKind {
  readonly kind: string;
  /** One line for the reader. */
  readonly summary: string;
  readonly params: z.ZodObject;
  build(params: unknown): Quoter;
}

/** Ties a name, a strict schema of parameters and a constructor together. */
export function defineQuoter<S extends z.ZodObject>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly params: S;
  readonly create: (params: z.output<S>) => Quoter;
}): QuoterKind {
  const { kind, summary, params, create } = definition;
  return { kind, summary, params, build: (given) => create(params.parse(given)) };
}

/** Chance that a candidate accepts a distance, in vol, from the fair value: 1/(1 + exp(α + βδ)). */
export const acceptance = (distanceVol: number, beta: number): number => 1 / (1 + Math.exp(ALPHA + beta * distanceVol));

/** Fills in half-spread, the rest of its parts, and expected gains from prices and costs: what the choice of series goes by. Call it last. */
export function finish(view: QuotingView, series: number, out: Quote): void {
  const vega = view.theo.vega[series] ?? 0;
  const beta = view.beta[series] ?? 0;
  const below = out.fair - out.bid;
  const above = out.ask - out.fair;
  out.halfSpread = (out.ask - out.bid) / 2;
  out.inventoryWidth = out.halfSpread - out.neutral - out.multiplied - out.uncertainty - out.toxicity - out.clip;
  out.bidValue = acceptance(below / vega, beta) * (below - out.bidCost);
  out.askValue = acceptance(above / vega, beta) * (above - out.askCost);
}
