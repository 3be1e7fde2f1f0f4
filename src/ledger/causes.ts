/**
 * Where profit and loss came from, in dollars; positive is a gain. Each is explained, with its formula, in docs/attribution.md.
 *
 * - `spreadCapture`: fair value against price of fills in options; `hedgeCost`: the same for the underlying.
 * - `delta`, `level` … `curvature`: positions held times first derivatives at the start of each step of the world, times what moved;
 *   `gamma`, `vanna`, `volga`: the second order of the same move, by spot, by spot and factors, by factors.
 * - `theta`: what the passing of time did, spot and factors held where the step took them.
 * - `jump`: all that spot and factors did in a step in which one of them jumped.
 * - `basis`: positions in the perpetual times what it moved against the index; `funding`: what their holders paid each other.
 * - `settlement`: settlement price against the last fair value; `fees`: fees.
 * - `residual`: what is left, of the third order in a step.
 */
export const CAUSES = [
  'spreadCapture',
  'delta',
  'gamma',
  'theta',
  'level',
  'slope',
  'skew',
  'curvature',
  'vanna',
  'volga',
  'jump',
  'hedgeCost',
  'basis',
  'funding',
  'settlement',
  'fees',
  'residual',
] as const;
export type Cause = (typeof CAUSES)[number];

/** Index of each cause in {@link CAUSES}. */
export const CAUSE_AT = Object.fromEntries(CAUSES.map((cause, index) => [cause, index])) as Readonly<Record<Cause, number>>;
