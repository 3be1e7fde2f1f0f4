import { tensor1d, train, variable } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { Adam } from '../../../src/forecast/lstm/train/adam.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';

const GRADIENTS = Array.from({ length: 60 }, (_, n) => [Math.sin(n), 0.01 * Math.cos(3 * n), n % 7 === 0 ? 5 : 0]);

test('moves as the optimiser of TensorFlow.js does, within its 32 bits', async () => {
  await selectBackend('cpu');
  const weights = [Float32Array.of(1, -2, 0.5)];
  const own = new Adam([3]);
  const peer = train.adam(0.01);
  const peerWeights = variable(tensor1d([1, -2, 0.5]), true, 'adam-test');
  for (const gradient of GRADIENTS) {
    own.step(weights, [gradient], 0.01);
    peer.applyGradients([{ name: 'adam-test', tensor: tensor1d(gradient) }]);
  }
  const found = peerWeights.dataSync();
  for (const [i, weight] of (weights[0] ?? []).entries()) expect(weight).toBeCloseTo(found[i] ?? Number.NaN, 4);
  peer.dispose();
  peerWeights.dispose();
});

test('goes on from its state to the same bits', () => {
  const whole = [Float32Array.of(1, -2, 0.5)];
  const halved = [Float32Array.of(1, -2, 0.5)];
  const a = new Adam([3]);
  let b = new Adam([3]);
  GRADIENTS.forEach((gradient, n) => {
    a.step(whole, [gradient], 0.01);
    b.step(halved, [gradient], 0.01);
    if (n % 9 === 0) b = new Adam([3], structuredClone(b.state));
  });
  expect(halved).toEqual(whole);
});

test('refuses the state of other weights', () => {
  expect(() => new Adam([4], new Adam([3]).state)).toThrow('of other weights');
});
