import type { OutputLayout } from '../outputs.ts';
import type { InputScaler } from '../scaling.ts';
import type { SequenceSplit } from '../sequences.ts';
import type { BackendName } from './backend.ts';
import type { FitHistory } from './fit-state.ts';
import type { NetFiles } from './net.ts';

/** How inputs and outputs are scaled, from the training part alone; the same for all members of an ensemble. */
export interface Preparation {
  readonly split: SequenceSplit;
  readonly inputScaler: InputScaler;
  /** Root mean square of each output's target in the training part. */
  readonly targetScale: readonly number[];
  /** Mean realised variance at each horizon; empty where the data hold none. */
  readonly varianceScale: readonly number[];
  readonly layout: OutputLayout;
  /** Features that never move in the training part: their inputs are 0 there. */
  readonly constantFeatures: readonly string[];
}

/** A trained net by itself: its files and what it says of the validation part, with scales before calibration. */
export interface TrainedNet extends NetFiles, FitHistory {
  readonly seed: string;
  readonly parameters: number;
  /** Spent on training; making the data, starting the backend and scoring are not counted. */
  readonly seconds: number;
  readonly backend: BackendName;
  /** What was tried to get that backend. */
  readonly backendReason: readonly string[];
  readonly validation: NetForecasts;
}

/** Forecasts of a net over whole sequences, in the units of the targets; of variances in those of their mean, of shocks as logits. */
export interface NetForecasts {
  readonly change: Float32Array;
  readonly scale: Float32Array;
  readonly variance: Float32Array;
  readonly shockLogit: Float32Array;
}
