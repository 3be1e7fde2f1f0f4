import { expect, test } from 'vitest';
import { instrumentId, lots, orderId } from '../../src/core/units.ts';
import { ExchangeLog, idOf } from '../support/exchange-log.ts';

const book = (log: ExchangeLog) => log.exchange.book(instrumentId(3));
const reduce = (log: ExchangeLog, agent: string, order: number, by: number): void => {
  log.exchange.reduce(idOf(agent), orderId(order), lots(by));
  log.exchange.verify();
};

test('takes lots off an order, which keeps its place in the queue', () => {
  const log = new ExchangeLog();
  log.submit('A', 1, 3, 'sell', 41, 5);
  log.submit('B', 2, 3, 'sell', 41, 5);
  log.records.length = 0;
  reduce(log, 'A', 1, 2);
  expect(log.records.at(-1)).toBe('removed i3 @00000000 #1 41 x2 cause=1');
  expect([book(log).resting(orderId(1)), book(log).bestLots('sell'), log.exchange.openOrders(idOf('A'))]).toEqual([3, 8, 1]);
  const matches = log.submit('C', 3, 3, 'buy', 41, 4, 'ioc').filter((line) => line.startsWith('match'));
  expect(matches.map((line) => line.replace(/, fees.*/, ''))).toEqual([
    'match i3 3@41 C #3 buy, maker A #1',
    'match i3 1@41 C #3 buy, maker B #2',
  ]);
});

test('by all that an order has, or more, is a cancellation', () => {
  for (const by of [3, 4]) {
    const log = new ExchangeLog();
    log.submit('A', 1, 3, 'sell', 41, 3);
    reduce(log, 'A', 1, by);
    expect(log.lines).toContain('A removed #1 i3 sell 41 x3');
    expect(log.exchange.openOrders(idOf('A'))).toBe(0);
    reduce(log, 'A', 1, by);
    expect(log.lines.at(-1)).toMatch(/^A rejected #1 .* unknown-order$/);
  }
});

test('of another agent, or by nothing, is refused and changes nothing', () => {
  const log = new ExchangeLog();
  log.submit('A', 1, 3, 'sell', 41, 3);
  const before = book(log).digest();
  reduce(log, 'B', 1, 1);
  expect(log.lines.at(-1)).toMatch(/^B rejected #1 .* not-owner$/);
  for (const by of [0, -1]) {
    reduce(log, 'A', 1, by);
    expect(log.lines.at(-1)).toMatch(/^A rejected #1 .* lots-not-positive$/);
  }
  expect(book(log).digest()).toBe(before);
});
