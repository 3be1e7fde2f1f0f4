import type { AdamState } from './adam.ts';

/** How a fit went. */
export interface FitHistory {
  /** Epochs done in full. */
  readonly epochs: number;
  /** Epoch whose weights were kept; 0 is the net as it was before. */
  readonly bestEpoch: number;
  readonly endedBy: 'epochs' | 'patience' | 'stop';
  /** Mean loss per known target in each epoch, with the weighted one of volatility and shocks where they are forecast; with dropout, without the L2 term. */
  readonly trainLoss: readonly number[];
  /** The same without dropout on the validation part: before the first epoch, then after each. */
  readonly validationLoss: readonly number[];
}

/** A fit after a whole number of epochs: with the same data and options it goes on from here to the same bits. */
export interface FitState {
  readonly weights: readonly Float32Array[];
  readonly best: readonly Float32Array[];
  readonly bestEpoch: number;
  readonly adam: AdamState;
  readonly trainLoss: readonly number[];
  readonly validationLoss: readonly number[];
}
