import type { InstrumentId } from '../core/units.ts';

/** One term of a sum, with its name. Dollars per contract. */
export interface ExplainedTerm {
  readonly name: string;
  readonly dollars: number;
}

/** How one side of a quote came to what is in the market. */
export interface ExplainedSide {
  readonly side: 'buy' | 'sell';
  /** What the quoter asked for, in dollars, before rounding. */
  readonly wanted: number | undefined;
  /** What stands or is on its way, in dollars; undefined where there is no quote. */
  readonly price: number | undefined;
  /** Contracts that it offers. */
  readonly size: number;
  /** Expected gain per candidate, dollars per contract, and chance that a candidate takes it. */
  readonly expectedGain: number | undefined;
  readonly chance: number | undefined;
  /** Why price and size are not what was wanted, or why there is no quote; empty where nothing came between. */
  readonly reasons: readonly string[];
}

/** Why an agent quotes a series as it does: the chain of reasons from the value to the two prices. Dollars per contract. */
export interface QuoteExplanation {
  readonly instrument: InstrumentId;
  /** Simulated seconds of the look at the market that it holds for. */
  readonly atSeconds: number;
  /** State of the agent as a whole, with its reason. */
  readonly state: string;
  readonly quoter: string;
  readonly selector: string;
  /** Whether the series is chosen, since when, and why or why not. */
  readonly selection: { readonly selected: boolean; readonly sinceSeconds: number; readonly reason: string };
  /** Expected value of quoting it, dollars per hour: gain, less messages, margin and what fills give back. Absent where it cannot be quoted. */
  readonly worth: { readonly gain: number; readonly messages: number; readonly margin: number; readonly toxicity: number } | undefined;
  /** Absent where the series has no value yet. */
  readonly quote:
    | {
        /** Annual vol, dollars per vol point, and the standard deviation of the value. */
        readonly vol: number;
        readonly vegaPerPoint: number;
        readonly valueSd: number;
        /** Value at the tracked surface. */
        readonly fair: number;
        /** What the forecast shifts it by through each factor, and what is left of their sum after the cap. */
        readonly forecast: readonly ExplainedTerm[];
        readonly forecastLean: number;
        readonly isForecastCapped: boolean;
        /** Seconds since the forecast was made; undefined where there is none. */
        readonly forecastAgeSeconds: number | undefined;
        /** Shift for customers of one side who outnumber the other. */
        readonly flowLean: number;
        /** Fair plus forecast and flow. */
        readonly theo: number;
        /** Shift for what is held. */
        readonly inventoryLean: number;
        /** Terms of the half-spread; what is left to the sum is the curvature of the best distance. */
        readonly halfSpread: readonly ExplainedTerm[];
        readonly halfSpreadTotal: number;
      }
    | undefined;
  readonly sides: readonly ExplainedSide[];
}
