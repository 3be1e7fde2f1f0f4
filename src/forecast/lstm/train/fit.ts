import { type AdamOptimizer, add, div, nextFrame, type Scalar, scalar, tidy, train, util, variableGrads } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../../core/assert.ts';
import type { Streams } from '../../../core/rng.ts';
import { permutation, type SequenceSplit } from '../sequences.ts';
import type { Batch, Batches } from './batches.ts';
import { clippedGradients, l2Penalty, negativeLogLikelihood } from './loss.ts';
import { kernelVariables, outputsFor, restoreWeights, weightCopies, weightVariables } from './net.ts';
import type { FitOptions } from './training-options.ts';

/** How a fit went. */
export interface FitHistory {
  /** Epochs done in full. */
  readonly epochs: number;
  /** Epoch whose weights were kept; 0 is the net as it was before. */
  readonly bestEpoch: number;
  readonly endedBy: 'epochs' | 'patience' | 'stop';
  /** Mean loss per known target in each epoch, with dropout and without the L2 term. */
  readonly trainLoss: readonly number[];
  /** The same without dropout on the validation part: before the first epoch, then after each. */
  readonly validationLoss: readonly number[];
}

/** Largest Euclidean norm of the gradient of all weights together. */
const GRADIENT_NORM_MAX = 1;

/** A mean loss above this is an explosion: the random walk has about 0.5. */
const LOSS_MAX = 1000;

/** Share of all steps in which the learning rate rises, and the share of it that is left at the end. */
const WARM_UP = 0.05;
const RATE_LEFT = 0.1;

/**
 * Fits the net to the training part with Adam (Kingma and Ba, 2015), and leaves it with the weights of the epoch whose validation
 * loss was lowest.
 *
 * @throws InputError when the loss explodes.
 */
export async function fitNet(
  net: LayersModel,
  batches: Batches,
  split: SequenceSplit,
  options: FitOptions,
  chance: Streams,
): Promise<FitHistory> {
  const started = util.now();
  const shuffle = chance.stream('train/shuffle');
  const dropout = { rate: options.dropout, rng: chance.stream('train/dropout') };
  const optimizer = train.adam(options.learningRate);
  const stepsInAll = options.epochs * Math.ceil(split.training.length / options.batch);
  const trainLoss: number[] = [];
  const validationLoss = [meanLoss(net, batches, split.validation, options.batch)];
  let best = weightCopies(net);
  let bestEpoch = 0;
  let step = 0;
  const history = (endedBy: FitHistory['endedBy']): FitHistory => {
    restoreWeights(net, best);
    return { epochs: trainLoss.length, bestEpoch, endedBy, trainLoss, validationLoss };
  };
  try {
    for (let epoch = 1; epoch <= options.epochs; epoch += 1) {
      const order = permutation(split.training.length, shuffle).map((place) => split.training[place] ?? 0);
      const total = { loss: 0, known: 0 };
      for (let first = 0; first < order.length; first += options.batch) {
        // Lets signals through.
        await nextFrame();
        if (options.shouldStop?.() === true) return history('stop');
        const batch = batches.batch(order.slice(first, first + options.batch), dropout);
        setLearningRate(optimizer, options.learningRate * (options.constantRate === true ? 1 : rateShare(step, stepsInAll)));
        const loss = optimizerStep(net, optimizer, batch, options.l2);
        batch.dispose();
        checkLoss(loss, epoch, options);
        total.loss += loss * batch.knownCount;
        total.known += batch.knownCount;
        step += 1;
      }
      trainLoss.push(total.loss / total.known);
      const validation = meanLoss(net, batches, split.validation, options.batch);
      checkLoss(validation, epoch, options);
      validationLoss.push(validation);
      if (validation < (validationLoss[bestEpoch] ?? 0)) {
        bestEpoch = epoch;
        best = weightCopies(net);
      }
      const seconds = (util.now() - started) / 1000;
      options.onProgress?.({
        epoch,
        epochs: options.epochs,
        trainLoss: total.loss / total.known,
        validationLoss: validation,
        bestEpoch,
        seconds,
      });
      if (epoch - bestEpoch >= options.patience) return history('patience');
    }
    return history('epochs');
  } finally {
    optimizer.dispose();
  }
}

/** Mean loss per known target over whole sequences, without dropout. */
export function meanLoss(net: LayersModel, batches: Batches, sequences: readonly number[], size: number): number {
  let loss = 0;
  let known = 0;
  for (let first = 0; first < sequences.length; first += size) {
    const batch = batches.batch(sequences.slice(first, first + size));
    loss += tidy(() => negativeLogLikelihood(outputsFor(net, batch.rows, batch.skip), batch).dataSync()[0] ?? Number.NaN);
    known += batch.knownCount;
    batch.dispose();
  }
  return loss / known;
}

/** One step down the gradient. Returns the mean loss per known target before it, without the L2 term. */
function optimizerStep(net: LayersModel, optimizer: AdamOptimizer, batch: Batch, l2: number): number {
  // A batch may happen to know no target at all.
  const known = Math.max(1, batch.knownCount);
  return tidy(() => {
    let loss = Number.NaN;
    const { grads } = variableGrads((): Scalar => {
      const mean: Scalar = div(negativeLogLikelihood(outputsFor(net, batch.rows, batch.skip), batch), scalar(known));
      loss = mean.dataSync()[0] ?? Number.NaN;
      return l2 === 0 ? mean : add(mean, l2Penalty(kernelVariables(net), l2));
    }, weightVariables(net));
    optimizer.applyGradients(clippedGradients(grads, GRADIENT_NORM_MAX));
    return loss;
  });
}

function checkLoss(loss: number, epoch: number, { learningRate }: FitOptions): void {
  if (loss <= LOSS_MAX) return;
  const fault = `became ${loss} in epoch ${epoch}, where the random walk has about 0.5`;
  const advice = `lower learningRate (now ${learningRate}), or look for outliers in the inputs`;
  throw new InputError('training', [{ path: 'loss', message: `${fault}: ${advice}` }]);
}

/** Share of the highest learning rate that holds in a step: linear warm-up, then a cosine. */
export function rateShare(step: number, stepsInAll: number): number {
  const warmUp = Math.ceil(WARM_UP * stepsInAll);
  if (step < warmUp) return (step + 1) / warmUp;
  const progress = (step - warmUp) / Math.max(1, stepsInAll - warmUp);
  return RATE_LEFT + (1 - RATE_LEFT) * 0.5 * (1 + Math.cos(Math.PI * progress));
}

/** TensorFlow.js lets the rate be changed between steps, but its types do not. */
function setLearningRate(optimizer: AdamOptimizer, rate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = rate;
}
