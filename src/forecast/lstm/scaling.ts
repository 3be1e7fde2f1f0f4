/**
 * Rows that the net reads from a zero state before it is scored in training, or asked for a forecast in a market: the
 * two must agree, or the net is served in a state it was never trained on.
 */
export const BURN_IN_ROWS = 16;

/** Standardised inputs are clipped to ± this many standard deviations. */
export const INPUT_LIMIT = 5;

/** In the loss, scaled targets are clipped to ± this many root mean squares: one jump must not own the gradient. */
export const TARGET_LIMIT = 6;

/** The natural logarithm of the predicted scale is clipped to ± this: a factor of 20 about the target's root mean square. */
export const LOG_SCALE_LIMIT = 3;

/** Standardisation of the inputs, one entry per feature in the feature's own unit. Every `sd` is > 0. */
export interface InputScaler {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** The value, held within ±limit. NaN stays NaN, so that a fault upstream is seen and not hidden. */
export const clipped = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value));

/** A raw input as the net sees it: standardised, then clipped to ±{@link INPUT_LIMIT}. */
export const standardised = (value: number, mean: number, sd: number): number => clipped((value - mean) / sd, INPUT_LIMIT);
