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
  readonly #layer: DenseLayer;

  constructor(layer: DenseLayer) {
    this.#layer = layer;
    this.#sums = new Float64Array(layer.outputs);
    this.output = this.#sums;
  }

  /** Evaluates the map; the lengths of both parts add up to the layer's inputs. */
  apply(hidden: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    this.#sums.set(this.#layer.bias);
    this.#add(hidden, 0);
    this.#add(row, hidden.length);
  }

  /** Adds the part of the product that starts at one row of the kernel: all outputs advance together, so no sum waits for itself. */
  #add(part: Readonly<Float64Array>, firstRow: number): void {
    const sums = this.#sums;
    const { kernel } = this.#layer;
    let at = firstRow * sums.length;
    for (let k = 0; k < part.length; k += 1) {
      const value = part[k]!;
      for (let output = 0; output < sums.length; output += 1) {
        sums[output]! += value * kernel[at]!;
        at += 1;
      }
    }
  }
}
