import type { Interval } from './bootstrap.ts';

/** Chance of any false claim among all pairs of a comparison. */
export const ALPHA = 0.05;

/** What one variant did across the seeds. All but `name`, `n`, `worstSeed` and `sharpe` are in the unit of the metric. */
export interface VariantSummary {
  readonly name: string;
  readonly mean: number;
  /** 95 % interval of the mean. */
  readonly ci95: Interval;
  readonly sd: number;
  readonly median: number;
  /** Mean of the worst twentieth of the seeds. */
  readonly es5: number;
  readonly worst: number;
  /** The seed of `worst`: what to run again to see why. */
  readonly worstSeed: string;
  /** Mean over standard deviation of the score across seeds, per run; absent where the score never varies. */
  readonly sharpe?: number;
  readonly n: number;
  /** One per seed, in the order of the comparison's seeds. */
  readonly scores: readonly number[];
}

/** Score of `a` minus score of `b` at the same seed. */
export interface PairSummary {
  readonly a: string;
  readonly b: string;
  readonly mean: number;
  readonly ci95: Interval;
  /** Mean over standard deviation of the differences; absent where they are one number other than 0. */
  readonly dz?: number;
  /** Correlation over seeds of the two variants' scores; absent where either never varies. At equal spreads the seeds needed go with 1 − it. */
  readonly correlation?: number;
  /** Share of seeds at which `a` is ahead; ties count half. */
  readonly winRate: number;
  /** Two-sided paired t test. */
  readonly p: number;
  /** `p` after Holm's adjustment for all pairs. */
  readonly pHolm: number;
  /** Of the paired t at the observed effect and number of seeds, level 0.05 over the number of pairs. */
  readonly power: number;
  readonly n: number;
}

/** How much of the way from one variant to another a third one goes. */
export interface GapShare {
  readonly variant: string;
  /** Mean of (variant − floor) over mean of (ceiling − floor), paired by seed: 0 is the floor, 1 the ceiling. */
  readonly share: number;
  /** 95 % interval; absent where the gap itself is not clear of 0, so that no share can be bounded. */
  readonly ci95?: Interval;
}

/** Shares of one gap. */
export interface GapShares {
  readonly floor: string;
  readonly ceiling: string;
  readonly shares: readonly GapShare[];
}

/** Who is ahead of whom, by how much, and how sure that is; the contract of `compare --json`. */
export interface Comparison {
  readonly metric: string;
  readonly seeds: readonly string[];
  readonly variants: readonly VariantSummary[];
  /** Each two variants once, the earlier one first. */
  readonly pairs: readonly PairSummary[];
  readonly conclusion: string;
  /** Shares of the gap that was asked for. */
  readonly gap?: GapShares;
}
