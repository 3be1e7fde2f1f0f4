import { BITCOIN_EVENTS } from './bitcoin-events.ts';
import type { EventPath } from './event-path.ts';
import { INDEX_EVENTS } from './index-events.ts';

/** One move of a market that happened, as a sudden shock: from the start of its path to the end. */
export interface HistoricalEvent {
  /** Date and market. */
  readonly name: string;
  /** Relative move of the spot. */
  readonly spotMove: number;
  /** Implied vol of about 30 days before and after, in vol points. */
  readonly volBefore: number;
  readonly volAfter: number;
  /** True where a figure is rounded, or taken from the press and not from a series. */
  readonly approximate: boolean;
}

const dayOf = ({ key }: EventPath): string => key.slice(key.indexOf('-') + 1);

/** Days that option books remember, as they went, in order of their dates. */
export const EVENT_PATHS: readonly EventPath[] = [...INDEX_EVENTS, ...BITCOIN_EVENTS].sort((a, b) =>
  dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0,
);

/** The event of that key; undefined where there is none. */
export function eventPath(key: string): EventPath | undefined {
  return EVENT_PATHS.find((event) => event.key === key);
}

/**
 * The same days as sudden shocks.
 *
 * Vols are points of an index, at a level that is not the portfolio's own: what is carried over is the ratio after/before, applied to each vol
 * alike. From calm a fall moves vol in points far more than from stress (5 points per −1 % in February 2018, 1.6 in October 2008), while ratios of
 * vol compare across levels. Expiries beyond 30 days moved less than that, near ones more.
 */
export const HISTORICAL_EVENTS: readonly HistoricalEvent[] = EVENT_PATHS.map(({ name, path, approximate }) => ({
  name,
  spotMove: path.at(-1)?.[1] ?? 0,
  volBefore: path[0]?.[2] ?? 0,
  volAfter: path.at(-1)?.[2] ?? 0,
  approximate,
}));
