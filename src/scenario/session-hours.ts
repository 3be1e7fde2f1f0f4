import { z } from 'zod';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../core/units.ts';
import { SessionCalendar, WEEKDAYS } from '../market/session-calendar.ts';
import type { WorldSessions, WorldSpec } from '../processes/world-spec.ts';
import type { Path } from './shown.ts';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
/** Share of a day's variance outside the session where a scenario names none; where it comes from stands in docs/conventions.md. */
const OVERNIGHT_SHARE = 0.2;

/** A time of day in whole minutes, as seconds after midnight. */
const timeOfDay = (about: string) => {
  const error = 'expected a time of day, 00:00 to 23:59, in quotes';
  return z
    .string({ error })
    .regex(CLOCK, { error })
    .transform((text) => Number(text.slice(0, 2)) * 3600 + Number(text.slice(3)) * 60)
    .describe(`${about}. A time of day such as "09:30".`);
};

const weekday = z.enum(WEEKDAYS);

/** When the venue is open (`market/session-calendar.ts`). */
export const sessionsSchema = z.strictObject({
  opens: timeOfDay('Time of day at which a session opens'),
  closes: timeOfDay('Time of day at which it closes; the next day where that is not after the opening'),
  starts: timeOfDay('Time of day at which the run begins; by default that of an opening').optional(),
  startsOn: weekday.default('mon').describe('day of the week on which the run begins'),
  days: z
    .array(weekday)
    .min(1)
    .default([...WEEKDAYS])
    .describe('days of the week on which a session opens'),
});

type SessionsDocument = z.output<typeof sessionsSchema>;
type FaultSink = (path: Path, message: string) => void;

/** The calendar of a document; undefined where the market never closes, or the document has a fault, which is told. */
export function sessionCalendar(sessions: SessionsDocument | undefined, fault: FaultSink): SessionCalendar | undefined {
  if (sessions === undefined) return undefined;
  const { opens, closes, starts, startsOn, days } = sessions;
  if (opens === closes) {
    fault(
      ['market', 'sessions', 'closes'],
      'found the time of the opening, expected another one; without `sessions` the market is always open',
    );
    return undefined;
  }
  return new SessionCalendar({
    opensSeconds: opens,
    closesSeconds: closes,
    days: days.map((day) => WEEKDAYS.indexOf(day)),
    startsSeconds: WEEKDAYS.indexOf(startsOn) * SECONDS_PER_DAY + (starts ?? opens),
  });
}

/** The world's parameters with what sessions do to it. Faults are told. */
export function withSessions(
  world: WorldSpec,
  calendar: SessionCalendar | undefined,
  overnightShare: number | undefined,
  fault: FaultSink,
): WorldSpec {
  if (calendar === undefined) {
    if (overnightShare !== undefined) fault(['world', 'overnightShare'], 'has no effect in a market without `sessions`');
    return world;
  }
  const sessions: WorldSessions = { calendar, overnightShare: overnightShare ?? OVERNIGHT_SHARE };
  checkSpeeds(world, calendar.fastest(sessions.overnightShare), fault);
  return { ...world, sessions };
}

/** In the market's own time steps are longer: see the same check of `world-build.ts`. */
function checkSpeeds({ regimes, stepMillis }: WorldSpec, pace: number, fault: FaultSink): void {
  const years = (stepMillis / 1000 / SECONDS_PER_YEAR) * pace;
  const slow = regimes.find(({ spot }) => spot.kappa * years > 1);
  if (slow === undefined) return;
  fault(
    ['world', 'stepMillis'],
    `in these sessions the market's time passes ${pace.toFixed(1)} times as fast as the clock: ${stepMillis} ms is too long a step for the variance of regime ${slow.name}`,
  );
}
