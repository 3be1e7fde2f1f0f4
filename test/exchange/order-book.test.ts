import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { agentId, lots, orderId, ticks } from '../../src/core/units.ts';
import { LadderBook } from '../../src/exchange/ladder-book.ts';
import type { FillSink } from '../../src/exchange/order-book.ts';
import { type BookCommand, BookDriver } from '../support/book-fuzz.ts';
import { normalised, ranScript } from '../support/book-script.ts';
import { NaiveBook } from '../support/naive-book.ts';

const SCRIPTS: Record<string, string> = {
  'orders that do not cross rest, best price on top': `
    place A1 sell 103 x5   | rests 5
    place A2 sell 101 x2   | rests 2
    place B1 buy 99 x4     | rests 4
    place B2 buy 100 x1    | rests 1
    best sell              | 101
    lots sell              | 2
    best buy               | 100
    lots buy               | 1
    book
      103 sell A1:5
      101 sell A2:2
      100 buy B2:1
      99 buy B1:4`,
  'an empty book answers none': `
    best buy               | none
    lots buy               | 0
    best sell without A    | none x0
    sweep A buy any x3     | traded 0
    clear                  |
    book`,
  'price priority: the better price trades first, though it came later': `
    place A1 sell 102 x5   | rests 5
    place B1 sell 101 x5   | rests 5
    place C1 buy 102 x6    | 5@101 B1, 1@102 A1, rests 0
    book
      102 sell A1:4`,
  'time priority: at one price, first come, first served': `
    place A1 buy 100 x2    | rests 2
    place B1 buy 100 x3    | rests 3
    place C1 buy 100 x4    | rests 4
    sweep D sell 100 x4    | 2@100 A1, 2@100 B1, traded 4
    book
      100 buy B1:1 C1:4`,
  'a match is at the price of the resting order': `
    place A1 sell 101 x1   | rests 1
    place B1 buy 110 x1    | 1@101 A1, rests 0
    place B2 buy 99 x1     | rests 1
    place A2 sell 90 x1    | 1@99 B2, rests 0
    book`,
  'a partly filled maker keeps its place': `
    place A1 sell 101 x5   | rests 5
    place B1 sell 101 x5   | rests 5
    sweep C buy 101 x3     | 3@101 A1, traded 3
    ahead B1               | 2
    sweep C buy 101 x3     | 2@101 A1, 1@101 B1, traded 3
    ahead B1               | 0
    book
      101 sell B1:4`,
  'what does not trade of a taker rests at its own price': `
    place A1 sell 101 x3   | rests 3
    place B1 buy 102 x5    | 3@101 A1, rests 2
    best sell              | none
    book
      102 buy B1:2`,
  'a sweep goes through several levels, up to its limit': `
    place A1 sell 101 x1   | rests 1
    place B1 sell 102 x2   | rests 2
    place A2 sell 102 x3   | rests 3
    place A3 sell 104 x4   | rests 4
    sweep C buy 103 x9     | 1@101 A1, 2@102 B1, 3@102 A2, traded 6
    book
      104 sell A3:4`,
  'a sweep without a limit takes all that is there, and leaves nothing resting': `
    place A1 buy 100 x1    | rests 1
    place A2 buy 1 x2      | rests 2
    sweep C sell any x9    | 1@100 A1, 2@1 A2, traded 3
    book`,
  'a sweep that meets nothing at its limit changes nothing': `
    place A1 sell 101 x1   | rests 1
    sweep C buy 100 x9     | traded 0
    book
      101 sell A1:1`,
  'reducing keeps the place in the queue': `
    place A1 sell 101 x5   | rests 5
    place B1 sell 101 x5   | rests 5
    reduce A1 x2           | removed 2
    ahead B1               | 3
    lots sell              | 8
    sweep C buy 101 x4     | 3@101 A1, 1@101 B1, traded 4`,
  'reducing by all, or more, removes; a second time nothing happens': `
    place A1 buy 100 x5    | rests 5
    reduce A1 x9           | removed 5
    reduce A1 x1           | removed 0
    cancel A1              | removed 0
    ahead A1               | none
    book`,
  'replacing, which is cancelling and placing, loses the place': `
    place A1 buy 100 x2    | rests 2
    place B1 buy 100 x3    | rests 3
    cancel A1              | removed 2
    place A2 buy 100 x2    | rests 2
    ahead A2               | 3
    book
      100 buy B1:3 A2:2`,
  'an order leaves from the middle, the front and the end of a queue': `
    place A1 buy 100 x1    | rests 1
    place A2 buy 100 x2    | rests 2
    place A3 buy 100 x3    | rests 3
    place A4 buy 100 x4    | rests 4
    cancel A2              | removed 2
    ahead A4               | 4
    cancel A1              | removed 1
    cancel A4              | removed 4
    place A5 buy 100 x5    | rests 5
    book
      100 buy A3:3 A5:5`,
  'an empty level is gone, and may come back': `
    place A1 sell 101 x1   | rests 1
    place A2 sell 102 x2   | rests 2
    cancel A1              | removed 1
    best sell              | 102
    place A3 sell 101 x3   | rests 3
    best sell              | 101
    book
      102 sell A2:2
      101 sell A3:3`,
  'the best of the others passes over own orders and own levels': `
    place A1 buy 100 x5    | rests 5
    place A2 buy 99 x1     | rests 1
    place B1 buy 99 x2     | rests 2
    place C1 buy 99 x3     | rests 3
    best buy without A     | 99 x5
    best buy without B     | 100 x5
    best buy without D     | 100 x5
    best sell without A    | none x0`,
  'lots ahead count at the own price only': `
    place A1 buy 101 x9    | rests 9
    place A2 buy 100 x2    | rests 2
    place B1 buy 100 x3    | rests 3
    ahead A1               | 0
    ahead B1               | 2
    ahead B2               | none`,
  'an own order is removed where it would be next to trade': `
    place A1 sell 101 x2   | rests 2
    place B1 sell 101 x3   | rests 3
    place A2 sell 102 x4   | rests 4
    place A3 buy 101 x4    | A1 prevented x2, 3@101 B1, rests 1
    book
      102 sell A2:4
      101 buy A3:1`,
  'an own order that the taker does not reach stays': `
    place B1 sell 101 x3   | rests 3
    place A1 sell 101 x2   | rests 2
    sweep A buy any x3     | 3@101 B1, traded 3
    sweep A buy any x1     | A1 prevented x2, traded 0
    book`,
  'clear tells of bids, then offers, best first and in time order': `
    place A1 buy 99 x1     | rests 1
    place A2 buy 100 x2    | rests 2
    place B1 buy 100 x3    | rests 3
    place A3 sell 102 x4   | rests 4
    place B2 sell 101 x5   | rests 5
    clear                  | A2 x2, B1 x3, A1 x1, B2 x5, A3 x4
    best buy               | none
    place A4 sell 100 x1   | rests 1
    book
      100 sell A4:1`,
};

const BOOKS = { ladder: () => new LadderBook(), naive: () => new NaiveBook() };

describe.each(Object.entries(BOOKS))('%s book', (_name, create) => {
  test.each(Object.entries(SCRIPTS))('%s', (_rule, script) => {
    expect(ranScript(create(), script)).toBe(normalised(script));
  });
});

const command: fc.Arbitrary<BookCommand> = fc.record({
  op: fc.constantFrom('place', 'place', 'place', 'place', 'place', 'sweep', 'market', 'reduce', 'cancel'),
  owner: fc.nat(3),
  side: fc.constantFrom('buy', 'sell'),
  price: fc.integer({ min: 1, max: 9 }),
  lots: fc.integer({ min: 1, max: 9 }),
  pick: fc.nat(20),
});

test('ladder and naive book agree after every command', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200, size: 'max' }), fc.nat(999), (commands, seed) => {
      const ladder = new LadderBook();
      const naive = new NaiveBook();
      const ladderDriver = new BookDriver(ladder);
      const naiveDriver = new BookDriver(naive);
      for (const [i, next] of commands.entries()) {
        // A clear now and then, late enough that there is something to clear.
        const each = i % 150 === 149 && seed % 4 === 0 ? { ...next, op: 'clear' as const } : next;
        ladderDriver.run(each);
        naiveDriver.run(each);
        if (ladderDriver.said.join() !== naiveDriver.said.join()) expect(ladderDriver.said).toEqual(naiveDriver.said);
        if (ladder.digest() !== naive.digest()) expect(ladder.digest(), `after command ${i}`).toBe(naive.digest());
        if (i % 25 === 0) expect(ladderDriver.answers(each)).toEqual(naiveDriver.answers(each));
      }
      ladder.verify();
    }),
    { numRuns: 1_200 },
  );
});

const deaf: FillSink = { fill: () => {}, prevented: () => {} };

test('ten thousand levels, opened in any order, come out sorted', () => {
  const book = new LadderBook();
  // 7919 is prime to 10,000: each price once, far from sorted.
  for (let i = 0; i < 10_000; i += 1) book.place(orderId(i), agentId(0), 'sell', ticks(1 + ((i * 7919) % 10_000)), lots(1 + (i % 3)), deaf);
  book.verify();
  const prices: number[] = [];
  book.levels('sell', 10_000, (price) => prices.push(price));
  expect(prices).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  for (let i = 0; i < 10_000; i += 2) book.reduce(orderId(i), lots(9));
  book.verify();
  expect(book.orders).toBe(5_000);
});

test('ids may be any whole number up to 2^53, prices far apart', () => {
  const book = new LadderBook();
  const ids = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 53 - 1].map(orderId);
  for (const [i, id] of ids.entries()) expect(book.place(id, agentId(1), 'buy', ticks(1 + i * 1_000_000_000), lots(1), deaf)).toBe(1);
  expect(ids.map((id) => book.priceOf(id))).toEqual(ids.map((_, i) => 1 + i * 1_000_000_000));
  book.verify();
});

test('a caller at fault is told so, and nothing is half done', () => {
  const book = new LadderBook();
  book.place(orderId(1), agentId(0), 'buy', ticks(5), lots(1), deaf);
  const before = book.digest();
  expect(() => book.place(orderId(1), agentId(0), 'buy', ticks(5), lots(1), deaf)).toThrow(InvariantError);
  expect(() => book.place(orderId(2), agentId(0), 'buy', ticks(5), lots(0), deaf)).toThrow(InvariantError);
  expect(() => book.sweep(agentId(1), 'sell', undefined, lots(-1), deaf)).toThrow(InvariantError);
  expect(() => book.reduce(orderId(1), lots(0))).toThrow(InvariantError);
  expect(book.digest()).toBe(before);
});
