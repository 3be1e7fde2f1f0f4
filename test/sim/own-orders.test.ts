import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instrumentId, lots, money, orderId, ticks } from '../../src/core/units.ts';
import type { Report, Side, WantedQuote } from '../../src/market/order.ts';
import { OwnOrders } from '../../src/sim/own-orders.ts';
import { DeskMarket } from '../support/desk-market.ts';

const SERIES = instrumentId(3);
const OTHER = instrumentId(4);

function report(kind: Report['kind'], order: number, size = 0, more: Partial<Report> = {}): Report {
  const at = { instrument: instrumentId(0), side: 'buy', price: ticks(0) } as const;
  const rest = { remaining: lots(0), liquidity: 'maker', fee: money(0), reason: undefined } as const;
  return { kind, order: orderId(order), lots: lots(size), ...at, ...rest, ...more };
}

/** Message 10 with a bid (1) and an offer (2) in one series and a bid (3) in another, and an ordinary bid (4). */
function quoted(): OwnOrders {
  const own = new OwnOrders(new Float64Array(7).fill(10));
  own.sent(orderId(1), SERIES, 'buy', lots(3));
  own.sent(orderId(2), SERIES, 'sell', lots(4));
  own.sent(orderId(3), OTHER, 'buy', lots(5));
  own.quoted(orderId(10), [orderId(1), orderId(2), orderId(3)]);
  own.sent(orderId(4), SERIES, 'buy', lots(2));
  return own;
}

const open = (own: OwnOrders): number[] => [own.openLots(SERIES, 'buy'), own.openLots(SERIES, 'sell'), own.openLots(OTHER, 'buy')];
const known = (own: OwnOrders): number[] => {
  const orders: number[] = [];
  own.forEach((order) => void orders.push(order));
  return orders;
};

describe('a mass quote', () => {
  test('counts with all its sides while it is under way', () => {
    const own = quoted();
    expect(open(own)).toEqual([5, 4, 5]);
    expect([own.allows(SERIES, 'buy', lots(5)), own.allows(SERIES, 'buy', lots(6))]).toEqual([true, false]);
    expect([own.allows(SERIES, 'sell', lots(6)), own.allows(SERIES, 'sell', lots(7))]).toEqual([true, false]);
  });

  test('that is refused releases them all, and no other order', () => {
    const own = quoted();
    own.hear(report('rejected', 10, 0, { reason: 'protection-frozen' }));
    expect(open(own)).toEqual([2, 0, 0]);
    expect(known(own)).toEqual([4]);
    // Only once.
    own.hear(report('rejected', 10, 0, { reason: 'protection-frozen' }));
    expect(open(own)).toEqual([2, 0, 0]);
  });

  test('that is carried out keeps what rests; its sides come to an end one by one', () => {
    const own = quoted();
    own.hear(report('fill', 1, 1));
    own.hear(report('accepted', 1, 2));
    own.hear(report('removed', 2, 4));
    own.hear(report('accepted', 3, 5));
    own.hear(report('quoted', 10, 2));
    expect(open(own)).toEqual([4, 0, 5]);
    expect(known(own)).toEqual([1, 3, 4]);
    expect(own.position(SERIES)).toBe(1);
    own.hear(report('removed', 3, 5));
    own.hear(report('frozen', 0));
    own.hear(report('thawed', 0));
    expect(open(own)).toEqual([4, 0, 0]);
  });

  test('reports on its sides are completed with what their sender knows', () => {
    const own = quoted();
    const refusal = report('rejected', 2, 0, { reason: 'unknown-order' });
    own.hear(refusal);
    expect([refusal.instrument, refusal.side]).toEqual([SERIES, 'sell']);
    // A cancel that came too late: the order's own news decides.
    expect(open(own)).toEqual([5, 4, 5]);
  });
});

test('a reduced order stays, with what it has left', () => {
  const own = quoted();
  own.hear(report('removed', 2, 3, { remaining: lots(1) }));
  expect(open(own)).toEqual([5, 1, 5]);
  expect(known(own)).toEqual([1, 2, 3, 4]);
  own.hear(report('removed', 2, 1));
  expect(known(own)).toEqual([1, 3, 4]);
});

test('an order of no lots, or of fewer, widens no limit and is forgotten when it is refused', () => {
  const own = quoted();
  own.sent(orderId(5), SERIES, 'buy', lots(-4));
  expect(open(own)).toEqual([5, 4, 5]);
  own.hear(report('rejected', 5, -4, { reason: 'lots-not-positive' }));
  expect(known(own)).toEqual([1, 2, 3, 4]);
});

test('a fill whose news comes after the settlement is in it already', () => {
  const own = quoted();
  own.hear(report('fill', 1, 2));
  expect(own.position(SERIES)).toBe(2);
  own.settled(SERIES);
  own.hear(report('fill', 4, 2));
  own.hear(report('fill', 3, 1));
  expect([own.position(SERIES), own.position(OTHER)]).toEqual([0, 1]);
  expect(open(own)).toEqual([1, 4, 4]);
});

test('the desk sends a mass quote when every side keeps to the limit, and nothing of it otherwise', () => {
  const m = new DeskMarket([
    { name: 'A', orderNanos: 10, dataNanos: 100, limit: 5 },
    { name: 'B', orderNanos: 1, dataNanos: 1 },
  ]);
  const desk = m.desk('A');
  const side = (price: number, size: number) => ({ price: ticks(price), lots: lots(size) });
  expect(
    desk.massQuote([
      { instrument: SERIES, bid: side(40, 3), ask: side(42, 5) },
      { instrument: OTHER, ask: side(42, 6) },
    ]),
  ).toBeUndefined();
  expect(m.state('A')).toEqual([0, 0, 0]);
  expect(m.until(1000)).toEqual([]);
  const sent = desk.massQuote([{ instrument: SERIES, bid: side(40, 3), ask: side(42, 5) }]);
  expect(sent).toMatchObject({
    message: 1,
    quotes: [{ instrument: 3, bid: { order: 2, price: 40, lots: 3 }, ask: { order: 3, price: 42, lots: 5 } }],
  });
  expect(m.state('A')).toEqual([0, 3, 5]);
  // The old bid may trade until the new one is there: 3 + 3 are too many.
  expect(desk.massQuote([{ instrument: SERIES, bid: side(40, 3), ask: 'keep' }])).toBeUndefined();
  expect(desk.massQuote([{ instrument: SERIES, bid: side(39, 2), ask: 'keep' }])).toBeDefined();
  expect(desk.withheld).toBe(2);
  expect(m.until(2000).map((line) => line.replace(/^\d+ /, ''))).toEqual([
    'A accepted #2 i3 buy x3',
    'A accepted #3 i3 sell x5',
    'A quoted #1 i0 buy x2',
    'A removed #2 i3 buy x3',
    'A accepted #5 i3 buy x2',
    'A quoted #4 i0 buy x2',
  ]);
  expect(m.state('A')).toEqual([0, 2, 5]);
  // Refused by the exchange: a bid at the offer that it keeps.
  expect(desk.massQuote([{ instrument: SERIES, bid: side(42, 3), ask: 'keep' }])).toBeDefined();
  expect(m.state('A')).toEqual([0, 5, 5]);
  expect(m.until(3000)).toEqual(['2110 A rejected #6 i3 buy x0 quote-crosses-itself']);
  expect(m.state('A')).toEqual([0, 2, 5]);
});

const LIMIT = 6;
const step = fc.record({
  op: fc.constantFrom('quote', 'quote', 'quote', 'submit', 'replace', 'reduce', 'cancel', 'cancelAll', 'hit', 'hit', 'hit', 'hit', 'wait'),
  side: fc.constantFrom<Side>('buy', 'sell'),
  price: fc.integer({ min: 38, max: 42 }),
  size: fc.integer({ min: 1, max: 4 }),
  bid: fc.option(fc.integer({ min: 1, max: 4 })),
  ask: fc.option(fc.integer({ min: 1, max: 4 })),
  keep: fc.nat(3),
  pick: fc.nat(5),
  after: fc.integer({ min: 0, max: 40 }),
});

test('whatever it sends and whenever news comes: position and all that rests keep to the limit, and nothing is counted for ever', () => {
  let fills = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      // B hears at once: what it holds is the truth about A.
      const m = new DeskMarket([
        { name: 'A', orderNanos: 10, dataNanos: 30, limit: LIMIT },
        { name: 'B', orderNanos: 0, dataNanos: 0 },
      ]);
      const desk = m.desk('A');
      const orders = (): number[] => {
        const ids: number[] = [];
        desk.forEachOrder((order) => void ids.push(order));
        return ids;
      };
      let now = 0;
      const check = (): void => {
        const held = -m.desk('B').position(SERIES);
        let [bids, offers] = [0, 0];
        desk.forEachOrder((order, _instrument, side) => {
          const resting = m.exchange.book(SERIES).resting(order) ?? 0;
          if (side === 'buy') bids += resting;
          else offers += resting;
        });
        expect(held + bids).toBeLessThanOrEqual(LIMIT);
        expect(held - offers).toBeGreaterThanOrEqual(-LIMIT);
      };
      for (const { op, side, price, size, bid, ask, keep, pick, after } of steps) {
        const picked = orderId(orders()[pick] ?? 0);
        if (op === 'quote') {
          const wanted = (value: number | null, at: number): WantedQuote['bid'] =>
            value === null ? (keep === 0 ? undefined : 'keep') : { price: ticks(at), lots: lots(value) };
          desk.massQuote([{ instrument: SERIES, bid: wanted(bid, price - 1), ask: wanted(ask, price + 1) }]);
        } else if (op === 'submit') m.submit('A', side, price, size);
        else if (op === 'replace') desk.replace(picked, ticks(price), lots(size));
        else if (op === 'reduce') desk.reduce(picked, lots(size));
        else if (op === 'cancel') desk.cancel(picked);
        else if (op === 'cancelAll') desk.cancelAll(keep === 0 ? {} : { side });
        else if (op === 'hit') m.submit('B', side, side === 'buy' ? 45 : 35, size, 'ioc');
        for (let until = now + after; now <= until; now += 5) {
          fills += m.until(now).filter((line) => line.includes(' A fill')).length;
          check();
        }
      }
      desk.cancelAll();
      m.until(now + 1000);
      expect(orders()).toEqual([]);
      expect(m.state('A')).toEqual([0 - m.desk('B').position(SERIES), 0, 0]);
    }),
    { numRuns: 120 },
  );
  expect(fills).toBeGreaterThan(300);
});
