import { tensor3d, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { LstmCell } from '../../../src/forecast/lstm/cell.ts';
import { LinearHead } from '../../../src/forecast/lstm/head.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { netFiles, type outputsFor, restoreWeights, untrainedNet, weightCopies } from '../../../src/forecast/lstm/train/net.ts';
import { readLayersModel } from '../../../src/forecast/lstm/weights.ts';

const FEATURES = 20;
const UNITS = 24;
const OUTPUTS = 32;

/** Weights as large as trained ones: recurrent sums of order 1, outputs of order 1. */
function randomNet(seed: string): LayersModel {
  const net = untrainedNet(FEATURES, UNITS, OUTPUTS, seed);
  const rng = streams(seed).stream('test/weights');
  restoreWeights(
    net,
    weightCopies(net).map((weights) => weights.map((weight) => weight + 0.2 * normal(rng))),
  );
  return net;
}

/** Largest difference of the cell's outputs from those of TensorFlow.js's layer over one sequence, and their root mean square. */
export async function cellAgainstLayer(backend: 'cpu' | 'wasm', steps: number): Promise<{ readonly worst: number; readonly rms: number }> {
  await selectBackend(backend);
  const net = randomNet('1');
  const rng = streams('1').stream('test/rows');
  const rows = Array.from({ length: steps }, () => Float64Array.from({ length: FEATURES }, () => Math.fround(normal(rng))));
  const { modelJson, weightsBin } = await netFiles(net);
  const weights = readLayersModel('model.json', modelJson, weightsBin);
  const expected = tidy(() => {
    const input = tensor3d(Float32Array.from(rows.flatMap((row) => [...row])), [1, steps, FEATURES]);
    return (net.predict([input, input]) as ReturnType<typeof outputsFor>).dataSync();
  });
  net.dispose();
  const cell = new LstmCell(weights.layer);
  const head = new LinearHead(weights.head);
  let worst = 0;
  let square = 0;
  rows.forEach((row, step) => {
    cell.step(row);
    head.apply(cell.hidden, row);
    head.output.forEach((value, output) => {
      worst = Math.max(worst, Math.abs(value - (expected[step * OUTPUTS + output] ?? Number.NaN)));
      square += value * value;
    });
  });
  const rms = Math.sqrt(square / (steps * OUTPUTS));
  console.log(
    `${backend}: largest difference ${worst.toExponential(2)} over ${steps} rows, of outputs of root mean square ${rms.toFixed(2)}`,
  );
  return { worst, rms };
}
