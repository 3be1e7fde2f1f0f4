import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { SessionCalendar } from '../../src/market/session-calendar.ts';
import { MarketTime } from '../../src/processes/market-time.ts';
import { World } from '../../src/processes/world.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';
import { STILL, worldSpec } from '../support/world-fixture.ts';

const HOUR = 3600;
const CALENDAR = new SessionCalendar({
  opensSeconds: 9.5 * HOUR,
  closesSeconds: 16 * HOUR,
  days: [0, 1, 2, 3, 4, 5, 6],
  startsSeconds: 9.5 * HOUR,
});
const STEPS_PER_DAY = 8640;
const OPEN_STEPS = 2340;
/** Vol of 50 % that stays there, and factors that move by 5 % of vol a day. */
const STEADY = {
  ...STILL,
  spot: { ...STILL.spot, theta: 0.25 },
  surface: { ...STILL.surface, dailySd: [0.05, 0.05, 0.05, 0.05] },
};

/** Squared moves of ln spot and of the level per step of 10 s, and customers, over some days. */
function days(count: number, overnightShare: number | undefined) {
  const chain = smallChain([{ days: 300, strikes: [60_000, 70_000, 80_000] }]);
  const sessions = overnightShare === undefined ? undefined : { calendar: CALENDAR, overnightShare };
  const spec = worldSpec({
    stepMillis: 10_000,
    startVol: 0.5,
    meanReversion: false,
    regimes: [STEADY],
    startRegime: 0,
    transitionsPerDay: [[0]],
    sessions,
  });
  const world = new World(spec, chain, plainTerms(chain), streams('5'));
  const rows: { readonly isOpen: boolean; readonly spot: number; readonly level: number; readonly candidates: number }[] = [];
  for (let step = 0; step < count * STEPS_PER_DAY; step += 1) {
    const [isOpen, spot, level, candidates] = [world.isOpen, world.spot(), world.factor(0), world.candidates().length];
    world.advance();
    const [move, shift] = [Math.log(world.spot() / spot), world.factor(0) - level];
    rows.push({ isOpen, spot: move * move, level: shift * shift, candidates });
  }
  return rows;
}

type Row = ReturnType<typeof days>[number];
const sum = (rows: readonly Row[], of: 'spot' | 'level' | 'candidates'): number => rows.reduce((total, row) => total + row[of], 0);

describe('a world with sessions', () => {
  const rows = days(4, 0.2);
  const [open, closed] = [rows.filter(({ isOpen }) => isOpen), rows.filter(({ isOpen }) => !isOpen)];

  test('is open for the hours of the session', () => {
    expect([open.length, closed.length]).toEqual([4 * OPEN_STEPS, 4 * (STEPS_PER_DAY - OPEN_STEPS)]);
  });

  test.each(['spot', 'level'] as const)('has a fifth of the variance of its %s overnight, and as much in all as without', (of) => {
    // A sum of n squared normal moves of one size is off by √(2/n) of itself: 4 of these.
    const share = sum(closed, of) / sum(rows, of);
    expect(Math.abs(share - 0.2)).toBeLessThan(4 * 0.2 * 0.8 * Math.sqrt(2 / open.length + 2 / closed.length));
    const daily = of === 'spot' ? 0.25 / 365 : 0.05 * 0.05;
    expect(Math.abs(sum(rows, of) / (4 * daily) - 1)).toBeLessThan(4 * Math.sqrt(2 / open.length));
  });

  test('has customers while it is open, and nobody else', () => {
    expect(sum(closed, 'candidates')).toBe(0);
    expect(sum(open, 'candidates') / (4 * 6.5)).toBeGreaterThan(2500);
  });
});

test('without sessions market time is clock time, to the bit', () => {
  const time = new MarketTime(undefined, 1000);
  expect([time.isOpen(1e6), time.pace(1e6)]).toEqual([true, 1]);
  expect(days(1, undefined).every(({ isOpen }) => isOpen)).toBe(true);
});

test('a step is open when its start is, also on grids that are not exact in binary', () => {
  const time = new MarketTime({ calendar: CALENDAR, overnightShare: 0.2 }, 300);
  const close = (6.5 * HOUR) / 0.3;
  expect([close - 1, close].map((step) => time.isOpen(Math.round(step)))).toEqual([true, false]);
  expect(time.isOpen((24 * HOUR * 1000) / 300)).toBe(true);
});
