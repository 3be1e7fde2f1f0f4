import { expect, test } from 'vitest';
import { WorkingQuotes } from '../../../src/agents/maker/working-quotes.ts';
import { lots, ticks } from '../../../src/core/units.ts';
import type { OptionSeries } from '../../../src/market/instrument.ts';
import { FakeDesk, report } from '../../support/fake-desk.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const OPTION = CHAIN.options[4] as OptionSeries;
const SERIES = OPTION.id - 1;

function stage() {
  const desk = new FakeDesk();
  const quotes = new WorkingQuotes(CHAIN.options.length);
  const set = (price: number | undefined, size: number, side: 'buy' | 'sell' = 'buy') => {
    quotes.set(desk, OPTION, side, price === undefined ? undefined : ticks(price), size);
    return desk.heard();
  };
  return { desk, quotes, set };
}

test('opens with a limit order, and sends nothing while nothing changes', () => {
  const { quotes, set } = stage();
  expect(set(100, 10)).toEqual([{ kind: 'submit', order: 1, instrument: OPTION.id, side: 'buy', type: 'limit', price: 100, lots: 10 }]);
  expect(set(100, 10)).toEqual([]);
  expect([quotes.price(SERIES, 'buy'), quotes.size(SERIES, 'buy')]).toEqual([100, 10]);
  expect([quotes.price(SERIES, 'sell'), quotes.size(SERIES, 'sell')]).toEqual([undefined, 0]);
});

test('moves price and size by replacing the latest order', () => {
  const { set } = stage();
  set(100, 10);
  expect(set(101, 10)).toEqual([{ kind: 'replace', order: 2, old: 1, price: 101, lots: 10 }]);
  expect(set(101, 4)).toEqual([{ kind: 'replace', order: 3, old: 2, price: 101, lots: 4 }]);
});

test('fills up what has traded away, and opens anew once all of it has', () => {
  const { quotes, set } = stage();
  set(100, 10);
  quotes.hear(report('fill', 1, OPTION.id, 'buy', { lots: lots(7), remaining: lots(3) }));
  expect(quotes.size(SERIES, 'buy')).toBe(3);
  expect(set(100, 10)).toEqual([{ kind: 'replace', order: 2, old: 1, price: 100, lots: 10 }]);
  quotes.hear(report('fill', 2, OPTION.id, 'buy', { lots: lots(10), remaining: lots(0) }));
  expect(quotes.size(SERIES, 'buy')).toBe(0);
  expect(set(100, 10)).toMatchObject([{ kind: 'submit', order: 3 }]);
});

test('takes a quote out once', () => {
  const { set } = stage();
  set(100, 10);
  expect(set(undefined, 10)).toEqual([{ kind: 'cancel', order: 1 }]);
  expect(set(undefined, 10)).toEqual([]);
  expect(set(99, 10)).toMatchObject([{ kind: 'submit', order: 2 }]);
});

test('the two sides, and the series, are apart', () => {
  const { quotes, set } = stage();
  set(100, 10, 'buy');
  set(105, 8, 'sell');
  quotes.hear(report('fill', 2, OPTION.id, 'sell', { lots: lots(8), remaining: lots(0) }));
  expect([quotes.size(SERIES, 'buy'), quotes.size(SERIES, 'sell'), quotes.size(SERIES + 1, 'buy')]).toEqual([10, 0, 0]);
});

test('news of orders that were replaced or cancelled changes nothing', () => {
  const { quotes, set } = stage();
  set(100, 10);
  set(101, 10);
  quotes.hear(report('fill', 1, OPTION.id, 'buy', { lots: lots(4), remaining: lots(6) }));
  quotes.hear(report('removed', 1, OPTION.id, 'buy', { lots: lots(6) }));
  quotes.hear(report('accepted', 2, OPTION.id, 'buy', { lots: lots(10) }));
  expect([quotes.price(SERIES, 'buy'), quotes.size(SERIES, 'buy')]).toEqual([101, 10]);
  expect(set(101, 10)).toEqual([]);
});

test('an order that ended by itself is opened anew', () => {
  for (const kind of ['removed', 'rejected'] as const) {
    const { quotes, set } = stage();
    set(100, 10);
    quotes.hear(report(kind, 1, OPTION.id, 'buy', { lots: lots(10) }));
    expect(quotes.price(SERIES, 'buy')).toBeUndefined();
    expect(set(100, 10)).toMatchObject([{ kind: 'submit', order: 2 }]);
  }
});

test('one that was taken out in part offers the rest', () => {
  const { quotes, set } = stage();
  set(100, 10);
  quotes.hear(report('removed', 1, OPTION.id, 'buy', { lots: lots(4), remaining: lots(6) }));
  expect([quotes.price(SERIES, 'buy'), quotes.size(SERIES, 'buy')]).toEqual([100, 6]);
  expect(set(100, 6)).toEqual([]);
});

test('a replacement that came too late is opened anew', () => {
  const { quotes, set } = stage();
  set(100, 10);
  // The order trades away while the replacement is on its way, which the exchange then rejects under its new number.
  set(101, 10);
  quotes.hear(report('fill', 1, OPTION.id, 'buy', { lots: lots(10), remaining: lots(0) }));
  quotes.hear(report('rejected', 2, OPTION.id, 'buy', { lots: lots(10), reason: 'unknown-order' }));
  expect(set(101, 10)).toMatchObject([{ kind: 'submit', order: 3 }]);
});

test('where the position limit keeps an order back, there is none', () => {
  const { desk, quotes, set } = stage();
  desk.allows = false;
  expect(set(100, 10)).toEqual([]);
  expect(quotes.price(SERIES, 'buy')).toBeUndefined();
  desk.allows = true;
  set(100, 10);
  desk.allows = false;
  // A quote that may not be moved must not stay where it is no longer meant to be.
  expect(set(90, 10)).toEqual([{ kind: 'cancel', order: 1 }]);
  expect(quotes.price(SERIES, 'buy')).toBeUndefined();
});
