import { customGrad, matMul, reshape, type Tensor, type Tensor2D, type Tensor3D, tensor, transpose } from '@tensorflow/tfjs-core';
import { invariant } from '../../../core/assert.ts';

/** Weights of the layer as TensorFlow.js holds them: features x 4 units, units x 4 units, 4 units; gates in the order input, forget, candidate, output. */
export interface LstmTensors {
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor;
}

/** What the passes over one batch share. Index `(sequence · steps + step) · width + column`. */
interface Pass {
  readonly sequences: number;
  readonly steps: number;
  readonly units: number;
  /** Activations of the four gates. */
  readonly gates: Float32Array;
  /** The memory after each step, and its tanh. */
  readonly memory: Float32Array;
  readonly squashed: Float32Array;
  /** The states as the recurrent kernel reads them: those of the step before, after the mask. */
  readonly read: Float32Array;
  readonly mask: Float32Array | undefined;
}

/**
 * States of an LSTM layer over whole sequences from the zero state, [sequences, steps, units], with its gradient: what the layer of
 * TensorFlow.js computes, five times as fast. That layer makes some thirty small operations per step, whose calls cost more than their
 * arithmetic; here the products over all steps at once are left to TensorFlow.js, and the recurrence is one loop each way in 64-bit sums.
 *
 * Gradient: backpropagation through time (Werbos 1990, Proc. IEEE 78), not truncated; none is passed on to the rows.
 * Accuracy: states and gradients equal those of the layer within its 32-bit rounding (test/forecast/lstm/lstm-sequence.test.ts).
 *
 * @param rows [sequences, steps, features].
 * @param mask multiplies the state that the recurrent kernel reads, sequence by sequence, at each step alike (variational dropout of Gal and
 *   Ghahramani, 2016); `sequences x units`, or none.
 */
export function lstmStates(rows: Tensor3D, weights: LstmTensors, mask?: Float32Array): Tensor3D {
  const [sequences, steps, features] = rows.shape;
  const units = weights.recurrentKernel.shape[0];
  invariant(mask === undefined || mask.length === sequences * units, 'a mask has one factor per sequence and unit');
  const flat: Tensor2D = reshape(rows, [sequences * steps, features]);
  const layer = customGrad((...inputs) => {
    const [kernel, recurrentKernel, bias] = inputs as Tensor[];
    invariant(kernel !== undefined && recurrentKernel !== undefined && bias !== undefined, 'a layer has three weights');
    const driven = matMul(flat, kernel as Tensor2D).dataSync() as Float32Array;
    const recurrent = recurrentKernel.dataSync() as Float32Array;
    const { pass, states } = forward(driven, recurrent, bias.dataSync() as Float32Array, { sequences, steps, units, mask });
    return {
      value: tensor(states, [sequences, steps, units]),
      gradFunc: (gradient: Tensor) => {
        const drives = tensor(backward(gradient.dataSync() as Float32Array, recurrent, pass), [sequences * steps, 4 * units]) as Tensor2D;
        const read = tensor(pass.read, [sequences * steps, units]) as Tensor2D;
        const ones = tensor(new Float32Array(sequences * steps).fill(1), [1, sequences * steps]) as Tensor2D;
        return [matMul(transpose(flat), drives), matMul(transpose(read), drives), reshape(matMul(ones, drives), [4 * units])];
      },
    };
  });
  return layer(weights.kernel, weights.recurrentKernel, weights.bias) as Tensor3D;
}

type Shape = Pick<Pass, 'sequences' | 'steps' | 'units' | 'mask'>;

function forward(driven: Float32Array, recurrent: Float32Array, bias: Float32Array, shape: Shape): { pass: Pass; states: Float32Array } {
  const { sequences, steps, units, mask } = shape;
  const rows = sequences * steps;
  const states = new Float32Array(rows * units);
  const read = new Float32Array(rows * units);
  const gates = new Float32Array(rows * 4 * units);
  const memory = new Float32Array(rows * units);
  const squashed = new Float32Array(rows * units);
  // Per unit the four weights of each state before it: one pass then feeds four independent sums.
  const byUnit = new Float64Array(4 * units * units);
  for (let unit = 0, at = 0; unit < units; unit += 1)
    for (let k = 0; k < units; k += 1) for (let gate = 0; gate < 4; gate += 1) byUnit[at++] = recurrent[(k * 4 + gate) * units + unit]!;
  const before = new Float64Array(units);
  const held = new Float64Array(units);
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    before.fill(0);
    held.fill(0);
    for (let step = 0; step < steps; step += 1) {
      const row = (sequence * steps + step) * units;
      const drive = row * 4;
      for (let k = 0; k < units; k += 1) read[row + k] = before[k]!;
      let at = 0;
      for (let unit = 0; unit < units; unit += 1) {
        let zi = driven[drive + unit]! + bias[unit]!;
        let zf = driven[drive + units + unit]! + bias[units + unit]!;
        let zc = driven[drive + 2 * units + unit]! + bias[2 * units + unit]!;
        let zo = driven[drive + 3 * units + unit]! + bias[3 * units + unit]!;
        for (let k = 0; k < units; k += 1) {
          const value = before[k]!;
          zi += value * byUnit[at]!;
          zf += value * byUnit[at + 1]!;
          zc += value * byUnit[at + 2]!;
          zo += value * byUnit[at + 3]!;
          at += 4;
        }
        const i = logistic(zi);
        const f = logistic(zf);
        const c = tanh(zc);
        const o = logistic(zo);
        const kept = f * held[unit]! + i * c;
        const squash = tanh(kept);
        held[unit] = kept;
        gates[drive + unit] = i;
        gates[drive + units + unit] = f;
        gates[drive + 2 * units + unit] = c;
        gates[drive + 3 * units + unit] = o;
        memory[row + unit] = kept;
        squashed[row + unit] = squash;
        states[row + unit] = o * squash;
      }
      for (let k = 0; k < units; k += 1) before[k] = states[row + k]! * (mask === undefined ? 1 : mask[sequence * units + k]!);
    }
  }
  return { pass: { sequences, steps, units, gates, memory, squashed, read, mask }, states };
}

/** Gradient with respect to what drives the gates, before their activations. */
function backward(gradient: Float32Array, recurrent: Float32Array, pass: Pass): Float32Array {
  const { sequences, steps, units, gates, memory, squashed, mask } = pass;
  const drives = new Float32Array(sequences * steps * 4 * units);
  const later = new Float64Array(units);
  const carried = new Float64Array(units);
  const drive = new Float64Array(4 * units);
  const weights = Float64Array.from(recurrent);
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    later.fill(0);
    carried.fill(0);
    for (let step = steps - 1; step >= 0; step -= 1) {
      const row = (sequence * steps + step) * units;
      const at = row * 4;
      for (let unit = 0; unit < units; unit += 1) {
        const i = gates[at + unit]!;
        const f = gates[at + units + unit]!;
        const c = gates[at + 2 * units + unit]!;
        const o = gates[at + 3 * units + unit]!;
        const squash = squashed[row + unit]!;
        const state = gradient[row + unit]! + later[unit]!;
        const kept = carried[unit]! + state * o * (1 - squash * squash);
        const heldBefore = step === 0 ? 0 : memory[row - units + unit]!;
        drive[unit] = kept * c * i * (1 - i);
        drive[units + unit] = kept * heldBefore * f * (1 - f);
        drive[2 * units + unit] = kept * i * (1 - c * c);
        drive[3 * units + unit] = state * squash * o * (1 - o);
        carried[unit] = kept * f;
      }
      drives.set(drive, at);
      for (let k = 0; k < units; k += 1) {
        const first = k * 4 * units;
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        for (let j = 0; j < 4 * units; j += 4) {
          a += drive[j]! * weights[first + j]!;
          b += drive[j + 1]! * weights[first + j + 1]!;
          c += drive[j + 2]! * weights[first + j + 2]!;
          d += drive[j + 3]! * weights[first + j + 3]!;
        }
        later[k] = (a + b + c + d) * (mask === undefined ? 1 : mask[sequence * units + k]!);
      }
    }
  }
  return drives;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const tanh = (x: number): number => 1 - 2 / (1 + Math.exp(2 * x));
