import type { Right } from '../../market/instrument.ts';
import type { VolPanel } from './vol-panel.ts';

/** Days of the constant maturities that are sampled. */
export const SAMPLED_DAYS = [7, 30, 90] as const;
/** Lower ends of the tenor buckets in days, by their names: those in which screens are compared. */
export const TENOR_BUCKETS = [
  ['<2 d', 0],
  ['2-10 d', 2],
  ['10-45 d', 10],
  ['>45 d', 45],
] as const;
export type TenorBucket = (typeof TENOR_BUCKETS)[number][0];

/** The bucket of so many days to expiry. */
export function tenorBucket(days: number): TenorBucket {
  return TENOR_BUCKETS.findLast(([, from]) => days >= from)?.[0] ?? '<2 d';
}

/** The market at the end of a minute. Vols are annual fractions. */
export interface MinuteSample {
  readonly regime: string;
  /** The index. */
  readonly spot: number;
  /** At-the-money vols at {@link SAMPLED_DAYS}. */
  readonly atmVols: readonly [number, number, number];
  /** Vol of the 25-delta put less that of the 25-delta call at 30 days. */
  readonly skew: number;
}

/** One match in an option. */
export interface PrintSample {
  readonly seconds: number;
  /** The order that took: matches of one order stand together. */
  readonly takerOrder: number;
  /** Contracts. */
  readonly size: number;
  /** +1 where the taker bought. */
  readonly sign: 1 | -1;
  /** Dollars per point of vol that changed hands, at least 0. */
  readonly vega: number;
}

/** Contracts that were traded in one series. */
export interface VolumeSample {
  readonly contracts: number;
  readonly right: Right;
  /** Absolute. */
  readonly delta: number;
  readonly tenor: TenorBucket;
}

/** How long the best quotes near the money stood after a window of 30 s. */
export interface RemarkSample {
  /** Size of the index's move in the window, basis points. */
  readonly moveBasisPoints: number;
  readonly seconds: number;
}

/** What the subject's quotes kept of their spread at one horizon, against one kind of counterparty. Dollars. */
export interface MarkoutSample {
  readonly counterparty: string;
  /** Seconds after the fill. */
  readonly seconds: number;
  /** Σ vega of the fills judged so far, dollars per point of vol. */
  readonly vega: number;
  /** Σ side · (fair value at the fill − price) of the fills judged so far. */
  readonly captured: number;
  /** Σ side · (fair value later − price), less delta at the fill times the move of the index: of the same fills. */
  readonly kept: number;
  /** Σ side · (mid − price), by the mid of the book at the world step before the fill: of the fills for which there was one. */
  readonly quoted: number;
  /** As {@link kept}, of the fills in {@link quoted}. */
  readonly keptOfQuoted: number;
}

/** What one run, or a data set, is measured by: copies, in the order of time. A data set holds some of it, and the rest is empty. */
export interface MarketSamples {
  readonly simulatedSeconds: number;
  /** Days that a year has in figures per day: 365 for round-the-clock markets, 252 for index days. */
  readonly daysPerYear: number;
  /** Buckets in which series were listed. */
  readonly tenors: readonly TenorBucket[];
  readonly minutes: readonly MinuteSample[];
  /** The index at the ends of minutes, of a data set that has no vols with them; instead of those in `minutes`. */
  readonly spots?: readonly number[];
  /** Vols over time of a data set, at its own times; instead of those in `minutes`. */
  readonly panel?: VolPanel;
  /** Widths in vol points of two-sided books at |delta| 0.4 to 0.6, each minute. */
  readonly spreads: Readonly<Record<TenorBucket, readonly number[]>>;
  /** The same at |delta| 0.1 to 0.25. */
  readonly wingSpreads: Readonly<Record<TenorBucket, readonly number[]>>;
  /** Contracts at the best price of a side, at |delta| 0.35 to 0.65, each minute. */
  readonly touchSizes: readonly number[];
  /** Books at |delta| 0.1 to 0.9 that were looked at, and those of them with both sides. */
  readonly looks: number;
  readonly twoSided: number;
  readonly prints: readonly PrintSample[];
  /** Of each print, or of each series. */
  readonly volumes: readonly VolumeSample[];
  readonly remarks: readonly RemarkSample[];
  /** Seconds that option orders lived which left by a cancellation or a replacement. */
  readonly cancelledLives: readonly number[];
  /** Orders that left so: some of a data set may have come before its beginning. Undefined where no books are known. */
  readonly cancels: number | undefined;
  readonly markouts: readonly MarkoutSample[];
}

/** Nothing has been seen. */
export const NO_SAMPLES: MarketSamples = {
  simulatedSeconds: 0,
  daysPerYear: 365,
  tenors: [],
  minutes: [],
  spreads: { '<2 d': [], '2-10 d': [], '10-45 d': [], '>45 d': [] },
  wingSpreads: { '<2 d': [], '2-10 d': [], '10-45 d': [], '>45 d': [] },
  touchSizes: [],
  looks: 0,
  twoSided: 0,
  prints: [],
  volumes: [],
  remarks: [],
  cancelledLives: [],
  cancels: undefined,
  markouts: [],
};
