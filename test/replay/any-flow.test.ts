import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBitstampOrders } from '../../src/data/bitstamp-orders.ts';
import { readLobsterBook } from '../../src/data/lobster-book.ts';
import { readLobsterMessages } from '../../src/data/lobster-messages.ts';
import { bitstampReplay } from '../../src/replay/bitstamp-replay.ts';
import { lobsterReplay } from '../../src/replay/lobster-replay.ts';

const total = (classes: Readonly<Record<string, number>>): number => Object.values(classes).reduce((sum, count) => sum + count, 0);
const small = (most: number) => fc.integer({ min: 1, max: most });

test('LOBSTER files that contradict themselves: the replay ends, the exchange holds, each row is in one class', () => {
  const row = fc.record({
    message: fc.tuple(small(7), small(8), small(4), small(6), fc.constantFrom(1, -1)),
    levels: fc.array(fc.tuple(small(6), fc.nat(4), small(6), fc.nat(4)), { minLength: 2, maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 80, size: 'max' }), fc.constantFrom(1, 2), (rows, levels) => {
      const messages = readLobsterMessages('m', rows.map(({ message }, i) => `${34_200 + (i >> 1)},${message.join(',')}`).join('\n'));
      const cell = (price: number, size: number): string => (size === 0 ? '9999999999,0' : `${price},${size}`);
      const books = rows.map((each) =>
        each.levels
          .slice(0, levels)
          .map(([ask, askSize, bid, bidSize]) => `${cell(ask, askSize)},${cell(bid, bidSize)}`)
          .join(','),
      );
      const replay = lobsterReplay(messages, readLobsterBook('b', books.join('\n'), rows.length));
      expect(total(replay.classes)).toBe(rows.length);
      expect(replay.equal).toBeLessThanOrEqual(replay.compared);
    }),
    { numRuns: 400 },
  );
});

test('Bitstamp events that contradict themselves: the replay ends, the exchange holds, each event is in one class', () => {
  const event = fc.record({
    id: small(12),
    wait: fc.constantFrom(0, 1, 100, 4_000),
    price: small(5),
    volume: fc.nat(9),
    action: fc.constantFrom('created', 'created', 'changed', 'deleted'),
    side: fc.constantFrom('bid', 'ask'),
  });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 120, size: 'max' }), (events) => {
      let millis = 1;
      const rows = events.map(({ id, wait, price, volume, action, side }) => {
        millis += wait;
        return `${id},${millis},1,${price},${action === 'deleted' ? volume : volume + 1},${action},${side}`;
      });
      const replay = bitstampReplay(readBitstampOrders('o', rows.join('\n')));
      expect(total(replay.classes)).toBe(events.length);
      expect(replay.equal).toBeLessThanOrEqual(replay.compared);
    }),
    { numRuns: 400 },
  );
});
