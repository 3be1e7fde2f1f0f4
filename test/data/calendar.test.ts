import { expect, test } from 'vitest';
import { dayAt, dayLabel, daysSince1970, exists, isoTime, monthOf, newYorkSeconds, utcSeconds, weekday } from '../../src/data/calendar.ts';

test('days and back, against the calendar of JavaScript, over two centuries', () => {
  for (let days = -25_567; days < 47_482; days += 13) {
    const date = new Date(days * 86_400_000);
    const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    expect(dayAt(days)).toEqual(day);
    expect(daysSince1970(day)).toBe(days);
    expect(weekday(days)).toBe(date.getUTCDay());
  }
});

test('time in New York is that of the tz database, in winter, summer and around the two changes of every year', () => {
  const shown = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short', hour12: false });
  for (let year = 2008; year <= 2030; year += 1) {
    for (const [month, day] of [
      [1, 15],
      [3, 8],
      [3, 13],
      [3, 14],
      [3, 15],
      [7, 1],
      [10, 31],
      [11, 1],
      [11, 2],
      [11, 7],
      [12, 31],
    ] as const) {
      const text = shown.format(new Date(1000 * newYorkSeconds({ year, month, day }, 16, 15)));
      expect(text).toBe(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}, 16:15`);
    }
  }
});

test('labels, ISO times, and days that are none', () => {
  expect(dayLabel({ year: 2026, month: 1, day: 2 })).toBe('2JAN26');
  expect(monthOf('Jan')).toBe(1);
  expect(monthOf('Foo')).toBe(0);
  expect(isoTime(1_590_103_193.775)).toBe('2020-05-21T23:19:53Z');
  expect(exists({ year: 2024, month: 2, day: 29 })).toBe(true);
  expect(exists({ year: 2026, month: 2, day: 29 })).toBe(false);
  expect(utcSeconds({ year: 2026, month: 1, day: 2 }, 24)).toBeUndefined();
  expect(utcSeconds({ year: 1970, month: 1, day: 2 }, 1, 1, 1)).toBe(86_400 + 3661);
});
