import { invariant } from '../../core/assert.ts';
import { outputsOf, type TrainingSequences } from '../../forecast/lstm/sequences.ts';

/**
 * Some of the sequences, each cut into as many pieces of `steps` rows as it has, one after the other; what is left at its end is dropped. A piece
 * is trained on from a zero state and with a burn-in of its own.
 */
export function cutSequences(data: TrainingSequences, sequences: readonly number[], steps: number): TrainingSequences {
  const { extras } = data;
  const horizons = data.horizonsSeconds.length;
  const pieces = Math.floor(data.steps / steps);
  invariant(pieces >= 1, () => `sequences of ${data.steps} rows have no piece of ${steps}`);
  const cut = (values: Readonly<Float32Array>, width: number): Float32Array => {
    const taken = new Float32Array(sequences.length * pieces * steps * width);
    sequences.forEach((sequence, place) => {
      const from = sequence * data.steps * width;
      taken.set(values.subarray(from, from + pieces * steps * width), place * pieces * steps * width);
    });
    return taken;
  };
  return {
    ...data,
    steps,
    count: sequences.length * pieces,
    rows: cut(data.rows, data.features.length),
    targets: cut(data.targets, outputsOf(data)),
    ...(extras === undefined
      ? {}
      : { extras: { ...extras, variance: cut(extras.variance, horizons), shock: cut(extras.shock, horizons) } }),
  };
}
