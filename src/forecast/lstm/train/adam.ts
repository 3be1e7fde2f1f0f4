import { invariant } from '../../../core/assert.ts';

/** All that the optimiser remembers: what a checkpoint holds of it. One array per array of weights. */
export interface AdamState {
  /** Steps made. */
  readonly steps: number;
  /** Decayed means of the gradients and of their squares, before the correction for their start at 0. */
  readonly first: readonly Float64Array[];
  readonly second: readonly Float64Array[];
}

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
/** Keeps a weight whose gradient is 0 where it is. */
const SMALL = 1e-7;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), outside TensorFlow.js: its state can be written down and gone on with to the same bits, which that of
 * TensorFlow.js cannot, as it keeps powers of the decays in 32 bits. Moments are 64-bit, weights 32-bit as they are served.
 */
export class Adam {
  readonly #first: Float64Array[];
  readonly #second: Float64Array[];
  #steps: number;

  /**
   * @param sizes of the arrays of weights.
   * @param state to go on with; without it, the start.
   */
  constructor(sizes: readonly number[], state?: AdamState) {
    const matches = state === undefined || sizes.every((size, i) => state.first[i]?.length === size && state.second[i]?.length === size);
    invariant(matches, 'the state of an optimiser is of other weights');
    this.#first = sizes.map((size, i) => Float64Array.from(state?.first[i] ?? new Float64Array(size)));
    this.#second = sizes.map((size, i) => Float64Array.from(state?.second[i] ?? new Float64Array(size)));
    this.#steps = state?.steps ?? 0;
  }

  /** A copy of the state. */
  get state(): AdamState {
    const copies = (arrays: readonly Float64Array[]): Float64Array[] => arrays.map((array) => Float64Array.from(array));
    return { steps: this.#steps, first: copies(this.#first), second: copies(this.#second) };
  }

  /** Moves the weights one step against their gradients, at a learning rate. */
  step(weights: readonly Float32Array[], gradients: readonly ArrayLike<number>[], rate: number): void {
    this.#steps += 1;
    const firstStart = 1 - Math.exp(this.#steps * Math.log(FIRST_DECAY));
    const secondStart = 1 - Math.exp(this.#steps * Math.log(SECOND_DECAY));
    for (const [i, array] of weights.entries()) {
      const first = this.#first[i];
      const second = this.#second[i];
      const gradient = gradients[i];
      if (first === undefined || second === undefined || gradient === undefined) continue;
      for (let k = 0; k < array.length; k += 1) {
        const g = gradient[k]!;
        const m = first[k]! + (1 - FIRST_DECAY) * (g - first[k]!);
        const v = second[k]! + (1 - SECOND_DECAY) * (g * g - second[k]!);
        first[k] = m;
        second[k] = v;
        array[k] = array[k]! - (rate * (m / firstStart)) / (Math.sqrt(v / secondStart) + SMALL);
      }
    }
  }
}
