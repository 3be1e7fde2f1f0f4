/** Weights of one LSTM layer as Keras and TensorFlow.js lay them out: row-major, gates in the order input, forget, candidate, output. */
export interface LstmLayer {
  readonly features: number;
  readonly units: number;
  /** features x 4 units. */
  readonly kernel: Readonly<Float32Array>;
  /** units x 4 units. */
  readonly recurrentKernel: Readonly<Float32Array>;
  /** 4 units. */
  readonly bias: Readonly<Float32Array>;
}

/**
 * A long short-term memory layer that takes one row at a time and keeps its state: what a net trained on sequences does
 * in a market. Weights are 32-bit, as trained; state and sums are 64-bit. Nothing is allocated per step.
 *
 * With σ the logistic function and z = x·kernel + h·recurrentKernel + bias cut into its four gates:
 * c' = σ(z_f)·c + σ(z_i)·tanh(z_c), h' = σ(z_o)·tanh(c').
 *
 * Source: Hochreiter and Schmidhuber (1997), Neural Computation 9(8); forget gate of Gers, Schmidhuber and Cummins (2000).
 * Accuracy: equal to TensorFlow.js within its own 32-bit rounding, 1e-6 over 10,000 steps (test/forecast/lstm/cell.slow.test.ts).
 */
export class LstmCell {
  /** Output of the last step, `units` values in (-1, 1). Borrowed: the next step overwrites it. */
  readonly hidden: Readonly<Float64Array>;
  readonly #output: Float64Array;
  readonly #memory: Float64Array;
  /** The row, then the hidden state before the step. */
  readonly #input: Float64Array;
  /** Per unit: its four biases, then four weights per input. One pass then feeds four independent sums. */
  readonly #weights: Float32Array;
  readonly #features: number;

  constructor(layer: LstmLayer) {
    const { features, units } = layer;
    this.#features = features;
    this.#output = new Float64Array(units);
    this.hidden = this.#output;
    this.#memory = new Float64Array(units);
    this.#input = new Float64Array(features + units);
    this.#weights = new Float32Array(4 * units * (1 + features + units));
    let at = 0;
    for (let unit = 0; unit < units; unit += 1) {
      for (const [matrix, rows] of [
        [layer.bias, 1],
        [layer.kernel, features],
        [layer.recurrentKernel, units],
      ] as const) {
        for (let row = 0; row < rows; row += 1) {
          for (let gate = 0; gate < 4; gate += 1) this.#weights[at++] = matrix[row * 4 * units + gate * units + unit]!;
        }
      }
    }
  }

  /** Takes in one row of `features` standardised inputs. */
  step(row: Readonly<Float64Array>): void {
    const input = this.#input;
    const memory = this.#memory;
    const output = this.#output;
    const weights = this.#weights;
    const inputs = input.length;
    input.set(row);
    input.set(output, this.#features);
    let at = 0;
    for (let unit = 0; unit < memory.length; unit += 1) {
      let inputGate = weights[at]!;
      let forgetGate = weights[at + 1]!;
      let candidate = weights[at + 2]!;
      let outputGate = weights[at + 3]!;
      at += 4;
      for (let k = 0; k < inputs; k += 1) {
        const value = input[k]!;
        inputGate += value * weights[at]!;
        forgetGate += value * weights[at + 1]!;
        candidate += value * weights[at + 2]!;
        outputGate += value * weights[at + 3]!;
        at += 4;
      }
      const kept = logistic(forgetGate) * memory[unit]! + logistic(inputGate) * Math.tanh(candidate);
      memory[unit] = kept;
      output[unit] = logistic(outputGate) * Math.tanh(kept);
    }
  }

  /** Back to the zero state, in which every training sequence starts. */
  reset(): void {
    this.#output.fill(0);
    this.#memory.fill(0);
  }
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
