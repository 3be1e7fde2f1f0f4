import { InputError, invariant } from '../../core/assert.ts';
import type { Rng } from '../../core/rng.ts';

/** A part to train on, and one that training does not see: indices of whole sequences, or of rows of one series, increasing. */
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

/** Where the folds of a time series lie. All are counted in rows. */
export interface ForwardFolds {
  readonly rows: number;
  readonly folds: number;
  /** Rows before the first held-out block. */
  readonly first: number;
  /** Longest horizon: the last rows before a block would have targets within it, and do not train (López de Prado 2018, chapter 7). */
  readonly purge: number;
  /** Further rows left out before a block, where features or errors remember for long. */
  readonly embargo: number;
}

/**
 * Folds that go forward in time: the rows after `first` in blocks of equal length (to one row), each forecast by what lies before it. What a block
 * may train on is every earlier row whose target is known `embargo` rows before the block begins.
 * @throws InputError when there are fewer rows than that takes.
 */
export function forwardFolds({ embargo, first, folds, purge, rows }: ForwardFolds): Fold[] {
  invariant(purge >= 0 && embargo >= 0, 'rows that are left out are counted from 0');
  const gap = purge + embargo;
  if (!(folds >= 1 && first > gap && rows - first >= folds)) {
    const message = `expected more than ${gap} rows of training and at least one row for each of ${folds} folds, found ${rows} rows, ${first} before the first fold`;
    throw new InputError('folds', [{ path: '', message }]);
  }
  const edge = (fold: number): number => first + Math.floor(((rows - first) * fold) / folds);
  return Array.from({ length: folds }, (_, fold) => ({
    training: range(0, edge(fold) - gap),
    heldOut: range(edge(fold), edge(fold + 1)),
  }));
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
