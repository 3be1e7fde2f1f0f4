import { invariant } from '../core/assert.ts';

/**
 * One moment on the way of an event: minutes from its start, move of the spot since then (−0.041 is a fall of 4.1 %), and implied vol of
 * about 30 days in points. Between two of them log spot and log vol run in straight lines.
 */
export type WayPoint = readonly [minutes: number, spotMove: number, vol: number];

/** A move of a market that happened, as it went. */
export interface EventPath {
  /** What a scenario calls it: market and day, `spx-2018-02-05`. */
  readonly key: string;
  /** Date and market. */
  readonly name: string;
  /** From its start, at 0 minutes and no move, to its end. */
  readonly path: readonly WayPoint[];
  /**
   * `measured`: spot or vol were recorded at most way-points, by the hour or from chains of quotes. `stylised`: start and end are known, at best
   * with the day's extremes and the time of a piece of news; what lies between is a design.
   */
  readonly course: 'measured' | 'stylised';
  /** True where start or end is rounded, or taken from the press and not from a series. */
  readonly approximate: boolean;
  /** At-the-money vol at one year minus that at 30 days: its change from start to end, in points. Where no term structure was recorded, it is
   * estimated ({@link SLOPE_PER_LOG_VOL}). */
  readonly slope?: number;
  /** Change of the SSVI ρ from start to end; 0 where no smile was recorded. */
  readonly skew?: number;
}

/** What an event has moved, up to a moment of it. */
export interface EventMoves {
  /** Log return of the spot. */
  readonly spot: number;
  /** Change of ln of the 30-day vol. */
  readonly level: number;
  /** Change of the term slope, as a share of the 30-day vol at the start: multiply by the vol that the event is to begin from. */
  readonly slopePerVol: number;
  /** Change of the SSVI ρ. */
  readonly skew: number;
}

/**
 * Change of the term slope per unit of ln vol, as a share of the vol before: the middle of −0.7 to −1.5 in the seven events below that have a term
 * structure. Long vols move about half as much as those of 30 days.
 */
export const SLOPE_PER_LOG_VOL = -1.1;

/** Length of an event in minutes. */
export function eventMinutes(event: EventPath): number {
  return lastOf(event)[0];
}

/**
 * What the event has moved after `minutes`, between 0 and its length. Slope and skew go with ln vol, in the proportion of their changes from start
 * to end: so they went on 5 February 2026, which has chains in between (slope −5, 46 and 100 % of the way to the last chain where ln vol was −7, 46
 * and 100 %).
 */
export function eventMoves(event: EventPath, minutes: number): EventMoves {
  const { spot, level } = onPath(event, minutes);
  const start = event.path[0]?.[2] ?? 0;
  const whole = Math.log(lastOf(event)[2] / start);
  const share = level / whole;
  const slope = event.slope === undefined ? SLOPE_PER_LOG_VOL * whole : event.slope / start;
  return { spot, level, slopePerVol: slope * share, skew: (event.skew ?? 0) * share };
}

function onPath(event: EventPath, minutes: number): { readonly spot: number; readonly level: number } {
  const { path } = event;
  const next = path.findIndex(([at]) => at >= minutes);
  const after = path[next];
  const before = path[Math.max(0, next - 1)];
  const start = path[0];
  invariant(after !== undefined && before !== undefined && start !== undefined, () => `${event.key} does not last ${minutes} minutes`);
  const span = after[0] - before[0];
  const share = span === 0 ? 1 : (minutes - before[0]) / span;
  const between = (from: number, to: number): number => (share === 1 ? to : from + share * (to - from));
  return {
    spot: between(Math.log1p(before[1]), Math.log1p(after[1])),
    level: between(Math.log(before[2] / start[2]), Math.log(after[2] / start[2])),
  };
}

function lastOf(event: EventPath): WayPoint {
  const last = event.path.at(-1);
  invariant(last !== undefined, () => `${event.key} has no way-points`);
  return last;
}
