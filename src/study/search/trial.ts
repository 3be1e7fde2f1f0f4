import { invariant } from '../../core/assert.ts';
import type { Parameters } from './search-space.ts';

/** A training that a strategy asks for. */
export interface Proposal {
  readonly parameters: Parameters;
  /** Passes over the training part, in each fold. */
  readonly epochs: number;
  /** Rung of the ladder of epochs, from 0; strategies without a ladder use its top only. */
  readonly rung: number;
  /** Number of the trial with the same parameters one rung below, which earned this one. */
  readonly parent?: number;
  /** Of successive halving: which of its tournaments, from 0. */
  readonly bracket?: number;
}

/** A proposal with its number, from 0, in the order in which its strategy asked. */
export interface AskedTrial extends Proposal {
  readonly number: number;
}

/** What came of a trial. */
export type TrialOutcome =
  | {
      readonly status: 'done';
      /** Per fold: loss on what was held out less, or relative to, that of the random walk. Below 0 is skill. */
      readonly losses: readonly number[];
      /** Epochs trained per fold: fewer than asked for where training ended early. */
      readonly epochsDone: readonly number[];
      readonly seconds: number;
    }
  | { readonly status: 'failed'; readonly reason: string; readonly seconds: number };

/** A trial that is over. */
export type Trial = AskedTrial & { readonly outcome: TrialOutcome };

/** A trial that has a loss. */
export type DoneTrial = AskedTrial & { readonly outcome: Extract<TrialOutcome, { status: 'done' }> };

export const isDone = (trial: Trial): trial is DoneTrial => trial.outcome.status === 'done';

/** Mean loss over the folds. */
export const meanLoss = ({ outcome: { losses } }: DoneTrial): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

/** Standard error of {@link meanLoss} as if folds were independent draws; undefined with a single fold. */
export function standardError(losses: readonly number[]): number | undefined {
  const n = losses.length;
  if (n < 2) return undefined;
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / n;
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) * (loss - mean), 0);
  return Math.sqrt(squares / (n * (n - 1)));
}

/**
 * Variance of the noise in a trial's mean loss: what is left of the losses, trials by folds, without the means of trials and of folds, divided by
 * the number of folds. A hard fold is hard for all trials and so is no noise between them. 0 where it cannot be told.
 * Source: two-way layout without replication (Scheffé 1959, The Analysis of Variance, section 4.2).
 */
export function noiseVariance(trials: readonly DoneTrial[]): number {
  const rows = trials.map(({ outcome }) => outcome.losses);
  const folds = rows[0]?.length ?? 0;
  if (rows.length < 2 || folds < 2) return 0;
  invariant(
    rows.every((row) => row.length === folds),
    'trials of one search have the same folds',
  );
  const ofTrial = rows.map((row) => row.reduce((sum, loss) => sum + loss, 0) / folds);
  const ofFold = Array.from({ length: folds }, (_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / rows.length);
  const mean = ofTrial.reduce((sum, loss) => sum + loss, 0) / rows.length;
  let squares = 0;
  rows.forEach((row, i) => {
    row.forEach((loss, k) => {
      const rest = loss - (ofTrial[i] ?? 0) - (ofFold[k] ?? 0) + mean;
      squares += rest * rest;
    });
  });
  return squares / ((rows.length - 1) * (folds - 1)) / folds;
}
