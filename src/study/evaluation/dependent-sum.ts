import { apart, byTime, type Membership, type Origins, type Span, timesThatCount } from './origins.ts';

/** From this many blocks on, the chance of a sum is judged by the blocks as independent units, if they are of like size: */
export const BLOCKS_AS_UNITS = 8;
/**
 * so many of equal size must hold as much, (Σn)²/Σn² (Kish 1965). With one block that holds nearly all, totals about a common mean would say
 * nothing.
 */
const EQUAL_BLOCKS_MINIMUM = 6;

/** The variance of a sum over origins, and what it rests on. */
export interface SumVariance {
  readonly variance: number;
  /** Whether blocks were the units; else the variance is that of dependent terms inside blocks. */
  readonly isByBlock: boolean;
  /** Blocks with an origin that counts. */
  readonly blocks: number;
  /** Origins that count and whose outcomes share no step. */
  readonly samples: number;
  /** Degrees of freedom for Student's t, at least 1: blocks of equal size that hold as much, or samples, less one. */
  readonly df: number;
}

/**
 * Variance of Σu, u with mean 0 over the origins that count and 0 elsewhere. With {@link BLOCKS_AS_UNITS} blocks or more, of like size, it is B/(B − 1)
 * times the sum of squared block totals, whatever the dependence inside; else it is the long-run variance inside blocks, no lag across two of them
 * (Newey and West 1987, Bartlett weights, lag max(h − 1, n^⅓) steps with n the length of the block). Blocks that saw the same times are first
 * summed by time, so that what they have in common is in (Driscoll and Kraay 1998). With overlap the weights take about three quarters of the variance of
 * squared errors, and less where a block holds few outcomes apart: a p of .05 is then about .09 in truth (test/study/evaluation/size-and-power.slow.test.ts,
 * test/study/forecast-skill.slow.test.ts).
 */
export function sumVariance(u: ArrayLike<number>, origins: Origins, member?: Membership): SumVariance {
  const { times } = origins;
  if (times !== undefined)
    return sumVariance(byTime(u, times), times.origins, member === undefined ? undefined : timesThatCount(member, times));
  const sizes = origins.spans.map((span) => sizeOf(span, member));
  const active = origins.spans.filter((_, i) => (sizes[i] ?? 0) > 0);
  const blocks = active.length;
  const samples = member === undefined ? wholeSamples(origins) : apart(origins, member).length;
  const equal = equalBlocks(sizes);
  const isByBlock = blocks >= BLOCKS_AS_UNITS && equal >= EQUAL_BLOCKS_MINIMUM;
  let variance = 0;
  for (const span of active) variance += isByBlock ? squaredTotal(u, span) : longRunVariance(u, span, origins.steps);
  if (isByBlock) variance *= blocks / (blocks - 1);
  return { variance: Math.max(0, variance), isByBlock, blocks, samples, df: Math.max(1, (isByBlock ? Math.round(equal) : samples) - 1) };
}

/** Lags that count at a horizon in a block of `length` origins. */
export function lagsOf(length: number, steps: number): number {
  return Math.min(length - 1, Math.max(steps - 1, Math.floor(Math.cbrt(length))));
}

function wholeSamples({ spans, steps }: Origins): number {
  return spans.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / steps), 0);
}

function sizeOf({ from, to }: Span, member: Membership): number {
  if (member === undefined) return to - from;
  let size = 0;
  for (let i = from; i < to; i += 1) size += member[i] === 1 ? 1 : 0;
  return size;
}

function equalBlocks(sizes: readonly number[]): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return (total * total) / sizes.reduce((sum, size) => sum + size * size, 0);
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
