import { describe, expect, test } from 'vitest';
import { LstmCell } from '../../../src/forecast/lstm/cell.ts';
import { LinearHead } from '../../../src/forecast/lstm/head.ts';
import { cellAgainstLayer } from './cell-against-layer.ts';

/** Ten thousand of them are in the slow suite. */
const STEPS = 1000;

describe.each(['cpu', 'wasm'] as const)('against TensorFlow.js on %s', (backend) => {
  test(`gives the outputs of one sequence of ${STEPS} rows`, async () => {
    const { worst, rms } = await cellAgainstLayer(backend, STEPS);
    expect(rms).toBeGreaterThan(0.5);
    // Float32 rounds each output of order 1 to 6e-8; sums of 44 products and the carried state multiply that.
    expect(worst).toBeLessThanOrEqual(1e-6);
  });
});

test('steps by the written equations', () => {
  // One feature, one unit: every gate by hand.
  const cell = new LstmCell({
    features: 1,
    units: 1,
    kernel: Float32Array.of(0.5, -0.25, 1, 2),
    recurrentKernel: Float32Array.of(0.125, 0.75, -0.5, 1),
    bias: Float32Array.of(0, 1, 0.25, -1),
  });
  const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
  let hidden = 0;
  let memory = 0;
  for (const x of [1, -2, 0.5]) {
    const kept = logistic(-0.25 * x + 0.75 * hidden + 1) * memory;
    memory = kept + logistic(0.5 * x + 0.125 * hidden) * Math.tanh(x - 0.5 * hidden + 0.25);
    hidden = logistic(2 * x + hidden - 1) * Math.tanh(memory);
    cell.step(Float64Array.of(x));
    expect(cell.hidden[0]).toBeCloseTo(hidden, 15);
  }
});

test('starts again from the zero state, and never replaces its arrays', () => {
  const layer = {
    features: 1,
    units: 2,
    kernel: new Float32Array(8).fill(0.3),
    recurrentKernel: new Float32Array(16).fill(0.2),
    bias: new Float32Array(8),
  };
  const cell = new LstmCell(layer);
  const { hidden } = cell;
  cell.step(Float64Array.of(1));
  const first = [...hidden];
  cell.step(Float64Array.of(1));
  expect([...hidden]).not.toEqual(first);
  cell.reset();
  expect([...hidden]).toEqual([0, 0]);
  cell.step(Float64Array.of(1));
  expect([...hidden]).toEqual(first);
  expect(cell.hidden).toBe(hidden);
});

test('the head maps the hidden state first, then the row', () => {
  const head = new LinearHead({ inputs: 3, outputs: 2, kernel: Float32Array.of(1, 2, 3, 4, 5, 6), bias: Float32Array.of(0.5, -0.5) });
  head.apply(Float64Array.of(10, 100), Float64Array.of(1000));
  expect([...head.output]).toEqual([0.5 + 10 + 300 + 5000, -0.5 + 20 + 400 + 6000]);
});
