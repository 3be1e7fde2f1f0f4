import { FACTOR_COUNT } from '../../pricing/factors.ts';

/**
 * The hidden side of a market on the forecast grid. Step k is at k · stepSeconds; arrays by factor are indexed `step · factors + factor`. Sums over a step
 * are those between the step before and it.
 */
export interface HiddenPath {
  readonly steps: number;
  /** True observed factors, one step longer than the rest: the last outcome is at the close. */
  readonly truth: Float64Array;
  /** Demand pressure in them. */
  readonly pressure: Float64Array;
  /**
   * Change of the slow factors over as long as informed traders see ahead ({@link signalSteps}): the part of what they know that lasts. 0 where nobody is
   * informed, and in worlds without books, in which nobody trades on it.
   */
  readonly signal: Float64Array;
  /** Net demand that is remembered, and net orders still to come that earlier ones drew. */
  readonly memory: Float64Array;
  readonly excitation: Float64Array;
  /** Index of the regime. */
  readonly regime: Int32Array;
  /** Return of the spot over the step, in standard deviations that the level implies. */
  readonly spotReturn: Float64Array;
}

/** Prints one by one, as many per step as `prints` says, in order. */
export interface PrintTape {
  /** Positive where a buyer crossed. */
  readonly contracts: Float64Array;
  /** Exposure to each factor over the root-mean-square exposure of the chain: `print · factors + factor`. */
  readonly exposures: Float64Array;
}

/** One run with full books: what is true, and what the subject saw of it. */
export interface MarketRecord extends HiddenPath {
  /** Features per row. */
  readonly width: number;
  /** 1 where the subject closed a step, and so had a row and a view of the surface. */
  readonly seen: Uint8Array;
  /** The row of features: `step · width + feature`; 0 where nothing was seen. */
  readonly rows: Float64Array;
  /** The tracker's view; 0 where nothing was seen. */
  readonly tracked: Float64Array;
  /** Prints of the step as the subject heard them ({@link StepTape}). */
  readonly flow: Float64Array;
  readonly signedPrints: Float64Array;
  readonly prints: Float64Array;
  readonly tape: PrintTape;
}

/** A path of nothing yet. */
export function blankPath(steps: number): HiddenPath {
  return {
    steps,
    truth: new Float64Array((steps + 1) * FACTOR_COUNT),
    pressure: new Float64Array(steps * FACTOR_COUNT),
    signal: new Float64Array(steps * FACTOR_COUNT),
    memory: new Float64Array(steps),
    excitation: new Float64Array(steps),
    regime: new Int32Array(steps),
    spotReturn: new Float64Array(steps),
  };
}

/** A record of nothing yet. */
export function blankRecord(steps: number, width: number): MarketRecord {
  return {
    ...blankPath(steps),
    width,
    seen: new Uint8Array(steps),
    rows: new Float64Array(steps * width),
    tracked: new Float64Array(steps * FACTOR_COUNT),
    flow: new Float64Array(steps * FACTOR_COUNT),
    signedPrints: new Float64Array(steps),
    prints: new Float64Array(steps),
    tape: { contracts: new Float64Array(), exposures: new Float64Array() },
  };
}
