import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentId,
  agentId,
  type InstrumentId,
  instrumentId,
  lots,
  type Nanos,
  nanos,
  type OrderId,
  orderId,
  ticks,
} from '../../src/core/units.ts';
import { Feed } from '../../src/exchange/feed.ts';
import { LadderBook } from '../../src/exchange/ladder-book.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { LatencyLaw } from '../../src/kernel/latency.ts';
import type { Side } from '../../src/market/order.ts';
import { arrivalsOf, constant, constantLine, empirical, lineOf, lognormal } from '../support/lines.ts';

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
/** Price and lots, best first. */
type Levels = readonly (readonly [price: number, lots: number])[];
/** Bids and offers of the others, so many levels deep. */
type Depth = readonly [bids: Levels, asks: Levels];
const SEED = 'feed';

/** A market of resting orders that never cross, with everything that any agent could have seen written down. */
class Market {
  readonly kernel = new Kernel({ seed: 'feed', queueCapacity: 100_000 });
  readonly books = [new LadderBook(), new LadderBook()];
  readonly feed: Feed;
  readonly notices: { readonly agent: AgentId; readonly at: number }[] = [];
  readonly orders = new Map<OrderId, Order>();
  /** Per agent: the top without its own orders after each change, with the moment. */
  readonly history: { readonly at: number; readonly top: Top }[][];
  /** Told after a book has changed, before the feed is. */
  onChange: (() => void) | undefined;
  readonly #target: number;
  readonly #actions: (() => void)[] = [];
  #next = 0;

  /** Constants in nanoseconds, or laws that are drawn from under the agent's number. */
  constructor(latency: readonly (number | LatencyLaw)[]) {
    const lines = latency.map((each, agent) => (typeof each === 'number' ? constantLine(each) : lineOf(each, SEED, `${agent}`)));
    this.feed = new Feed(this.kernel, (instrument) => this.#book(instrument), 2, lines, {
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
    this.onChange?.();
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

  /** The best levels of the others, from the orders themselves. */
  depth(agent: AgentId, levels: number): Depth {
    const side = (wanted: Side, sign: number): Levels => {
      const sizes = new Map<number, number>();
      for (const order of this.orders.values()) {
        if (order.side === wanted && order.owner !== agent) sizes.set(order.price, (sizes.get(order.price) ?? 0) + order.lots);
      }
      return [...sizes].sort(([a], [b]) => sign * (a - b)).slice(0, levels);
    };
    return [side('buy', -1), side('sell', 1)];
  }

  /** The same as the feed tells it. */
  seen(agent: AgentId, instrument: InstrumentId = BOOK): Depth {
    const [bids, asks] = (['buy', 'sell'] as const).map((side) => {
      const levels: [number, number][] = [];
      this.feed.depth(agent, instrument, side, (price, size) => levels.push([price, size]));
      return levels;
    });
    return [bids ?? [], asks ?? []];
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
    const feed = new Feed(market.kernel, () => market.books[0] ?? new LadderBook(), 2, [constantLine(25)], {
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

/** All messages that one agent should be sent about a book, by the words of the rule: one for each change of what it reads. */
class Witness {
  readonly messages: { readonly arrival: number; readonly depth: Depth }[] = [];
  readonly #market: Market;
  readonly #agent: AgentId;
  readonly #levels: number;
  readonly #arrival: (now: number) => number;

  constructor(market: Market, agent: number, law: LatencyLaw, levels: number) {
    this.#market = market;
    this.#agent = agentId(agent);
    this.#levels = levels;
    this.#arrival = arrivalsOf(law, SEED, `${agent}`);
    market.feed.subscribe(this.#agent, BOOK, true, levels);
    this.look();
  }

  /** To be called after each change; looks again one nanosecond before the news arrives, and when it does. */
  look(): void {
    const { kernel } = this.#market;
    const depth = this.#market.depth(this.#agent, this.#levels);
    if (JSON.stringify(this.messages.at(-1)?.depth) === JSON.stringify(depth)) return;
    const arrival = this.#arrival(kernel.now);
    this.messages.push({ arrival, depth });
    for (const at of [arrival - 1, arrival]) if (at >= kernel.now) this.#market.at(at, () => this.check());
  }

  /** Fails unless the feed shows what the last message that has arrived says, by all that it can be asked. */
  check(): void {
    const { kernel } = this.#market;
    const [bids, asks] = this.messages.findLast(({ arrival }) => arrival <= kernel.now)?.depth ?? [[], []];
    const what = `agent ${this.#agent}, ${this.#levels} levels, at ${kernel.now} ns`;
    expect(this.#market.seen(this.#agent), what).toEqual([bids, asks]);
    expect(this.#market.view(this.#agent), what).toEqual([bids[0]?.[0], bids[0]?.[1] ?? 0, asks[0]?.[0], asks[0]?.[1] ?? 0]);
  }
}

const laws = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map(constant),
  fc
    .record({ median: fc.integer({ min: 0, max: 300 }), sigma: fc.double({ min: 0, max: 2, noNaN: true }), minimum: fc.nat(20) })
    .map(({ median, sigma, minimum }) => lognormal(minimum + median, sigma, minimum)),
  fc.array(fc.nat(3000), { minLength: 1, maxLength: 6 }).map((values) => empirical(values)),
);
const watchers = fc.array(fc.record({ law: laws, levels: fc.integer({ min: 1, max: 5 }) }), { minLength: 4, maxLength: 4 });

describe('each change is seen from the nanosecond at which its message arrives, and not before', () => {
  test('in the top and in any depth, for constants and draws', () => {
    fc.assert(
      fc.property(watchers, fc.array(step, { minLength: 20, maxLength: 60 }), (list, steps) => {
        const market = new Market(list.map(({ law }) => law));
        const witnesses = list.map(({ law, levels }, agent) => new Witness(market, agent, law, levels));
        market.onChange = () => {
          for (const witness of witnesses) witness.look();
        };
        let time = 0;
        for (const each of steps) {
          time += each.gap;
          market.at(time, () => {
            if (each.kind === 'place')
              market.place(each.owner, each.buys ? 'buy' : 'sell', each.buys ? 100 - each.price : 100 + each.price, each.size);
            else if (each.kind === 'reduce') market.reduce(each.which, each.by);
            else witnesses[each.agent]?.check();
          });
        }
        market.run(time + 1e8);
        for (const [agent, witness] of witnesses.entries()) {
          witness.check();
          // Notices come when something arrives, never twice at once, and the last news is not missed.
          const heard = market.notices.filter((notice) => notice.agent === agent).map(({ at }) => at);
          const arrivals = witness.messages.map(({ arrival }) => arrival);
          for (const at of heard) expect(arrivals).toContain(at);
          if (witness.messages.length > 1) expect(heard.at(-1)).toBe(arrivals.at(-1));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('so that no book ever goes back in time', () => {
    const market = new Market([lognormal(100, 1), empirical([1, 300], [99, 1])]);
    const seen: number[][] = [[], []];
    for (const agent of [0, 1]) market.feed.subscribe(agentId(agent), BOOK, false, 2);
    for (let time = 1; time <= 3000; time += 1) {
      market.at(time, () => {
        // One lot more each time.
        if (time <= 1500) market.place(2, 'buy', 99, 1);
        for (const agent of [0, 1]) seen[agent]?.push(market.view(agentId(agent))[1]);
      });
    }
    market.run();
    for (const [agent, sizes] of seen.entries()) {
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
      expect(new Set(sizes).size).toBeGreaterThan(5);
      expect(market.view(agentId(agent))[1]).toBe(1500);
    }
  });

  test('also where one message takes as long as thousands of changes', () => {
    const law = lognormal(20_000, 0.5);
    const market = new Market([law]);
    const witness = new Witness(market, 0, law, 3);
    market.onChange = () => witness.look();
    for (let time = 0; time < 6000; time += 3) {
      market.at(time, () => (time % 2 === 0 ? market.place(1, 'buy', 90 + (time % 7), 1 + (time % 3)) : market.reduce(0, 5)));
    }
    market.run(1e7);
    expect(witness.messages.length).toBeGreaterThan(1000);
    witness.check();
  });
});

describe('depth', () => {
  test('holds the lots of the others alone: a level of its own orders is not there', () => {
    const market = new Market([10]);
    const me = agentId(0);
    market.feed.subscribe(me, BOOK, true, 3);
    for (const [owner, price, size] of [
      [0, 105, 9],
      [1, 106, 4],
      [0, 106, 2],
      [2, 108, 1],
      [1, 108, 1],
      [0, 109, 5],
      [2, 111, 7],
      [2, 112, 7],
    ] as const)
      market.at(20, () => market.place(owner, 'sell', price, size));
    market.run(29);
    expect(market.seen(me)).toEqual([[], []]);
    market.run(30);
    expect(market.seen(me)).toEqual([
      [],
      [
        [106, 4],
        [108, 2],
        [111, 7],
      ],
    ]);
    expect(market.view(me)).toEqual([undefined, 0, 106, 4]);
    expect(market.notices).toEqual([{ agent: 0, at: 30 }]);
    // Its own orders, and what lies deeper than it asked for, are no news.
    market.at(40, () => market.place(0, 'sell', 107, 1));
    market.at(50, () => market.place(1, 'sell', 113, 1));
    market.run(100);
    expect(market.notices).toHaveLength(1);
    market.at(110, () => market.place(1, 'sell', 110, 3));
    market.run(200);
    expect(market.notices).toEqual([30, 120].map((at) => ({ agent: 0, at })));
    expect(market.seen(me)[1]).toEqual([
      [106, 4],
      [108, 2],
      [110, 3],
    ]);
  });

  test('asked for later, is seen after the latency, and the top until then', () => {
    const market = new Market([50]);
    const me = agentId(0);
    market.feed.subscribe(me, BOOK, false);
    for (const price of [99, 98, 97]) market.at(10, () => market.place(1, 'buy', price, 2));
    market.at(70, () => {
      expect(market.seen(me)).toEqual([[[99, 2]], []]);
      market.feed.subscribe(me, BOOK, false, 2);
      expect(market.seen(me)).toEqual([[[99, 2]], []]);
    });
    market.run(119);
    expect(market.seen(me)).toEqual([[[99, 2]], []]);
    market.run(120);
    const two = [
      [
        [99, 2],
        [98, 2],
      ],
      [],
    ];
    expect(market.seen(me)).toEqual(two);
    // Asking for less takes nothing away.
    market.feed.subscribe(me, BOOK, false);
    market.at(130, () => market.place(2, 'sell', 101, 1));
    market.run(200);
    expect(market.seen(me)).toEqual([two[0], [[101, 1]]]);
    expect(market.view(me)).toEqual([99, 2, 101, 1]);
  });

  test('can be asked for anew at any time, and what is under way arrives as it was sent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 60 }),
        fc.constantFrom(0, 1, 40, 700),
        (gaps, latency) => {
          const market = new Market([latency]);
          const me = agentId(0);
          market.feed.subscribe(me, BOOK, false);
          const views: { at: number; depth: Depth }[] = [{ at: 0, depth: [[], []] }];
          let levels = 1;
          let time = 0;
          gaps.forEach((gap, n) => {
            time += gap;
            const now = time;
            market.at(now, () => {
              const known = views.findLast(({ at }) => at <= now - latency)?.depth ?? [[], []];
              expect(market.seen(me)).toEqual(known);
              if (n % 7 === 6) {
                levels += 1;
                market.feed.subscribe(me, BOOK, false, levels);
              } else market.place(1, n % 2 === 0 ? 'buy' : 'sell', n % 2 === 0 ? 99 - (n % 5) : 101 + (n % 5), 1 + n);
              views.push({ at: now, depth: market.depth(me, levels) });
            });
          });
          market.run(time + 5000);
          expect(market.seen(me)).toEqual(market.depth(me, levels));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('is nothing without a subscription, and a whole number of levels', () => {
    const market = new Market([5]);
    market.place(1, 'buy', 99, 1);
    market.run(100);
    expect(market.seen(agentId(0))).toEqual([[], []]);
    expect(market.seen(agentId(0), OTHER)).toEqual([[], []]);
    for (const levels of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => market.feed.subscribe(agentId(0), BOOK, false, levels)).toThrow(RangeError);
    }
  });
});

test('prices and sizes beyond 32 bits are shown as they are', () => {
  const market = new Market([5, 5]);
  market.feed.subscribe(agentId(0), BOOK, false);
  market.feed.subscribe(agentId(1), BOOK, false, 2);
  market.place(2, 'buy', 70_000_000_000, 5_000_000_000);
  market.run(10);
  for (const agent of [0, 1]) expect(market.view(agentId(agent))).toEqual([70_000_000_000, 5_000_000_000, undefined, 0]);
});
