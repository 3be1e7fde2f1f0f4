import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { agentId, instrumentId, lots, money, orderId, ticks } from '../../src/core/units.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import type { ExchangeSinks } from '../../src/exchange/exchange-sinks.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { OrderType, Side } from '../../src/market/order.ts';
import { ExchangeLog, idOf, SMALL_FEES, smallChain } from '../support/exchange-log.ts';

describe('submit', () => {
  test('what does not cross rests, and its owner is told before the book is said to have changed', () => {
    const log = new ExchangeLog();
    expect(log.submit('A', 1, 3, 'sell', 41, 5)).toEqual(['A accepted #1 i3 sell 41 x5', 'changed i3']);
    expect(log.records).toEqual(['submitted i3 @00000000 #1 41 x5 type=4', 'accepted i3 @00000000 #1 41 x5 side=1']);
    expect(log.exchange.book(instrumentId(3)).best('sell')).toBe(41);
    expect(log.exchange.openOrders(idOf('A'))).toBe(1);
  });

  test('both owners hear of a match, after it; what is left of a limit order rests', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 0, 'sell', 10_000, 2);
    log.submit('B', 2, 0, 'sell', 10_001, 3);
    // 100.00 dollars on 0.1 units is 10 dollars per lot: the taker pays 0.05 %, the maker gets 0.01 %. At 100.01 both round once per lot.
    expect(log.submit('C', 3, 0, 'buy', 10_002, 7)).toEqual([
      'match i0 2@10000 C #3 buy, maker A #1, fees -2000 10000',
      'C fill #3 i0 buy 10000 x2 left 5 taker fee 10000',
      'A fill #1 i0 sell 10000 x2 left 0 maker fee -2000',
      'match i0 3@10001 C #3 buy, maker B #2, fees -3000 15003',
      'C fill #3 i0 buy 10001 x3 left 2 taker fee 15003',
      'B fill #2 i0 sell 10001 x3 left 0 maker fee -3000',
      'C accepted #3 i0 buy 10002 x2',
      'changed i0',
    ]);
    expect(log.records).toEqual([
      'submitted i0 @00000002 #3 10002 x7 type=0',
      'filled i0 @00000002 #3 10000 x2 maker=1',
      'hit i0 @00000000 #1 10000 x2 cause=1',
      'filled i0 @00000002 #3 10001 x3 maker=2',
      'hit i0 @00000001 #2 10001 x3 cause=2',
      'accepted i0 @00000002 #3 10002 x2 side=0',
    ]);
    expect(['A', 'B', 'C'].map((name) => log.exchange.openOrders(idOf(name)))).toEqual([0, 0, 1]);
  });

  test('the fee of an option is of the index, capped by the premium, rounded once per lot', () => {
    const log = new ExchangeLog();
    log.exchange.setIndex(100.01);
    log.submit('A', 1, 3, 'sell', 41, 5);
    // 0.03 % of 100.01 on 0.1 units is 3000.3 millionths, up to 3001, times 3 lots.
    expect(log.submit('B', 2, 3, 'buy', 41, 3)).toContain('B fill #2 i3 buy 41 x3 left 0 taker fee 9003');
    log.submit('A', 3, 4, 'sell', 1, 5);
    // A premium of one tick is 1,000 per lot: 12.5 % of it.
    expect(log.submit('B', 4, 4, 'buy', 1, 3)).toContain('B fill #4 i4 buy 1 x3 left 0 taker fee 375');
  });

  test('a partly filled maker hears what it has left', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    expect(log.submit('B', 2, 3, 'buy', 41, 2)).toContain('A fill #1 i3 sell 41 x2 left 3 maker fee 0');
    expect(log.exchange.openOrders(idOf('A'))).toBe(1);
  });

  test('an ioc trades at its price or better and drops the rest', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    log.submit('A', 2, 3, 'sell', 43, 5);
    expect(log.submit('B', 3, 3, 'buy', 42, 9, 'ioc').slice(-2)).toEqual(['B removed #3 i3 buy 42 x4', 'changed i3']);
    expect(log.records.at(-1)).toBe('removed i3 @00000001 #3 42 x4 cause=3');
    // One that meets nothing changes no book.
    expect(log.submit('B', 4, 3, 'buy', 42, 9, 'ioc')).toEqual(['B removed #4 i3 buy 42 x9']);
    expect(log.exchange.openOrders(idOf('B'))).toBe(0);
  });

  test('a market order trades at any price', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'buy', 41, 5);
    log.submit('A', 2, 3, 'buy', 1, 5);
    const heard = log.submit('B', 3, 3, 'sell', 0, 12, 'market');
    expect(heard.filter((line) => line.startsWith('match'))).toHaveLength(2);
    expect(heard.slice(-2)).toEqual(['B removed #3 i3 sell 0 x2', 'changed i3']);
  });

  test('a refused order is reported, recorded, and changes nothing', () => {
    const log = new ExchangeLog({ lotsPerOrder: 10, ordersPerAgent: 2 });
    expect(log.submit('A', 1, 3, 'sell', 41, 11)).toEqual(['A rejected #1 i3 sell 41 x11 lots-above-maximum']);
    expect(log.records).toEqual(['submitted i3 @00000000 #1 41 x11 type=4', 'rejected i3 @00000000 #1 41 x11 reason=5']);
    expect(log.submit('A', 2, 3, 'sell', 0, 1)).toEqual(['A rejected #2 i3 sell 0 x1 price-not-positive']);
    log.submit('A', 3, 3, 'sell', 41, 1);
    log.submit('A', 4, 4, 'sell', 41, 1);
    expect(log.submit('A', 5, 5, 'sell', 41, 1)).toEqual(['A rejected #5 i5 sell 41 x1 too-many-orders']);
    // The limit is on resting orders: what trades at once, or another agent, is not held up.
    expect(log.submit('A', 6, 5, 'sell', 41, 1, 'ioc')).toEqual(['A removed #6 i5 sell 41 x1']);
    expect(log.submit('B', 7, 5, 'sell', 41, 1)).toHaveLength(2);
    log.cancel('A', 3);
    expect(log.submit('A', 8, 5, 'sell', 41, 1)).toEqual(['A accepted #8 i5 sell 41 x1', 'changed i5']);
  });
});

describe('cancel', () => {
  test('takes the order out once; later it is unknown', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    log.submit('B', 2, 3, 'buy', 41, 2);
    expect(log.cancel('A', 1)).toEqual(['A removed #1 i3 sell 41 x3', 'changed i3']);
    expect(log.records).toEqual(['cancelling i0 @00000000 #1 0 x0 extra=0', 'removed i3 @00000000 #1 41 x3 cause=1']);
    expect(log.cancel('A', 1)).toEqual(['A rejected #1 i0 buy 0 x0 unknown-order']);
    expect(log.records).toEqual(['cancelling i0 @00000000 #1 0 x0 extra=0', 'rejected i0 @00000000 #1 0 x0 reason=1']);
  });

  test('of another agent is refused, and says nothing of the order', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    const before = log.exchange.book(instrumentId(3)).digest();
    expect(log.cancel('B', 1)).toEqual(['B rejected #1 i0 buy 0 x0 not-owner']);
    expect(log.exchange.book(instrumentId(3)).digest()).toBe(before);
  });

  test('cancelAll takes out all orders of the agent, oldest first, and names each book once', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 5, 'sell', 41, 1);
    log.submit('B', 2, 5, 'sell', 41, 2);
    log.submit('A', 3, 3, 'buy', 7, 3);
    log.submit('A', 4, 5, 'buy', 40, 4);
    expect(log.cancelAll('A')).toEqual([
      'A removed #1 i5 sell 41 x1',
      'A removed #3 i3 buy 7 x3',
      'A removed #4 i5 buy 40 x4',
      'changed i5',
      'changed i3',
    ]);
    expect(log.records[0]).toBe('cancellingAll i0 @00000000 #0 0 x0 scope=0');
    expect(log.cancelAll('A')).toEqual([]);
    expect(log.records).toHaveLength(1);
    expect(log.exchange.openOrders(idOf('B'))).toBe(1);
  });

  test('cancelAll leaves what cancels one by one leave, in any order', () => {
    const left = (act: (log: ExchangeLog) => unknown): number[] => {
      const log = new ExchangeLog();
      log.submit('A', 1, 3, 'sell', 41, 1);
      log.submit('B', 2, 3, 'sell', 41, 2);
      log.submit('A', 3, 3, 'sell', 41, 3);
      log.submit('A', 4, 4, 'sell', 41, 4);
      act(log);
      return [3, 4].map((id) => log.exchange.book(instrumentId(id)).digest());
    };
    const atOnce = left((log) => log.cancelAll('A'));
    for (const ids of [
      [1, 3, 4],
      [4, 3, 1],
      [3, 1, 4],
    ])
      expect(left((log) => ids.map((id) => log.cancel('A', id)))).toEqual(atOnce);
  });
});

describe('replace', () => {
  test('removes the old order and rests the new one at the end of the queue, in one request', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    log.submit('B', 2, 3, 'sell', 41, 5);
    expect(log.replace('A', 1, 3, 41, 5)).toEqual(['A removed #1 i3 sell 41 x5', 'A accepted #3 i3 sell 41 x5', 'changed i3']);
    expect(log.records).toEqual([
      'replacing i0 @00000000 #3 41 x5 old=1',
      'submitted i3 @00000000 #3 41 x5 type=4',
      'removed i3 @00000000 #1 41 x5 cause=2',
      'accepted i3 @00000000 #3 41 x5 side=1',
    ]);
    expect(log.exchange.book(instrumentId(3)).lotsAhead(orderId(3))).toBe(5);
  });

  test('may trade at once', () => {
    const log = new ExchangeLog();
    log.submit('B', 1, 3, 'buy', 40, 2);
    log.submit('A', 2, 3, 'sell', 41, 5);
    expect(log.replace('A', 2, 3, 40, 5)).toEqual([
      'A removed #2 i3 sell 41 x5',
      'match i3 2@40 A #3 sell, maker B #1, fees 0 6000',
      'A fill #3 i3 sell 40 x2 left 3 taker fee 6000',
      'B fill #1 i3 buy 40 x2 left 0 maker fee 0',
      'A accepted #3 i3 sell 40 x3',
      'changed i3',
    ]);
  });

  test('of an order that is gone, or of another agent, refuses the new one', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    log.cancel('A', 1);
    expect(log.replace('A', 1, 2, 42, 5)).toEqual(['A rejected #2 i0 buy 42 x5 unknown-order']);
    log.submit('A', 3, 3, 'sell', 41, 5);
    expect(log.replace('B', 3, 4, 42, 5)).toEqual(['B rejected #4 i0 buy 42 x5 not-owner']);
    expect(log.exchange.openOrders(idOf('A'))).toBe(1);
  });

  test('that is refused leaves the old order in its place', () => {
    const log = new ExchangeLog({ lotsPerOrder: 10, ordersPerAgent: 1 });
    log.submit('A', 1, 3, 'sell', 41, 5);
    const before = log.exchange.book(instrumentId(3)).digest();
    expect(log.replace('A', 1, 2, 41, 11)).toEqual(['A rejected #2 i3 sell 41 x11 lots-above-maximum']);
    expect(log.replace('A', 1, 3, 0, 1)).toEqual(['A rejected #3 i3 sell 0 x1 price-not-positive']);
    expect(log.exchange.book(instrumentId(3)).digest()).toBe(before);
    // The order that goes makes room for the one that comes.
    expect(log.replace('A', 1, 4, 42, 1)).toContain('A accepted #4 i3 sell 42 x1');
  });
});

describe('self-trade prevention', () => {
  test('removes the own order that would trade next, and goes on', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 2);
    log.submit('B', 2, 3, 'sell', 41, 3);
    log.submit('A', 3, 3, 'sell', 42, 4);
    expect(log.submit('A', 4, 3, 'buy', 41, 4)).toEqual([
      'A removed #1 i3 sell 41 x2',
      'match i3 3@41 A #4 buy, maker B #2, fees 0 9000',
      'A fill #4 i3 buy 41 x3 left 1 taker fee 9000',
      'B fill #2 i3 sell 41 x3 left 0 maker fee 0',
      'A accepted #4 i3 buy 41 x1',
      'changed i3',
    ]);
    expect(log.records[1]).toBe('removed i3 @00000000 #1 41 x2 cause=4');
    expect(log.exchange.openOrders(idOf('A'))).toBe(2);
  });

  test('a market order leaves own orders alone that it does not reach', () => {
    const log = new ExchangeLog();
    log.submit('B', 1, 3, 'buy', 41, 2);
    log.submit('A', 2, 3, 'buy', 40, 2);
    expect(log.submit('A', 3, 3, 'sell', 1, 2, 'market').some((line) => line.startsWith('A removed'))).toBe(false);
    expect(log.submit('A', 4, 3, 'sell', 1, 2, 'market')).toEqual(['A removed #2 i3 buy 40 x2', 'A removed #4 i3 sell 1 x2', 'changed i3']);
  });
});

describe('expire', () => {
  test('is one barrier: all removals, then all settlements, then the changes; later orders are refused', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 2, 'sell', 41, 2);
    log.submit('B', 2, 1, 'buy', 40, 3);
    log.submit('B', 3, 1, 'sell', 42, 1);
    log.submit('B', 4, 3, 'buy', 40, 1);
    expect(log.expire(0)).toEqual([
      'B removed #2 i1 buy 40 x3',
      'B removed #3 i1 sell 42 x1',
      'A removed #1 i2 sell 41 x2',
      'settle i1 1000',
      'settle i2 2000',
      'changed i1',
      'changed i2',
    ]);
    expect(log.records[0]).toBe('expiring 100 expiry=0');
    expect(log.records.slice(-3)).toEqual([
      'removed i2 @00000000 #1 41 x2 cause=5',
      'settled i1 @00000000 #0 0 x0 money=1000',
      'settled i2 @00000000 #0 0 x0 money=2000',
    ]);
    expect([0, 1, 2, 3, 6].map((id) => log.exchange.lifecycle.expired(instrumentId(id)))).toEqual([false, true, true, false, false]);
    expect(log.submit('A', 5, 1, 'buy', 40, 1)).toEqual(['A rejected #5 i1 buy 40 x1 instrument-expired']);
    expect(log.cancel('B', 2)).toEqual(['B rejected #2 i0 buy 0 x0 unknown-order']);
    expect(['A', 'B'].map((name) => log.exchange.openOrders(idOf(name)))).toEqual([0, 1]);
    expect(log.expire(1)).toContain('settle i6 6000');
  });

  test('happens once, and only to an expiry that exists', () => {
    const log = new ExchangeLog();
    log.expire(0);
    expect(() => log.expire(0)).toThrow(InvariantError);
    expect(() => log.expire(2)).toThrow(InvariantError);
  });
});

describe('delivery', () => {
  test('a listener finds the request done, and may not make another', () => {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 5);
    log.submit('A', 2, 3, 'sell', 42, 5);
    const seen: (number | undefined)[] = [];
    log.listening = () => seen.push(log.exchange.book(instrumentId(3)).best('sell'));
    log.submit('B', 3, 3, 'buy', 42, 6);
    expect(seen).toEqual([42, 42, 42, 42, 42, 42, 42]);
    log.listening = () => log.exchange.cancel(idOf('A'), orderId(2));
    expect(() => log.submit('B', 4, 3, 'buy', 42, 1)).toThrow(InvariantError);
  });

  test('bugs of the caller are told apart from refusals', () => {
    const log = new ExchangeLog();
    expect(() => log.submit('Z', 1, 3, 'sell', 41, 5)).toThrow(/agent/);
    expect(() => new ExchangeLog().submit('A', 1, 7, 'sell', 41, 5)).toThrow(/instrument/);
    expect(() => new ExchangeLog().exchange.setIndex(0)).toThrow(InvariantError);
  });

  test('a match needs an index price', () => {
    const silent: ExchangeSinks = { report: () => {}, match: () => {}, changed: () => {}, record: () => {} };
    const exchange = new Exchange(smallChain(), { fees: SMALL_FEES, limits: { lotsPerOrder: 9, ordersPerAgent: 9 }, agents: 2 }, silent);
    const request = { instrument: instrumentId(1), type: 'limit', price: ticks(5), lots: lots(1) } as const;
    exchange.submit(agentId(0), orderId(1), { ...request, side: 'buy' });
    expect(() => exchange.submit(agentId(1), orderId(2), { ...request, side: 'sell' })).toThrow(/index/);
  });
});

/** One request in small numbers; `pick` chooses one of the latest orders. */
const request = fc.record({
  op: fc.constantFrom('submit', 'submit', 'submit', 'submit', 'cancel', 'replace', 'cancelAll', 'expire'),
  agent: fc.nat(3),
  instrument: fc.integer({ min: 0, max: 4 }),
  side: fc.constantFrom<Side>('buy', 'sell'),
  type: fc.constantFrom<OrderType>('limit', 'limit', 'limit', 'ioc', 'market'),
  price: fc.integer({ min: 0, max: 8 }),
  size: fc.integer({ min: 0, max: 9 }),
  pick: fc.nat(8),
});

test('whatever is asked: the exchange verifies, lots and money add up, the records rebuild the books, nobody trades with itself', () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 120, size: 'max' }), (requests) => {
      /** What each order has left, rebuilt from the trace records alone. */
      const rebuilt = new Map<number, { instrument: number; lots: number }>();
      /** Lots of each order: asked for, filled, removed. */
      const asked = new Map<number, number>();
      const done = new Map<number, number>();
      const position = new Map<string, number>();
      let cash = 0;
      let fees = 0;
      const add = (map: Map<number, number>, key: number, value: number): void => void map.set(key, (map.get(key) ?? 0) + value);
      const exchange = new Exchange(
        smallChain(),
        { fees: SMALL_FEES, limits: { lotsPerOrder: 8, ordersPerAgent: 6 }, agents: 4 },
        {
          report: (agent, report) => {
            if (report.kind === 'fill') {
              const sign = report.side === 'buy' ? 1 : -1;
              position.set(`${report.instrument}`, (position.get(`${report.instrument}`) ?? 0) + sign * report.lots);
              cash -= sign * report.price * report.lots + report.fee;
              add(done, report.order, report.lots);
              expect(report.remaining).toBe((asked.get(report.order) ?? 0) - (done.get(report.order) ?? 0));
            }
            if (report.kind === 'removed') add(done, report.order, report.lots);
            expect(agent).toBeLessThan(4);
          },
          match: (match, makerFee, takerFee) => {
            expect(match.maker).not.toBe(match.taker);
            fees += makerFee + takerFee;
          },
          changed: () => {},
          record: (kind, instrument, _agent, order, _price, size, extra) => {
            if (kind === TRACE.submitted) asked.set(order, size);
            // Reasons 1 and 2 refuse a cancel, or a replacement whose order was never taken in.
            if (kind === TRACE.rejected && extra > 2) asked.delete(order);
            if (kind === TRACE.accepted) rebuilt.set(order, { instrument, lots: size });
            if (kind === TRACE.removed) rebuilt.delete(order);
            const maker = kind === TRACE.filled ? rebuilt.get(extra) : undefined;
            if (maker !== undefined) maker.lots -= size;
            if (maker?.lots === 0) rebuilt.delete(extra);
          },
        },
      );
      exchange.setIndex(100);
      let orders = 0;
      let expired = false;
      for (const { op, agent, instrument, side, type, price, size, pick } of requests) {
        const who = agentId(agent);
        const picked = orderId(Math.max(0, orders - pick));
        if (op === 'submit') {
          exchange.submit(who, orderId(++orders), {
            instrument: instrumentId(instrument),
            side,
            type,
            price: ticks(price),
            lots: lots(size),
          });
        } else if (op === 'cancel') exchange.cancel(who, picked);
        else if (op === 'replace') exchange.replace(who, picked, orderId(++orders), ticks(price), lots(size));
        else if (op === 'cancelAll' && pick === 0) exchange.cancelAll(who);
        else if (op === 'expire' && pick === 0 && !expired) {
          expired = true;
          exchange.lifecycle.expire(
            0,
            100,
            () => ({ moneyPerLot: money(0), feePerLot: money(0) }),
            () => {},
          );
        }
        exchange.verify();
        const depths = new Map<number, number>();
        for (const rest of rebuilt.values()) add(depths, rest.instrument, rest.lots);
        for (let id = 0; id < 7; id += 1) {
          let depth = 0;
          for (const each of ['buy', 'sell'] as const)
            exchange.book(instrumentId(id)).levels(each, 99, (_price, total) => (depth += total));
          expect(depth).toBe(depths.get(id) ?? 0);
        }
      }
      for (const sum of position.values()) expect(sum).toBe(0);
      expect(cash + fees).toBe(0);
      // Each order that was taken in: asked for = filled + removed + still resting.
      for (const [order, size] of asked) expect((done.get(order) ?? 0) + (rebuilt.get(order)?.lots ?? 0)).toBe(size);
    }),
    { numRuns: 250 },
  );
});
