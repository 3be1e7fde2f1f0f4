/**
 * What several models said about the same outcomes, origin by origin: all that scores, tests and pictures are made from, whether the outcomes
 * come from simulated markets or from a file. Every array of a target has one entry per origin, blocks one after another, in order of time
 * inside a block.
 */
export interface ForecastTable {
  /** What was forecast, for the reader: a scenario and its seeds, or a file and its dates. */
  readonly title: string;
  readonly targets: readonly TargetForecasts[];
}

/** One target at one horizon. */
export interface TargetForecasts {
  /** Name of what is forecast: `level`, `vix9d`, `rr25_30d`. */
  readonly target: string;
  /** Steps from one origin to the outcome; origins inside a block are one step apart, so forecasts overlap when it is above 1. */
  readonly horizonSteps: number;
  /** The same in words: `1 d`, `5 min`. */
  readonly horizon: string;
  /** What a change is measured in: `log`, `vol` or `1`. */
  readonly unit: string;
  /**
   * `change`: signed, 0 is the random walk. `variance`: a positive variance, forecasts and outcomes alike; there models are held against each other by
   * QLIKE, and `changes` hold log variances less the log variance at the origin.
   */
  readonly kind: 'change' | 'variance';
  /** Index of the block of each origin: a run, or an asset. Blocks are independent, or are treated so; nothing overlaps across them. */
  readonly block: Readonly<Int32Array>;
  /** Time of each origin in seconds: from 1970 for history, from the opening for runs. */
  readonly seconds: Readonly<Float64Array>;
  /** Blocks with equal `seconds` saw the same hour of one world, as assets do: what happens to them at one time is counted once. Absent for runs. */
  readonly isSimultaneous?: true;
  /** True value at the horizon less the value observed at the origin: the random walk's error. */
  readonly outcome: Readonly<Float64Array>;
  /** Groups of origins by what was known at the origin, never by the outcome: `calm`, `stressed`, `after-shift`. They may overlap. */
  readonly groups: readonly OriginGroup[];
  readonly models: readonly ModelForecasts[];
}

/** Some origins of a target. */
export interface OriginGroup {
  readonly name: string;
  /** 1 where an origin belongs to it. */
  readonly member: Readonly<Uint8Array>;
}

/** What one model said of a target at each origin. */
export interface ModelForecasts {
  /** `rw`, `har`, `lstm`, `average`, `filter`, … */
  readonly model: string;
  /** Expected change from the value observed at the origin. */
  readonly change: Readonly<Float64Array>;
  /** Scale of the error: 80 % of outcomes should lie within ±1.2816 of it about the change. Absent where a model gives points only. */
  readonly scale?: Readonly<Float64Array>;
  /** It knows what no forecaster can (the hidden state, the true laws): scored, but no member of confidence sets or of families of tests. */
  readonly isCeiling?: true;
  /** Configurations that were tried before this one was chosen: printed beside its p-values, which do not count them. */
  readonly trials?: number;
}
