import { invariant } from '../../core/assert.ts';

/** Origins of one block: places `from` to `to`, without the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where forecasts were made: blocks that nothing reaches across, and how many steps each forecast looks ahead. */
export interface Origins {
  readonly count: number;
  readonly spans: readonly Span[];
  /** Steps from an origin to its outcome, at least 1: forecasts that are less apart share part of their outcomes. */
  readonly steps: number;
  /** Where blocks saw the same times: the time of each origin, and these times as origins of their own. */
  readonly times?: { readonly of: Readonly<Int32Array>; readonly origins: Origins };
}

/** 1 where an origin counts, 0 elsewhere; absent where all do. */
export type Membership = ArrayLike<number> | undefined;

/**
 * @param block index of the block of each origin, equal ones together.
 * @param seconds time of each origin, where blocks are seen at the same times and so depend on each other.
 */
export function originsOf(block: ArrayLike<number>, steps: number, seconds?: ArrayLike<number>): Origins {
  invariant(Number.isInteger(steps) && steps >= 1, () => `a horizon is a whole number of steps, got ${steps}`);
  const spans: Span[] = [];
  const seen = new Set<number>();
  for (let from = 0; from < block.length; ) {
    const own = block[from] ?? 0;
    invariant(!seen.has(own), () => `origins of block ${own} are not together`);
    seen.add(own);
    let to = from + 1;
    while (to < block.length && block[to] === own) to += 1;
    spans.push({ from, to });
    from = to;
  }
  const origins = { count: block.length, spans, steps };
  return seconds === undefined || spans.length < 2 ? origins : { ...origins, times: timesOf(origins, seconds) };
}

/** All times in order; a span ends where no block goes on. */
function timesOf({ count, spans, steps }: Origins, seconds: ArrayLike<number>): { of: Int32Array; origins: Origins } {
  const times = [...new Set(Array.from({ length: count }, (_, i) => seconds[i] ?? 0))].sort((a, b) => a - b);
  const place = new Map(times.map((time, i) => [time, i]));
  const of = Int32Array.from({ length: count }, (_, i) => place.get(seconds[i] ?? 0) ?? 0);
  const goesOn = new Uint8Array(times.length);
  for (const { from, to } of spans) goesOn.fill(1, of[from] ?? 0, of[to - 1] ?? 0);
  const joined: Span[] = [];
  for (let from = 0; from < times.length; ) {
    let to = from + 1;
    while (goesOn[to - 1] === 1) to += 1;
    joined.push({ from, to });
    from = to;
  }
  return { of, origins: { count: times.length, spans: joined, steps } };
}

/** Sums by time of values per origin. */
export function byTime(values: ArrayLike<number>, { of, origins }: NonNullable<Origins['times']>): Float64Array {
  const sums = new Float64Array(origins.count);
  for (let i = 0; i < of.length; i += 1) sums[of[i] ?? 0] = (sums[of[i] ?? 0] ?? 0) + (values[i] ?? 0);
  return sums;
}

/** How many outcomes do not overlap among the origins that count; those of several blocks at one time are one. */
export function samplesApart(origins: Origins, member?: Membership): number {
  const { times } = origins;
  if (times === undefined) return apart(origins, member).length;
  return apart(times.origins, member === undefined ? undefined : timesThatCount(member, times)).length;
}

/** 1 at each time at which an origin counts. */
export function timesThatCount(member: ArrayLike<number>, times: NonNullable<Origins['times']>): Uint8Array {
  return Uint8Array.from(byTime(member, times), (count) => (count > 0 ? 1 : 0));
}

/** Whether an origin counts. */
export function counts(member: Membership, origin: number): boolean {
  return member === undefined || member[origin] === 1;
}

/** Most origins that can be picked, first come first, so that no two look at the same step: places in the series. */
export function apart({ spans, steps }: Origins, member?: Membership): number[] {
  const picked: number[] = [];
  for (const { from, to } of spans) {
    let free = from;
    for (let origin = from; origin < to; origin += 1) {
      if (origin < free || !counts(member, origin)) continue;
      picked.push(origin);
      free = origin + steps;
    }
  }
  return picked;
}
