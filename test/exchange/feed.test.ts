import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AgentId, agentId, instrumentId, lots, type Nanos, nanos, type OrderId, orderId, ticks } from '../../src/core/units.ts';
import { Feed } from '../../src/exchange/feed.ts';
import { LadderBook } from '../../src/exchange/ladder-book.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { Side } from '../../src/market/order.ts';

const BOOK = instrumentId(0);
const OTHER = instrumentId(1);
const NOBODY = { fill: () => {}, prevented: () => {} };

interface Order {
  readonly owner: AgentId;
  readonly side: Side;
  readonly price: number;
  lots: number;
}
type Top = readonly [bid: number | undefined, bidLots: number, ask: number | undefined, askLots: number];
const EMPTY: Top = [undefined, 0, undefined, 0];

/** A market of resting orders that never cross, with everything that any agent could have seen written down. */
class Market {
  readonly kernel = new Kernel({ seed: 'feed', queueCapacity: 100_000 });
  readonly books = [new LadderBook(), new LadderBook()];
  readonly feed: Feed;
  readonly notices: { readonly agent: AgentId; readonly at: number }[] = [];
  readonly orders = new Map<OrderId, Order>();
  /** Per agent: the top without its own orders after each change, with the moment. */
  readonly history: { readonly at: number; readonly top: Top }[][];
  readonly #target: number;
  readonly #actions: (() => void)[] = [];
  #next = 0;

  constructor(latencyNanos: readonly number[]) {
    const latency = latencyNanos.map((value) => nanos(value));
    this.feed = new Feed(this.kernel, (instrument) => this.#book(instrument), 2, latency, {
      onData: (agent, instrument) => {
        expect(instrument).toBe(BOOK);
        this.notices.push({ agent, at: this.kernel.now });
      },
    });
    this.history = latency.map(() => []);
    this.#target = this.kernel.register({ on: (_code, payload) => this.#actions[payload]?.() });
  }

  #book(instrument: number): LadderBook {
    const book = this.books[instrument];
    if (book === undefined) throw new Error(`no book ${instrument}`);
    return book;
  }

  /** Does something at a moment, as a request at the exchange does. */
  at(time: number, action: () => void): void {
    this.#actions.push(action);
    this.kernel.schedule(nanos(time), this.#target, 0, this.#actions.length - 1, 9);
  }

  run(until = 1e9): void {
    this.kernel.advance(nanos(until));
  }

  place(owner: number, side: Side, price: number, size: number): void {
    this.#next += 1;
    const id = orderId(this.#next);
    this.orders.set(id, { owner: agentId(owner), side, price, lots: size });
    this.#book(BOOK).place(id, agentId(owner), side, ticks(price), lots(size), NOBODY);
    this.#changed();
  }

  /** Takes lots off the n-th order that rests. */
  reduce(n: number, by: number): void {
    const [id, order] = [...this.orders][n % Math.max(1, this.orders.size)] ?? [];
    if (id === undefined || order === undefined) return;
    this.#book(BOOK).reduce(id, lots(Math.min(by, order.lots)));
    order.lots -= Math.min(by, order.lots);
    if (order.lots === 0) this.orders.delete(id);
    this.#changed();
  }

  #changed(): void {
    this.history.forEach((seen, agent) => {
      seen.push({ at: this.kernel.now, top: this.top(agentId(agent)) });
    });
    this.feed.changed(BOOK);
  }

  top(agent: AgentId): Top {
    const others = [...this.orders.values()].filter((order) => order.owner !== agent);
    const side = (wanted: Side, best: (...prices: number[]) => number): readonly [number | undefined, number] => {
      const mine = others.filter((order) => order.side === wanted);
      if (mine.length === 0) return [undefined, 0];
      const price = best(...mine.map((order) => order.price));
      return [price, mine.filter((order) => order.price === price).reduce((sum, order) => sum + order.lots, 0)];
    };
    return [...side('buy', Math.max), ...side('sell', Math.min)];
  }

  /** What was seen at a moment, by the record. */
  asOf(agent: AgentId, time: number): Top {
    return this.history[agent]?.findLast((entry) => entry.at <= time)?.top ?? EMPTY;
  }

  view(agent: AgentId): Top {
    const { bid, bidLots, ask, askLots } = this.feed.view(agent, BOOK);
    return [bid, bidLots, ask, askLots];
  }
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      gap: fc.integer({ min: 0, max: 40 }),
      owner: fc.nat(3),
      buys: fc.boolean(),
      price: fc.integer({ min: 1, max: 5 }),
      size: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reduce' as const),
      gap: fc.integer({ min: 0, max: 40 }),
      which: fc.nat(20),
      by: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), gap: fc.integer({ min: 0, max: 300 }), agent: fc.nat(3) }) },
);
const latencies = fc.tuple(
  fc.constant(0),
  fc.integer({ min: 1, max: 30 }),
  fc.integer({ min: 100, max: 400 }),
  fc.integer({ min: 1000, max: 4000 }),
);

describe('what an agent reads', () => {
  test('is the top of the book as it was, its own orders taken out, for any changes and latencies', () => {
    fc.assert(
      fc.property(latencies, fc.array(step, { minLength: 30, maxLength: 120 }), (latency, steps) => {
        const market = new Market(latency);
        for (const agent of [0, 1, 2, 3]) market.feed.subscribe(agentId(agent), BOOK, agent % 2 === 0);
        let reads = 0;
        let time = 0;
        for (const each of steps) {
          time += each.gap;
          market.at(time, () => {
            if (each.kind === 'place')
              market.place(each.owner, each.buys ? 'buy' : 'sell', each.buys ? 100 - each.price : 100 + each.price, each.size);
            else if (each.kind === 'reduce') market.reduce(each.which, each.by);
            else {
              const agent = agentId(each.agent);
              expect(market.view(agent)).toEqual(market.asOf(agent, market.kernel.now - (latency[each.agent] ?? 0)));
              reads += 1;
            }
          });
        }
        // Once everything has come through, all see the present.
        market.run(time + 10_000);
        for (const agent of [0, 1, 2, 3]) expect(market.view(agentId(agent))).toEqual(market.top(agentId(agent)));
        expect(reads).toBe(steps.filter(({ kind }) => kind === 'read').length);
      }),
      { numRuns: 150 },
    );
  });

  test('stays exact over thousands of changes within one latency', () => {
    const market = new Market([5000]);
    const agent = agentId(0);
    market.feed.subscribe(agent, BOOK, true);
    for (let time = 0; time < 20_000; time += 3) {
      market.at(time, () => {
        if (time % 2 === 0) market.place(1, 'buy', 90 + (time % 7), 1 + (time % 3));
        else market.reduce(0, 5);
        if (time % 99 === 0) expect(market.view(agent)).toEqual(market.asOf(agent, time - 5000));
      });
    }
    market.run(40_000);
    expect(market.view(agent)).toEqual(market.top(agent));
  });

  test('is exact to the nanosecond where each one brings a change, however many lie within the latency', () => {
    for (const latency of [0, 1, 2, 6, 7, 8, 9, 15, 16, 17, 40]) {
      const market = new Market([latency]);
      const agent = agentId(0);
      market.feed.subscribe(agent, BOOK, false);
      for (let time = 1; time <= 120; time += 1) {
        market.at(time, () => {
          // Pauses in between: what was seen last stays while the ring is not written to.
          if (time % 30 < 20) market.place(1, 'buy', 90, 1);
          expect(market.view(agent), `${time} ns, ${latency} late`).toEqual(market.asOf(agent, time - latency));
        });
      }
      market.run(1000);
      expect(market.view(agent)).toEqual(market.top(agent));
    }
  });

  test('is nothing before it could have heard of its subscription, and nothing at all without one', () => {
    const market = new Market([50, 50]);
    const seen: Top[] = [];
    market.at(0, () => market.place(1, 'buy', 99, 3));
    market.at(100, () => market.feed.subscribe(agentId(0), BOOK, false));
    for (const time of [100, 149, 150]) market.at(time, () => seen.push(market.view(agentId(0))));
    market.run();
    expect(seen).toEqual([EMPTY, EMPTY, [99, 3, undefined, 0]]);
    expect(market.view(agentId(1))).toEqual(EMPTY);
    const { bid, bidLots } = market.feed.view(agentId(0), OTHER);
    expect([bid, bidLots]).toEqual([undefined, 0]);
  });

  test('does not change with its own orders, which send no notice either', () => {
    const market = new Market([10, 10]);
    for (const agent of [0, 1]) market.feed.subscribe(agentId(agent), BOOK, true);
    market.at(5, () => market.place(0, 'sell', 101, 2));
    market.at(30, () => market.place(1, 'sell', 102, 1));
    market.run();
    expect(market.view(agentId(0))).toEqual([undefined, 0, 102, 1]);
    expect(market.view(agentId(1))).toEqual([undefined, 0, 101, 2]);
    expect(market.notices).toEqual([
      { agent: 1, at: 15 },
      { agent: 0, at: 40 },
    ]);
  });
});

describe('notices', () => {
  test('come after the latency, are merged while one is under way, and never miss the last change', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 50, 200), gaps, (latency, list) => {
        const market = new Market([latency]);
        const agent = agentId(0);
        market.feed.subscribe(agent, BOOK, true);
        const changes: number[] = [];
        let time = 1;
        list.forEach((gap, n) => {
          time += gap;
          const now = time;
          changes.push(now);
          // Each change makes the best bid one lot larger, so that none undoes another.
          market.at(now, () => market.place(1, 'buy', 99, n + 1));
        });
        market.run();
        const heard = market.notices.map((notice) => notice.at - latency);
        // Only where something happened, in order, at most once per moment.
        for (const at of heard) expect(changes).toContain(at);
        if (latency > 0) expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        expect(heard.at(-1)).toBe(changes.at(-1));
        // And each change within one more latency.
        for (const at of changes) expect(heard.some((moment) => moment >= at && moment <= at + latency)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('what a notice announces can be read when it comes', () => {
    const market = new Market([25]);
    const seen: Top[] = [];
    const feed = new Feed(market.kernel, () => market.books[0] ?? new LadderBook(), 2, [nanos(25)], {
      onData: (agent) => {
        const { bid, bidLots, ask, askLots } = feed.view(agent, BOOK);
        seen.push([bid, bidLots, ask, askLots]);
      },
    });
    feed.subscribe(agentId(0), BOOK, true);
    for (const time of [10, 20, 60]) {
      market.at(time, () => {
        market.place(1, 'buy', 90 + time / 10, 1);
        feed.changed(BOOK);
      });
    }
    market.run();
    expect(seen.map(([bid]) => bid)).toEqual([91, 92, 96]);
  });

  test('asked for later, are sent from then on', () => {
    const market = new Market([5]);
    market.feed.subscribe(agentId(0), BOOK, false);
    market.at(10, () => market.place(1, 'buy', 99, 1));
    market.at(20, () => market.feed.subscribe(agentId(0), BOOK, true));
    market.at(30, () => market.place(1, 'buy', 99, 1));
    market.run();
    expect(market.notices).toEqual([{ agent: 0, at: 35 as Nanos }]);
  });
});
