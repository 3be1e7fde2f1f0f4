import { InputError, type Issue } from '../../core/assert.ts';
import type { LstmLayer } from './cell.ts';
import type { DenseLayer } from './head.ts';
import { excerpt, jsonDocument } from './json-document.ts';
import { type LayersModel, layersModel } from './layers-model.ts';

/** The weights of a net as they lie in the files of TensorFlow.js, checked. */
export interface LstmWeights {
  /** File that they were read from, for messages. */
  readonly source: string;
  readonly features: number;
  readonly units: number;
  /** What they are is in the model card. */
  readonly outputs: number;
  /** Count of all weights. */
  readonly parameters: number;
  readonly layer: LstmLayer;
  /** Takes [hidden state, row]. */
  readonly head: DenseLayer;
}

/** Bytes of a 32-bit float. */
const FLOAT_BYTES = 4;

/** Largest number of features, units or outputs: far above any use, and small enough that no product of two leaves 2^53. */
const SIZE_LIMIT = 4096;

/**
 * Name of the file of weights that a model file points to, relative to the model file's own folder.
 *
 * @throws InputError as {@link readLayersModel} does, and unless there is exactly one, without `..`, scheme or root: a
 *   model must not reach out of its folder.
 */
export function weightsFile(source: string, modelJson: string): string {
  return checkedFile(source, jsonDocument(source, modelJson, layersModel));
}

/**
 * Reads a net from the two files that TensorFlow.js writes, both already in memory.
 *
 * The net must be the one that volpit trains: inputs `rows` and `skip`, an LSTM over `rows`, its states joined with `skip`,
 * and one dense layer. Anything that this program would not compute as TensorFlow.js does is refused, never ignored.
 *
 * @throws InputError naming `source` with the place, the value found and what was expected: not JSON, not a layers model,
 *   a layer or setting that is unknown, shapes that do not fit together, weights that are cut off, left over, not 32-bit, or not finite.
 */
export function readLayersModel(source: string, modelJson: string, weightsBin: Uint8Array): LstmWeights {
  const model = jsonDocument(source, modelJson, layersModel);
  const file = checkedFile(source, model);
  const { layers } = model.modelTopology.config;
  const features = layers.rows.config.batch_input_shape[2];
  const units = layers.lstm.config.units;
  const outputs = layers.head.config.units;
  const issues: Issue[] = [];
  for (const [path, size] of [
    ['rows', features],
    ['lstm', units],
    ['head', outputs],
  ] as const) {
    if (size > SIZE_LIMIT)
      issues.push({ path: `modelTopology.${path}`, message: `expected a size of at most ${SIZE_LIMIT}, found ${size}` });
  }
  const skipped = layers.skip.config.batch_input_shape[2];
  if (skipped !== features)
    issues.push({ path: 'modelTopology.skip', message: `expected the ${features} features of rows, found ${skipped}` });
  if (issues.length > 0) throw new InputError(source, issues);

  const shapes: Readonly<Record<string, readonly number[]>> = {
    [`${layers.lstm.name}/kernel`]: [features, 4 * units],
    [`${layers.lstm.name}/recurrent_kernel`]: [units, 4 * units],
    [`${layers.lstm.name}/bias`]: [4 * units],
    [`${layers.head.name}/kernel`]: [units + features, outputs],
    [`${layers.head.name}/bias`]: [outputs],
  };
  checkShapes(source, model, shapes);
  const parameters = Object.values(shapes).reduce((sum, shape) => sum + product(shape), 0);
  if (weightsBin.length !== parameters * FLOAT_BYTES) {
    const fault = weightsBin.length < parameters * FLOAT_BYTES ? 'is cut off' : 'has bytes left over';
    throw new InputError(source, [
      {
        path: file,
        message: `${fault}: expected ${parameters * FLOAT_BYTES} bytes, ${parameters} weights of 32 bits, found ${weightsBin.length}`,
      },
    ]);
  }

  const bytes = new DataView(weightsBin.buffer, weightsBin.byteOffset, weightsBin.byteLength);
  let at = 0;
  const [kernel, recurrentKernel, bias, headKernel, headBias] = Object.entries(shapes).map(([name, shape]) => {
    const values = new Float32Array(product(shape));
    for (let i = 0; i < values.length; i += 1) {
      const value = bytes.getFloat32(at, true);
      if (!Number.isFinite(value))
        throw new InputError(source, [{ path: file, message: `expected finite weights, found ${value} at ${name}[${i}]` }]);
      values[i] = value;
      at += FLOAT_BYTES;
    }
    return values;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  return {
    source,
    features,
    units,
    outputs,
    parameters,
    layer: { features, units, kernel, recurrentKernel, bias },
    head: { inputs: units + features, outputs, kernel: headKernel, bias: headBias },
  };
}

function checkedFile(source: string, model: LayersModel): string {
  const [path] = model.weightsManifest[0].paths;
  const file = path.startsWith('./') ? path.slice(2) : path;
  // One plain name per part; this leaves out roots, drives, schemes, backslashes, `.` and `..`.
  if (file.split('/').every((part) => /^[\w-][\w. -]*$/.test(part))) return file;
  throw new InputError(source, [
    { path: 'weightsManifest.0.paths.0', message: `expected a relative path without .., found ${excerpt(path)}` },
  ]);
}

/** The manifest must list these weights, in this order, with these shapes. */
function checkShapes(source: string, model: LayersModel, shapes: Readonly<Record<string, readonly number[]>>): void {
  const expected = Object.entries(shapes);
  const found = model.weightsManifest[0].weights;
  const issues: Issue[] = [];
  for (let i = 0; i < Math.max(expected.length, found.length); i += 1) {
    const path = `weightsManifest.0.weights.${i}`;
    const weight = found[i];
    const [name, shape] = expected[i] ?? [];
    if (weight?.name !== name) issues.push({ path, message: `expected ${name ?? 'no more weights'}, found ${weight?.name ?? 'none'}` });
    else if (excerpt(weight?.shape) !== excerpt(shape)) {
      issues.push({ path, message: `expected ${name} of shape ${excerpt(shape)}, found ${excerpt(weight?.shape)}` });
    }
  }
  if (issues.length > 0) throw new InputError(source, issues);
}

const product = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
