/** Weights of a dense layer without activation, in the layout of Keras and TensorFlow.js: row-major, inputs x outputs. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Readonly<Float32Array>;
  readonly bias: Readonly<Float32Array>;
}

/**
 * The linear map from [hidden state, row] to the outputs of the net: the row is there so that every linear forecast of
 * the last inputs is within reach. Sums are 64-bit; nothing is allocated per call.
 */
export class LinearHead {
  /** The last result. Borrowed: the next call overwrites it. */
  readonly output: Readonly<Float64Array>;
  readonly #sums: Float64Array;
  /** Both parts of the input. */
  readonly #input: Float64Array;
  /** Per group of eight outputs: their biases, then eight weights per input; outputs that the last group lacks are 0. */
  readonly #weights: Float64Array;

  constructor({ bias, inputs, kernel, outputs }: DenseLayer) {
    const groups = Math.ceil(outputs / GROUP);
    this.#sums = new Float64Array(outputs);
    this.output = this.#sums;
    this.#input = new Float64Array(inputs);
    this.#weights = new Float64Array(groups * GROUP * (1 + inputs));
    let at = 0;
    for (let group = 0; group < groups; group += 1) {
      for (let row = -1; row < inputs; row += 1) {
        for (let output = group * GROUP; output < (group + 1) * GROUP; output += 1) {
          if (output < outputs) this.#weights[at] = row < 0 ? bias[output]! : kernel[row * outputs + output]!;
          at += 1;
        }
      }
    }
  }

  /** Evaluates the map; the lengths of both parts add up to the layer's inputs. */
  apply(hidden: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    const input = this.#input;
    const weights = this.#weights;
    const sums = this.#sums;
    input.set(hidden);
    input.set(row, hidden.length);
    let at = 0;
    for (let output = 0; output < sums.length; output += GROUP) {
      let a = weights[at]!;
      let b = weights[at + 1]!;
      let c = weights[at + 2]!;
      let d = weights[at + 3]!;
      let e = weights[at + 4]!;
      let f = weights[at + 5]!;
      let g = weights[at + 6]!;
      let h = weights[at + 7]!;
      at += GROUP;
      for (let k = 0; k < input.length; k += 1) {
        const value = input[k]!;
        a += value * weights[at]!;
        b += value * weights[at + 1]!;
        c += value * weights[at + 2]!;
        d += value * weights[at + 3]!;
        e += value * weights[at + 4]!;
        f += value * weights[at + 5]!;
        g += value * weights[at + 6]!;
        h += value * weights[at + 7]!;
        at += GROUP;
      }
      // Beyond the last output nothing is written: a typed array keeps its length.
      sums[output] = a;
      sums[output + 1] = b;
      sums[output + 2] = c;
      sums[output + 3] = d;
      sums[output + 4] = e;
      sums[output + 5] = f;
      sums[output + 6] = g;
      sums[output + 7] = h;
    }
  }
}

/** Outputs that advance together: one pass over the input then feeds eight independent sums. */
const GROUP = 8;
