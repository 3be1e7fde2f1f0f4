import { tidy, util } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { streams } from '../../../core/rng.ts';
import { clipped, type InputScaler, LOG_SCALE_LIMIT } from '../scaling.ts';
import {
  checkSequences,
  fitScaler,
  fitTargetScale,
  outputsOf,
  type SequenceSplit,
  splitSequences,
  type TrainingSequences,
} from '../sequences.ts';
import { calibrationMultipliers, type OutputMetrics, outputMetrics, type ScoredSequences } from '../validation.ts';
import { type BackendName, selectBackend } from './backend.ts';
import { Batches } from './batches.ts';
import { type FitHistory, fitNet } from './fit.ts';
import { type NetFiles, netFiles, outputsFor, untrainedNet } from './net.ts';
import { checkOptions, type TrainingOptions } from './training-options.ts';

/** A trained net: its files, and all that a model card says of it. Outputs are indexed `horizon * factors + factor`. */
export interface TrainedModel extends NetFiles, FitHistory {
  readonly backend: BackendName;
  /** What was tried to get that backend. */
  readonly backendReason: readonly string[];
  readonly inputScaler: InputScaler;
  /** Root mean square of each output's target in the training part. */
  readonly targetScale: readonly number[];
  /** Multiplier of each predicted scale. */
  readonly calibration: readonly number[];
  readonly parameters: number;
  /** Spent on training; making the data, starting the backend and scoring are not counted. */
  readonly seconds: number;
  readonly split: SequenceSplit;
  /** Forecasts of the validation part, with scales before calibration. */
  readonly validation: ScoredSequences;
  readonly metrics: readonly OutputMetrics[];
}

/** Share of the sequences that is held out where the options do not say. */
const VALIDATION_SHARE = 0.15;

const DATA = 'training data';

/**
 * Trains a net on sequences, as it will be served: state carried from row to row, and scored at every row after the burn-in by the
 * normal likelihood of all known targets. Scalings are fitted on the training part alone. Where no epoch beats the random
 * walk on the validation part, the random walk is what comes back.
 *
 * Same data, options and backend: same bytes (test/forecast/lstm/train.test.ts).
 *
 * @throws InputError when options or data are at fault, when the backend asked for by name is absent, or when the loss explodes.
 */
export async function trainLstm(data: TrainingSequences, options: TrainingOptions): Promise<TrainedModel> {
  checkOptions(options);
  checkSequences(DATA, data);
  const chance = streams(options.seed);
  const split = splitSequences(data.count, options.validationShare ?? VALIDATION_SHARE, chance.stream('train/split'));
  const inputScaler = fitScaler(data, split.training);
  const targetScale = fitTargetScale(`${DATA}, training part`, data, split.training);
  // Only for its check: calibration needs known targets of every output.
  fitTargetScale(`${DATA}, validation part`, data, split.validation);
  const backend = await selectBackend(options.backend);
  const started = util.now();
  const net = untrainedNet(data.features.length, options.units, 2 * outputsOf(data), options.seed);
  try {
    const batches = new Batches(data, inputScaler, targetScale);
    const history = await fitNet(net, batches, split, options, chance);
    const seconds = (util.now() - started) / 1000;
    const validation = forecasts(net, batches, data, split.validation, targetScale, options.batch);
    return {
      ...(await netFiles(net)),
      ...history,
      backend: backend.name,
      backendReason: backend.reason,
      inputScaler,
      targetScale,
      calibration: calibrationMultipliers(validation),
      parameters: net.countParams(),
      seconds,
      split,
      validation,
      metrics: outputMetrics(validation),
    };
  } finally {
    net.dispose();
  }
}

/** What the net says about each row of these sequences, in the factors' own units. */
function forecasts(
  net: LayersModel,
  batches: Batches,
  data: TrainingSequences,
  sequences: readonly number[],
  targetScale: readonly number[],
  size: number,
): ScoredSequences {
  const outputs = outputsOf(data);
  const change = new Float32Array(sequences.length * data.steps * outputs);
  const scale = new Float32Array(change.length);
  let at = 0;
  for (let first = 0; first < sequences.length; first += size) {
    const batch = batches.batch(sequences.slice(first, first + size));
    const raw = tidy(() => outputsFor(net, batch.rows, batch.skip).dataSync());
    batch.dispose();
    for (let row = 0; row < raw.length; row += 2 * outputs) {
      targetScale.forEach((unit, output) => {
        change[at] = (raw[row + output] ?? Number.NaN) * unit;
        scale[at] = Math.exp(clipped(raw[row + outputs + output] ?? Number.NaN, LOG_SCALE_LIMIT)) * unit;
        at += 1;
      });
    }
  }
  return { data, sequences, change, scale };
}
