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
  /** How many targets are known. */
  readonly knownCount: number;
  dispose(): void;
}

/** Inputs dropped at random, per sequence and not per step (variational dropout of Gal and Ghahramani, 2016). */
export interface InputDropout {
  /** Probability, in [0, 1). */
  readonly rate: number;
  readonly rng: Rng;
}

/** The sequences scaled for the net once, from which batches are cut. */
export class Batches {
  readonly #data: TrainingSequences;
  readonly #inputs: Float32Array;
  readonly #targets: Float32Array;
  readonly #known: Float32Array;

  constructor(data: TrainingSequences, scaler: InputScaler, targetScale: readonly number[]) {
    this.#data = data;
    const { features, targets } = data;
    this.#inputs = data.rows.map((value, i) => {
      const feature = i % features.length;
      return standardised(value, scaler.mean[feature] ?? 0, scaler.sd[feature] ?? 1);
    });
    this.#known = targets.map((target) => (Number.isNaN(target) ? 0 : 1));
    this.#targets = targets.map((target, i) =>
      Number.isNaN(target) ? 0 : clipped(target / (targetScale[i % targetScale.length] ?? 1), TARGET_LIMIT),
    );
  }

  /** Dropped inputs are 0, the others grow by 1/(1 - rate); one draw per sequence and feature. The skip sees all of them. */
  batch(sequences: readonly number[], dropout?: InputDropout): Batch {
    const data = this.#data;
    const width = data.features.length;
    const outputs = outputsOf(data);
    const burnIn = burnInOf(data);
    const scored = data.steps - burnIn;
    const skipValues = this.#cut(this.#inputs, sequences, width, 0);
    const skip = tensor3d(skipValues, [sequences.length, data.steps, width]);
    const dropping = dropout !== undefined && dropout.rate > 0;
    const rows = dropping ? tensor3d(this.#dropped(skipValues, sequences.length, dropout), [sequences.length, data.steps, width]) : skip;
    const knownValues = this.#cut(this.#known, sequences, outputs, burnIn);
    const known = tensor3d(knownValues, [sequences.length, scored, outputs]);
    const targets = tensor3d(this.#cut(this.#targets, sequences, outputs, burnIn), [sequences.length, scored, outputs]);
    const dispose = (): void => {
      for (const used of new Set([rows, skip, targets, known])) used.dispose();
    };
    return { rows, skip, targets, known, knownCount: knownValues.reduce((sum, value) => sum + value, 0), dispose };
  }

  #cut(values: Float32Array, sequences: readonly number[], width: number, firstStep: number): Float32Array {
    const { steps } = this.#data;
    const length = (steps - firstStep) * width;
    const taken = new Float32Array(sequences.length * length);
    sequences.forEach((sequence, place) => {
      taken.set(values.subarray((sequence * steps + firstStep) * width, (sequence + 1) * steps * width), place * length);
    });
    return taken;
  }

  #dropped(inputs: Float32Array, sequences: number, { rate, rng }: InputDropout): Float32Array {
    const width = this.#data.features.length;
    const factors = Float32Array.from({ length: sequences * width }, () => (rng.uniform() < rate ? 0 : 1 / (1 - rate)));
    const perSequence = this.#data.steps * width;
    return inputs.map((value, i) => value * (factors[Math.floor(i / perSequence) * width + (i % width)] ?? 0));
  }
}
