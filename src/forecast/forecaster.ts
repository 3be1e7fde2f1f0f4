import type { TheoChain } from '../pricing/theo.ts';

/**
 * What is expected of the factors of the implied surface (`pricing/factors.ts`: level, slope, skew, curvature).
 * Both arrays are indexed `horizon * factors + factor` and are borrowed until the next call.
 */
export interface Forecast {
  /** Seconds ahead of each horizon, increasing. */
  readonly horizonsSeconds: readonly number[];
  /**
   * Expected difference between the factor at the horizon and the tracker's estimate now, in the factor's own unit.
   * 0 is the random walk (decision 13).
   */
  readonly change: Readonly<Float64Array>;
  /** Scale of the error of that change, after calibration: 80 % of outcomes lie within ±1.2816 of it. Always > 0. */
  readonly scale: Readonly<Float64Array>;
  /** Expected realised vol of the spot up to each horizon, annual; where the forecaster gives it. Borrowed too. */
  readonly realisedVol?: Readonly<Float64Array>;
  /** Probability of a shock before each horizon, as the model's card defines one; where the forecaster gives it. Borrowed too. */
  readonly shockProbability?: Readonly<Float64Array>;
}

/** A forecaster that is ready to use: immutable, and so shared by all runs and workers. */
export interface ForecasterModel {
  readonly kind: string;
  /** Seconds between two rows. A scenario with another step is refused. */
  readonly stepSeconds: number;
  readonly horizonsSeconds: readonly number[];
  /** Names of the inputs it expects, in order; checked once against the feature builder, at assembly. Empty: it looks at the factors only. */
  readonly features: readonly string[];
  /** Steps that must be seen before the first forecast. */
  readonly warmupSteps: number;
  start(): Forecaster;
}

/** One run's state. Synchronous and deterministic: the same rows give the same bits. */
export interface Forecaster {
  /**
   * Takes in one step. `factors` is the tracker's estimate, `row` the features; both are borrowed, and overwritten after the call.
   */
  observe(factors: Readonly<Float64Array>, row: Readonly<Float64Array>): void;
  /**
   * Hears a print since the last step, as the maker does: series (instrument id − 1), contracts, positive where a buyer crossed, and the chain at
   * the tracker's estimate, borrowed. For those to whom the sums in a row are not enough.
   */
  trade?(series: number, contracts: number, theo: TheoChain): void;
  /** Undefined until enough rows were seen: a maker must be able to quote without a forecast. */
  forecast(): Forecast | undefined;
  /** What it tells a reader about itself; absent where there is nothing to tell. */
  report?(): ForecasterReport;
}

/** How a forecaster that learns in the market stands: plain data for the dashboard and for documents. */
export interface ForecasterReport {
  /** Names of the experts that it weighs. */
  readonly experts: readonly string[];
  /** By output (`horizon * factors + factor`), then by expert; each output's add up to 1. */
  readonly gateWeights: readonly (readonly number[])[];
  /** By output: what the trained scale is multiplied by. */
  readonly scaleMultipliers: readonly number[];
  /** By horizon: what the gates' forecasts are multiplied by, the slope of what happened on them over a memory of ten runs. */
  readonly slopes: readonly number[];
  /** First output of the horizon that a reader should be shown. */
  readonly headline: number;
  /** Alarms of drift, steps since the last, and alarms of Page-Hinkley, CUSUM and ADWIN alone; absent where none is watched for. */
  readonly drift?: { readonly alarms: number; readonly quietSteps: number; readonly alone: readonly number[] };
  /**
   * Updates of the head on schedule and at alarms; and how much they saved against the frozen head at the headline's horizon: mean squared error in
   * units of the expected square, above 0 where updating paid.
   */
  readonly updates?: { readonly scheduled: number; readonly triggered: number; readonly lossSaved: number };
}
