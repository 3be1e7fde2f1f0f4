import { invariant } from '../core/assert.ts';
import { SECONDS_PER_DAY } from '../core/units.ts';

/** The days of a week, in order: places in it count from here. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SECONDS_PER_WEEK = WEEKDAYS.length * SECONDS_PER_DAY;

/** When a venue is open, week after week. */
export interface SessionHours {
  /** Time of day at which each session opens, in seconds after midnight. */
  readonly opensSeconds: number;
  /** Time of day at which it closes: the same day or, where that is not after the opening, the next. */
  readonly closesSeconds: number;
  /** Places in {@link WEEKDAYS} of the days on which a session opens. */
  readonly days: readonly number[];
  /** Place in the week at which the run begins, in seconds after the midnight before Monday. */
  readonly startsSeconds: number;
}

/** One session in the week; `to` lies in the next week where it runs over its end. */
interface Session {
  readonly from: number;
  readonly to: number;
  /** Time until the next one opens. */
  readonly gap: number;
}

/** Open and closed times of a venue on the clock of a run: seconds from the run's opening. There are neither holidays nor changes to summer time. */
export class SessionCalendar {
  readonly #starts: number;
  readonly #sessions: readonly Session[];

  /** @throws InvariantError when there is no session, or no time between two. */
  constructor({ opensSeconds, closesSeconds, days, startsSeconds }: SessionHours) {
    const length = closesSeconds - opensSeconds + (closesSeconds > opensSeconds ? 0 : SECONDS_PER_DAY);
    const openings = [...new Set(days)].sort((a, b) => a - b).map((day) => day * SECONDS_PER_DAY + opensSeconds);
    this.#starts = startsSeconds;
    this.#sessions = openings.map((from, i): Session => {
      const next = openings[i + 1] ?? (openings[0] ?? 0) + SECONDS_PER_WEEK;
      return { from, to: from + length, gap: next - from - length };
    });
    invariant(this.#sessions.length > 0 && this.#sessions.every(({ gap }) => gap > 0), 'sessions need days, and time between them');
  }

  /** True from the very moment of an opening until just before the close. */
  isOpen(seconds: number): boolean {
    const { session, since } = this.#at(seconds);
    return since < session.to - session.from;
  }

  /** The first moment after this one at which the market opens or closes. Exact for whole seconds. */
  nextChange(seconds: number): number {
    const { session, since } = this.#at(seconds);
    const length = session.to - session.from;
    return seconds + (since < length ? length : length + session.gap) - since;
  }

  /**
   * Speed of the market's own time against the clock's, such that a week has seven days of either. A share of that time passes while the
   * market is closed, divided equally among the times between two sessions: a weekend counts as much as a night. For the variance of US stocks
   * that is about right: French and Roll (1986) find an open day's more than six times that of a weekend, and an open hour's 13 times that of an
   * hour of a night.
   */
  pace(seconds: number, overnightShare: number): number {
    const { session, since } = this.#at(seconds);
    const each = SECONDS_PER_WEEK / this.#sessions.length;
    const length = session.to - session.from;
    return since < length ? ((1 - overnightShare) * each) / length : (overnightShare * each) / session.gap;
  }

  /** The largest value of {@link pace}. */
  fastest(overnightShare: number): number {
    const paces = this.#sessions.flatMap(({ from, to }) =>
      [from, to].map((place) => this.pace(place - this.#starts + SECONDS_PER_WEEK, overnightShare)),
    );
    return Math.max(...paces);
  }

  /** The session that opened last, and the time since then. */
  #at(seconds: number): { readonly session: Session; readonly since: number } {
    const place = (this.#starts + seconds) % SECONDS_PER_WEEK;
    const before = this.#sessions.findLast(({ from }) => from <= place);
    const session = before ?? this.#sessions.at(-1);
    invariant(session !== undefined, 'a calendar without sessions');
    return { session, since: place - session.from + (before === undefined ? SECONDS_PER_WEEK : 0) };
  }
}
