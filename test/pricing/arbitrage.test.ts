import { expect, test } from 'vitest';
import { butterflyMinimum, calendarMinimum } from '../../src/pricing/arbitrage.ts';

test('a slice within the sufficient bound has no butterfly, one far beyond has, at short and long expiries', () => {
  for (const theta of [3e-5, 1e-3, 0.05, 0.4]) {
    expect(butterflyMinimum({ theta, rho: -0.3, psi: 0.99 * Math.sqrt((4 * theta) / 1.3) })).toBeGreaterThan(0);
    expect(butterflyMinimum({ theta, rho: -0.3, psi: 3 * Math.sqrt((4 * theta) / 1.3) })).toBeLessThan(0);
  }
});

test('a calendar spread that costs nothing is seen at the money and in a wing', () => {
  const near = { theta: 0.02, rho: -0.2, psi: 0.12 };
  expect(calendarMinimum(near, near)).toBe(0);
  expect(calendarMinimum(near, { theta: 0.03, rho: -0.2, psi: 0.15 })).toBeGreaterThan(0.2);
  expect(calendarMinimum(near, { theta: 0.019, rho: -0.2, psi: 0.12 })).toBeCloseTo(-0.05, 2);
  // More variance at the money, less in the far put wing.
  expect(calendarMinimum(near, { theta: 0.021, rho: 0.3, psi: 0.12 })).toBeLessThan(-0.2);
});
