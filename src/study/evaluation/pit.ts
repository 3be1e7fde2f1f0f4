import { normalCdf } from '../../core/special.ts';
import { apart, type Origins } from './origins.ts';
import { series } from './series.ts';

const BINS = 10;
/** Below this many values the law of Kuiper's statistic is not known well enough. */
const SAMPLES_MINIMUM = 8;

/** Where outcomes fell in the forecast distributions: evenly, if these are right. */
export interface ProbabilityTransform {
  /** Shares of outcomes by tenth of the forecast distribution, lowest first. */
  readonly histogram: readonly number[];
  /** Kuiper's test of evenness on outcomes that do not overlap; absent below 8 of them. */
  readonly kuiper?: { readonly statistic: number; readonly p: number; readonly n: number };
}

/** Probability integral transform Φ((outcome − change)/scale) (Dawid 1984; Diebold, Gunther and Tay 1998): all origins in the histogram. */
export function probabilityTransform(
  outcome: ArrayLike<number>,
  change: ArrayLike<number>,
  scale: ArrayLike<number>,
  origins: Origins,
): ProbabilityTransform {
  const values = series(outcome.length, (i) => {
    const error = (outcome[i] ?? 0) - (change[i] ?? 0);
    const s = scale[i] ?? 0;
    return s > 0 ? normalCdf(error / s) : error === 0 ? 0.5 : error > 0 ? 1 : 0;
  });
  const tally = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(value * BINS));
    tally[bin] = (tally[bin] ?? 0) + 1;
  }
  const histogram = tally.map((count) => count / Math.max(1, values.length));
  const picked = apart(origins).map((i) => values[i] ?? 0);
  return picked.length < SAMPLES_MINIMUM ? { histogram } : { histogram, kuiper: { ...kuiperUniform(picked), n: picked.length } };
}

/**
 * Kuiper's test that independent values are uniform on [0, 1]: V = D⁺ + D⁻, which sees a wrong spread as well as a wrong centre, with Stephens'
 * (1970) factor √n + 0.155 + 0.24/√n for small samples. p is good to 0.01 from 8 values on (test/study/evaluation/pit.slow.test.ts).
 */
export function kuiperUniform(values: readonly number[]): { readonly statistic: number; readonly p: number } {
  const n = values.length;
  const ordered = Float64Array.from(values).sort();
  let above = 0;
  let below = 0;
  ordered.forEach((value, i) => {
    above = Math.max(above, (i + 1) / n - value);
    below = Math.max(below, value - i / n);
  });
  const statistic = (Math.sqrt(n) + 0.155 + 0.24 / Math.sqrt(n)) * (above + below);
  return { statistic, p: kuiperTail(statistic) };
}

/** P(V* ≥ v) in the limit: 2Σ(4j²v² − 1)e^(−2j²v²) (Kuiper 1960). */
function kuiperTail(v: number): number {
  // Below this the tail is 1 in 7 digits, and the series slow.
  if (v < 0.4) return 1;
  let total = 0;
  for (let j = 1; j <= 100; j += 1) {
    const square = j * j * v * v;
    const term = 2 * (4 * square - 1) * Math.exp(-2 * square);
    total += term;
    if (Math.abs(term) < 1e-15) break;
  }
  return Math.min(1, Math.max(0, total));
}
