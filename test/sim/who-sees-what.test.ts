import { describe, expect, test } from 'vitest';
import type { Agent, Desk } from '../../src/agents/agent.ts';
import { instrumentId, type OrderId } from '../../src/core/units.ts';
import type { LatencyLaw } from '../../src/kernel/latency.ts';
import type { LatencyLeg } from '../../src/scenario/scenario.ts';
import { DeskMarket } from '../support/desk-market.ts';
import { arrivalsOf, constant, empirical, lognormal } from '../support/lines.ts';

const SERIES = instrumentId(3);
const OTHER = instrumentId(4);

/** What one agent has heard: `12 print i3 40x2`, as it comes. */
class Diary {
  readonly lines: string[] = [];
  readonly agent: Partial<Agent> = {
    onData: (instrument, desk) => this.#note(desk, `data i${instrument} ${top(desk)} ${depth(desk)}`),
    onTrade: ({ instrument, price, lots, at }, desk) => this.#note(desk, `print i${instrument} ${price}x${lots} of ${at}`),
    onReport: ({ kind, order, lots }, desk) => this.#note(desk, `${kind} #${order} x${lots}`),
  };

  #note(desk: Desk, what: string): void {
    this.lines.push(`${desk.now} ${what}`);
  }
}

const top = (desk: Desk): string => {
  const { bid, bidLots, ask, askLots } = desk.bbo(SERIES);
  return `${bid ?? '-'}x${bidLots}/${ask ?? '-'}x${askLots}`;
};
const depth = (desk: Desk): string =>
  (['buy', 'sell'] as const)
    .map((side) => {
      const levels: string[] = [];
      desk.depth(SERIES, side, (price, size) => levels.push(`${price}x${size}`));
      return levels.join(' ');
    })
    .join(' | ');

/** What A, B and C are shown of the book at a moment, without waiting for a notice. */
const screens = (m: DeskMarket, time: number): string[] => {
  m.until(time);
  return ['A', 'B', 'C'].map((name) => `${top(m.desk(name))} ${depth(m.desk(name))}`);
};

test('constants: who sees what, to the nanosecond, by all feeds', () => {
  const diaries = { A: new Diary(), B: new Diary(), C: new Diary() };
  const m = new DeskMarket([
    { name: 'A', orderNanos: 10, dataNanos: 100, latency: { ack: constant(30) }, agent: diaries.A.agent },
    { name: 'B', orderNanos: 1, dataNanos: 7, agent: diaries.B.agent },
    { name: 'C', orderNanos: 0, dataNanos: 0, agent: diaries.C.agent },
  ]);
  m.desk('A').watchDepth(SERIES, 2);
  m.desk('B').watch(SERIES);
  m.desk('C').watchDepth(SERIES, 3);

  // A's offers reach the exchange at 1010.
  m.until(1000);
  m.submit('A', 'sell', 50, 4);
  m.submit('A', 'sell', 52, 3);
  expect(screens(m, 1009)).toEqual(['-x0/-x0  | ', '-x0/-x0  | ', '-x0/-x0  | ']);
  // C sees them in the same nanosecond, B seven later; A never, being its own.
  expect(screens(m, 1010)).toEqual(['-x0/-x0  | ', '-x0/-x0  | ', '-x0/50x4  | 50x4 52x3']);
  expect(screens(m, 1016)[1]).toBe('-x0/-x0  | ');
  expect(screens(m, 1017)[1]).toBe('-x0/50x4  | 50x4');

  // B takes one and a half levels at 2001, and leaves a bid behind at 2001.
  m.until(2000);
  m.submit('B', 'buy', 52, 5, 'ioc');
  m.submit('B', 'buy', 48, 2);
  expect(screens(m, 2001)).toEqual(['-x0/-x0  | ', '-x0/50x4  | 50x4', '48x2/52x2 48x2 | 52x2']);
  expect(screens(m, 2008)[1]).toBe('-x0/52x2  | 52x2');
  expect(screens(m, 2100)[0]).toBe('-x0/-x0  | ');
  expect(screens(m, 2101)[0]).toBe('48x2/-x0 48x2 | ');
  m.until(5000);
  expect(diaries.A.lines).toEqual([
    '1040 accepted #1 x4',
    '1040 accepted #2 x3',
    '2031 fill #1 x4',
    '2031 fill #2 x1',
    '2101 print i3 50x4 of 2001',
    '2101 print i3 52x1 of 2001',
    '2101 data i3 48x2/-x0 48x2 | ',
  ]);
  expect(diaries.B.lines).toEqual([
    '1017 data i3 -x0/50x4  | 50x4',
    '2008 print i3 50x4 of 2001',
    '2008 fill #3 x4',
    '2008 print i3 52x1 of 2001',
    '2008 fill #3 x1',
    '2008 data i3 -x0/52x2  | 52x2',
    '2008 accepted #4 x2',
  ]);
  // Without latency a notice comes before the next request at that nanosecond: nothing is merged.
  expect(diaries.C.lines).toEqual([
    '1010 data i3 -x0/50x4  | 50x4',
    '1010 data i3 -x0/50x4  | 50x4 52x3',
    '2001 print i3 50x4 of 2001',
    '2001 print i3 52x1 of 2001',
    '2001 data i3 -x0/52x2  | 52x2',
    '2001 data i3 48x2/52x2 48x2 | 52x2',
  ]);
});

describe('drawn latencies: each leg by its own draws', () => {
  const laws: Record<LatencyLeg, LatencyLaw> = {
    order: empirical([20, 45, 300], [3, 2, 1]),
    ack: lognormal(60, 0.8, 10),
    data: lognormal(500, 1, 100),
  };
  const path = (leg: LatencyLeg): string => `agents/A/latency/${leg}`;

  test('orders, reports, prints and books arrive when the rule says, and are not known a nanosecond before', () => {
    const diary = new Diary();
    const m = new DeskMarket([
      { name: 'A', orderNanos: 0, dataNanos: 0, latency: laws, agent: diary.agent },
      { name: 'B', orderNanos: 0, dataNanos: 0 },
      { name: 'C', orderNanos: 0, dataNanos: 0 },
    ]);
    const arrival = {
      order: arrivalsOf(laws.order, DeskMarket.seed, path('order')),
      ack: arrivalsOf(laws.ack, DeskMarket.seed, path('ack')),
      data: arrivalsOf(laws.data, DeskMarket.seed, path('data')),
    };
    const expected: string[] = [];
    const books: { readonly at: number; readonly bid: number; readonly lots: number }[] = [];
    m.desk('A').watchDepth(SERIES, 2);
    arrival.data(0);
    let position = 0;
    for (let n = 1; n <= 45; n += 1) {
      const now = 1000 * n;
      m.until(now);
      // B shows a bid, that C hits: a book, a print, and a book. A sends an order far away, in another series.
      const lotsShown = 1 + (n % 3);
      m.submit('B', 'buy', 30 + (n % 20), lotsShown);
      books.push({ at: arrival.data(now), bid: 30 + (n % 20), lots: lotsShown });
      m.until(now);
      m.submit('C', 'sell', 30 + (n % 20), lotsShown);
      expected.push(`${arrival.data(now)} print i3 ${30 + (n % 20)}x${lotsShown} of ${now}`);
      books.push({ at: arrival.data(now), bid: 0, lots: 0 });
      m.until(now);
      const order = m.submit('A', 'buy', 10, 1, 'limit', OTHER) as OrderId;
      expected.push(`${arrival.ack(arrival.order(now))} accepted #${order} x1`);
      position += 1;
    }
    // Look one nanosecond before each arrival of a book, and at it.
    const looks = books.flatMap(({ at }) => [at - 1, at]).filter((at) => at > m.kernel.now);
    for (const at of [...new Set(looks)].sort((a, b) => a - b)) {
      m.until(at);
      const known = books.findLast((book) => book.at <= at);
      const { bid, bidLots } = m.desk('A').bbo(SERIES);
      expect([bid ?? 0, bidLots], `at ${at}`).toEqual([known?.bid ?? 0, known?.lots ?? 0]);
    }
    m.until(1e6);
    const heard = (word: RegExp): string[] => diary.lines.filter((line) => word.test(line));
    expect(heard(/print/)).toEqual(expected.filter((line) => /print/.test(line)));
    expect(heard(/accepted/)).toEqual(expected.filter((line) => /accepted/.test(line)));
    expect(heard(/rejected/)).toEqual([]);
    expect(m.desk('A').openLots(OTHER, 'buy')).toBe(position);
    for (const line of heard(/data/)) expect(books.map(({ at }) => at)).toContain(Number(line.split(' ')[0]));
  });

  test('books and prints share one line: neither tells of a moment that the other could not have told of by then', () => {
    const prints: { readonly at: number; readonly of: number; readonly bookOf: number }[] = [];
    const books: { readonly at: number; readonly of: number }[] = [];
    // The bid grows by one lot each 100 nanoseconds, so that its size tells when the book was so.
    const bookOf = (desk: Desk): number => 100 * desk.bbo(SERIES).bidLots;
    const m = new DeskMarket([
      {
        name: 'A',
        orderNanos: 0,
        dataNanos: 0,
        latency: { data: lognormal(250, 0.9, 150) },
        agent: {
          onTrade: ({ at }, desk) => prints.push({ at: desk.now, of: at, bookOf: bookOf(desk) }),
          onData: (_instrument, desk) => books.push({ at: desk.now, of: bookOf(desk) }),
        },
      },
      { name: 'B', orderNanos: 0, dataNanos: 0 },
      { name: 'C', orderNanos: 0, dataNanos: 0 },
    ]);
    m.desk('A').watch(SERIES);
    for (let time = 100; time <= 4000; time += 100) {
      m.until(time);
      m.submit('B', 'buy', 40, 1);
      m.submit('B', 'buy', 40, 1, 'limit', OTHER);
      m.until(time);
      m.submit('C', 'sell', 40, 1, 'ioc', OTHER);
    }
    m.until(1e7);
    expect(prints.map(({ of }) => of)).toEqual(Array.from({ length: 40 }, (_, i) => 100 * (i + 1)));
    expect(books.length).toBeGreaterThan(3);
    for (const { at, of } of [...prints, ...books]) expect(at - of).toBeGreaterThanOrEqual(150);
    // The book of a moment is sent before its print, the next one after it.
    for (const { of, bookOf: shown } of prints) expect(shown).toBeGreaterThanOrEqual(of);
    for (const { at, of } of books) {
      const before = prints.find((print) => print.of === of - 100);
      if (before !== undefined) expect(before.at).toBeLessThanOrEqual(at);
    }
  });
});

describe('prints', () => {
  const heardBy = (watch: (desk: Desk) => void): string[] => {
    const diary = new Diary();
    const m = new DeskMarket([
      { name: 'A', orderNanos: 0, dataNanos: 5, agent: diary.agent },
      { name: 'B', orderNanos: 0, dataNanos: 0 },
      { name: 'C', orderNanos: 0, dataNanos: 0 },
    ]);
    watch(m.desk('A'));
    for (const instrument of [3, 4, 5]) {
      m.submit('B', 'buy', 40, 1, 'limit', instrument);
      m.until(0);
      m.submit('C', 'sell', 40, 1, 'ioc', instrument);
      m.until(0);
    }
    m.until(100);
    return diary.lines.filter((line) => line.includes('print'));
  };

  test('are those of all instruments, unless some are asked for', () => {
    const all = [3, 4, 5].map((instrument) => `5 print i${instrument} 40x1 of 0`);
    expect(heardBy(() => {})).toEqual(all);
    expect(heardBy((desk) => desk.watchTrades(OTHER))).toEqual([all[1]]);
    const two = heardBy((desk) => {
      desk.watchTrades(SERIES);
      desk.watchTrades(OTHER);
      desk.watchTrades(OTHER);
    });
    expect(two).toEqual(all.slice(0, 2));
  });

  test('asked for later, are heard from then on', () => {
    const diary = new Diary();
    const m = new DeskMarket([
      { name: 'A', orderNanos: 0, dataNanos: 50, agent: diary.agent },
      { name: 'B', orderNanos: 0, dataNanos: 0 },
      { name: 'C', orderNanos: 0, dataNanos: 0 },
    ]);
    m.desk('A').watchTrades(OTHER);
    const trade = (time: number): void => {
      m.until(time);
      m.submit('B', 'buy', 40, 1);
      m.until(time);
      m.submit('C', 'sell', 40, 1, 'ioc');
      m.until(time);
    };
    trade(10);
    m.desk('A').watchTrades(SERIES);
    trade(20);
    m.until(1000);
    expect(diary.lines).toEqual(['70 print i3 40x1 of 20']);
  });
});
