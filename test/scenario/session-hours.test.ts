import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

/** `path: message` of all issues of `tiny` with these changes; none when it is accepted. */
function issues(...changes: readonly string[]): string[] {
  try {
    tinyScenario(changes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

const sessions = (text: string): string => `market.sessions={ ${text} }`;
const DAYS = "opens: '09:30', closes: '16:00'";
/** When the market of a scenario changes first, in hours; `closed` in front where it begins closed. */
const firstChanges = (...changes: readonly string[]): unknown[] => {
  const { venue } = tinyScenario(changes);
  const calendar = venue.sessions;
  if (calendar === undefined) return [];
  const first = calendar.nextChange(0);
  return [calendar.isOpen(0) ? 'open' : 'closed', first / 3600, calendar.nextChange(first) / 3600];
};

describe('sessions', () => {
  test.each<[string, unknown[]]>([
    [DAYS, ['open', 6.5, 24]],
    [`${DAYS}, starts: '08:00'`, ['closed', 1.5, 8]],
    [`${DAYS}, starts: '15:59'`, ['open', 1 / 60, 17 + 31 / 60]],
    [`${DAYS}, days: [mon, tue, wed, thu, fri], startsOn: fri`, ['open', 6.5, 72]],
    [`${DAYS}, days: [wed]`, ['closed', 48, 54.5]],
    ["opens: '18:00', closes: '17:00', starts: '00:00'", ['open', 17, 18]],
  ])('%s', (text, expected) => {
    const found = firstChanges(sessions(text));
    expect(found[0]).toBe(expected[0]);
    expect(found[1]).toBeCloseTo(expected[1] as number, 9);
    expect(found[2]).toBeCloseTo(expected[2] as number, 9);
  });

  test('end the days of day orders, and share the variance of a day', () => {
    const { venue, world } = tinyScenario([sessions(DAYS)]);
    expect(venue.dayEndsSeconds).toBe(Number.POSITIVE_INFINITY);
    expect(world.sessions).toEqual({ calendar: venue.sessions, overnightShare: 0.2 });
    expect(tinyScenario([sessions(DAYS), 'world.overnightShare=35 %']).world.sessions?.overnightShare).toBe(0.35);
    expect(tinyScenario().world.sessions).toBeUndefined();
  });
});

const TIME = 'expected a time of day, 00:00 to 23:59, in quotes';

describe('what is no session is told with the path, what was found and what was expected', () => {
  test.each<[string[], string[]]>([
    [[sessions("opens: '9:30', closes: '16:00'")], [`market.sessions.opens: found "9:30", ${TIME}`]],
    [[sessions("opens: '09:30', closes: '24:00'")], [`market.sessions.closes: found "24:00", ${TIME}`]],
    [[sessions("opens: 930, closes: '16:00'")], [`market.sessions.opens: found 930, ${TIME}`]],
    [[sessions("opens: '09:30'")], [`market.sessions.closes: missing; ${TIME}`]],
    [
      [sessions("opens: '09:30', closes: '09:30'")],
      ['market.sessions.closes: found the time of the opening, expected another one; without `sessions` the market is always open'],
    ],
    [[sessions(`${DAYS}, days: []`)], ['market.sessions.days: found an empty list, expected a list of at least 1 elements']],
    [[sessions(DAYS), 'market.dayEnds=8'], ['market.dayEnds: cannot be given beside `sessions`: their closes end the days']],
    [['world.overnightShare=0.3'], ['world.overnightShare: has no effect in a market without `sessions`']],
    [
      [sessions("opens: '09:30', closes: '09:31'"), 'world.regimes.calm.spot.kappa=30000'],
      [
        "world.stepMillis: in these sessions the market's time passes 1152.0 times as fast as the clock: 1000 ms is too long a step for the variance of regime calm",
      ],
    ],
  ])('%s', (changes, expected) => {
    expect(issues(...changes)).toEqual(expected);
  });
});

describe('the perpetual', () => {
  test('its basis is in fractions, and none where it is always 0', () => {
    expect(tinyScenario().world.basis).toBeUndefined();
    expect(tinyScenario(['world.basis={ meanBp: 0, halfLifeMinutes: 5 }']).world.basis).toBeUndefined();
    expect(tinyScenario(['world.basis={ meanBp: -8 }']).world.basis).toEqual({ mean: -0.0008, sd: 0, halfLifeMinutes: 60 });
    expect(tinyScenario(['world.basis={ sdBp: 3, halfLifeMinutes: 5 }']).world.basis).toEqual({ mean: 0, sd: 0.0003, halfLifeMinutes: 5 });
  });

  test('its funding is in fractions and seconds', () => {
    expect(tinyScenario().venue.funding).toBeUndefined();
    expect(tinyScenario(['market.funding={}']).venue.funding).toEqual({ intervalSeconds: 28_800, dampener: 0.00025, cap: 0.005 });
    const { funding } = tinyScenario(['market.funding={ intervalHours: 90 s, dampenerBp: 0, capBp: 10 }']).venue;
    expect(funding?.intervalSeconds).toBeCloseTo(90, 9);
    expect([funding?.dampener, funding?.cap]).toEqual([0, 0.001]);
  });

  test.each<[string, string]>([
    ['world.basis={ meanBp: 600 }', 'world.basis.meanBp: found 600, expected a number of at most 500'],
    ['world.basis={ sdBp: -1 }', 'world.basis.sdBp: found -1, expected a number from 0 to 200'],
    ['world.basis={ halfLifeMinutes: 0 }', 'world.basis.halfLifeMinutes: found 0, expected a number above 0 and at most 1000000'],
    [
      'market.funding={ intervalHours: 1.5 s }',
      "market.funding.intervalHours: found 0.0004166666666666667, expected a whole multiple of the world's step of 1 s",
    ],
    ['market.funding={ capBp: 0 }', 'market.funding.capBp: found 0, expected a number above 0 and at most 1000'],
  ])('%s is refused', (change, expected) => {
    expect(issues(change)).toEqual([expected]);
  });
});

test('a session that outlasts the run never closes it', () => {
  const sim = simulation(tinyScenario([sessions(DAYS)]));
  sim.advance(300);
  expect([sim.exchange.lifecycle.isOpen, sim.world.isOpen]).toEqual([true, true]);
});
