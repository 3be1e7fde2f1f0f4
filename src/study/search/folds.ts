import { InputError } from '../../core/assert.ts';
import type { Rng } from '../../core/rng.ts';

/** A part to train on, and one that training does not see: indices of whole sequences, increasing. */
export interface Fold {
  readonly training: readonly number[];
  readonly heldOut: readonly number[];
}

/**
 * Parts sequences that share no target with one another, whole, into folds of equal size (to one sequence); each is held out once, and the others
 * train. The parts are drawn, so that sequences that come in turns from several worlds are mixed.
 * @throws InputError when a fold would hold fewer than 2 sequences, of which nothing could be said.
 */
export function sequenceFolds(count: number, folds: number, rng: Rng): Fold[] {
  if (!(folds >= 2 && count >= 2 * folds)) {
    const message = `expected from 2 to ${Math.floor(count / 2)}, at least 2 of the ${count} sequences in each, found ${folds}`;
    throw new InputError('--folds', [{ path: '', message }]);
  }
  const ranked = Array.from({ length: count }, (_, sequence) => ({ sequence, rank: rng.uniform() })).sort((a, b) => a.rank - b.rank);
  const part = new Map(ranked.map(({ sequence }, place) => [sequence, place % folds]));
  const all = Array.from({ length: count }, (_, sequence) => sequence);
  return Array.from({ length: folds }, (_, fold) => ({
    training: all.filter((sequence) => part.get(sequence) !== fold),
    heldOut: all.filter((sequence) => part.get(sequence) === fold),
  }));
}
