import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SessionCalendar, type SessionHours } from '../../src/market/session-calendar.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
/** 09:30 to 16:00 on weekdays; the run begins with Monday's opening. */
const STOCKS: SessionHours = { opensSeconds: 9.5 * HOUR, closesSeconds: 16 * HOUR, days: [0, 1, 2, 3, 4], startsSeconds: 9.5 * HOUR };

/** The first changes after the opening of the run, in hours. */
function changes(hours: SessionHours, count: number): number[] {
  const calendar = new SessionCalendar(hours);
  const found: number[] = [];
  for (let at = 0; found.length < count; ) {
    at = calendar.nextChange(at);
    found.push(at / HOUR);
  }
  return found;
}

describe('open and closed', () => {
  test('each day of the week that has a session, and again the next week', () => {
    const friday = 4 * 24;
    expect(changes(STOCKS, 4)).toEqual([6.5, 24, 30.5, 48]);
    expect(changes({ ...STOCKS, startsSeconds: STOCKS.startsSeconds + friday * HOUR }, 3)).toEqual([6.5, 72, 78.5]);
    const calendar = new SessionCalendar(STOCKS);
    const open = (hours: number): boolean => calendar.isOpen(hours * HOUR);
    expect([0, 6.49, 6.5, 23.99, 24, friday, friday + 6.5, friday + 24, friday + 48, 168, 174.5].map(open)).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test('a run may begin before the opening, or after the close', () => {
    expect(changes({ ...STOCKS, startsSeconds: 8 * HOUR }, 2)).toEqual([1.5, 8]);
    expect(changes({ ...STOCKS, startsSeconds: 16 * HOUR }, 2)).toEqual([17.5, 24]);
    expect(new SessionCalendar({ ...STOCKS, startsSeconds: 16 * HOUR }).isOpen(0)).toBe(false);
  });

  test('a session that closes no later than it opens runs over midnight, that of Sunday into the next week', () => {
    const futures = { opensSeconds: 18 * HOUR, closesSeconds: 17 * HOUR, days: EVERY_DAY, startsSeconds: 0 };
    expect(changes(futures, 4)).toEqual([17, 18, 41, 42]);
    const nights = { opensSeconds: 22 * HOUR, closesSeconds: 4 * HOUR, days: [6], startsSeconds: 0 };
    expect(changes(nights, 3)).toEqual([4, 166, 172]);
    expect(new SessionCalendar(nights).isOpen(0)).toBe(true);
  });

  test('an opening is open, a close is closed, and between two changes nothing changes', () => {
    fc.assert(
      fc.property(
        fc.nat(1439),
        fc.nat(1439),
        fc.subarray(EVERY_DAY, { minLength: 1 }),
        fc.nat(WEEK - 1),
        fc.nat(3 * WEEK),
        (opens, closes, days, starts, at) => {
          fc.pre(opens !== closes);
          const calendar = new SessionCalendar({ opensSeconds: 60 * opens, closesSeconds: 60 * closes, days, startsSeconds: starts });
          const next = calendar.nextChange(at);
          expect(next).toBeGreaterThan(at);
          expect(calendar.isOpen(next)).toBe(!calendar.isOpen(at));
          expect(calendar.isOpen(next - 1)).toBe(calendar.isOpen(at));
          expect(calendar.isOpen(at + WEEK)).toBe(calendar.isOpen(at));
        },
      ),
    );
  });
});

describe('the pace of market time', () => {
  test('is that of the definition: a share of each day at night, a weekend as much as a night', () => {
    const calendar = new SessionCalendar(STOCKS);
    // Seven days of market time to five sessions of 6.5 h, four nights of 17.5 h and a weekend of 65.5 h.
    expect(calendar.pace(0, 0.2)).toBeCloseTo((0.8 * 33.6) / 6.5, 12);
    expect(calendar.pace(10 * HOUR, 0.2)).toBeCloseTo((0.2 * 33.6) / 17.5, 12);
    expect(calendar.pace(5 * DAY, 0.2)).toBeCloseTo((0.2 * 33.6) / 65.5, 12);
    expect(calendar.fastest(0.2)).toBeCloseTo((0.8 * 33.6) / 6.5, 12);
    expect(calendar.fastest(1)).toBeCloseTo(33.6 / 17.5, 12);
  });

  test('over a week adds up to a week, of which the share is closed', () => {
    fc.assert(
      fc.property(
        fc.nat(47),
        fc.nat(47),
        fc.subarray(EVERY_DAY, { minLength: 1 }),
        fc.nat(335),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (opens, closes, days, starts, share) => {
          fc.pre(opens !== closes);
          const calendar = new SessionCalendar({
            opensSeconds: 1800 * opens,
            closesSeconds: 1800 * closes,
            days,
            startsSeconds: 1800 * starts,
          });
          let [all, closed] = [0, 0];
          for (let half = 0; half < 336; half += 1) {
            const passed = 1800 * calendar.pace(1800 * half + 900, share);
            all += passed;
            if (!calendar.isOpen(1800 * half)) closed += passed;
          }
          expect(all / WEEK).toBeCloseTo(1, 9);
          expect(closed / WEEK).toBeCloseTo(share, 9);
        },
      ),
    );
  });
});
