import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fundingPerLot, fundingRate } from '../../src/exchange/funding.ts';
import { smallChain } from '../support/small-chain.ts';

const TERMS = { intervalSeconds: 28_800, dampener: 0.00025, cap: 0.005 };

describe('the rate', () => {
  test.each<[string, number, number]>([
    ['within the dampener: nothing', 0.0002, 0],
    ['at the dampener: nothing', -0.00025, 0],
    ['above it: what is above', 0.001, 0.00075],
    ['below it: the same with the other sign', -0.001, -0.00075],
    ['beyond the cap: the cap', 0.02, 0.005],
    ['beyond the cap the other way', -0.02, -0.005],
  ])('%s', (_, premium, rate) => {
    expect(fundingRate(premium, TERMS)).toBeCloseTo(rate, 15);
  });

  test('for an interval is its part of eight hours', () => {
    expect(fundingRate(0.001, { ...TERMS, intervalSeconds: 3600 })).toBeCloseTo(0.00075 / 8, 15);
    expect(fundingRate(0.02, { ...TERMS, intervalSeconds: 60 })).toBeCloseTo(0.005 / 480, 15);
  });

  test('is odd in the premium, never falls with it, and never has the other sign', () => {
    const premium = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(premium, premium, (a, b) => {
        expect(fundingRate(-a, TERMS) + fundingRate(a, TERMS)).toBeCloseTo(0, 15);
        expect(fundingRate(Math.max(a, b), TERMS)).toBeGreaterThanOrEqual(fundingRate(Math.min(a, b), TERMS));
        expect(fundingRate(a, TERMS) * a).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test('per lot it is whole millionths, to the nearest, and 0 is 0', () => {
  const { underlying } = smallChain();
  // 0.01 units of 70,000 dollars at a rate of 0.75 bp are 0.0525 dollars.
  expect(fundingPerLot(underlying, 70_000, 0.000075)).toBe(52_500);
  expect(fundingPerLot(underlying, 70_000, -0.000075)).toBe(-52_500);
  expect(fundingPerLot(underlying, 70_001.234, 0.000075)).toBe(52_501);
  expect(Object.is(fundingPerLot(underlying, 70_000, -1e-12), 0)).toBe(true);
});
