import { expect, test } from 'vitest';
import { CALM, PULL, WIDEN } from '../../../../src/agents/maker/protection/level.ts';
import { offMarket, offMarketParams } from '../../../../src/agents/maker/protection/off-market.ts';
import { FakeDesk, FakeOracle, TEST_SPOT } from '../../../support/fake-desk.ts';
import { smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain([{ days: 30, strikes: [58_000, 61_000, 64_000, 67_000, 70_500, 73_000, 76_000, 80_000] }]);
const { fair } = new FakeOracle(CHAIN);
/** Out of the money: one per strike. */
const OUTER = CHAIN.options.filter(({ right, strike }) => (right === 'call') === strike > TEST_SPOT);
const HALF = 30;

/** Shows books around the values, `off` dollars away from them in the first `count` of the series. */
function vote(count: number, off: number, series = OUTER, params: Record<string, unknown> = {}) {
  const desk = new FakeDesk();
  for (const [i, option] of series.entries()) {
    const middle = (fair.price[option.id - 1] ?? 0) + (i < count ? off : 0);
    desk.show(option.id, Math.floor((middle - 20) / option.tickSize), Math.ceil((middle + 20) / option.tickSize));
  }
  return offMarket(offMarketParams.parse(params), CHAIN, fair, desk, 0, () => HALF);
}

test('values inside the books, or outside by less than two half-spreads, agree', () => {
  expect(vote(8, 0)).toBe(CALM);
  // Ticks are 5 dollars: books reach from 20 to 25 dollars from their middle.
  for (const off of [74, -74]) expect(vote(8, off)).toBe(CALM);
});

test('counts the books that disagree, either way', () => {
  for (const off of [90, -90]) {
    expect(vote(2, off)).toBe(CALM);
    expect(vote(3, off)).toEqual({ level: WIDEN, reason: 'own quotes would cross the market in 3 of 8 books' });
    expect(vote(4, off).level).toBe(PULL);
  }
});

test('books in the money do not count: there a move of the spot is all', () => {
  const inner = CHAIN.options.filter((option) => !OUTER.includes(option));
  expect(vote(8, 500, inner)).toBe(CALM);
  expect(vote(8, 500, OUTER).level).toBe(PULL);
});

test('nor do fewer books than the minimum, one-sided ones, or series without a spread of their own', () => {
  expect(vote(3, 500, OUTER.slice(0, 3))).toBe(CALM);
  expect(vote(4, 500, OUTER.slice(0, 4)).level).toBe(PULL);
  expect(vote(4, 500, OUTER.slice(0, 4), { booksMinimum: 5 })).toBe(CALM);
  const desk = new FakeDesk();
  for (const option of OUTER) desk.show(option.id, 1000, undefined);
  expect(offMarket(offMarketParams.parse({}), CHAIN, fair, desk, 0, () => HALF)).toBe(CALM);
  for (const option of OUTER) desk.show(option.id, 10_000, 10_001);
  expect(offMarket(offMarketParams.parse({}), CHAIN, fair, desk, 0, () => 0)).toBe(CALM);
  expect(offMarket(offMarketParams.parse({}), CHAIN, fair, desk, 0, () => HALF).level).toBe(PULL);
});
