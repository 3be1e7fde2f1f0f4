import { type HistoryPanel, rowAhead } from './panel.ts';

/** A model of one target that learns row by row. It is asked about a row only after it has learned all outcomes known at that row's time. */
export interface RowModel {
  /** Takes in the outcome of a forecast made at a row. */
  learn(row: number, outcome: number): void;
  /** Fits itself to what it has learned. */
  refit(): void;
  /** Expected change from a row. */
  predict(row: number): number;
}

/** When a model is fitted. */
export interface Cadence {
  /** Outcomes that a model learns before its first fit. */
  readonly firstOutcomes: number;
  /** Distinct times between two fits. */
  readonly refitTimes: number;
}

/**
 * Runs a model through history in order of time, over all assets at once: at each time it first learns the outcomes that are known by then,
 * is fitted where it is due, and then forecasts. So a label is purged exactly as long as it is unknown, and no fit sees a row later
 * than the forecast it serves (Dawid 1984, JRSS A 147: the prequential principle).
 *
 * @param outcomes per row of the panel; NaN where unknown.
 * @returns the forecast at each row; NaN before the first fit and where inputs are missing.
 */
export function prequential(
  panel: HistoryPanel,
  steps: number,
  outcomes: ArrayLike<number>,
  model: RowModel,
  cadence: Cadence,
): Float64Array {
  const forecasts = new Float64Array(panel.seconds.length).fill(Number.NaN);
  const usable = new Uint8Array(panel.seconds.length);
  for (const row of panel.order) usable[row] = 1;
  let learned = 0;
  let times = 0;
  let fittedAt: number | undefined;
  for (let first = 0; first < panel.order.length; ) {
    let end = first;
    while (end < panel.order.length && panel.seconds[panel.order[end] ?? 0] === panel.seconds[panel.order[first] ?? 0]) end += 1;
    const rows = panel.order.subarray(first, end);
    first = end;
    times += 1;
    for (const row of rows) {
      const origin = row - steps;
      if (origin < 0 || usable[origin] === 0 || rowAhead(panel, origin, steps) !== row) continue;
      const outcome = outcomes[origin] ?? Number.NaN;
      if (!Number.isFinite(outcome)) continue;
      model.learn(origin, outcome);
      learned += 1;
    }
    if (learned >= cadence.firstOutcomes && (fittedAt === undefined || times - fittedAt >= cadence.refitTimes)) {
      model.refit();
      fittedAt = times;
    }
    if (fittedAt !== undefined) for (const row of rows) forecasts[row] = model.predict(row);
  }
  return forecasts;
}
