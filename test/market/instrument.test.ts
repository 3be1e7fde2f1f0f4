import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { lots, ticks } from '../../src/core/units.ts';
import { midTicks } from '../../src/market/data.ts';
import { moneyPerTickLot, priceFromTicks, ticksAbove, ticksBelow, ticksNearest, unitsFromLots } from '../../src/market/instrument.ts';
import { opposite, signOf } from '../../src/market/order.ts';
import { smallChain } from '../support/small-chain.ts';

const { underlying } = smallChain();
const listing = (tickSize: number) => ({ ...underlying, tickSize });

describe('ticks and prices', () => {
  const size = fc.constantFrom(0.0001, 0.01, 0.05, 0.1, 0.5, 1, 5, 25);

  test('bids round down, asks up, by less than a tick; a price on the grid stays where it is', () => {
    fc.assert(
      fc.property(size, fc.double({ min: 0, max: 100_000, noNaN: true }), (tickSize, price) => {
        const at = listing(tickSize);
        const [below, above] = [ticksBelow(at, price), ticksAbove(at, price)];
        // A price within 1e-9 of a tick counts as that tick.
        const slack = 2e-9 * tickSize + 1e-9;
        expect(below * tickSize).toBeLessThanOrEqual(price + slack);
        expect(above * tickSize).toBeGreaterThanOrEqual(price - slack);
        expect(above - below).toBeLessThanOrEqual(1);
        expect([below, above]).toContain(ticksNearest(at, price));
      }),
    );
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 1_000_000 }), (tickSize, count) => {
        const at = listing(tickSize);
        const price = priceFromTicks(at, count);
        expect([ticksBelow(at, price), ticksAbove(at, price), ticksNearest(at, price)]).toEqual([count, count, count]);
        // The decimal that people write for it is the same tick.
        const written = Number((count * tickSize).toFixed(6));
        expect([ticksBelow(at, written), ticksAbove(at, written)]).toEqual([count, count]);
      }),
    );
  });

  test('a tick of a lot is worth whole money, or the sizes are refused', () => {
    expect(moneyPerTickLot(5, 0.1)).toBe(500_000);
    expect(moneyPerTickLot(0.1, 0.1)).toBe(10_000);
    expect(moneyPerTickLot(0.0001, 0.01)).toBe(1);
    for (const [tick, lot] of [
      [0.5, 0.000_001_5],
      [0.000_01, 0.01],
      [0, 1],
      [-1, 1],
    ] as const) {
      expect(() => moneyPerTickLot(tick, lot)).toThrow(InvariantError);
    }
  });

  test('lots keep their sign in units', () => {
    expect(unitsFromLots(underlying, lots(-250))).toBe(-2.5);
  });
});

test('a mid needs two sides, and may be half a tick', () => {
  const bbo = { bid: ticks(10), bidLots: lots(1), ask: ticks(13), askLots: lots(2) };
  expect(midTicks(bbo)).toBe(11.5);
  expect(midTicks({ ...bbo, bid: undefined })).toBeUndefined();
  expect(midTicks({ ...bbo, ask: undefined })).toBeUndefined();
});

test('sides', () => {
  expect([signOf('buy'), signOf('sell'), opposite('buy'), opposite('sell')]).toEqual([1, -1, 'sell', 'buy']);
});
