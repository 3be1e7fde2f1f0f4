import { type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import type { Rng } from '../../../core/rng.ts';
import { clipped, type InputScaler, standardised, TARGET_LIMIT } from '../scaling.ts';
import { burnInOf, outputsOf, type TrainingSequences } from '../sequences.ts';
import type { MaskedTargets } from './loss.ts';

/** Tensors of some sequences; whoever takes one disposes it. */
export interface Batch extends MaskedTargets {
  /** Standardised inputs, after dropout. */
  readonly rows: Tensor3D;
  /** The same without dropout. */
  readonly skip: Tensor3D;
  /** Factors of the recurrent state, `sequences x units`; undefined without recurrent dropout. */
  readonly mask: Float32Array | undefined;
  /** How many targets are known. */
  readonly knownCount: number;
  dispose(): void;
}

/** What is dropped at random, per sequence and not per step (variational dropout of Gal and Ghahramani, 2016). */
export interface Dropout {
  /** Probability that an input of the LSTM is dropped, in [0, 1). */
  readonly inputs: number;
  /** Probability that a state is not read by the next step, in [0, 1). */
  readonly recurrent: number;
  readonly units: number;
  readonly rng: Rng;
}

/** The sequences scaled for the net once, from which batches are cut. */
export class Batches {
  readonly #data: TrainingSequences;
  readonly #inputs: Float32Array;
  readonly #targets: Float32Array;
  readonly #known: Float32Array;
  readonly #variance: Float32Array | undefined;

  /** @param varianceScale mean of the realised variance at each horizon, where the data hold it. */
  constructor(data: TrainingSequences, scaler: InputScaler, targetScale: readonly number[], varianceScale: readonly number[] = []) {
    this.#data = data;
    const { features, targets } = data;
    this.#inputs = new Float32Array(data.rows.length);
    const width = features.length;
    for (let feature = 0; feature < width; feature += 1) {
      const mean = scaler.mean[feature] ?? 0;
      const sd = scaler.sd[feature] ?? 1;
      for (let i = feature; i < data.rows.length; i += width) this.#inputs[i] = standardised(data.rows[i] ?? Number.NaN, mean, sd);
    }
    this.#known = targets.map((target) => (Number.isNaN(target) ? 0 : 1));
    this.#targets = targets.map((target, i) =>
      Number.isNaN(target) ? 0 : clipped(target / (targetScale[i % targetScale.length] ?? 1), TARGET_LIMIT),
    );
    // Clipped as the targets are, in their squares: one jump must not own the gradient.
    this.#variance = data.extras?.variance.map((value, i) =>
      clipped(value / (varianceScale[i % varianceScale.length] ?? 1), TARGET_LIMIT * TARGET_LIMIT),
    );
  }

  /** Dropped inputs and states are 0, the others grow by 1/(1 - rate); one draw per sequence and each of them. The skip sees all inputs. */
  batch(sequences: readonly number[], dropout?: Dropout): Batch {
    const data = this.#data;
    const count = sequences.length;
    const width = data.features.length;
    const outputs = outputsOf(data);
    const burnIn = burnInOf(data);
    const scored = data.steps - burnIn;
    const skipValues = this.#cut(this.#inputs, sequences, width, 0);
    const skip = tensor3d(skipValues, [count, data.steps, width]);
    const rows =
      dropout !== undefined && dropout.inputs > 0
        ? tensor3d(this.#dropped(skipValues, count, dropout.rng, dropout.inputs), [count, data.steps, width])
        : skip;
    const mask =
      dropout !== undefined && dropout.recurrent > 0 ? factors(count * dropout.units, dropout.rng, dropout.recurrent) : undefined;
    const knownValues = this.#cut(this.#known, sequences, outputs, burnIn);
    const known = tensor3d(knownValues, [count, scored, outputs]);
    const targets = tensor3d(this.#cut(this.#targets, sequences, outputs, burnIn), [count, scored, outputs]);
    const horizons = data.horizonsSeconds.length;
    const extra = (values: Readonly<Float32Array>): Tensor3D =>
      tensor3d(this.#cut(values, sequences, horizons, burnIn), [count, scored, horizons]);
    const extras =
      data.extras !== undefined && this.#variance !== undefined
        ? { variance: extra(this.#variance), shock: extra(data.extras.shock) }
        : undefined;
    const dispose = (): void => {
      for (const used of new Set([rows, skip, targets, known])) used.dispose();
      extras?.variance.dispose();
      extras?.shock.dispose();
    };
    return { rows, skip, mask, targets, known, ...extras, knownCount: knownValues.reduce((sum, value) => sum + value, 0), dispose };
  }

  #cut(values: Readonly<Float32Array>, sequences: readonly number[], width: number, firstStep: number): Float32Array {
    const { steps } = this.#data;
    const length = (steps - firstStep) * width;
    const taken = new Float32Array(sequences.length * length);
    sequences.forEach((sequence, place) => {
      taken.set(values.subarray((sequence * steps + firstStep) * width, (sequence + 1) * steps * width), place * length);
    });
    return taken;
  }

  #dropped(inputs: Float32Array, sequences: number, rng: Rng, rate: number): Float32Array {
    const width = this.#data.features.length;
    const kept = factors(sequences * width, rng, rate);
    const perSequence = this.#data.steps * width;
    return inputs.map((value, i) => value * (kept[Math.floor(i / perSequence) * width + (i % width)] ?? 0));
  }
}

const factors = (count: number, rng: Rng, rate: number): Float32Array =>
  Float32Array.from({ length: count }, () => (rng.uniform() < rate ? 0 : 1 / (1 - rate)));
