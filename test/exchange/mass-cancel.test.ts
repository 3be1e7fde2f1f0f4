import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instrumentId, lots, orderId, ticks } from '../../src/core/units.ts';
import type { CancelScope, Side } from '../../src/market/order.ts';
import { rulesOf } from '../support/exchange-fuzz.ts';
import { type ExchangeCommand, ExchangeTwins } from '../support/exchange-twins.ts';

const side = fc.constantFrom<Side>('buy', 'sell');
const series = fc.integer({ min: 0, max: 4 }).map(instrumentId);
const order = fc.record({
  agent: fc.nat(2),
  instrument: series,
  side,
  step: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 5 }),
  isQuote: fc.boolean(),
});
const quotes = fc.boolean();
const expiry = fc.nat(1);
const scope: fc.Arbitrary<CancelScope> = fc.oneof(
  fc.constant({}),
  fc.record({ side }),
  fc.record({ expiry }),
  fc.record({ quotes }),
  fc.record({ instrument: series }),
  fc.record({ expiry, side }),
  fc.record({ instrument: series, side, quotes }),
);

/** Orders that rest, bids below 4 and offers above it; quotes take the place of those before. */
function commandsOf(orders: readonly (typeof order extends fc.Arbitrary<infer T> ? T : never)[]): ExchangeCommand[] {
  return orders.map(({ agent, instrument, side: on, step, size, isQuote }, i): ExchangeCommand => {
    const id = 2 * i + 1;
    const price = ticks(on === 'buy' ? 4 - step : 4 + step);
    if (!isQuote) return { op: 'submit', agent, id, request: { instrument, side: on, type: 'limit', price, lots: lots(size) } };
    const quote = { order: orderId(id), price, lots: lots(size) };
    return {
      op: 'massQuote',
      agent,
      message: id + 1,
      quotes: [on === 'buy' ? { instrument, bid: quote, ask: 'keep' } : { instrument, bid: 'keep', ask: quote }],
    };
  });
}

test('a mass cancel leaves what cancels one by one leave, in any order', () => {
  let cancelled = 0;
  fc.assert(
    fc.property(fc.array(order, { maxLength: 40, size: 'max' }), scope, fc.nat(2), fc.integer(), (orders, within, agent, shuffle) => {
      const rules = { ...rulesOf(0), ordersPerAgent: 100, lotsPerOrder: 10 };
      const [atOnce, oneByOne] = [new ExchangeTwins(rules), new ExchangeTwins(rules)];
      for (const command of commandsOf(orders)) for (const twins of [atOnce, oneByOne]) expect(twins.run(command)).toBeUndefined();
      const before = atOnce.naive.open(agent).map(({ id }) => id);
      expect(atOnce.run({ op: 'cancelAll', agent, scope: within })).toBeUndefined();
      const left = new Set(atOnce.naive.open(agent).map(({ id }) => id));
      const gone = before.filter((id) => !left.has(id));
      gone.sort((a, b) => ((a * 31 + shuffle) % 17) - ((b * 31 + shuffle) % 17));
      for (const id of gone) expect(oneByOne.run({ op: 'cancel', agent, id })).toBeUndefined();
      for (const { id } of atOnce.chain.instruments) expect(atOnce.exchange.book(id).digest()).toBe(oneByOne.exchange.book(id).digest());
      cancelled += gone.length;
    }),
    { numRuns: 150 },
  );
  expect(cancelled).toBeGreaterThan(150);
});
