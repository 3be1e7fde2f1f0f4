import { tidy, util } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { streams } from '../../../core/rng.ts';
import { blankOutputs, type OutputLayout, outputWidth, readOutputs } from '../outputs.ts';
import {
  checkSequences,
  constantFeatures,
  fitScaler,
  fitTargetScale,
  fitVarianceScale,
  outputsOf,
  splitSequences,
  type TrainingSequences,
} from '../sequences.ts';
import { type AssembledMetrics, assembled } from './assembled.ts';
import { selectBackend } from './backend.ts';
import { Batches } from './batches.ts';
import { fitNet } from './fit.ts';
import type { FitState } from './fit-state.ts';
import { netFiles, outputsFor, untrainedNet } from './net.ts';
import type { NetForecasts, Preparation, TrainedNet } from './trained-net.ts';
import { checkOptions, DEFAULT_LOSS_WEIGHTS, type TrainingOptions } from './training-options.ts';

/** A trained net with all that a model card says of it. Outputs are indexed `horizon * factors + factor`. */
export type TrainedModel = Omit<TrainedNet, 'validation'> & Preparation & AssembledMetrics;

/** Share of the sequences that is held out where the options do not say. */
const VALIDATION_SHARE = 0.15;

const DATA = 'training data';

/**
 * Checks data and options, splits and scales.
 * @throws InputError when options or data are at fault.
 */
export function prepared(data: TrainingSequences, options: TrainingOptions): Preparation {
  checkOptions(options);
  checkSequences(DATA, data);
  const chance = streams(options.splitSeed ?? options.seed);
  const split = splitSequences(data.count, options.validationShare ?? VALIDATION_SHARE, chance.stream('train/split'));
  const inputScaler = fitScaler(data, split.training);
  const targetScale = fitTargetScale(`${DATA}, training part`, data, split.training);
  // Only for its check: calibration needs known targets of every output.
  fitTargetScale(`${DATA}, validation part`, data, split.validation);
  const layout: OutputLayout = {
    head: options.head ?? 'gaussian',
    targets: outputsOf(data),
    horizons: data.horizonsSeconds.length,
    extras: data.extras !== undefined,
  };
  return {
    split,
    inputScaler,
    targetScale,
    varianceScale: fitVarianceScale(data, split.training),
    layout,
    constantFeatures: constantFeatures(data, split.training),
  };
}

/**
 * Trains one net on sequences, as it will be served: state carried from row to row, and scored at every row after the burn-in by the
 * loss of its head over all known targets. Where no epoch beats the random walk on the validation part, the random walk is what comes back.
 *
 * Same data, options and backend: same bytes (test/forecast/lstm/train.test.ts).
 *
 * @param from a state to go on from, of the same data and options.
 * @throws InputError when the backend asked for by name is absent, or when the loss explodes.
 */
export async function trainedNet(
  data: TrainingSequences,
  preparation: Preparation,
  options: TrainingOptions,
  from?: FitState,
): Promise<TrainedNet> {
  const { inputScaler, layout, split, targetScale, varianceScale } = preparation;
  const backend = await selectBackend(options.backend);
  const started = util.now();
  const net = untrainedNet(data.features.length, options.units, outputWidth(layout), options.seed);
  try {
    const batches = new Batches(data, inputScaler, targetScale, varianceScale);
    const fit = { ...options, layout, lossWeights: options.lossWeights ?? DEFAULT_LOSS_WEIGHTS };
    const history = await fitNet(net, batches, split, fit, streams(options.seed), from);
    const seconds = (util.now() - started) / 1000;
    const validation = forecasts(net, batches, data, split.validation, preparation, options.batch);
    return {
      ...(await netFiles(net, options.weightsFile)),
      ...history,
      seed: options.seed,
      backend: backend.name,
      backendReason: backend.reason,
      parameters: net.countParams(),
      seconds,
      validation,
    };
  } finally {
    net.dispose();
  }
}

/** {@link prepared}, then {@link trainedNet}, then calibration and metrics. @throws InputError as they do. */
export async function trainLstm(data: TrainingSequences, options: TrainingOptions, from?: FitState): Promise<TrainedModel> {
  const preparation = prepared(data, options);
  const net = await trainedNet(data, preparation, options, from);
  return { ...net, ...preparation, ...assembled(data, preparation, [net]) };
}

/** What the net says about each row of these sequences, in the factors' own units. */
function forecasts(
  net: LayersModel,
  batches: Batches,
  data: TrainingSequences,
  sequences: readonly number[],
  { layout, targetScale }: Preparation,
  size: number,
): NetForecasts {
  const { targets, horizons } = layout;
  const rows = sequences.length * data.steps;
  const change = new Float32Array(rows * targets);
  const scale = new Float32Array(rows * targets);
  const variance = new Float32Array(layout.extras ? rows * horizons : 0);
  const shockLogit = new Float32Array(variance.length);
  const width = outputWidth(layout);
  const read = blankOutputs(layout);
  let row = 0;
  for (let first = 0; first < sequences.length; first += size) {
    const batch = batches.batch(sequences.slice(first, first + size));
    const raw = tidy(() => outputsFor(net, batch.rows, batch.skip).dataSync());
    batch.dispose();
    for (let at = 0; at < raw.length; at += width) {
      readOutputs(raw, at, layout, read);
      targetScale.forEach((unit, output) => {
        change[row * targets + output] = (read.change[output] ?? Number.NaN) * unit;
        scale[row * targets + output] = (read.scale[output] ?? Number.NaN) * unit;
      });
      if (layout.extras) {
        variance.set(read.variance, row * horizons);
        shockLogit.set(read.shockLogit, row * horizons);
      }
      row += 1;
    }
  }
  return { change, scale, variance, shockLogit };
}
