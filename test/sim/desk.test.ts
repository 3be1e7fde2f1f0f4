import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instrumentId, lots, nanos, orderId, ticks } from '../../src/core/units.ts';
import { DeskMarket } from '../support/desk-market.ts';

const SERIES = instrumentId(3);
const slow = { orderNanos: 10, dataNanos: 100 };
const quick = { orderNanos: 1, dataNanos: 1 };

/** A, slow and limited, among the quick B. */
const market = (limit: number | undefined = 5): DeskMarket =>
  new DeskMarket([
    { name: 'A', ...slow, ...(limit === undefined ? {} : { limit }) },
    { name: 'B', ...quick },
  ]);

describe('the hard position limit', () => {
  test('counts what is under way, and each side for itself', () => {
    const m = market();
    expect(m.submit('A', 'buy', 40, 3)).toBe(1);
    expect(m.submit('A', 'buy', 39, 3)).toBeUndefined();
    expect(m.submit('A', 'buy', 39, 2)).toBe(2);
    expect(m.submit('A', 'buy', 38, 1)).toBeUndefined();
    expect(m.submit('A', 'sell', 60, 5)).toBe(3);
    expect(m.submit('A', 'sell', 61, 1)).toBeUndefined();
    expect(m.state('A')).toEqual([0, 5, 5]);
    expect(m.desk('A').withheld).toBe(3);
    expect(m.desk('B').withheld).toBe(0);
    // What was kept back never left: the exchange has three orders.
    m.until(1000);
    expect(m.exchange.openOrders(m.id('A'))).toBe(3);
    // Other instruments have their own count.
    expect(m.submit('A', 'buy', 40, 5, 'limit', 4)).toBeDefined();
  });

  test('counts the position as soon as its report has come, whether long or short', () => {
    const m = market();
    m.submit('A', 'buy', 40, 4);
    m.until(20);
    m.submit('B', 'sell', 40, 3);
    // The fill is at 21, its report comes at 121.
    m.until(120);
    expect(m.state('A')).toEqual([0, 4, 0]);
    m.until(121);
    expect(m.state('A')).toEqual([3, 1, 0]);
    expect(m.submit('A', 'buy', 39, 2)).toBeUndefined();
    expect(m.submit('A', 'buy', 39, 1)).toBeDefined();
    expect(m.submit('A', 'sell', 60, 9)).toBeUndefined();
    expect(m.submit('A', 'sell', 60, 8)).toBeDefined();
    expect(m.state('A')).toEqual([3, 2, 8]);
  });

  test('frees what is cancelled, dropped or refused, once the report has come', () => {
    const m = market();
    const resting = m.submit('A', 'buy', 40, 5);
    m.until(110);
    m.desk('A').cancel(resting ?? orderId(0));
    expect(m.submit('A', 'buy', 39, 1)).toBeUndefined();
    expect(m.until(219)).toEqual([]);
    expect(m.until(220)).toEqual(['220 A removed #1 i3 buy x5']);
    expect(m.state('A')).toEqual([0, 0, 0]);

    m.submit('A', 'buy', 39, 5, 'ioc');
    expect(m.state('A')).toEqual([0, 5, 0]);
    m.until(400);
    expect(m.state('A')).toEqual([0, 0, 0]);

    const m2 = market(1000);
    m2.submit('A', 'buy', 40, 101);
    expect(m2.until(110)).toEqual(['110 A rejected #1 i3 buy x101 lots-above-maximum']);
    expect(m2.state('A')).toEqual([0, 0, 0]);
  });

  test('counts both orders of a replacement until one of them is known to be gone', () => {
    const m = market();
    const order = m.submit('A', 'buy', 40, 3) ?? orderId(0);
    m.until(110);
    expect(m.desk('A').replace(order, ticks(41), lots(3))).toBeUndefined();
    expect(m.desk('A').withheld).toBe(1);
    const next = m.desk('A').replace(order, ticks(41), lots(2));
    expect(next).toBe(2);
    expect(m.state('A')).toEqual([0, 5, 0]);
    expect(m.until(220)).toEqual(['220 A removed #1 i3 buy x3', '220 A accepted #2 i3 buy x2']);
    expect(m.state('A')).toEqual([0, 2, 0]);
    expect(m.exchange.book(SERIES).best('buy')).toBe(41);
  });

  test('frees the lots of a replacement that came too late', () => {
    const m = market();
    const order = m.submit('A', 'buy', 40, 2) ?? orderId(0);
    m.until(110);
    m.submit('B', 'sell', 40, 2);
    m.until(115);
    // A does not know of its fill yet.
    const next = m.desk('A').replace(order, ticks(41), lots(3));
    expect(next).toBe(3);
    expect(m.state('A')).toEqual([0, 5, 0]);
    expect(m.until(300)).toEqual(['211 A fill #1 i3 buy x2', '225 A rejected #3 i3 buy x3 unknown-order']);
    expect(m.state('A')).toEqual([2, 0, 0]);
    expect(m.submit('A', 'buy', 39, 3)).toBeDefined();
  });

  test('is not widened by orders without size, or with a negative one', () => {
    const m = market();
    for (const size of [0, -4]) {
      m.submit('A', 'buy', 40, size);
      const order = m.submit('B', 'buy', 30, 1) ?? orderId(0);
      m.until(m.kernel.now + 200);
      m.desk('B').replace(order, ticks(31), lots(size));
      m.until(m.kernel.now + 200);
    }
    expect(m.state('A')).toEqual([0, 0, 0]);
    expect(m.state('B')).toEqual([0, 2, 0]);
    expect(m.submit('A', 'buy', 40, 6)).toBeUndefined();
    expect(m.submit('A', 'buy', 40, 5)).toBeDefined();
  });

  test('is never exceeded, whatever is sent and however late the news is', () => {
    const action = fc.record({
      gap: fc.integer({ min: 0, max: 60 }),
      who: fc.constantFrom('A', 'B', 'B'),
      what: fc.constantFrom('submit', 'ioc', 'replace', 'cancel'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.integer({ min: 38, max: 42 }),
      size: fc.integer({ min: 1, max: 4 }),
      which: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(action, { minLength: 20, maxLength: 80 }), (actions) => {
        const m = market(5);
        const sent: { readonly who: string; readonly order: number }[] = [];
        let traded = 0;
        for (const { gap, who, what, side, price, size, which } of actions) {
          m.until(m.kernel.now + gap);
          const mine = sent.filter((order) => order.who === who);
          const old = mine[mine.length - 1 - (which % Math.max(1, mine.length))]?.order;
          const desk = m.desk(who);
          let made: number | undefined;
          if (what === 'submit' || what === 'ioc') made = m.submit(who, side, price, size, what === 'ioc' ? 'ioc' : 'limit');
          else if (old !== undefined && what === 'replace') made = desk.replace(orderId(old), ticks(price), lots(size));
          else if (old !== undefined) desk.cancel(orderId(old));
          if (made !== undefined) sent.push({ who, order: made });
          const [position, buy, sell] = m.state('A');
          expect(Math.min(buy, sell)).toBeGreaterThanOrEqual(0);
          expect(position + buy).toBeLessThanOrEqual(5);
          expect(position - sell).toBeGreaterThanOrEqual(-5);
        }
        m.until(m.kernel.now + 500);
        // All news has come: what the desk believes is what there is.
        for (const who of ['A', 'B']) {
          const [position, buy, sell] = m.state(who);
          const resting = { buy: 0, sell: 0 };
          m.desk(who).forEachOrder((order, instrument, side) => {
            const size = m.exchange.book(instrument).resting(order);
            expect(size).toBeDefined();
            resting[side] += size ?? 0;
          });
          expect([buy, sell]).toEqual([resting.buy, resting.sell]);
          expect(m.exchange.openOrders(m.id(who))).toBe([...ordersOf(m, who)].length);
          traded += Math.abs(position);
        }
        expect(m.state('A')[0] + m.state('B')[0]).toBe(0);
        expect(traded).toBeLessThanOrEqual(10);
      }),
      { numRuns: 100 },
    );
  });
});

function ordersOf(m: DeskMarket, who: string): Set<number> {
  const orders = new Set<number>();
  m.desk(who).forEachOrder((order) => orders.add(order));
  return orders;
}

describe('a settlement', () => {
  test('closes the position at once, and news of an earlier fill that comes later does not open it again', () => {
    const m = market();
    m.submit('A', 'buy', 40, 4);
    m.until(110);
    m.submit('B', 'sell', 40, 1);
    m.until(115);
    m.expire(1);
    expect(m.state('A')).toEqual([0, 4, 0]);
    expect(m.until(300)).toEqual(['211 A fill #1 i3 buy x1', '215 A removed #1 i3 buy x3']);
    expect(m.state('A')).toEqual([0, 0, 0]);
    expect(m.state('B')).toEqual([0, 0, 0]);
  });

  test('of one series leaves the position in another', () => {
    const m = market();
    for (const instrument of [1, 3]) m.submit('A', 'buy', 40, 4, 'limit', instrument);
    m.until(110);
    for (const instrument of [1, 3]) m.submit('B', 'sell', 40, 2, 'limit', instrument);
    m.until(300);
    m.expire(0);
    expect(m.state('A', 1)).toEqual([0, 2, 0]);
    expect(m.state('A', 3)).toEqual([2, 2, 0]);
    m.until(500);
    expect(m.state('A', 1)).toEqual([0, 0, 0]);
    m.submit('A', 'buy', 40, 3, 'limit', 1);
    expect(m.until(1000)).toEqual(['610 A rejected #5 i1 buy x3 instrument-expired']);
    expect(m.state('A', 1)).toEqual([0, 0, 0]);
  });
});

describe('what a desk tells its agent', () => {
  test('a refusal names the instrument and side of the order that it is about', () => {
    const m = market();
    const order = m.submit('A', 'sell', 60, 2, 'limit', 4) ?? orderId(0);
    m.until(110);
    m.submit('B', 'buy', 60, 2, 'limit', 4);
    m.until(115);
    m.desk('A').replace(order, ticks(61), lots(1));
    expect(m.until(300)).toEqual(['211 A fill #1 i4 sell x2', '225 A rejected #3 i4 sell x1 unknown-order']);
  });

  test('a cancel of an order that is known to be gone is not sent', () => {
    const m = market();
    const order = m.submit('A', 'sell', 60, 2) ?? orderId(0);
    m.until(110);
    m.desk('A').cancel(order);
    m.until(220);
    m.desk('A').cancel(order);
    expect(m.kernel.pending).toBe(0);
    expect(m.desk('A').replace(order, ticks(60), lots(1))).toBeUndefined();
  });

  test('a refused cancel keeps the count of what is open', () => {
    const m = market();
    const order = m.submit('A', 'buy', 40, 3) ?? orderId(0);
    m.until(110);
    m.desk('A').cancel(order);
    m.desk('A').cancel(order);
    expect(m.until(400)).toEqual(['220 A removed #1 i3 buy x3', '220 A rejected #1 i0 buy x0 unknown-order']);
    expect(m.state('A')).toEqual([0, 0, 0]);
  });

  test('wake-ups come at their time, and at once where that is past', () => {
    const woken: number[] = [];
    const m = new DeskMarket([{ name: 'A', ...slow, agent: { onWake: (desk) => woken.push(desk.now) } }]);
    m.desk('A').wakeAt(nanos(70));
    m.desk('A').wakeAt(nanos(30));
    m.until(50);
    m.desk('A').wakeAt(nanos(10));
    m.until(100);
    expect(woken).toEqual([30, 50, 70]);
    expect(m.desk('A').nowYears).toBeCloseTo(100 / 31_536_000e9, 30);
  });
});
