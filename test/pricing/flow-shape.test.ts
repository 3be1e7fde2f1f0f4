import { expect, test } from 'vitest';
import { screenHalfSpread, strikeWeight, tenorSpread, tenorWeight } from '../../src/pricing/flow-shape.ts';

test.each([
  [0.1, 0.35],
  [2, 0.35],
  [2.1, 0.25],
  [10, 0.25],
  [45, 0.2],
  [120, 0.12],
  [121, 0.08],
  [1e6, 0.08],
])('interest in an expiry %d days away: %d', (days, weight) => {
  expect(tenorWeight(days)).toBe(weight);
});

test('interest in a strike falls with its distance on both sides, and prefers what is out of the money', () => {
  expect(strikeWeight(0, true)).toBe(1.5);
  expect(strikeWeight(2, true)).toBeCloseTo(1.5 / 1.5, 14);
  expect(strikeWeight(-2, true)).toBe(strikeWeight(2, true));
  expect(strikeWeight(1, false) / strikeWeight(1, true)).toBeCloseTo(0.08 / 1.5, 14);
});

test('spreads: 1 at 30 days, linear in the logs between the days that are known', () => {
  expect(tenorSpread(1)).toBe(1);
  for (const [days, spread] of [
    [1, 2.4],
    [0.04, 12],
    [7, 1.6],
    [Math.sqrt(7 * 30), Math.sqrt(1.6)],
    [90, 0.68],
    [270, 0.68 * 0.68],
  ] as const) {
    expect(tenorSpread(days / 30), `${days} days`).toBeCloseTo(spread, 12);
  }
  expect(screenHalfSpread(0.01, 0.5, 3)).toBeCloseTo(0.0034, 14);
});
