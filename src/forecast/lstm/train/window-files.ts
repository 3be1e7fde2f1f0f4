import type { InputScaler } from '../scaling.ts';
import { outputsOf, type TrainingSequences } from '../sequences.ts';
import type { LstmWeights } from '../weights.ts';
import { type NetFiles, netFiles, restoreWeights, untrainedNet } from './net.ts';
import type { WindowNet } from './window-net.ts';

/**
 * A net on windows as files of TensorFlow.js; {@link windowNetOf} has the same bits back (test/app/history-training.test.ts).
 *
 * @param data what it was trained on, for its shape.
 * @param weightsFile name under which the model file finds its weights.
 */
export async function windowNetFiles(trained: WindowNet, data: TrainingSequences, weightsFile: string): Promise<NetFiles> {
  const net = untrainedNet(data.features.length, trained.units, 2 * outputsOf(data), 'kept');
  try {
    restoreWeights(net, trained.weights);
    return await netFiles(net, weightsFile);
  } finally {
    net.dispose();
  }
}

/** The net that such files and the scalings of their card are. */
export function windowNetOf({ head, layer, units }: LstmWeights, inputScaler: InputScaler, targetScale: readonly number[]): WindowNet {
  return { units, weights: [layer.kernel, layer.recurrentKernel, layer.bias, head.kernel, head.bias], inputScaler, targetScale };
}
