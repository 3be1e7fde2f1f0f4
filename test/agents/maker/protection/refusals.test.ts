import { describe, expect, test } from 'vitest';
import { CALM, PULL } from '../../../../src/agents/maker/protection/level.ts';
import { Refusals, refusalParams } from '../../../../src/agents/maker/protection/refusals.ts';

const stage = (params: Record<string, unknown> = {}) =>
  new Refusals(refusalParams.parse({ perMinute: 3, disconnectsPerHour: 2, pauseSeconds: 100, ...params }));

describe('refused requests', () => {
  test('so many within a minute, and it stays out for a while', () => {
    const guard = stage();
    for (const second of [0, 30]) guard.refused(second, 'price-outside-band');
    expect(guard.vote(30)).toBe(CALM);
    guard.refused(60, 'too-many-requests');
    expect(guard.vote(60)).toEqual({ level: PULL, reason: '3 requests refused within a minute, the last one as too-many-requests' });
    expect(guard.vote(159.9).level).toBe(PULL);
    expect(guard.vote(160)).toBe(CALM);
  });

  test('spread over longer they are none', () => {
    const guard = stage();
    for (let second = 0; second < 1000; second += 31) {
      guard.refused(second, 'price-off-tick');
      expect(guard.vote(second)).toBe(CALM);
    }
  });

  test.each(['unknown-order', 'would-trade', 'protection-frozen', 'market-closed', 'not-connected'] as const)(
    '%s is in order',
    (reason) => {
      const guard = stage();
      for (let i = 0; i < 20; i += 1) guard.refused(i, reason);
      expect(guard.vote(20)).toBe(CALM);
    },
  );
});

describe('a lost connection', () => {
  test('has no quotes while it lasts', () => {
    const guard = stage();
    guard.connected(10, false);
    expect(guard.vote(11)).toEqual({ level: PULL, reason: 'no connection to the exchange' });
    guard.connected(12, true);
    expect(guard.vote(12)).toBe(CALM);
  });

  test('again and again within an hour, and it stays out after the last one', () => {
    const guard = stage();
    for (const at of [0, 3700, 7000]) {
      guard.connected(at, false);
      guard.connected(at + 5, true);
      expect(guard.vote(at + 5), `${at}`).toEqual(at === 7000 ? { level: PULL, reason: 'connection lost 2 times within an hour' } : CALM);
    }
    expect([guard.vote(7104.9).level, guard.vote(7105).level]).toEqual([PULL, 0]);
  });
});
