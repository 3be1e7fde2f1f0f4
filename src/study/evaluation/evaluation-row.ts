import type { Interval } from '../bootstrap.ts';
import type { IntervalTest } from './christoffersen.ts';
import type { ComparisonTest } from './forecast-comparison.ts';
import type { ProbabilityTransform } from './pit.ts';

/** A figure over all origins, and over each group that has some: `calm`, `stressed`, `afterShift`. */
export interface ByGroup<T> {
  readonly all: T;
  readonly [group: string]: T;
}

/** How many forecasts a figure rests on, and how many of them have outcomes that do not overlap. */
export interface Counts {
  readonly n: number;
  readonly samples: number;
}

/** A share with its 95 % interval. */
export interface Share {
  readonly value: number;
  readonly ci95: Interval;
}

/** What is said of changes: all errors are outcome less forecast, in the unit of the target. */
export interface PointFigures {
  /** 1 − Σe²/Σw², w the random walk's error: negative where the model is worse. */
  readonly r2VsRandomWalk: ByGroup<number>;
  /** 95 % interval of it over all origins, and by group. */
  readonly ci95: Interval;
  readonly ci95ByGroup: Readonly<Record<string, Interval>>;
  /** The same against the reference model; absent where there is none. */
  readonly r2VsReference?: ByGroup<number>;
  readonly ci95VsReference?: ByGroup<Interval>;
  readonly rmse: number;
  /** The random walk's. */
  readonly walkRmse: number;
  readonly mae: number;
  /** Share of right signs, where both have one, and Pesaran and Timmermann's test on origins that do not overlap. */
  readonly hitRate?: number;
  readonly pesaranTimmermann?: ComparisonTest & { readonly n: number };
  /** Against the random walk; `pHolm` over all targets of the table. Absent where errors do not vary. */
  readonly dieboldMariano?: ComparisonTest & { readonly pHolm?: number };
  readonly dieboldMarianoVsReference?: ComparisonTest & { readonly pHolm?: number };
  /** Against the random walk, one-sided; changes only. */
  readonly clarkWest?: ComparisonTest;
  /** Slope of outcomes on forecasts with its interval, and the line's value at 0; absent where the forecast does not vary. */
  readonly slope?: Share;
  readonly intercept?: Share;
  /** Mean QLIKE; variances only. */
  readonly qlike?: number;
}

/** What is said of distributions, taken as normal with the forecast's scale; of models that give a scale. */
export interface DensityFigures {
  /** Mean continuous ranked probability score, in the unit of the target. */
  readonly crps: number;
  /** 1 − its ratio to the random walk's; absent where that gives no scale. */
  readonly crpsVsRandomWalk?: ByGroup<number>;
  readonly crpsVsRandomWalkCi95?: Interval;
  /** Mean loss of the quantiles at these levels. */
  readonly pinball: readonly { readonly level: number; readonly loss: number }[];
  /** Shares of outcomes inside the intervals that should hold 50, 80 and 95 % of them. */
  readonly coverage50: number;
  readonly coverage80: number;
  readonly coverage95: number;
  readonly coverage80Ci95: Interval;
  readonly coverageByGroup: Readonly<Record<string, GroupCoverage>>;
  readonly meanWidth50: number;
  readonly meanWidth80: number;
  readonly meanWidth95: number;
  /** Of the 80 % interval. */
  readonly christoffersen?: IntervalTest;
  readonly pit: ProbabilityTransform;
}

/** Coverage inside a group of origins. */
export interface GroupCoverage {
  readonly coverage50: number;
  readonly coverage80: number;
  readonly coverage80Ci95: Interval;
  readonly coverage95: number;
  readonly meanWidth80: number;
}

/** All that is said of one model on one target at one horizon. */
export interface EvaluationRow extends Counts, PointFigures, Partial<DensityFigures> {
  readonly target: string;
  /** In words, and in steps. */
  readonly horizon: string;
  readonly horizonSteps: number;
  readonly unit: string;
  readonly kind: 'change' | 'variance';
  readonly model: string;
  readonly isCeiling?: true;
  /** Configurations tried before this one was chosen; no p-value counts them. */
  readonly trials?: number;
  /** Counts of each group. */
  readonly groups: Readonly<Record<string, Counts>>;
  /** Whether it stays in the 90 % Model Confidence Set, and from which level on it would not; absent for ceilings. */
  readonly inConfidenceSet?: boolean;
  readonly confidenceSetP?: number;
}

/** Name of a group as a key of documents: `after-shift` is `afterShift`. */
export function groupKey(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
