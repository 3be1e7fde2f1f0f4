import { performance } from 'node:perf_hooks';
import { type Tensor, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { normal } from '../src/core/distributions.ts';
import { streams } from '../src/core/rng.ts';
import { FEATURES } from '../src/forecast/features.ts';
import { LstmCell } from '../src/forecast/lstm/cell.ts';
import { LinearHead } from '../src/forecast/lstm/head.ts';
import { selectBackend } from '../src/forecast/lstm/train/backend.ts';
import { netFiles, untrainedNet } from '../src/forecast/lstm/train/net.ts';
import { readLayersModel } from '../src/forecast/lstm/weights.ts';
import type { Figure } from './figure.ts';

const WIDTH = FEATURES.length;
const UNITS = 32;
/** Means and log-scales of four factors at four horizons, realised variance and shocks at each. */
const OUTPUTS = 40;
const WINDOW = 20;

/** Rounds, of which the best counts: short ones, so that some are not interrupted by others who share the machine. */
const ROUNDS = 60;
const STEPS_PER_ROUND = 200;
const PREDICTIONS = 60;

/** Microseconds per call, best round. */
function microseconds(rounds: number, calls: number, call: (i: number) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    for (let i = 0; i < calls; i += 1) call(i);
    best = Math.min(best, (1000 * (performance.now() - start)) / calls);
  }
  return best;
}

/**
 * Microseconds per row of a net of 32 units on all features with 40 outputs: one step of the cell and the head. Its peer is what a
 * quoter would otherwise call, `predict` of TensorFlow.js on the last 20 rows, on the backend that training uses.
 */
export async function forecastStep(): Promise<Figure> {
  const { name } = await selectBackend('auto');
  const net = untrainedNet(WIDTH, UNITS, OUTPUTS, 'bench');
  const { modelJson, weightsBin } = await netFiles(net);
  const weights = readLayersModel('model.json', modelJson, weightsBin);
  const cell = new LstmCell(weights.layer);
  const head = new LinearHead(weights.head);
  const rng = streams('bench').stream('bench/rows');
  const rows = Array.from({ length: WINDOW }, () => Float64Array.from({ length: WIDTH }, () => normal(rng)));
  const value = microseconds(ROUNDS, STEPS_PER_ROUND, (i) => {
    const row = rows[i % WINDOW];
    if (row === undefined) return;
    cell.step(row);
    head.apply(cell.hidden, row);
  });

  const flat = Float32Array.from(rows.flatMap((row) => [...row]));
  const peerValue = microseconds(PREDICTIONS, 1, () => {
    tidy(() => {
      const input = tensor3d(flat, [1, WINDOW, WIDTH]);
      (net.predict([input, input]) as Tensor).dataSync();
    });
  });
  net.dispose();
  return {
    name: 'forecast.step',
    value,
    unit: 'us',
    peer: `tfjs predict, one window of ${WINDOW} rows (${name})`,
    peerValue,
    ratio: value / peerValue,
  };
}
