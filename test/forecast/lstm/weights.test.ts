import { type io, type Tensor, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { type NetFiles, netFiles, untrainedNet } from '../../../src/forecast/lstm/train/net.ts';
import { readLayersModel, weightsFile } from '../../../src/forecast/lstm/weights.ts';

const FILE = 'models/spring/model.json';
// 2 features, 3 units, 4 outputs: 24 + 36 + 12 + 20 + 4 weights.
const PARAMETERS = 96;
let files: NetFiles;

beforeAll(async () => {
  await selectBackend('cpu');
  const net = untrainedNet(2, 3, 4, '1');
  files = await netFiles(net);
  net.dispose();
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The model file with the value at a path replaced; undefined removes it. */
function changed(path: readonly (string | number)[], value: Json | undefined): string {
  const document = JSON.parse(files.modelJson) as Json;
  const parent = path.slice(0, -1).reduce<Json>((node, key) => (node as Record<string | number, Json>)[key] ?? null, document) as Record<
    string | number,
    Json
  >;
  const key = path.at(-1) ?? '';
  if (value === undefined) delete parent[key];
  else parent[key] = value;
  return JSON.stringify(document);
}

/** The messages of the refusal; fails when the files are taken, or refused in another way. */
function refusal(modelJson: string, weightsBin: Uint8Array = files.weightsBin): string {
  try {
    readLayersModel(FILE, modelJson, weightsBin);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.source).toBe(FILE);
    for (const line of error.message.split('\n')) expect(line).toContain(FILE);
    return error.message;
  }
  throw new Error('was taken');
}

const LAYERS = ['modelTopology', 'config', 'layers'] as const;
const WEIGHTS = ['weightsManifest', 0, 'weights'] as const;
const layerIndex = (name: string): number =>
  (JSON.parse(files.modelJson) as { modelTopology: { config: { layers: { name: string }[] } } }).modelTopology.config.layers.findIndex(
    (l) => l.name === name,
  );
const setting = (layer: string, key: string): (string | number)[] => [...LAYERS, layerIndex(layer), 'config', key];
const bytesWith = (index: number, value: number): Uint8Array => {
  const bytes = files.weightsBin.slice();
  new DataView(bytes.buffer).setFloat32(4 * index, value, true);
  return bytes;
};

test('reads what TensorFlow.js wrote', () => {
  const weights = readLayersModel(FILE, files.modelJson, files.weightsBin);
  expect(weights).toMatchObject({ source: FILE, features: 2, units: 3, outputs: 4, parameters: PARAMETERS });
  expect([weights.layer.kernel.length, weights.layer.recurrentKernel.length, weights.head.kernel.length]).toEqual([24, 36, 20]);
  // The forget gate's bias starts at 1, the others and the whole head at 0.
  expect([...weights.layer.bias]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect([...weights.head.kernel, ...weights.head.bias].every((weight) => weight === 0)).toBe(true);
  expect(weightsFile(FILE, files.modelJson)).toBe('weights.bin');
});

test('reads bytes at any offset of their buffer', () => {
  const padded = new Uint8Array(files.weightsBin.length + 3);
  padded.set(files.weightsBin, 3);
  expect(readLayersModel(FILE, files.modelJson, padded.subarray(3))).toEqual(readLayersModel(FILE, files.modelJson, files.weightsBin));
});

test('can be loaded by TensorFlow.js from the same bytes', async () => {
  const { weightsManifest, modelTopology, format } = JSON.parse(files.modelJson) as io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const bytes = bytesWith(92, 0.5);
  const net = await loadLayersModel({
    load: () => Promise.resolve({ format: format ?? '', modelTopology, weightSpecs, weightData: bytes.slice().buffer }),
  });
  const outputs = tidy(() => {
    const rows = tensor3d([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    return [...(net.predict([rows, rows]) as Tensor).dataSync()];
  });
  net.dispose();
  expect(outputs).toEqual([0.5, 0, 0, 0, 0.5, 0, 0, 0]);
  expect(readLayersModel(FILE, files.modelJson, bytes).head.bias[0]).toBe(0.5);
});

test('takes weights too small for a normal float as they are', () => {
  const denormal = Math.fround(1e-40);
  expect(readLayersModel(FILE, files.modelJson, bytesWith(0, denormal)).layer.kernel[0]).toBe(denormal);
});

describe('refuses', () => {
  test('an empty or cut-off model file, at every length', () => {
    const text = files.modelJson.trimEnd();
    for (let length = 0; length < text.length; length += 1) expect(refusal(text.slice(0, length))).toContain('is not JSON');
  });

  test('cut-off weights, at every length', () => {
    for (let length = 0; length < files.weightsBin.length; length += 1) {
      expect(refusal(files.modelJson, files.weightsBin.subarray(0, length))).toContain(
        `is cut off: expected 384 bytes, 96 weights of 32 bits, found ${length}`,
      );
    }
  });

  test('bytes left over', () => {
    const longer = new Uint8Array(files.weightsBin.length + 1);
    expect(refusal(files.modelJson, longer)).toContain('has bytes left over: expected 384 bytes, 96 weights of 32 bits, found 385');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('a weight of %s, wherever it is', (value) => {
    for (let index = 0; index < PARAMETERS; index += 1)
      expect(refusal(files.modelJson, bytesWith(index, value))).toContain(`found ${value} at `);
    expect(refusal(files.modelJson, bytesWith(25, value))).toContain(
      `weights.bin  expected finite weights, found ${value} at lstm/recurrent_kernel[1]`,
    );
  });

  test.each<[string, readonly (string | number)[], Json | undefined, string]>([
    ['a graph model', ['format'], 'graph-model', 'format  Invalid input: expected "layers-model", found "graph-model"'],
    ['no format', ['format'], undefined, 'expected "layers-model"'],
    ['no topology', ['modelTopology'], undefined, 'modelTopology'],
    ['a sequential model', ['modelTopology', 'class_name'], 'Sequential', 'found "Sequential"'],
    ['no layers', LAYERS, [], 'modelTopology.config.layers.rows'],
    [
      'another order of inputs',
      ['modelTopology', 'config', 'input_layers'],
      [
        ['skip', 0, 0],
        ['rows', 0, 0],
      ],
      'modelTopology.config.input_layers.0.0',
    ],
    ['another output', ['modelTopology', 'config', 'output_layers'], [['lstm', 0, 0]], 'found "lstm"'],
    ['two files of weights', ['weightsManifest', 0, 'paths'], ['weights.bin', 'more.bin'], 'weightsManifest.0.paths'],
    ['no file of weights', ['weightsManifest', 0, 'paths'], [], 'weightsManifest.0.paths'],
    ['no manifest', ['weightsManifest'], undefined, 'weightsManifest'],
    [
      'a double as weight',
      [...WEIGHTS, 0, 'dtype'],
      'float64',
      'weightsManifest.0.weights.0.dtype  Invalid input: expected "float32", found "float64"',
    ],
    ['quantised weights', [...WEIGHTS, 0, 'quantization'], { dtype: 'uint8', scale: 1, min: 0 }, 'quantization'],
    ['a negative dimension', [...WEIGHTS, 0, 'shape'], [-2, 12], 'found -2'],
    ['a fraction as dimension', [...WEIGHTS, 0, 'shape'], [2.5, 12], 'found 2.5'],
    ['an empty shape', [...WEIGHTS, 0, 'shape'], [], 'weightsManifest.0.weights.0.shape'],
    [
      'a product beyond 2^53',
      [...WEIGHTS, 0, 'shape'],
      [4_294_967_296, 4_294_967_296],
      'expected lstm/kernel of shape [2,12], found [4294967296,4294967296]',
    ],
    ['2 GB declared', [...WEIGHTS, 0, 'shape'], [2, 268_435_456], 'expected lstm/kernel of shape [2,12], found [2,268435456]'],
    ['a transposed shape', [...WEIGHTS, 0, 'shape'], [12, 2], 'expected lstm/kernel of shape [2,12], found [12,2]'],
    [
      'a weight of another name',
      [...WEIGHTS, 1, 'name'],
      'lstm/kernel',
      'weightsManifest.0.weights.1  expected lstm/recurrent_kernel, found lstm/kernel',
    ],
    [
      'a weight too many',
      [...WEIGHTS, 5],
      { name: 'x', shape: [1], dtype: 'float32' },
      'weightsManifest.0.weights.5  expected no more weights, found x',
    ],
  ])('%s', (_, path, value, message) => {
    expect(refusal(changed(path, value))).toContain(message);
  });

  test('a weight missing', () => {
    const { weightsManifest } = JSON.parse(files.modelJson) as { weightsManifest: [{ weights: Json[] }] };
    expect(refusal(changed(WEIGHTS, weightsManifest[0].weights.slice(0, 4)))).toContain(
      'weightsManifest.0.weights.4  expected head/bias, found none',
    );
  });

  test('layers and settings that it would not compute alike', () => {
    const cases: [(string | number)[], Json, string][] = [
      [[...LAYERS, layerIndex('lstm'), 'class_name'], 'GRU', 'expected "LSTM", found "GRU"'],
      [[...LAYERS, layerIndex('head'), 'class_name'], 'Lambda', 'expected "Dense", found "Lambda"'],
      [[...LAYERS, layerIndex('joined'), 'class_name'], 'Add', 'found "Add"'],
      [setting('lstm', 'recurrent_activation'), 'hardSigmoid', 'expected "sigmoid", found "hardSigmoid"'],
      [setting('lstm', 'activation'), 'relu', 'found "relu"'],
      [setting('lstm', 'go_backwards'), true, 'found true'],
      [setting('lstm', 'stateful'), true, 'found true'],
      [setting('lstm', 'return_sequences'), false, 'found false'],
      [setting('lstm', 'use_bias'), false, 'found false'],
      [setting('lstm', 'units'), 0, 'found 0'],
      [setting('lstm', 'units'), 1e15, 'expected a size of at most 4096, found 1000000000000000'],
      [setting('lstm', 'units'), 4, 'expected lstm/kernel of shape [2,16], found [2,12]'],
      [setting('head', 'activation'), 'tanh', 'found "tanh"'],
      [setting('head', 'units'), 3, 'expected head/kernel of shape [5,3], found [5,4]'],
      [setting('joined', 'axis'), 1, 'found 1'],
      [setting('skip', 'batch_input_shape'), [null, null, 3], 'expected the 2 features of rows, found 3'],
      [setting('rows', 'dtype'), 'int32', 'found "int32"'],
      [
        [...LAYERS, layerIndex('joined'), 'inbound_nodes'],
        [
          [
            ['skip', 0, 0, {}],
            ['lstm', 0, 0, {}],
          ],
        ],
        'found "skip"',
      ],
      [[...LAYERS, layerIndex('lstm'), 'inbound_nodes'], [[['skip', 0, 0, {}]]], 'found "skip"'],
    ];
    for (const [path, value, message] of cases) expect(refusal(changed(path, value))).toContain(message);
  });

  test('layers unknown, twice, or named like an object member', () => {
    const { layers } = (JSON.parse(files.modelJson) as { modelTopology: { config: { layers: Json[] } } }).modelTopology.config;
    expect(refusal(changed(LAYERS, [...layers, { name: 'dropout', class_name: 'Dropout', config: {} }]))).toContain(
      'found Dropout dropout',
    );
    expect(refusal(changed(LAYERS, [...layers, { name: '__proto__', class_name: 'Lambda' }]))).toContain('found Lambda __proto__');
    expect(refusal(changed(LAYERS, [...layers, layers[0] ?? null]))).toContain('expected each layer once, found rows again');
    expect(refusal(changed(LAYERS, layers.slice(1)))).toContain('layers.rows');
  });

  test.each([
    '../weights.bin',
    '/etc/passwd',
    'a/../../b',
    'C:\\w.bin',
    'a\\b',
    'http://host/w.bin',
    'file:w',
    '.',
    '..',
    '',
    'a//b',
    'a\u0000b',
    './../b',
    '~/w',
  ])('the path of weights %j', (path) => {
    const modelJson = changed(['weightsManifest', 0, 'paths', 0], path);
    expect(refusal(modelJson)).toContain('weightsManifest.0.paths.0');
    expect(() => weightsFile(FILE, modelJson)).toThrow(InputError);
  });

  test('whatever is put in place of any one value, unless it does not matter', () => {
    const places: (string | number)[][] = [];
    const visit = (node: Json, path: (string | number)[]): void => {
      if (path.length > 0) places.push(path);
      if (typeof node === 'object' && node !== null)
        for (const [key, child] of Object.entries(node)) visit(child, [...path, Array.isArray(node) ? Number(key) : key]);
    };
    visit(JSON.parse(files.modelJson) as Json, []);
    const sound = readLayersModel(FILE, files.modelJson, files.weightsBin);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.constantFrom<Json | undefined>(undefined, null, -1, 0, 2.5, 1e300, 'x', '', true, [], {}, [[]]),
        (path, value) => {
          try {
            expect(readLayersModel(FILE, changed(path, value), files.weightsBin)).toEqual(sound);
          } catch (error) {
            if (!(error instanceof InputError)) throw error;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test('takes the leading ./ that TensorFlow.js writes in Node', () => {
  const modelJson = changed(['weightsManifest', 0, 'paths', 0], './group1-shard1of1.bin');
  expect(weightsFile(FILE, modelJson)).toBe('group1-shard1of1.bin');
});
