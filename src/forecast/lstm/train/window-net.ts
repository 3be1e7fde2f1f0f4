import { tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../../core/assert.ts';
import { streams } from '../../../core/rng.ts';
import { clipped, type InputScaler, LOG_SCALE_LIMIT } from '../scaling.ts';
import { fitScaler, fitTargetScale, outputsOf, type SequenceSplit, type TrainingSequences } from '../sequences.ts';
import { Batches } from './batches.ts';
import { fitNet } from './fit.ts';
import type { FitHistory } from './fit-state.ts';
import { outputsFor, restoreWeights, untrainedNet, weightCopies } from './net.ts';
import type { FitOptions } from './training-options.ts';

/** A net that reads windows from a zero state, outside TensorFlow.js: what more training, or a forecast, starts from. */
export interface WindowNet {
  readonly units: number;
  readonly weights: readonly Float32Array[];
  readonly inputScaler: InputScaler;
  /** Root mean square of each output's target in the training part. */
  readonly targetScale: readonly number[];
}

export interface WindowFitOptions extends FitOptions {
  readonly units: number;
  readonly seed: string;
}

/** Windows per call where nothing is trained: no effect on the result. */
const BATCH = 256;

/**
 * Trains a net on windows: sequences of which the last row alone is scored (`burnIn` is `steps` − 1), from a zero state, as daily data are
 * forecast. Both parts of the split are the caller's, in order of time and purged. Scalings are those of the training part. The backend is
 * the one selected before ({@link selectBackend}); equal data, options and backend give equal weights (test/forecast/lstm/window-net.test.ts).
 *
 * @param from the net whose weights are trained on; without it a new one, which is the random walk until it is trained.
 * @throws InputError when the training part holds a target that is always 0 or never known, or the loss explodes.
 */
export async function fitWindows(
  data: TrainingSequences,
  split: SequenceSplit,
  options: WindowFitOptions,
  from?: WindowNet,
): Promise<{ readonly net: WindowNet; readonly history: FitHistory }> {
  const inputScaler = fitScaler(data, split.training);
  const targetScale = fitTargetScale('training windows', data, split.training);
  const net = untrainedNet(data.features.length, options.units, 2 * outputsOf(data), options.seed);
  try {
    if (from !== undefined) restoreWeights(net, checkedWeights(net, from));
    const batches = new Batches(data, inputScaler, targetScale);
    const history = await fitNet(net, batches, split, options, streams(options.seed));
    return { net: { units: options.units, weights: weightCopies(net), inputScaler, targetScale }, history };
  } finally {
    net.dispose();
  }
}

/** Forecasts of the last rows of some windows, window by window and output by output, in the targets' own units. */
export interface WindowForecasts {
  readonly change: Float64Array;
  /** Standard deviation of the error, as the net believes it. */
  readonly scale: Float64Array;
}

/** What a net says at the last row of these windows. */
export function windowForecasts(trained: WindowNet, data: TrainingSequences, windows: readonly number[]): WindowForecasts {
  const outputs = outputsOf(data);
  const change = new Float64Array(windows.length * outputs);
  const scale = new Float64Array(change.length);
  const net = untrainedNet(data.features.length, trained.units, 2 * outputs, 'served');
  try {
    restoreWeights(net, checkedWeights(net, trained));
    const batches = new Batches(data, trained.inputScaler, trained.targetScale);
    for (let first = 0; first < windows.length; first += BATCH) {
      const batch = batches.batch(windows.slice(first, first + BATCH));
      const raw = tidy(() => outputsFor(net, batch.rows, batch.skip).dataSync());
      batch.dispose();
      for (let place = 0; (place + 1) * data.steps * 2 * outputs <= raw.length; place += 1) {
        const last = ((place + 1) * data.steps - 1) * 2 * outputs;
        for (let output = 0; output < outputs; output += 1) {
          const unit = trained.targetScale[output] ?? Number.NaN;
          const at = (first + place) * outputs + output;
          change[at] = (raw[last + output] ?? Number.NaN) * unit;
          scale[at] = Math.exp(clipped(raw[last + outputs + output] ?? Number.NaN, LOG_SCALE_LIMIT)) * unit;
        }
      }
    }
  } finally {
    net.dispose();
  }
  return { change, scale };
}

/** @throws InputError when the weights are those of a net of another shape: another set of columns, other targets or other units. */
function checkedWeights(net: LayersModel, { weights }: WindowNet): readonly Float32Array[] {
  const expected = weightCopies(net).map((copy) => copy.length);
  if (weights.length === expected.length && weights.every((copy, i) => copy.length === expected[i])) return weights;
  const message = `expected weights of sizes ${expected.join(', ')}, found ${weights.map((copy) => copy.length).join(', ')}`;
  throw new InputError('weights', [
    { path: '', message: `${message}: the columns, the targets or the units are not those it was trained with` },
  ]);
}
