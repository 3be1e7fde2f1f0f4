import { clipped, LOG_SCALE_LIMIT } from './scaling.ts';

/** What the net says of each target: a normal, a Student t with {@link DEGREES_OF_FREEDOM}, or five quantiles. */
export const HEADS = ['gaussian', 'student', 'quantile'] as const;
export type HeadKind = (typeof HEADS)[number];

/** Of the Student t head: tails heavy enough for jumps, light enough to have a variance. */
export const DEGREES_OF_FREEDOM = 5;
export const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9] as const;
const MEDIAN = 2;
/** Mean of a distribution from its 10, 50 and 90 % quantiles (Swanson's rule; Hurst, Brown and Swanson 2000, AAPG Bulletin 84). */
const [TAIL_WEIGHT, MEDIAN_WEIGHT] = [0.3, 0.4];
/** Distance of the 10 % and 90 % quantiles of a standard normal. */
const NORMAL_80_WIDTH = 2.563_103_131_089_2;

/**
 * What the outputs of a net are, in order: for `gaussian` and `student` the centres of all targets, then as many log-scales; for `quantile`
 * five numbers per quantile group, each for all targets: widths below (two), median, widths above (two); then, with `extras`, per horizon the
 * logarithm of the realised variance in units of its mean, and the logit of a shock.
 */
export interface OutputLayout {
  readonly head: HeadKind;
  /** Factors x horizons. */
  readonly targets: number;
  readonly horizons: number;
  /** Whether realised volatility and shocks are among the outputs. */
  readonly extras: boolean;
}

/** Outputs per row. */
export function outputWidth({ head, targets, horizons, extras }: OutputLayout): number {
  return extrasStart({ head, targets }) + (extras ? 2 * horizons : 0);
}

/** Index of the first output that is not of a target. */
export const extrasStart = ({ head, targets }: Pick<OutputLayout, 'head' | 'targets'>): number =>
  (head === 'quantile' ? QUANTILES.length : 2) * targets;

/** Quantities of one row, borrowed: written over by the next. All in units of the targets' root mean squares. */
export interface ReadOutputs {
  /** Expected change of each target. */
  readonly change: Float64Array;
  /** Scale of its error before calibration. */
  readonly scale: Float64Array;
  /** Per horizon, in units of its mean; empty without extras. */
  readonly variance: Float64Array;
  /** Per horizon, before calibration; empty without extras. */
  readonly shockLogit: Float64Array;
}

export function blankOutputs({ targets, horizons, extras }: OutputLayout): ReadOutputs {
  const each = extras ? horizons : 0;
  return {
    change: new Float64Array(targets),
    scale: new Float64Array(targets),
    variance: new Float64Array(each),
    shockLogit: new Float64Array(each),
  };
}

/** Reads the raw outputs of a row that begin at `at`; allocates nothing. An output that is not a number stays one. */
export function readOutputs(raw: ArrayLike<number>, at: number, layout: OutputLayout, out: ReadOutputs): void {
  const { head, targets, horizons, extras } = layout;
  for (let k = 0; k < targets; k += 1) {
    if (head === 'quantile') {
      const median = raw[at + MEDIAN * targets + k] ?? Number.NaN;
      const below = softplus(raw[at + targets + k] ?? Number.NaN) + softplus(raw[at + k] ?? Number.NaN);
      const above = softplus(raw[at + 3 * targets + k] ?? Number.NaN) + softplus(raw[at + 4 * targets + k] ?? Number.NaN);
      out.change[k] = MEDIAN_WEIGHT * median + TAIL_WEIGHT * (median - below + (median + above));
      out.scale[k] = (below + above) / NORMAL_80_WIDTH;
    } else {
      out.change[k] = raw[at + k] ?? Number.NaN;
      out.scale[k] = Math.exp(clipped(raw[at + targets + k] ?? Number.NaN, LOG_SCALE_LIMIT));
    }
  }
  if (!extras) return;
  const first = at + extrasStart(layout);
  for (let h = 0; h < horizons; h += 1) {
    out.variance[h] = Math.exp(clipped(raw[first + h] ?? Number.NaN, LOG_SCALE_LIMIT));
    out.shockLogit[h] = raw[first + horizons + h] ?? Number.NaN;
  }
}

/** ln(1 + eˣ) without overflow; above 0, so that quantiles never cross. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
