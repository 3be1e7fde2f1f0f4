import { InputError } from '../core/assert.ts';
import { BURN_IN_ROWS } from '../forecast/lstm/scaling.ts';
import type { TrainingSequences } from '../forecast/lstm/sequences.ts';
import type { TrainingOptions } from '../forecast/lstm/train/training-options.ts';
import { readLayersModel } from '../forecast/lstm/weights.ts';
import { cutSequences } from '../study/search/cut-sequences.ts';
import type { Fold } from '../study/search/folds.ts';
import { heldOutLoss } from '../study/search/held-out-loss.ts';
import type { LstmSettings } from '../study/search/lstm-space.ts';
import { MODEL_FILE } from './model-folder.ts';

/** What is the same for all trainings of a search: sent to a worker once. */
export interface FoldSetup {
  readonly data: TrainingSequences;
  readonly folds: readonly Fold[];
  /** Seed of the training of each fold: that of the search, so that all trials meet the same draws. */
  readonly seed: string;
  /** What no trial varies. */
  readonly fixed: FixedOptions;
}

/** Options of a training that are the same for all trials. */
export type FixedOptions = Required<Pick<TrainingOptions, 'patience' | 'backend' | 'head' | 'schedule' | 'varianceWeight'>>;

/** One training in one fold, as plain data. */
export interface FoldJob {
  readonly settings: LstmSettings;
  readonly epochs: number;
  readonly fold: number;
}

export type FoldOutcome =
  | { readonly status: 'done'; readonly loss: number; readonly epochs: number; readonly seconds: number }
  | { readonly status: 'failed'; readonly reason: string; readonly seconds: number };

/**
 * Trains on a fold's training part, part of which chooses the epoch, and scores the net on what the fold holds out. The same job gives the same loss
 * wherever it runs. Whatever training throws is the outcome of this trial, and no end of the search.
 */
export async function trainedFold(setup: FoldSetup, job: FoldJob, shouldStop: () => boolean): Promise<FoldOutcome> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  try {
    const { data, folds } = setup;
    const fold = folds[job.fold] ?? { training: [], heldOut: [] };
    const { steps, ...settings } = job.settings;
    const { trainLstm } = await import('../forecast/lstm/train/train.ts');
    const trained = await trainLstm(cutSequences(data, fold.training, steps), {
      ...settings,
      epochs: job.epochs,
      ...setup.fixed,
      seed: `tune/${setup.seed}/fold/${job.fold}`,
      burnIn: BURN_IN_ROWS,
      shouldStop,
    });
    const net = { ...trained, weights: readLayersModel(MODEL_FILE, trained.modelJson, trained.weightsBin) };
    return { status: 'done', loss: heldOutLoss(net, data, fold.heldOut), epochs: trained.epochs, seconds: seconds() };
  } catch (error) {
    const reason = error instanceof InputError ? error.message : `${error instanceof Error ? `${error.name}: ${error.message}` : error}`;
    return { status: 'failed', reason, seconds: seconds() };
  }
}
