import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readBitstampOrders } from '../../src/data/bitstamp-orders.ts';
import { readLobsterBook } from '../../src/data/lobster-book.ts';
import { readLobsterMessages } from '../../src/data/lobster-messages.ts';
import { bitstampReplay } from '../../src/replay/bitstamp-replay.ts';
import { lobsterReplay } from '../../src/replay/lobster-replay.ts';

const data = (path: string): string => fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url));
const AMZN = data('lobster-amzn-2012-06-21/AMZN_2012-06-21_34200000_57600000_');
const BITSTAMP = data('bitstamp-btc-l3-2015-05-01/orders.csv');

/** False, with a word about it, where the data are not on this machine. */
function isHere(path: string): boolean {
  if (existsSync(path)) return true;
  console.log(`not run: ${path.split('/').at(-1)} is not on this machine`);
  return false;
}

test('a day of AMZN from LOBSTER: all that its level-1 messages determine is reproduced', ({ skip }) => {
  if (!isHere(`${AMZN}message_1.csv`)) return skip();
  const messages = readLobsterMessages('messages', readFileSync(`${AMZN}message_1.csv`, 'utf8'));
  const book = readLobsterBook('book', readFileSync(`${AMZN}orderbook_1.csv`, 'utf8'), messages.length);
  expect(lobsterReplay(messages, book)).toEqual({
    events: 57_515,
    compared: 48_742,
    equal: 48_733,
    classes: {
      equal: 43_552,
      'equal-later': 5_181,
      'touch-differs': 0,
      'sweep-order': 5,
      'out-of-turn': 4,
      'order-differs': 0,
      remembered: 4_493,
      'unknown-depth': 4_280,
      crossed: 0,
    },
    // The nine rows above are about the turn of an order; the touches are equal there too.
    sides: { bid: { compared: 52_927, equal: 52_927 }, ask: { compared: 53_330, equal: 53_330 } },
    levels: 1,
    behindTouch: 0,
    executions: 8_974,
    inTurn: 8_965,
    invisible: 2_445,
  });
});

test('five hours of BTC from Bitstamp: each event, and each fill that our matching makes of them', ({ skip }) => {
  if (!isHere(BITSTAMP)) return skip();
  const replay = bitstampReplay(readBitstampOrders('orders', readFileSync(BITSTAMP, 'utf8')));
  expect(replay).toEqual({
    events: 50_414,
    compared: 49_014,
    equal: 48_924,
    classes: {
      equal: 48_924,
      'fill-rounded': 80,
      'fill-differs': 2,
      'fill-unpredicted': 4,
      'fill-withdrawn': 4,
      'volume-differs': 0,
      'touch-differs': 0,
      'in-flight': 1_182,
      crossed: 0,
      unannounced: 191,
      late: 27,
    },
    fills: { made: 579, withdrawn: 9, overdue: 1, reported: 1_145, exact: 1_059, rounded: 80, differing: 2, unpredicted: 4 },
    crossed: {
      events: 1_022,
      spells: 387,
      byNewOrder: 351,
      byNewPrice: 36,
      endedByFill: 383,
      endedByCancel: 4,
      medianMillis: 121,
      maximumMillis: 584,
    },
    unannounced: 187,
    repriced: 36,
  });
});
