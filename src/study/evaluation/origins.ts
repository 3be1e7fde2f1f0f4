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
}

/** 1 where an origin counts, 0 elsewhere; absent where all do. */
export type Membership = ArrayLike<number> | undefined;

/** @param block index of the block of each origin, equal ones together. */
export function originsOf(block: ArrayLike<number>, steps: number): Origins {
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
  return { count: block.length, spans, steps };
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
