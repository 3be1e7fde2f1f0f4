import { apart, type Membership, type Origins, type Span } from './origins.ts';

/** From this many blocks on, the chance of a sum is judged by the blocks as independent units. */
export const BLOCKS_AS_UNITS = 8;

/** The variance of a sum over origins, and what it rests on. */
export interface SumVariance {
  readonly variance: number;
  /** Whether blocks were the units; else the variance is that of dependent terms inside blocks. */
  readonly isByBlock: boolean;
  /** Blocks with an origin that counts. */
  readonly blocks: number;
  /** Origins that count and whose outcomes share no step. */
  readonly samples: number;
  /** Degrees of freedom for Student's t: units less one, at least 1. */
  readonly df: number;
}

/**
 * Variance of Σu, u with mean 0 over the origins that count and 0 elsewhere. With {@link BLOCKS_AS_UNITS} blocks or more it is B/(B − 1) times the
 * sum of squared block totals, whatever the dependence inside; with fewer it is the long-run variance inside blocks, no lag across two of them
 * (Newey and West 1987, Bartlett weights, lag max(h − 1, n^⅓) steps with n the length of the block). Bartlett weights are too small where
 * a block holds few outcomes that do not overlap (test/study/forecast-skill.slow.test.ts has the shares that intervals then hold).
 */
export function sumVariance(u: ArrayLike<number>, origins: Origins, member?: Membership): SumVariance {
  const active = member === undefined ? origins.spans : origins.spans.filter((span) => isActive(span, member));
  const blocks = active.length;
  const samples = member === undefined ? wholeSamples(origins) : apart(origins, member).length;
  const isByBlock = blocks >= BLOCKS_AS_UNITS;
  let variance = 0;
  for (const span of active) variance += isByBlock ? squaredTotal(u, span) : longRunVariance(u, span, origins.steps);
  if (isByBlock) variance *= blocks / (blocks - 1);
  return { variance: Math.max(0, variance), isByBlock, blocks, samples, df: Math.max(1, (isByBlock ? blocks : samples) - 1) };
}

/** Lags that count at a horizon in a block of `length` origins. */
export function lagsOf(length: number, steps: number): number {
  return Math.min(length - 1, Math.max(steps - 1, Math.floor(Math.cbrt(length))));
}

function wholeSamples({ spans, steps }: Origins): number {
  return spans.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / steps), 0);
}

function isActive({ from, to }: Span, member: ArrayLike<number>): boolean {
  for (let i = from; i < to; i += 1) if (member[i] === 1) return true;
  return false;
}

function squaredTotal(u: ArrayLike<number>, { from, to }: Span): number {
  let total = 0;
  for (let i = from; i < to; i += 1) total += u[i] ?? 0;
  return total * total;
}

function longRunVariance(u: ArrayLike<number>, { from, to }: Span, steps: number): number {
  const lags = lagsOf(to - from, steps);
  let variance = 0;
  for (let lag = 0; lag <= lags; lag += 1) {
    let cross = 0;
    for (let t = from + lag; t < to; t += 1) cross += (u[t] ?? 0) * (u[t - lag] ?? 0);
    variance += (lag === 0 ? 1 : 2) * (1 - lag / (lags + 1)) * cross;
  }
  return variance;
}
