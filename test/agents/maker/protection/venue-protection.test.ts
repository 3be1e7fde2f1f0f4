import { describe, expect, test } from 'vitest';
import { CALM, FLATTEN, PULL, REDUCE_ONLY, WIDEN } from '../../../../src/agents/maker/protection/level.ts';
import { VenueProtection, venueProtectionParams } from '../../../../src/agents/maker/protection/venue-protection.ts';
import { instrumentId } from '../../../../src/core/units.ts';
import type { Report } from '../../../../src/market/order.ts';
import { FakeDesk, report } from '../../../support/fake-desk.ts';

const told = (kind: Report['kind'], more: Partial<Report> = {}) => report(kind, 0, instrumentId(0), 'buy', more);

function stage(params: Record<string, unknown> = {}, restartSeconds = Number.POSITIVE_INFINITY) {
  const desk = new FakeDesk();
  const guard = new VenueProtection(venueProtectionParams.parse(params), 2, { delta: 8, vega: 6000 }, restartSeconds);
  return { desk, guard, hear: (seconds: number, kind: Report['kind'], more?: Partial<Report>) => guard.hear(told(kind, more), seconds) };
}

test('is set in proportion to clip and limits, unless it says otherwise', () => {
  const { desk, guard } = stage();
  guard.set(desk);
  expect(desk.heard()).toEqual([
    { kind: 'protect', order: undefined, settings: { intervalNanos: 5e9, frozenNanos: 10e9, units: 16, delta: 4, vega: 600 } },
  ]);
  const own = stage({ intervalSeconds: 1, frozenSeconds: 0, units: 3, delta: 1, vega: 50 });
  expect(own.guard.settings).toEqual({ intervalNanos: 1e9, frozenNanos: 0, units: 3, delta: 1, vega: 50 });
  const off = stage({ enabled: false });
  off.guard.set(off.desk);
  expect(off.desk.heard()).toEqual([]);
});

describe('a freeze that ends by itself', () => {
  test('is over after its time, counted from its report', () => {
    const { guard, hear } = stage();
    expect(guard.vote(99)).toBe(CALM);
    hear(100, 'frozen');
    expect(guard.vote(100)).toEqual({ level: PULL, reason: "the venue's protection has taken all quotes out, for 10 s" });
    expect(guard.vote(109.9).level).toBe(PULL);
    expect(guard.vote(110)).toBe(CALM);
  });

  test('is waited for a little longer where the venue still refuses', () => {
    const { guard, hear } = stage();
    hear(100, 'frozen');
    hear(110, 'rejected', { reason: 'protection-frozen' });
    expect([guard.vote(110.9).level, guard.vote(111).level]).toEqual([PULL, 0]);
    // One that was sent before the freeze was known says nothing new.
    hear(200, 'frozen');
    hear(201, 'rejected', { reason: 'protection-frozen' });
    expect([guard.vote(209).level, guard.vote(210).level]).toEqual([PULL, 0]);
  });
});

test('a freeze that waits for a reset: asked for after its time, once, and only where nothing else speaks against it', () => {
  const { desk, guard, hear } = stage({ frozenSeconds: 0, restartSeconds: 30 });
  hear(100, 'frozen');
  expect(guard.vote(1e6)).toEqual({ level: PULL, reason: "the venue's protection has taken all quotes out, until it is reset" });
  guard.act(desk.at(129), 0);
  guard.act(desk.at(130), REDUCE_ONLY);
  expect(desk.heard()).toEqual([]);
  guard.act(desk.at(131), WIDEN);
  guard.act(desk.at(132), 0);
  expect(desk.heard()).toMatchObject([{ kind: 'reset-protection' }]);
  expect(guard.vote(132).level).toBe(PULL);
  hear(133, 'thawed');
  expect(guard.vote(133)).toBe(CALM);
});

test('too many within an hour stop it, until the restart', () => {
  const { guard, hear } = stage({ tripsPerHour: 2, frozenSeconds: 1 }, 600);
  hear(0, 'frozen');
  hear(3000, 'frozen');
  // The first one is more than an hour ago.
  hear(3601, 'frozen');
  expect(guard.vote(3602)).toBe(CALM);
  hear(3700, 'frozen');
  expect(guard.vote(3700)).toEqual({ level: FLATTEN, reason: "the venue's protection acted 3 times within an hour" });
  expect([guard.vote(4299).level, guard.vote(4300).level]).toEqual([FLATTEN, 0]);
});
