import { describe, expect, test } from 'vitest';
import { CALM, FLATTEN, REDUCE_ONLY } from '../../../../src/agents/maker/protection/level.ts';
import { Loss } from '../../../../src/agents/maker/protection/loss.ts';

const NEVER = Number.POSITIVE_INFINITY;

test('reduces near the limit, and stops for good beyond it', () => {
  const loss = new Loss({ lossDollars: 1000 }, 0.8, NEVER);
  expect(loss.vote(0, -799)).toBe(CALM);
  expect(loss.vote(1, -800)).toEqual({ level: REDUCE_ONLY, reason: 'loss of 800 $ near the limit of 1000 $' });
  expect(loss.vote(2, -1000).level).toBe(REDUCE_ONLY);
  const stop = { level: FLATTEN, reason: 'loss of 1001 $ beyond the limit of 1000 $' };
  expect(loss.vote(3, -1001)).toEqual(stop);
  // A profit after that changes nothing.
  expect(loss.vote(1e9, 5000)).toEqual(stop);
});

describe('each loss for itself', () => {
  test('of the day, from where it began', () => {
    const loss = new Loss({ lossDollars: 10_000, dayLossDollars: 500 }, NEVER, NEVER);
    expect(loss.vote(0, -500)).toBe(CALM);
    loss.newDay(-500);
    expect(loss.vote(1, -1000)).toBe(CALM);
    expect(loss.vote(2, -1001)).toEqual({ level: FLATTEN, reason: 'loss of the day of 501 $ beyond the limit of 500 $' });
  });

  test('from the peak', () => {
    const loss = new Loss({ lossDollars: 10_000, drawdownDollars: 300 }, NEVER, NEVER);
    for (const pnl of [0, 900, 600, 700]) expect(loss.vote(0, pnl)).toBe(CALM);
    expect(loss.vote(1, 599)).toEqual({ level: FLATTEN, reason: 'fall from the peak of 301 $ beyond the limit of 300 $' });
  });
});

test('a restart comes after its time, and grants all losses anew', () => {
  const loss = new Loss({ lossDollars: 1000, dayLossDollars: 1000, drawdownDollars: 1000 }, NEVER, 600);
  expect(loss.vote(100, -1001).level).toBe(FLATTEN);
  expect(loss.vote(699, -1200).level).toBe(FLATTEN);
  expect(loss.vote(700, -1200)).toBe(CALM);
  expect(loss.vote(701, -2200)).toBe(CALM);
  expect(loss.vote(702, -2201)).toEqual({ level: FLATTEN, reason: 'loss of 1001 $ beyond the limit of 1000 $' });
});
