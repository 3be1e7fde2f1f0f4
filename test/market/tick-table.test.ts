import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ticks, ticks } from '../../src/core/units.ts';
import { buildChain } from '../../src/market/chain.ts';
import { type Listing, ticksAbove, ticksBelow } from '../../src/market/instrument.ts';
import { isOnTick, nextAbove, nextBelow, stepAt, steppedDown, steppedUp, type TickTable } from '../../src/market/tick-table.ts';

const table = (...bands: readonly (readonly [from: number, step: number])[]): TickTable =>
  bands.map(([from, step]) => ({ from: ticks(from), step }));

/** 1 below 20, then 5, then 10 from 100 on. */
const BANDED = table([20, 5], [100, 10]);

/** Tables as scenarios make them: steps that multiply, each edge a multiple of its own band's step. */
const tables: fc.Arbitrary<TickTable> = fc
  .array(fc.record({ factor: fc.integer({ min: 2, max: 5 }), gap: fc.integer({ min: 1, max: 6 }) }), { maxLength: 4 })
  .map((bands) => {
    let [from, step] = [0, 1];
    return bands.map(({ factor, gap }) => {
      step *= factor;
      from = (Math.floor(from / step) + gap) * step;
      return { from: ticks(from), step };
    });
  });
const price = fc.integer({ min: 1, max: 20_000 }).map(ticks);
/** A price that is one, and its table. */
const priced = fc.tuple(tables, price).map(([of, at]): [TickTable, Ticks] => [of, steppedUp(of, at)]);

describe('a banded table', () => {
  test.each([
    [1, 1],
    [19, 1],
    [20, 5],
    [99, 5],
    [100, 10],
    [100_000, 10],
  ])('at %i has steps of %i', (at, step) => {
    expect(stepAt(BANDED, at)).toBe(step);
  });

  test.each([
    // [whole ticks, last valid price at or below, first at or above, next below, next above]
    [19, 19, 19, 18, 20],
    [20, 20, 20, 19, 25],
    [21, 20, 25, undefined, undefined],
    [25, 25, 25, 20, 30],
    [99, 95, 100, undefined, undefined],
    [100, 100, 100, 95, 110],
    [101, 100, 110, undefined, undefined],
    [1, 1, 1, 0, 2],
  ])('%i: down to %i, up to %i; its neighbours are %s and %s', (at, down, up, below, above) => {
    expect([steppedDown(BANDED, at), steppedUp(BANDED, at)]).toEqual([down, up]);
    expect(isOnTick(BANDED, at)).toBe(below !== undefined);
    if (below !== undefined) expect([nextBelow(BANDED, ticks(at)), nextAbove(BANDED, ticks(at))]).toEqual([below, above]);
  });

  test('without bands every tick is a price', () => {
    expect([
      stepAt([], 7),
      isOnTick([], 7),
      steppedDown([], 7),
      steppedUp([], 7),
      nextBelow([], ticks(7)),
      nextAbove([], ticks(7)),
    ]).toEqual([1, true, 7, 7, 6, 8]);
  });
});

describe('for any table', () => {
  test('stepping gives valid prices, the nearest there are, and leaves valid ones alone', () => {
    fc.assert(
      fc.property(tables, price, (of, at) => {
        const [down, up] = [steppedDown(of, at), steppedUp(of, at)];
        expect(down <= at && at <= up).toBe(true);
        expect([isOnTick(of, down), isOnTick(of, up)]).toEqual([true, true]);
        expect([steppedDown(of, down), steppedUp(of, down), steppedDown(of, up), steppedUp(of, up)]).toEqual([down, down, up, up]);
        for (let between = down + 1; between < up; between += 1) expect(isOnTick(of, between)).toBe(false);
      }),
    );
  });

  test('stepping keeps the order of prices', () => {
    fc.assert(
      fc.property(tables, price, fc.integer({ min: 0, max: 60 }), (of, at, more) => {
        expect(steppedDown(of, at)).toBeLessThanOrEqual(steppedDown(of, at + more));
        expect(steppedUp(of, at)).toBeLessThanOrEqual(steppedUp(of, at + more));
      }),
    );
  });

  test('neighbours are each other’s, valid, and have no price between them', () => {
    fc.assert(
      fc.property(priced, ([of, at]) => {
        const [below, above] = [nextBelow(of, at), nextAbove(of, at)];
        expect(below < at && at < above).toBe(true);
        expect([isOnTick(of, below), isOnTick(of, above)]).toEqual([true, true]);
        expect([nextAbove(of, below), nextBelow(of, above)]).toEqual([at, at]);
        for (let between = below + 1; between < above; between += 1) expect(isOnTick(of, between)).toBe(between === at);
      }),
    );
  });
});

describe('prices of an instrument', () => {
  const listed = (tickSize: number, tickTable: TickTable): Listing => {
    const [option] = buildChain({
      symbol: 'XYZ',
      underlying: { tickSize: 1, lotSize: 0.1 },
      options: { tickSize, lotSize: 0.1, tickTable },
      expiries: [{ label: '7d', years: 7 / 365, carry: 0, strikes: [100] }],
    }).options;
    if (option === undefined) throw new Error('the chain has no option');
    return option;
  };

  test('round to valid prices on their own side, across bands', () => {
    const listing = listed(0.05, BANDED);
    // 20 ticks are a dollar; from there on prices are multiples of 0.25, from 5 dollars on of 0.50.
    for (const [dollars, below, above] of [
      [0.99, 19, 20],
      [1, 20, 20],
      [1.01, 20, 25],
      [1.25, 25, 25],
      [4.99, 95, 100],
      [5.01, 100, 110],
    ] as const) {
      expect([ticksBelow(listing, dollars), ticksAbove(listing, dollars)]).toEqual([below, above]);
    }
  });

  test('for any price and table are the nearest valid ones, but for rounding noise', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom(0.01, 0.05, 0.1, 5), fc.double({ min: 0.5, max: 5_000, noNaN: true }), (of, tickSize, raw) => {
        const listing = listed(tickSize, of);
        const dollars = raw * tickSize;
        const [below, above] = [ticksBelow(listing, dollars), ticksAbove(listing, dollars)];
        expect([isOnTick(of, below), isOnTick(of, above)]).toEqual([true, true]);
        expect(below * tickSize).toBeLessThanOrEqual(dollars * (1 + 1e-8));
        expect(above * tickSize).toBeGreaterThanOrEqual(dollars * (1 - 1e-8));
        expect(above === below || nextAbove(of, below) === above).toBe(true);
      }),
    );
  });
});
