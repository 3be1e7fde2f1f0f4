import { beforeAll, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { trainLstm } from '../../../src/forecast/lstm/train/train.ts';
import { readLayersModel } from '../../../src/forecast/lstm/weights.ts';
import { heldOutLoss, normalCrps } from '../../../src/study/search/held-out-loss.ts';
import { learnableSequences } from '../../forecast/lstm/example-data.ts';

beforeAll(async () => {
  await selectBackend('cpu');
});

test.each([
  [0.3, 0, 1],
  [-2, 0.5, 0.4],
  [5, 1, 2],
])('the score of %d under a normal of mean %d and deviation %d is E|X − y| − ½E|X − X′|', (outcome, mean, sd) => {
  const rng = streams('1').stream('test/crps');
  const n = 40_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    const [a, b] = [mean + sd * normal(rng), mean + sd * normal(rng)];
    const value = Math.abs(a - outcome) - 0.5 * Math.abs(a - b);
    sum += value;
    squares += value * value;
  }
  const error = Math.sqrt((squares / n - (sum / n) * (sum / n)) / n);
  expect(Math.abs(normalCrps(outcome, mean, sd) - sum / n)).toBeLessThan(4 * error);
});

test('a net is scored as its trainer scores it, relative to the random walk', async () => {
  const data = learnableSequences('3', { count: 40, steps: 32 });
  const options = { units: 4, epochs: 5, batch: 8, learningRate: 0.05, dropout: 0, l2: 0, seed: '1', patience: 9, burnIn: 16 } as const;
  const trained = await trainLstm(data, { ...options, backend: 'cpu', validationShare: 0.25 });
  const net = { ...trained, weights: readLayersModel('model.json', trained.modelJson, trained.weightsBin) };
  const { change, scale, sequences } = trained.validation;
  const ratios = [0, 1, 2, 3].map((output) => {
    let [own, walk] = [0, 0];
    sequences.forEach((sequence, place) => {
      for (let step = 16; step < 32; step += 1) {
        const target = data.targets[(sequence * 32 + step) * 4 + output] ?? 0;
        const at = (place * 32 + step) * 4 + output;
        own += normalCrps(target, change[at] ?? 0, scale[at] ?? 0);
        walk += normalCrps(target, 0, trained.targetScale[output] ?? 0);
      }
    });
    return own / walk - 1;
  });
  const expected = ratios.reduce((sum, ratio) => sum + ratio, 0) / 4;
  // TensorFlow.js computes in 32 bits.
  expect(heldOutLoss(net, data, sequences)).toBeCloseTo(expected, 5);
  // Half of the outputs are learnable, half are noise.
  expect(expected).toBeLessThan(-0.05);

  const untrained = await trainLstm(data, { ...options, backend: 'cpu', shouldStop: () => true });
  const walk = { ...untrained, weights: readLayersModel('model.json', untrained.modelJson, untrained.weightsBin) };
  expect(heldOutLoss(walk, data, [0, 1, 2])).toBeCloseTo(0, 12);
  expect(heldOutLoss({ ...net, inputScaler: { mean: [Number.NaN, 0, 0], sd: [1, 1, 1] } }, data, [0])).toBeNaN();
});

test.each(['student', 'quantile'] as const)('a net with the head %s is scored by the change and the scale that it gives', async (head) => {
  const data = learnableSequences('4', { count: 16, steps: 24 });
  const options = { units: 2, epochs: 2, batch: 8, learningRate: 0.05, dropout: 0, l2: 0, seed: '1', patience: 9, burnIn: 16 } as const;
  const trained = await trainLstm(data, { ...options, head, backend: 'cpu', validationShare: 0.25 });
  const net = { ...trained, weights: readLayersModel('model.json', trained.modelJson, trained.weightsBin) };
  const { change, scale, sequences } = trained.validation;
  const ratio = (output: number): number => {
    let [own, walk] = [0, 0];
    sequences.forEach((sequence, place) => {
      for (let step = 16; step < 24; step += 1) {
        const target = data.targets[(sequence * 24 + step) * 4 + output] ?? 0;
        const at = (place * 24 + step) * 4 + output;
        own += normalCrps(target, change[at] ?? 0, scale[at] ?? 0);
        walk += normalCrps(target, 0, trained.targetScale[output] ?? 0);
      }
    });
    return own / walk - 1;
  };
  expect(heldOutLoss(net, data, sequences)).toBeCloseTo((ratio(0) + ratio(1) + ratio(2) + ratio(3)) / 4, 5);
});
