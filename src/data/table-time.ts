import { utcSeconds } from './calendar.ts';

/** From here on a whole number is milliseconds, microseconds, nanoseconds since 1970: as seconds it would lie past the year 5000. */
const SCALES = [
  [1e17, 1e9],
  [1e14, 1e6],
  [1e11, 1e3],
] as const;

/** A day that stands alone is taken at its end: closing values belong there. */
const DAY_END_SECONDS = 86_400;

/**
 * Seconds since 1970 of a time as tables write it: `2026-01-02`, `2026-01-02T16:26:24.5Z`, the same with a blank or without a zone (UTC),
 * `01/02/2026` (month first), or a number of seconds, milliseconds, microseconds or nanoseconds. Undefined for any other text.
 */
export function tableTime(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    return value / (SCALES.find(([from]) => value >= from)?.[1] ?? 1);
  }
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)?.slice(1).map(Number);
  if (american !== undefined) {
    const [month = 0, day = 0, year = 0] = american;
    return dayEnd(utcSeconds({ year, month, day }));
  }
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?(?:Z|\+00:?00)?)?$/.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const seconds = utcSeconds({ year, month, day }, hour, minute, second);
  return parts[4] === undefined ? dayEnd(seconds) : seconds;
}

const dayEnd = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds + DAY_END_SECONDS);
