import { expect, test } from 'vitest';
import { FastMarket, fastMarketParams } from '../../../../src/agents/maker/protection/fast-market.ts';
import { CALM, PULL, WIDEN } from '../../../../src/agents/maker/protection/level.ts';

const VOL = 0.5;
/** Of five seconds, in basis points: some 2. */
const SD = VOL * Math.sqrt(5 / 31_536_000) * 10_000;

function stage(params: Record<string, unknown> = {}) {
  const guard = new FastMarket(fastMarketParams.parse({ minimumBp: 0, ...params }));
  return {
    guard,
    /** Shows the spot so many basis points from 70,000. */
    see: (seconds: number, bp: number) => guard.see(seconds, 70_000 * Math.exp(bp / 10_000)),
    level: (seconds: number) => guard.vote(seconds, VOL).level,
  };
}

test('widens and pulls at so many standard deviations, either way', () => {
  for (const sign of [1, -1]) {
    for (const [sds, level] of [
      [5.9, CALM.level],
      [6.1, WIDEN],
      [9.9, WIDEN],
      [10.1, PULL],
    ] as const) {
      const { see, level: found } = stage();
      see(100, 0);
      see(101, sign * sds * SD);
      expect(found(101), `${sds} standard deviations`).toBe(level);
    }
  }
});

test('tells the move in figures', () => {
  const { guard, see } = stage();
  see(0, 0);
  see(1, 34);
  expect(guard.vote(1, VOL)).toEqual({ level: PULL, reason: 'spot moved 34 bp in 5 s, 17 standard deviations' });
});

test('a move counts from anywhere in the window: also one that has come back in part, and one in many steps', () => {
  const back = stage();
  back.see(0, 0);
  back.see(1, -30);
  back.see(2, -2);
  // 28 basis points up from the low of a second ago.
  expect(back.level(2)).toBe(PULL);
  // Two looks in one piece of the window: the low and the high of it both count.
  for (const sign of [1, -1]) {
    const dip = stage();
    for (const [seconds, bp] of [
      [0, 0],
      [0.1, -30],
      [0.2, 0],
      [0.3, 0],
    ] as const) {
      dip.see(seconds, sign * bp);
    }
    expect(dip.level(0.3)).toBe(PULL);
  }
  const steps = stage();
  for (let tenth = 0; tenth <= 40; tenth += 1) steps.see(tenth / 10, tenth * 0.6);
  expect(steps.level(4)).toBe(PULL);
});

test('is calm again once the move has left the window', () => {
  const { see, level } = stage();
  see(0, 0);
  for (let second = 1; second <= 12; second += 1) {
    see(second, 40);
    // The window ends between 5 s and one piece of it later.
    if (second < 5) expect(level(second)).toBe(PULL);
    if (second > 6) expect(level(second)).toBe(CALM.level);
  }
});

test('a slow walk of the same length is none', () => {
  const { see, level } = stage();
  for (let second = 0; second <= 100; second += 1) {
    see(second, second * 2);
    expect(level(second)).toBe(CALM.level);
  }
});

test('moves below the minimum are none, however many standard deviations they are', () => {
  const { see, level } = stage({ minimumBp: 30 });
  see(0, 0);
  see(1, 29);
  expect(level(1)).toBe(CALM.level);
  see(1.1, 31);
  expect(level(1.1)).toBe(PULL);
});

test('a move of so many basis points is one, however few standard deviations it is', () => {
  const { see, level } = stage({ pullBp: 8, minimumBp: 50 });
  see(0, 0);
  see(1, -7.9);
  expect(level(1)).toBe(CALM.level);
  see(1.1, -8.1);
  expect(level(1.1)).toBe(PULL);
});

test('a gap between two sessions is none, once it has been told to forget', () => {
  const { guard, see, level } = stage();
  see(0, 0);
  guard.forget();
  see(1, 300);
  expect(level(1)).toBe(CALM.level);
  see(2, 340);
  expect(level(2)).toBe(PULL);
});
