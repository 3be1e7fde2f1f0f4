import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { HiddenPath, MarketRecord } from './market-record.ts';
import { STATE, STATES, stateInto } from './surface-state.ts';

/** Where a market begins, and how regimes follow each other. Plain data. */
export interface ChainLaw {
  /** Chance of regime j at the next step from regime i: `i · regimes + j`. */
  readonly transitions: readonly number[];
  readonly opening: { readonly chances: readonly number[]; readonly mean: readonly number[]; readonly covariance: readonly number[] };
}

/**
 * Counts transitions in worlds, and takes the opening from records, between the regimes that are known.
 * @param signal covariance of the signals.
 */
export function chainLaw(
  worlds: readonly HiddenPath[],
  records: readonly MarketRecord[],
  known: readonly number[],
  signal: Readonly<Float64Array>,
): ChainLaw {
  const n = known.length;
  const counts = new Float64Array(n * n);
  const chances = new Float64Array(n);
  for (const { regime, steps } of worlds) {
    for (let step = 1; step < steps; step += 1) {
      const from = known.indexOf(regime[step - 1] ?? 0);
      const to = known.indexOf(regime[step] ?? 0);
      if (from >= 0 && to >= 0) counts[from * n + to] = (counts[from * n + to] ?? 0) + 1;
    }
    const first = known.indexOf(regime[0] ?? 0);
    if (first >= 0) chances[first] = (chances[first] ?? 0) + 1;
  }
  const total = chances.reduce((a, b) => a + b, 0);
  return {
    transitions: Array.from(counts, (count, at) => {
      const i = Math.floor(at / n);
      const from = counts.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0);
      return from > 0 ? count / from : at === i * n + i ? 1 : 0;
    }),
    opening: { chances: Array.from(chances, (count) => (total > 0 ? count / total : 1 / n)), ...openingState(records, signal) },
  };
}

/** Mean and covariance of the state at the first step. Signals are what they always are, and nothing else that there is at an opening speaks of them. */
function openingState(
  records: readonly MarketRecord[],
  signal: Readonly<Float64Array>,
): { readonly mean: number[]; readonly covariance: number[] } {
  const states = records.flatMap((record) => {
    const first = record.seen.indexOf(1);
    return first < 0 ? [] : [stateInto(record, first, 0, new Float64Array(STATES))];
  });
  const n = Math.max(1, states.length);
  const mean = new Array<number>(STATES).fill(0);
  const covariance = new Array<number>(STATES * STATES).fill(0);
  for (const state of states) for (let i = 0; i < STATES; i += 1) mean[i] = (mean[i] ?? 0) + (state[i] ?? 0) / n;
  for (const state of states)
    for (let i = 0; i < STATES; i += 1)
      for (let j = 0; j < STATES; j += 1) {
        const at = i * STATES + j;
        covariance[at] = (covariance[at] ?? 0) + (((state[i] ?? 0) - (mean[i] ?? 0)) * ((state[j] ?? 0) - (mean[j] ?? 0))) / n;
      }
  for (let f = 0; f < FACTOR_COUNT; f += 1) {
    const i = STATE.signal + f;
    mean[i] = 0;
    for (let j = 0; j < STATES; j += 1) {
      const g = j - STATE.signal;
      const isSignal = g >= 0 && g < FACTOR_COUNT;
      const own = isSignal ? (signal[f * FACTOR_COUNT + g] ?? 0) : 0;
      covariance[i * STATES + j] = own;
      covariance[j * STATES + i] = own;
    }
  }
  return { mean, covariance };
}
