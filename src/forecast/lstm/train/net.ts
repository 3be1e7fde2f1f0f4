import {
  add,
  concat,
  type io,
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { initializers, input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { invariant } from '../../../core/assert.ts';
import { hashText } from '../../../core/hash.ts';
import { lstmStates } from './lstm-sequence.ts';

/** The two files of a net, as TensorFlow.js writes them: any program can load them with `tf.loadLayersModel`. */
export interface NetFiles {
  readonly modelJson: string;
  readonly weightsBin: Uint8Array;
}

/** Of the layer and of the head, in the order in which TensorFlow.js holds them. */
type WeightTensors = readonly [kernel: Tensor2D, recurrentKernel: Tensor2D, bias: Tensor, headKernel: Tensor2D, headBias: Tensor];

/** File that the model file points to, in its own folder. */
const WEIGHTS_FILE = 'weights.bin';

/** Of the weights before training; the bias of the forget gate starts at 1 (Jozefowicz, Zaremba and Sutskever, 2015). */
const glorot = (seed: string, role: string) => initializers.glorotUniform({ seed: hashText(`${seed}/train/weights/${role}`) });

/**
 * The net before training. Inputs are the rows twice, [batch, steps, features]: `rows` goes through the LSTM, `skip` past it.
 * The outputs, [batch, steps, outputs], start at 0 whatever the rows are: an untrained net is the random walk.
 */
export function untrainedNet(features: number, units: number, outputs: number, seed: string): LayersModel {
  let net: LayersModel | undefined;
  // Layers leave the tensors that their weights were made from; the weights themselves outlive a tidy.
  tidy(() => {
    const rows = input({ shape: [null, features], name: 'rows' });
    const skip = input({ shape: [null, features], name: 'skip' });
    const states = layers.lstm({
      name: 'lstm',
      units,
      returnSequences: true,
      recurrentActivation: 'sigmoid',
      kernelInitializer: glorot(seed, 'kernel'),
      recurrentInitializer: glorot(seed, 'recurrent'),
      unitForgetBias: true,
    });
    const joined = layers.concatenate({ name: 'joined' }).apply([states.apply(rows) as SymbolicTensor, skip]);
    const head = layers.dense({ name: 'head', units: outputs, kernelInitializer: 'zeros', biasInitializer: 'zeros' });
    net = model({ name: 'volpit', inputs: [rows, skip], outputs: head.apply(joined) as SymbolicTensor });
  });
  invariant(net !== undefined, 'the net was not built');
  return net;
}

/**
 * Outputs of the net, [batch, steps, outputs]; a tensor of the caller's. Equal to what the net itself makes of its inputs, by a quicker way
 * ({@link lstmStates}).
 *
 * @param mask of recurrent dropout, `batch x units` factors, in training alone.
 */
export function outputsFor(net: LayersModel, rows: Tensor3D, skip: Tensor3D, mask?: Float32Array): Tensor3D {
  return tidy(() => {
    const [kernel, recurrentKernel, bias, headKernel, headBias] = weightVariables(net) as unknown as WeightTensors;
    const [sequences, steps] = skip.shape;
    const joined = concat([lstmStates(rows, { kernel, recurrentKernel, bias }, mask), skip], 2);
    const flat: Tensor2D = reshape(joined, [sequences * steps, headKernel.shape[0]]);
    return reshape(add(matMul(flat, headKernel), headBias), [sequences, steps, headKernel.shape[1]]);
  });
}

/** The weights as variables of TensorFlow.js, in the order of {@link weightCopies}. */
export const weightVariables = (net: LayersModel): Variable[] => net.trainableWeights.map((weight) => weight.read() as Variable);

/** Places of those weights that multiply inputs, and so are held small by L2: all but the biases. */
export const kernelPlaces = (net: LayersModel): number[] =>
  net.trainableWeights.flatMap(({ originalName }, place) => (originalName.endsWith('kernel') ? [place] : []));

/** Units of the LSTM. */
export const unitsOf = (net: LayersModel): number => (weightVariables(net)[1]?.shape[0] ?? 0) as number;

/** A copy of all weights outside TensorFlow.js. */
export const weightCopies = (net: LayersModel): Float32Array[] =>
  weightVariables(net).map((weight) => Float32Array.from(weight.dataSync()));

/** Puts copied weights back. */
export function restoreWeights(net: LayersModel, copies: readonly Float32Array[]): void {
  weightVariables(net).forEach((weight, i) => {
    const copied = tensor(copies[i] ?? [], weight.shape);
    weight.assign(copied);
    copied.dispose();
  });
}

/** The net as files in memory. Equal nets give equal bytes. @param weightsFile name under which the model file finds its weights. */
export async function netFiles(net: LayersModel, weightsFile = WEIGHTS_FILE): Promise<NetFiles> {
  let saved: io.ModelArtifacts | undefined;
  await net.save({
    save: (artifacts) => {
      saved = artifacts;
      // The date is a formality of this interface, which no one reads.
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: undefined as never, modelTopologyType: 'JSON' } });
    },
  });
  invariant(saved?.weightData instanceof ArrayBuffer && saved.weightSpecs !== undefined, 'TensorFlow.js saved no weights');
  const { format, generatedBy, modelTopology, weightData, weightSpecs } = saved;
  const document = {
    format,
    generatedBy,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  };
  return { modelJson: `${JSON.stringify(document, undefined, 1)}\n`, weightsBin: new Uint8Array(weightData) };
}
