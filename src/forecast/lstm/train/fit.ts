import { add, div, nextFrame, type Scalar, scalar, tidy, util, variableGrads } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../../core/assert.ts';
import type { Streams } from '../../../core/rng.ts';
import type { OutputLayout } from '../outputs.ts';
import { permutation, type SequenceSplit } from '../sequences.ts';
import { Adam } from './adam.ts';
import type { Batch, Batches } from './batches.ts';
import type { FitHistory, FitState } from './fit-state.ts';
import { extrasLoss, targetLoss } from './loss.ts';
import { kernelPlaces, outputsFor, restoreWeights, unitsOf, weightCopies, weightVariables } from './net.ts';
import { rateShare } from './schedule.ts';
import type { FitOptions } from './training-options.ts';

/** Largest Euclidean norm of the gradient of all weights together (Pascanu, Mikolov and Bengio, 2013). */
const GRADIENT_NORM_MAX = 1;

/** A mean loss above this is an explosion: the random walk has about 0.5. */
const LOSS_MAX = 1000;

/**
 * Fits the net to the training part with {@link Adam}, and leaves it with the weights of the epoch whose validation loss was lowest. Chance
 * is drawn epoch by epoch from streams of their own, so that a fit can be taken up again between two.
 *
 * @param from a state to go on from.
 * @throws InputError when the loss explodes.
 */
export async function fitNet(
  net: LayersModel,
  batches: Batches,
  split: SequenceSplit,
  options: FitOptions,
  chance: Streams,
  from?: FitState,
): Promise<FitHistory> {
  const started = util.now();
  const weights = from?.weights.map((array) => Float32Array.from(array)) ?? weightCopies(net);
  restoreWeights(net, weights);
  const adam = new Adam(
    weights.map(({ length }) => length),
    from?.adam,
  );
  const stepsAnEpoch = Math.ceil(split.training.length / options.batch);
  const trainLoss = [...(from?.trainLoss ?? [])];
  const validationLoss = [...(from?.validationLoss ?? [meanLoss(net, batches, split.validation, options)])];
  let best = from?.best ?? weightCopies(net);
  let bestEpoch = from?.bestEpoch ?? 0;
  const history = (endedBy: FitHistory['endedBy']): FitHistory => {
    restoreWeights(net, best);
    return { epochs: trainLoss.length, bestEpoch, endedBy, trainLoss, validationLoss };
  };
  const schedule = options.constantRate === true ? 'constant' : (options.schedule ?? 'cosine');
  for (let epoch = trainLoss.length + 1; epoch <= options.epochs; epoch += 1) {
    if (epoch - 1 - bestEpoch >= options.patience) return history('patience');
    const shuffle = chance.stream(`train/shuffle/${epoch}`);
    const rng = chance.stream(`train/dropout/${epoch}`);
    const dropout = { inputs: options.dropout, recurrent: options.recurrentDropout ?? 0, units: unitsOf(net), rng };
    const order = permutation(split.training.length, shuffle).map((place) => split.training[place] ?? 0);
    const total = { loss: 0, known: 0 };
    for (let n = 0; n < stepsAnEpoch; n += 1) {
      // Lets signals through.
      await nextFrame();
      if (options.shouldStop?.() === true) return history('stop');
      const batch = batches.batch(order.slice(n * options.batch, (n + 1) * options.batch), dropout);
      const share = rateShare(schedule, (epoch - 1) * stepsAnEpoch + n, options.epochs * stepsAnEpoch, validationLoss);
      const loss = optimizerStep(net, weights, adam, batch, options, options.learningRate * share);
      batch.dispose();
      checkLoss(loss, epoch, options);
      total.loss += loss * batch.knownCount;
      total.known += batch.knownCount;
    }
    trainLoss.push(total.loss / total.known);
    const validation = meanLoss(net, batches, split.validation, options);
    checkLoss(validation, epoch, options);
    validationLoss.push(validation);
    if (validation < (validationLoss[bestEpoch] ?? 0)) {
      bestEpoch = epoch;
      best = weightCopies(net);
    }
    const seconds = (util.now() - started) / 1000;
    const sequencesPerSecond = ((epoch - (from?.trainLoss.length ?? 0)) * split.training.length) / Math.max(1e-9, seconds);
    const { epochs } = options;
    options.onProgress?.({
      epoch,
      epochs,
      trainLoss: total.loss / total.known,
      validationLoss: validation,
      bestEpoch,
      seconds,
      sequencesPerSecond,
    });
    options.onState?.({ weights, best, bestEpoch, adam: adam.state, trainLoss, validationLoss });
  }
  return history(trainLoss.length - bestEpoch >= options.patience ? 'patience' : 'epochs');
}

/** What a loss needs to know of the outputs; of nets that forecast targets alone, by a normal, nothing. */
type LossOptions = Pick<FitOptions, 'layout' | 'lossWeights' | 'varianceWeight' | 'batch'>;

function lossOf(outputs: Parameters<typeof targetLoss>[0], batch: Batch, { layout, lossWeights, varianceWeight }: LossOptions): Scalar {
  // A batch may happen to know no target at all.
  const mean: Scalar = div(targetLoss(outputs, batch, layout?.head ?? 'gaussian', varianceWeight), scalar(Math.max(1, batch.knownCount)));
  if (layout === undefined || !layout.extras || lossWeights === undefined) return mean;
  return add(mean, extrasLoss(outputs, batch, layout as OutputLayout, lossWeights));
}

/** Mean loss per known target over whole sequences, without dropout. */
export function meanLoss(net: LayersModel, batches: Batches, sequences: readonly number[], options: LossOptions): number {
  let loss = 0;
  let known = 0;
  for (let first = 0; first < sequences.length; first += options.batch) {
    const batch = batches.batch(sequences.slice(first, first + options.batch));
    const mean = tidy(() => lossOf(outputsFor(net, batch.rows, batch.skip), batch, options).dataSync()[0] ?? Number.NaN);
    loss += mean * batch.knownCount;
    known += batch.knownCount;
    batch.dispose();
  }
  return loss / known;
}

/** One step down the gradient. Returns the loss before it, without the L2 term. */
function optimizerStep(
  net: LayersModel,
  weights: readonly Float32Array[],
  adam: Adam,
  batch: Batch,
  options: FitOptions,
  rate: number,
): number {
  const variables = weightVariables(net);
  let loss = Number.NaN;
  const gradients: Float64Array[] = [];
  tidy(() => {
    const { value, grads } = variableGrads(() => lossOf(outputsFor(net, batch.rows, batch.skip, batch.mask), batch, options), variables);
    loss = value.dataSync()[0] ?? Number.NaN;
    for (const variable of variables)
      gradients.push(Float64Array.from(grads[variable.name]?.dataSync() ?? new Float32Array(variable.size)));
  });
  for (const place of kernelPlaces(net)) addTimes(gradients[place], weights[place], 2 * options.l2);
  clipTogether(gradients, GRADIENT_NORM_MAX);
  adam.step(weights, gradients, rate);
  restoreWeights(net, weights);
  return loss;
}

function addTimes(into: Float64Array | undefined, values: Float32Array | undefined, factor: number): void {
  if (into === undefined || values === undefined || factor === 0) return;
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + factor * (values[i] ?? 0);
}

/** Scales the gradients down together to the given Euclidean norm where they exceed it. */
export function clipTogether(gradients: readonly Float64Array[], normMax: number): void {
  let squares = 0;
  for (const gradient of gradients) for (const value of gradient) squares += value * value;
  const factor = normMax / Math.max(normMax, Math.sqrt(squares));
  if (factor < 1) for (const gradient of gradients) for (let i = 0; i < gradient.length; i += 1) gradient[i] = (gradient[i] ?? 0) * factor;
}

function checkLoss(loss: number, epoch: number, { learningRate }: FitOptions): void {
  if (loss <= LOSS_MAX) return;
  const fault = `became ${loss} in epoch ${epoch}, where the random walk has about 0.5`;
  const advice = `lower learningRate (now ${learningRate}), or look for outliers in the inputs`;
  throw new InputError('training', [{ path: 'loss', message: `${fault}: ${advice}` }]);
}
