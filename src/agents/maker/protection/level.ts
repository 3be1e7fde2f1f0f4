/** How far a maker's protection goes. Each level does what the one before it does to fewer quotes, or more. */
export const LEVELS = ['normal', 'widen', 'reduce-only', 'pull', 'flatten'] as const;
export type LevelName = (typeof LEVELS)[number];
/** Index into {@link LEVELS}. */
export type Level = 0 | 1 | 2 | 3 | 4;

/** Quotes in full. */
export const NORMAL: Level = 0;
/** Half-spreads are multiplied: of all sides, or of those that add to what is over. */
export const WIDEN: Level = 1;
/** Only sides that lower what is over, or without that, what is held. */
export const REDUCE_ONLY: Level = 2;
/** No quotes. */
export const PULL: Level = 3;
/** No quotes, delta to zero, options closed where that is cheap: the kill switch. */
export const FLATTEN: Level = 4;

/** An exposure that is over: index of the measure (`exposures.ts`), and whether it is too high (+1) or too low (−1). */
export interface Over {
  readonly measure: number;
  readonly sign: 1 | -1;
}

/** What a guard asks for at a look. */
export interface Vote {
  readonly level: Level;
  /** In figures: `spot moved 34 bp in 5 s, 12 standard deviations`. Empty at level 0. */
  readonly reason: string;
  readonly over?: Over | undefined;
}

/** Nothing is wrong. */
export const CALM: Vote = { level: NORMAL, reason: '' };
