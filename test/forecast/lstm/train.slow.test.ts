import { expect, test } from 'vitest';
import { type TrainedModel, trainLstm } from '../../../src/forecast/lstm/train/train.ts';
import type { TrainingOptions } from '../../../src/forecast/lstm/train/training-options.ts';
import { learnableSequences } from './example-data.ts';

const OPTIONS: Omit<TrainingOptions, 'backend'> = {
  units: 16,
  epochs: 12,
  batch: 16,
  learningRate: 5e-3,
  dropout: 0.1,
  l2: 1e-5,
  seed: '1',
  patience: 12,
  burnIn: 16,
};

/** WebAssembly once trained wrongly (tensorflow/tfjs 4326); plain JavaScript is the reference. */
test('training on wasm ends in the net that plain JavaScript gives', async () => {
  const data = learnableSequences('4', { count: 120, steps: 64, features: 12 });
  const train = (backend: 'cpu' | 'wasm'): Promise<TrainedModel> => trainLstm(data, { ...OPTIONS, backend });
  const cpu = await train('cpu');
  const wasm = await train('wasm');
  const loss = worst(cpu.validationLoss, wasm.validationLoss);
  const outputs = cpu.targetScale.length;
  const units = cpu.validation.change.map((_, i) => cpu.targetScale[i % outputs] ?? 1);
  const change = worst(inUnits(cpu.validation.change, units), inUnits(wasm.validation.change, units));
  const scale = worst(inUnits(cpu.validation.scale, units), inUnits(wasm.validation.scale, units));
  const time = `${cpu.seconds.toFixed(1)} s on cpu, ${wasm.seconds.toFixed(1)} s on wasm`;
  console.log(
    `loss ${loss.toExponential(1)}, change ${change.toExponential(1)}, scale ${scale.toExponential(1)}, in root mean squares; ${time}`,
  );
  expect(cpu.bestEpoch).toBeGreaterThan(3);
  expect(wasm.bestEpoch).toBe(cpu.bestEpoch);
  expect(Math.max(loss, change, scale)).toBeLessThan(1e-4);
  expect(wasm.weightsBin).toEqual((await train('wasm')).weightsBin);
});

test('60,000 rows of 24 features train 24 units on wasm within the three minutes that a user is promised', async () => {
  const data = learnableSequences('5', { count: 625, steps: 96, features: 24 });
  const before = process.cpuUsage();
  const trained = await trainLstm(data, { ...OPTIONS, units: 24, epochs: 30, batch: 32, learningRate: 2e-3, backend: 'wasm', patience: 5 });
  const { system, user } = process.cpuUsage(before);
  // Time of the processor: the tests may share the machine with others.
  const busySeconds = (system + user) / 1e6;
  const { bestEpoch, epochs, metrics, parameters, seconds } = trained;
  const time = `${busySeconds.toFixed(1)} s of one core, ${seconds.toFixed(1)} s by the clock`;
  console.log(`${parameters} weights, ${epochs} epochs (best ${bestEpoch}) in ${time}, R2 ${metrics[0]?.r2VsRandomWalk.toFixed(3)}`);
  expect(busySeconds).toBeLessThan(180);
  // Between what the last row explains and what the hidden state would.
  expect(metrics[0]?.r2Low).toBeGreaterThan(0.56);
});

function worst(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(other.length).toBe(one.length);
  return Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - (other[i] ?? Number.NaN))), 0);
}

const inUnits = (values: Readonly<Float32Array>, units: Readonly<Float32Array>): Float32Array =>
  values.map((value, i) => value / (units[i] ?? 1));
