import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBitstampOrders } from '../../src/data/bitstamp-orders.ts';
import { BITSTAMP_CLASSES } from '../../src/replay/bitstamp-classes.ts';
import { type BitstampReplay, bitstampReplay } from '../../src/replay/bitstamp-replay.ts';

/** Events as `+11 bid 235.00 x500` (created), `11 bid 235.00 x300` (changed), `-11 bid 235.00 x0` (deleted), one millisecond apart or at `@millis`. */
function replayOf(script: string): BitstampReplay {
  let millis = 0;
  const lines = script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const rows = lines.map((line) => {
    const [, sign = '', id, side, price, volume, at] = /^([+-]?)(\d+) (bid|ask) ([\d.]+) x(\d+)(?: @(\d+))?$/.exec(line) ?? [];
    millis = at === undefined ? millis + 1 : Number(at);
    const action = sign === '+' ? 'created' : sign === '-' ? 'deleted' : 'changed';
    return [id, 1_430_438_400_000 + millis, 1_430_438_400_000, price, volume, action, side].join(',');
  });
  const replay = bitstampReplay(readBitstampOrders('orders', rows.join('\n')));
  expect(replay.events).toBe(lines.length);
  expect(BITSTAMP_CLASSES.reduce((sum, { name }) => sum + replay.classes[name], 0)).toBe(lines.length);
  return replay;
}

const occurring = ({ classes }: BitstampReplay): Partial<BitstampReplay['classes']> =>
  Object.fromEntries(Object.entries(classes).filter(([, count]) => count > 0));

const NO_FILLS = { made: 0, withdrawn: 0, overdue: 0, reported: 0, exact: 0, rounded: 0, differing: 0, unpredicted: 0 };

describe('each class', () => {
  test('equal, and in-flight while the feed is crossed: a new order trades at once, and is reported later', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 236.00 x300
      +13 ask 237.00 x300
      +14 bid 236.50 x900 @10
      11 ask 236.00 x500 @20
      -11 ask 236.00 x0 @120
      14 bid 236.50 x400
      14 bid 236.50 x100
      -12 ask 236.00 x0 @130
      -14 bid 236.50 x100
      -13 ask 237.00 x300`);
    // What has been reported of 14 leaves the feed crossed until the second ask is gone; then the 100 at 236.50 are its best bid, and ours.
    expect(occurring(replay)).toEqual({ equal: 6, 'in-flight': 5 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 2, reported: 4, exact: 4 });
    expect(replay.crossed).toEqual({
      events: 5,
      spells: 1,
      byNewOrder: 1,
      byNewPrice: 0,
      endedByFill: 1,
      endedByCancel: 0,
      medianMillis: 120,
      maximumMillis: 120,
    });
  });

  test('a market order takes the price of each level that it reaches', () => {
    const replay = replayOf(`
      +11 bid 235.00 x500
      +12 bid 234.00 x500
      +13 ask 236.00 x800
      13 ask 235.00 x800
      -11 bid 235.00 x0
      13 ask 235.00 x300
      13 ask 234.00 x300
      12 bid 234.00 x200
      -13 ask 234.00 x0`);
    expect(replay.repriced).toBe(2);
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 2, reported: 4, exact: 4 });
    expect(replay.crossed).toMatchObject({ spells: 2, byNewPrice: 2, endedByFill: 2 });
    // Between its two levels its rest is at 235.00 in both books.
    expect(occurring(replay)).toEqual({ equal: 5, 'in-flight': 4 });
  });

  test('fill-rounded: up to two units more or less than ours; the feed is followed', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 bid 236.00 x300
      11 ask 236.00 x201
      -12 bid 236.00 x0
      -11 ask 236.00 x201`);
    expect(occurring(replay)).toEqual({ equal: 3, 'in-flight': 1, 'fill-rounded': 1 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 1, reported: 2, exact: 1, rounded: 1 });
  });

  test('fill-differs: three units more; what we had made is taken back', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 bid 236.00 x300
      11 ask 236.00 x197
      -12 bid 236.00 x300
      -11 ask 236.00 x197`);
    expect(replay.classes).toMatchObject({ 'fill-differs': 1, 'fill-withdrawn': 1, 'touch-differs': 0 });
    expect(replay.fills).toMatchObject({ differing: 1, exact: 0, reported: 1 });
  });

  test('fill-unpredicted: by somebody whom the feed does not show, in turn and out of turn', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 236.00 x500
      11 ask 236.00 x300
      12 ask 236.00 x100
      -12 ask 236.00 x100
      -11 ask 236.00 x300`);
    expect(occurring(replay)).toEqual({ equal: 4, 'fill-unpredicted': 2 });
    expect(replay.fills).toEqual({ ...NO_FILLS, reported: 2, unpredicted: 2 });
  });

  test('fill-withdrawn: an order that we had filled is cancelled; the taker goes on to the next, and those behind keep their turn', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 236.00 x300
      +13 ask 236.00 x300
      +14 bid 236.00 x400
      -11 ask 236.00 x500
      -12 ask 236.00 x0
      14 bid 236.00 x100
      13 ask 236.00 x200
      -14 bid 236.00 x0
      -13 ask 236.00 x200`);
    expect(replay.classes).toMatchObject({ 'fill-withdrawn': 1, 'fill-differs': 0, 'fill-unpredicted': 0, 'touch-differs': 0 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 3, withdrawn: 1, reported: 4, exact: 4 });
  });

  test('fill-withdrawn: a taker that is cancelled gives back what it took, and its makers have their turns again', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 236.00 x300
      +13 ask 236.00 x100
      +14 bid 236.00 x600
      -14 bid 236.00 x600
      +15 bid 235.00 x50
      +16 bid 236.00 x850
      -11 ask 236.00 x0
      16 bid 236.00 x350
      -12 ask 236.00 x0
      16 bid 236.00 x50
      -16 bid 236.00 x0
      13 ask 236.00 x50`);
    expect(occurring(replay)).toEqual({ equal: 5, 'in-flight': 7, 'fill-withdrawn': 1 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 5, withdrawn: 2, reported: 6, exact: 6 });
  });

  test('fill-rounded: a unit that rounding left to an order is not owed once the order is gone', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 236.00 x500
      +13 bid 236.00 x600
      -11 ask 236.00 x0
      13 bid 236.00 x101
      -13 bid 236.00 x0
      12 ask 236.00 x400
      -12 ask 236.00 x400`);
    expect(occurring(replay)).toEqual({ equal: 4, 'in-flight': 2, 'fill-rounded': 2 });
    expect(replay.fills).toMatchObject({ made: 3, withdrawn: 1, exact: 2, rounded: 2 });
  });

  test('a match that is not reported in ten seconds: its resting order had gone without a word, and stands in the way no longer', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 237.00 x500
      +13 bid 236.00 x300 @10
      +14 bid 230.00 x100 @9000
      +15 bid 230.00 x100 @10011
      +16 bid 229.00 x100
      -11 ask 236.00 x500`);
    expect(occurring(replay)).toEqual({ equal: 4, 'in-flight': 2, late: 1 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 1, withdrawn: 1, overdue: 1 });
    expect(replay.crossed).toMatchObject({ events: 2, spells: 1, maximumMillis: 10_001 });
  });

  test('a match of which one half is not reported in ten seconds: the other order has traded all the same', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 bid 236.00 x300 @10
      -12 bid 236.00 x0
      +13 bid 230.00 x100 @10011
      -11 ask 236.00 x200`);
    expect(occurring(replay)).toEqual({ equal: 3, 'in-flight': 2 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 1, overdue: 1, reported: 1, exact: 1 });
  });

  test('volume-differs: an order that grows, and loses its turn, and one cancelled with other lots than it had', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      +12 ask 236.00 x500
      11 ask 236.00 x600
      +13 bid 236.00 x100
      12 ask 236.00 x400
      -13 bid 236.00 x0
      -12 ask 236.00 x350`);
    expect(occurring(replay)).toEqual({ equal: 3, 'in-flight': 2, 'volume-differs': 2 });
  });

  test('unannounced: an order from before the first row; the other side of its fill tells how large it was', () => {
    const replay = replayOf(`
      +21 bid 235.00 x500
      +22 bid 236.00 x300
      11 ask 236.00 x200
      -22 bid 236.00 x0
      -11 ask 236.00 x200
      -12 ask 237.00 x70`);
    expect(replay.unannounced).toBe(2);
    expect(occurring(replay)).toEqual({ equal: 2, 'in-flight': 1, unannounced: 3 });
    expect(replay.fills).toEqual({ ...NO_FILLS, made: 1, reported: 2, exact: 2 });
  });

  test('unannounced: where nothing tells how large it was, it begins with its first event', () => {
    const replay = replayOf(`
      +21 bid 235.00 x500
      11 ask 236.00 x200
      -11 ask 236.00 x200
      -12 ask 237.00 x0`);
    expect(occurring(replay)).toEqual({ equal: 1, unannounced: 3 });
  });

  test('late: after its deletion nothing more is believed of an order', () => {
    const replay = replayOf(`
      +11 ask 236.00 x500
      -11 ask 236.00 x500
      11 ask 236.00 x500
      +11 ask 236.00 x500
      -11 ask 236.00 x500
      +12 ask 237.00 x500
      +12 ask 237.00 x500`);
    expect(occurring(replay)).toEqual({ equal: 3, late: 4 });
  });
});

interface Order {
  readonly id: number;
  readonly side: 'bid' | 'ask';
  readonly price: number;
  left: number;
}

/** What a venue with price-time priority would have sent for new orders and cancellations; each fill is reported for both, in either order. */
function feedOf(steps: readonly { side: 'bid' | 'ask'; price: number; lots: number; cancel: boolean; swap: boolean }[]): string[] {
  const book: Order[] = [];
  const lines: string[] = [];
  let id = 10;
  const told = (order: Order): string => `${order.left === 0 ? '-' : ''}${order.id} ${order.side} ${order.price}.00 x${order.left}`;
  for (const { side, price, lots, cancel, swap } of steps) {
    const gone = cancel ? book.splice(lots % Math.max(1, book.length), 1)[0] : undefined;
    if (gone !== undefined) lines.push(`-${gone.id} ${gone.side} ${gone.price}.00 x${gone.left}`);
    if (cancel) continue;
    id += 1;
    const order: Order = { id, side, price, left: lots };
    lines.push(`+${id} ${side} ${price}.00 x${lots}`);
    const sign = side === 'bid' ? 1 : -1;
    const queue = book.filter((other) => other.side !== side && sign * (price - other.price) >= 0);
    for (const maker of queue.sort((a, b) => sign * (a.price - b.price) || a.id - b.id)) {
      const traded = Math.min(order.left, maker.left);
      if (traded === 0) break;
      order.left -= traded;
      maker.left -= traded;
      lines.push(...(swap ? [told(order), told(maker)] : [told(maker), told(order)]));
      if (maker.left === 0) book.splice(book.indexOf(maker), 1);
    }
    if (order.left > 0) book.push(order);
  }
  return lines;
}

test('of a venue with price-time priority every reported fill is the one that we made, and the touches differ only before it is reported', () => {
  const step = fc.record({
    side: fc.constantFrom('bid' as const, 'ask' as const),
    price: fc.integer({ min: 230, max: 238 }),
    lots: fc.integer({ min: 1, max: 9 }).map((lots) => 10 * lots),
    cancel: fc.boolean(),
    swap: fc.boolean(),
  });
  let fills = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 120, size: 'max' }), (steps) => {
      const lines = feedOf(steps);
      fc.pre(lines.length > 0);
      const replay = replayOf(lines.join('\n'));
      const { reported, exact, made, withdrawn } = replay.fills;
      expect([exact, made, withdrawn]).toEqual([reported, reported / 2, 0]);
      expect(replay.classes.equal + replay.classes['in-flight']).toBe(lines.length);
      fills += made;
    }),
    { numRuns: 150 },
  );
  expect(fills).toBeGreaterThan(500);
});
