import { expect, test } from 'vitest';
import { Latch } from '../../../../src/agents/maker/protection/latch.ts';
import { CALM, FLATTEN, type Level, NORMAL, PULL, REDUCE_ONLY, WIDEN } from '../../../../src/agents/maker/protection/level.ts';

const vote = (level: Level, reason = `${level}`) => ({ level, reason });

test('rises at once, and holds until nothing as high was asked for in the time of calm', () => {
  const latch = new Latch();
  expect(latch.vote(vote(PULL), 100, 10)).toBe(true);
  expect(latch.level).toBe(PULL);
  expect(latch.vote(CALM, 109.9, 10)).toBe(false);
  expect(latch.level).toBe(PULL);
  expect(latch.vote(CALM, 110, 10)).toBe(true);
  expect(latch.level).toBe(NORMAL);
});

test('a vote within the time of calm begins it anew', () => {
  const latch = new Latch();
  latch.vote(vote(PULL), 0, 10);
  latch.vote(vote(PULL), 8, 10);
  latch.vote(CALM, 17.9, 10);
  expect(latch.level).toBe(PULL);
  latch.vote(CALM, 18, 10);
  expect(latch.level).toBe(NORMAL);
});

test('falls by steps where votes fall so', () => {
  const latch = new Latch();
  latch.vote(vote(PULL), 0, 10);
  latch.vote(vote(REDUCE_ONLY), 5, 10);
  latch.vote(vote(WIDEN), 9, 10);
  const levels = [10, 14.9, 15, 18.9, 19].map((now) => {
    latch.vote(CALM, now, 10);
    return latch.level;
  });
  expect(levels).toEqual([REDUCE_ONLY, REDUCE_ONLY, WIDEN, WIDEN, NORMAL]);
});

test('keeps the reason of what it holds, and takes over a new one for the same', () => {
  const latch = new Latch();
  latch.vote(vote(PULL, 'a jump'), 0, 10);
  latch.vote(vote(WIDEN, 'a move'), 1, 10);
  expect(latch.reason).toBe('a jump');
  latch.vote(vote(PULL, 'another jump'), 2, 10);
  expect(latch.reason).toBe('another jump');
  latch.vote(vote(FLATTEN, 'a loss'), 3, 10);
  expect([latch.level, latch.reason]).toEqual([FLATTEN, 'a loss']);
});

test('without a time of calm it is what is voted for', () => {
  const latch = new Latch();
  for (const level of [PULL, NORMAL, WIDEN, FLATTEN, NORMAL] as const) {
    latch.vote(vote(level), 5, 0);
    expect(latch.level).toBe(level);
  }
});
