import { describe, expect, test } from 'vitest';
import { Pace, WORK_MILLIS } from '../../../src/app/dashboard/pace.ts';
import type { SnapshotSource } from '../../../src/app/dashboard/source.ts';
import { changedSpeed } from '../../../src/app/dashboard/use-simulation.ts';

/** A source that costs a given time of a clock which only it moves. */
function priced(millisPerSecond: number, horizon = Number.POSITIVE_INFINITY) {
  let clock = 0;
  let seconds = 0;
  let longest = 0;
  const source: SnapshotSource = {
    snapshot: () => {
      throw new Error('not asked for');
    },
    advance: (by) => {
      const cost = Math.min(by, horizon - seconds) * millisPerSecond;
      seconds = Math.min(horizon, seconds + by);
      clock += cost + 0.001;
      longest = Math.max(longest, cost);
    },
    step: () => {},
    get done() {
      return seconds >= horizon;
    },
  };
  return { source, pace: new Pace(() => clock), seconds: () => seconds, clock: () => clock, longest: () => longest };
}

describe('Pace', () => {
  test('a cheap source keeps up exactly', () => {
    const run = priced(0.1);
    for (let frame = 0; frame < 100; frame++) run.pace.advance(run.source, 60, 0.1);
    expect(run.seconds()).toBeCloseTo(600, 6);
    expect(run.pace.reached).toBeCloseTo(60, 6);
  });

  test('a dear source stays within the budget of each frame, and runs slower instead', () => {
    const run = priced(50);
    run.pace.advance(run.source, 60, 0.1);
    for (let frame = 0; frame < 50; frame++) {
      const before = run.clock();
      run.pace.advance(run.source, 60, 0.1);
      expect(run.clock() - before).toBeLessThan(WORK_MILLIS + 10);
    }
    // 60 ms of work buy 1.2 simulated seconds per frame of 0.1 s.
    expect(run.pace.reached).toBeGreaterThan(11);
    expect(run.pace.reached).toBeLessThan(14);
    expect(run.longest()).toBeLessThan(10);
  });

  test('a hiccup is made up for once; a standstill is not', () => {
    const run = priced(0.01);
    run.pace.advance(run.source, 10, 0.2);
    expect(run.seconds()).toBeCloseTo(2, 9);
    run.pace.advance(run.source, 10, 3600);
    expect(run.seconds()).toBeCloseTo(7, 9);
  });

  test('as fast as possible uses the budget, and stops at the end of the run', () => {
    const free = priced(1);
    free.pace.advance(free.source, Number.POSITIVE_INFINITY, 0.1);
    expect(free.clock()).toBeGreaterThan(WORK_MILLIS * 0.9);
    expect(free.clock()).toBeLessThan(WORK_MILLIS + 10);
    const short = priced(0.001, 500);
    short.pace.advance(short.source, Number.POSITIVE_INFINITY, 0.1);
    expect(short.seconds()).toBe(500);
  });
});

test('speeds double and halve within bounds, and come back from as fast as possible', () => {
  expect(changedSpeed(60, undefined, 'faster')).toBe(120);
  expect(changedSpeed(1, undefined, 'slower')).toBe(0.5);
  expect(changedSpeed(1 / 64, undefined, 'slower')).toBe(1 / 64);
  expect(changedSpeed(60, undefined, 'fastest')).toBe(Number.POSITIVE_INFINITY);
  expect(changedSpeed(Number.POSITIVE_INFINITY, 700, 'slower')).toBe(512);
  expect(changedSpeed(Number.POSITIVE_INFINITY, undefined, 'faster')).toBe(Number.POSITIVE_INFINITY);
});
