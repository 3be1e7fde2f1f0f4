import { InputError, type Issue } from '../../../core/assert.ts';
import { HEADS, type HeadKind, type OutputLayout } from '../outputs.ts';
import { BURN_IN_ROWS } from '../scaling.ts';
import type { BackendName } from './backend.ts';
import type { FitState } from './fit-state.ts';
import type { LossWeights } from './loss.ts';
import type { Schedule } from './schedule.ts';

export interface TrainingOptions {
  readonly units: number;
  /** Most passes over the training part. */
  readonly epochs: number;
  /** Sequences per step of the optimiser. */
  readonly batch: number;
  /** Highest rate of Adam. */
  readonly learningRate: number;
  /** How the rate goes from step to step; `cosine` where not given. */
  readonly schedule?: Exclude<Schedule, 'constant'>;
  /** Probability that an input of the LSTM is dropped for a whole sequence. */
  readonly dropout: number;
  /** Probability that a state is not read by the next step, for a whole sequence; 0 where not given. */
  readonly recurrentDropout?: number;
  /** Weight decay as a penalty in the loss: times the sum of squares of the weights that are not biases. It is not decoupled from Adam. */
  readonly l2: number;
  /** What is said of each target; `gaussian` where not given. */
  readonly head?: HeadKind;
  /** β by which losses of normals and Student t's count by their variance (`targetLoss`), 0 to 1; 0 where not given. */
  readonly varianceWeight?: number;
  /** Of realised volatility and shocks, where the data hold them; a tenth each where not given. */
  readonly lossWeights?: LossWeights;
  /** Any text. With the same data and backend it gives the same bytes. */
  readonly seed: string;
  /** Seed of the split; that of the weights where not given. The members of an ensemble share it. */
  readonly splitSeed?: string;
  /** Name under which the model file finds its weights; `weights.bin` where not given. */
  readonly weightsFile?: string;
  readonly backend: 'auto' | BackendName;
  /** Epochs without a better validation loss after which training ends. */
  readonly patience: number;
  readonly burnIn: typeof BURN_IN_ROWS;
  /** Share of the sequences held out to choose the epoch and to calibrate; 0.15 where not given. */
  readonly validationShare?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Gets the state after each epoch; what it holds is borrowed. */
  readonly onState?: (state: FitState) => void;
  /** Asked before each step of the optimiser; true ends training with the best weights so far. */
  readonly shouldStop?: () => boolean;
}

/** What a fit of a given net takes; the other options are about the net and the data. */
export interface FitOptions
  extends Pick<
    TrainingOptions,
    | 'epochs'
    | 'batch'
    | 'learningRate'
    | 'schedule'
    | 'dropout'
    | 'recurrentDropout'
    | 'l2'
    | 'patience'
    | 'lossWeights'
    | 'varianceWeight'
    | 'onProgress'
    | 'onState'
    | 'shouldStop'
  > {
  /** The rate holds from the first step to the last: for more training of a net that was trained before. */
  readonly constantRate?: boolean;
  /** What the outputs are; means and log-scales of the targets where not given. */
  readonly layout?: OutputLayout;
}

/** After each epoch. */
export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly validationLoss: number;
  readonly bestEpoch: number;
  /** Since training began, or was taken up again. */
  readonly seconds: number;
  readonly sequencesPerSecond: number;
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
  const { burnIn, dropout, head = 'gaussian', l2, learningRate, recurrentDropout = 0, schedule = 'cosine', seed } = options;
  const { lossWeights = DEFAULT_LOSS_WEIGHTS, validationShare = 0.15, varianceWeight = 0 } = options;
  expect('learningRate', learningRate > 0 && learningRate < Number.POSITIVE_INFINITY, 'a number above 0');
  expect('schedule', schedule === 'cosine' || schedule === 'plateau', 'cosine or plateau');
  expect('dropout', dropout >= 0 && dropout < 1, 'a probability below 1');
  expect('recurrentDropout', recurrentDropout >= 0 && recurrentDropout < 1, 'a probability below 1');
  expect('l2', l2 >= 0 && l2 < Number.POSITIVE_INFINITY, 'a number of at least 0');
  expect('head', HEADS.includes(head), HEADS.join(', '));
  expect('varianceWeight', varianceWeight >= 0 && varianceWeight <= 1, 'a number from 0 to 1');
  expect('lossWeights', lossWeights.volatility >= 0 && lossWeights.shock >= 0, 'weights of at least 0');
  expect('burnIn', burnIn === BURN_IN_ROWS, `${BURN_IN_ROWS}, with which the net is served`);
  expect('seed', seed !== '', 'a text that is not empty');
  expect('validationShare', validationShare > 0 && validationShare < 1, 'a share between 0 and 1');
  if (issues.length > 0) throw new InputError('training options', issues);
}

/** Of realised volatility and shocks, beside 1 for the factors of the surface. */
export const DEFAULT_LOSS_WEIGHTS: LossWeights = { volatility: 0.1, shock: 0.1 };
