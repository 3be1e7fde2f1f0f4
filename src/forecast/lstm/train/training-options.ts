import { InputError, type Issue } from '../../../core/assert.ts';
import { BURN_IN_ROWS } from '../scaling.ts';
import type { BackendName } from './backend.ts';

export interface TrainingOptions {
  readonly units: number;
  /** Most passes over the training part. */
  readonly epochs: number;
  /** Sequences per step of the optimiser. */
  readonly batch: number;
  /** Highest rate of Adam: it rises linearly over the first 5 % of steps, then falls on a cosine to a tenth. */
  readonly learningRate: number;
  /** Probability that an input of the LSTM is dropped for a whole sequence. */
  readonly dropout: number;
  /** Times the sum of squares of the weights that are not biases. */
  readonly l2: number;
  /** Any text. With the same data and backend it gives the same bytes. */
  readonly seed: string;
  readonly backend: 'auto' | BackendName;
  /** Epochs without a better validation loss after which training ends. */
  readonly patience: number;
  readonly burnIn: typeof BURN_IN_ROWS;
  /** Share of the sequences held out to choose the epoch and to calibrate; 0.15 where not given. */
  readonly validationShare?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Asked before each step of the optimiser; true ends training with the best weights so far. */
  readonly shouldStop?: () => boolean;
}

/** What a fit of a given net takes; the other options are about the net and the data. */
export interface FitOptions
  extends Pick<TrainingOptions, 'epochs' | 'batch' | 'learningRate' | 'dropout' | 'l2' | 'patience' | 'onProgress' | 'shouldStop'> {
  /** The rate holds from the first step to the last: for more training of a net that was trained before. */
  readonly constantRate?: boolean;
}

/** After each epoch. */
export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly validationLoss: number;
  readonly bestEpoch: number;
  /** Since training began. */
  readonly seconds: number;
}

/** @throws InputError with every option out of range. */
export function checkOptions(options: TrainingOptions): void {
  const issues: Issue[] = [];
  const expect = (key: keyof TrainingOptions, holds: boolean, rule: string): void => {
    if (!holds) issues.push({ path: key, message: `expected ${rule}, found ${String(options[key])}` });
  };
  for (const key of ['units', 'epochs', 'batch', 'patience'] as const) {
    expect(key, Number.isSafeInteger(options[key]) && options[key] > 0, 'a whole number above 0');
  }
  const { burnIn, dropout, l2, learningRate, seed, validationShare = 0.15 } = options;
  expect('learningRate', learningRate > 0 && learningRate < Number.POSITIVE_INFINITY, 'a number above 0');
  expect('dropout', dropout >= 0 && dropout < 1, 'a probability below 1');
  expect('l2', l2 >= 0 && l2 < Number.POSITIVE_INFINITY, 'a number of at least 0');
  expect('burnIn', burnIn === BURN_IN_ROWS, `${BURN_IN_ROWS}, with which the net is served`);
  expect('seed', seed !== '', 'a text that is not empty');
  expect('validationShare', validationShare > 0 && validationShare < 1, 'a share between 0 and 1');
  if (issues.length > 0) throw new InputError('training options', issues);
}
