import { SECONDS_PER_DAY } from '../core/units.ts';

/** A day of the Gregorian calendar. */
export interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Days from 1 January 1970, counted in years that start in March (Hinnant 2013). */
export function daysSince1970({ year, month, day }: Day): number {
  const shifted = month > 2 ? year : year - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

/** The inverse of {@link daysSince1970} (Hinnant 2013). */
export function dayAt(days: number): Day {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}

/** Whether there is such a day. */
export function exists(day: Day): boolean {
  const back = dayAt(daysSince1970(day));
  return back.year === day.year && back.month === day.month && back.day === day.day;
}

/** 0 for Sunday to 6 for Saturday. */
export const weekday = (days: number): number => (((days + 4) % 7) + 7) % 7;

/** The day as Deribit writes it: `2JAN26`. */
export const dayLabel = ({ year, month, day }: Day): string => `${day}${monthLabel(month)}${String(year % 100).padStart(2, '0')}`;

/** `JAN` for 1 to `DEC` for 12; empty for any other. */
export const monthLabel = (month: number): string => MONTHS[month - 1] ?? '';

/** 1 to 12 for `Jan` or `JAN`; 0 for any other text. */
export const monthOf = (label: string): number => MONTHS.indexOf(label.toUpperCase()) + 1;

/** `2026-01-02T16:26:24Z` of seconds since 1970; what is below a second is cut. */
export function isoTime(seconds: number): string {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const { year, month, day } = dayAt(days);
  const rest = Math.floor(seconds - days * SECONDS_PER_DAY);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
}

/** Seconds since 1970 in UTC; undefined where no such time exists. */
export function utcSeconds(day: Day, hour = 0, minute = 0, second = 0): number | undefined {
  if (!exists(day) || hour >= 24 || minute >= 60 || second >= 60) return undefined;
  return daysSince1970(day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
}

/**
 * Seconds since 1970 of a time of day in New York, by the rule since 2007: four hours behind UTC from the second Sunday of March
 * to the first of November, five hours otherwise. The clock is taken to change at midnight, which no trading hour notices.
 */
export function newYorkSeconds(day: Day, hour: number, minute: number): number {
  const days = daysSince1970(day);
  const sunday = (month: number, from: number): number => {
    const earliest = daysSince1970({ year: day.year, month, day: from });
    return earliest + ((7 - weekday(earliest)) % 7);
  };
  const summer = days >= sunday(3, 8) && days < sunday(11, 1);
  return days * SECONDS_PER_DAY + (hour + (summer ? 4 : 5)) * 3600 + minute * 60;
}
