import { goldenMinimum } from './golden-section.ts';
import { type HistoryPanel, rowAhead } from './panel.ts';
import type { RowModel } from './prequential.ts';

/** Weights below this add nothing. */
const WEIGHT_MINIMUM = 1e-9;
/** Bounds of the logarithm of the variance ratio: from a level that hardly moves to a random walk. */
const LOG_RATIO = [-12, 12] as const;

/**
 * Gain of the filter in its steady state, K = (q + √(q² + 4q))/(q + √(q² + 4q) + 2): how much of a surprise the level takes over.
 * @param ratio q, the variance of the level's steps over that of the noise.
 */
export function steadyGain(ratio: number): number {
  const root = ratio + Math.sqrt(ratio * ratio + 4 * ratio);
  return root / (root + 2);
}

/**
 * Minus twice the log-likelihood per observation of a random walk seen through noise, with the noise's variance at its best value and the first
 * value taken as known (Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, section 4.2.2), constants left out.
 * @param spans series that are independent of one another.
 */
export function localLevelDeviance(spans: readonly ArrayLike<number>[], ratio: number): number {
  let [logs, squares, count] = [0, 0, 0];
  for (const span of spans) {
    let level = span[0] ?? 0;
    // The first value is the level plus noise of variance 1.
    let variance = 1;
    for (let i = 1; i < span.length; i += 1) {
      const prior = variance + ratio;
      const total = prior + 1;
      const surprise = (span[i] ?? 0) - level;
      logs += Math.log(total);
      squares += (surprise * surprise) / total;
      count += 1;
      level += (prior / total) * surprise;
      variance = prior / total;
    }
  }
  return count === 0 ? 0 : logs / count + Math.log(squares / count);
}

/** The variance ratio of greatest likelihood, by golden section on its logarithm, within e^±12. */
export function fittedRatio(spans: readonly ArrayLike<number>[]): number {
  return Math.exp(goldenMinimum((log) => localLevelDeviance(spans, Math.exp(log)), ...LOG_RATIO, 0.02));
}

/**
 * The level is a random walk, seen through noise: the forecast for every horizon is the filtered level. The variance ratio is that of greatest
 * likelihood on all rows so far; the filter is used in its steady state.
 *
 * Accuracy: gives back the ratio of a simulated series, and a gain of 1 of a random walk (test/study/history/local-level.test.ts).
 */
export class LocalLevelModel implements RowModel {
  readonly #panel: HistoryPanel;
  readonly #values: Readonly<Float64Array>;
  readonly #lastRows = new Map<number, number>();
  #gain = 1;

  constructor(panel: HistoryPanel, state: number) {
    this.#panel = panel;
    this.#values = panel.states[state] ?? new Float64Array(0);
  }

  learn(row: number): void {
    this.#lastRows.set(this.#panel.segment[row] ?? 0, row);
  }

  refit(): void {
    const spans = [...this.#lastRows].map(([segment, last]) => this.#values.subarray(this.#panel.segment.indexOf(segment), last + 1));
    this.#gain = steadyGain(fittedRatio(spans));
  }

  predict(row: number): number {
    return smoothedChange(this.#panel, this.#values, row, this.#gain);
  }
}

/** Exponentially weighted mean of a series up to a row, less its value there: what a forecast of that mean expects. */
export function smoothedChange(panel: HistoryPanel, values: Readonly<Float64Array>, row: number, gain: number): number {
  const now = values[row] ?? Number.NaN;
  let weight = 1;
  let sum = 0;
  for (let back = 1; weight > WEIGHT_MINIMUM; back += 1) {
    weight *= 1 - gain;
    if (row - back < 0 || rowAhead(panel, row - back, back) !== row) break;
    // Summation by parts: each step back adds what the weights before it leave for that difference.
    sum += weight * ((values[row - back] ?? 0) - (values[row - back + 1] ?? 0));
  }
  return Number.isFinite(now) ? sum : Number.NaN;
}

/** Half of each surprise is taken over. */
const EWMA_WEIGHT = 0.5;

/** The exponentially weighted mean with weight ½ as forecast: a smoother that is known to lose, kept as a yardstick. */
export function ewmaModel(panel: HistoryPanel, state: number): RowModel {
  const values = panel.states[state] ?? new Float64Array(0);
  return {
    learn: () => undefined,
    refit: () => undefined,
    predict: (row) => smoothedChange(panel, values, row, EWMA_WEIGHT),
  };
}
