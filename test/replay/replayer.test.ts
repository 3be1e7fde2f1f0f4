import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { agentId, instrumentId, lots, money, NANOS_PER_SECOND, nanos, orderId, ticks } from '../../src/core/units.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import { settlementTerms } from '../../src/exchange/settlement.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { OrderType, Side } from '../../src/market/order.ts';
import { accountsDifference, accountsOf } from '../../src/replay/accounts.ts';
import { type ReplayedMarket, Replayer } from '../../src/replay/replayer.ts';
import { recordText, type TraceRecord } from '../../src/replay/trace-record.ts';
import { SMALL_FEES, smallChain } from '../support/exchange-log.ts';
import { accountsIn, eventsIn, logged, recordKeeper, replayed, sourceOf } from '../support/logged.ts';
import { finished, simulation, tinyScenario } from '../support/tiny.ts';

const tiny = tinyScenario();
/** `tiny` with an expiry on the way, at which there are positions and orders. */
const expiring = tinyScenario([
  `market.expiries.0.days=${180.25 / 86_400}`,
  'market.expiries.0.strikes=[69700, 70000, 70300]',
  'flow.rate=20000',
]);

/** `tiny` at a venue that makes use of its rules. */
const venue = tinyScenario([
  'market.selfTrade=cancel-both',
  'market.settlement={ average: 30 s }',
  'market.listings=[{ at: 20 s, expiry: 30d, strikes: [60000, 80000] }]',
  'market.fees={ option: { delivery: 0.00015 } }',
  'market.options.tickBands=[{ from: 1000, tickSize: 10 }]',
  'agents.rivals.outages=[{ at: 60 s, lasts: 25 s }]',
  `market.expiries.0.days=${200 / 86_400}`,
  'market.expiries.0.strikes=[69700, 70000, 70300]',
  'flow.rate=20000',
]);

describe('a replay from the log alone is the run', () => {
  test.each([
    ['tiny', tiny, '1'],
    ['tiny', tiny, '2'],
    ['tiny', tiny, '3'],
    ['an expiry', expiring, '1'],
    ['an expiry', expiring, '5'],
    ['the rules of a venue', venue, '1'],
    ['the rules of a venue', venue, '2'],
    [
      'no latency',
      tinyScenario(['customers', 'liquidity', 'maker', 'rivals'].map((name) => `agents.${name}.latency={ orderMillis: 0, dataMillis: 0 }`)),
      '1',
    ],
  ])('%s, seed $2', (_name, scenario, seed) => {
    const { sim, finish } = logged(scenario, seed);
    sim.advance(scenario.durationSeconds);
    const replay = replayed(scenario, eventsIn(finish()));
    expect(replay.difference).toBeUndefined();
    expect([replay.trace.hash(), replay.trace.records]).toEqual([sim.trace.hash(), sim.trace.records]);
    expect(accountsIn(replay, scenario)).toEqual(accountsIn(sim, scenario));
    expect(replay.fills).toBeGreaterThan(30);
    expect(replay.requests).toBeGreaterThan(2_000);
    for (const { id } of scenario.chain.instruments) expect(replay.exchange.book(id).digest()).toBe(sim.exchange.book(id).digest());
    replay.exchange.verify();
    replay.ledger.verify();
  });

  test('at every moment on the way, books and accounts included', () => {
    const { sim, finish } = logged(expiring);
    const moments: { seconds: number; books: number[]; accounts: unknown; hash: string }[] = [];
    for (let seconds = 0; seconds <= expiring.durationSeconds; seconds += 20.05) {
      sim.advance(seconds);
      const books = expiring.chain.instruments.map(({ id }) => sim.exchange.book(id).digest());
      moments.push({ seconds, books, accounts: accountsIn(sim, expiring), hash: sim.trace.hash() });
    }
    const replay = new Replayer(expiring, eventsIn(finish()), { whole: true });
    for (const { seconds, books, accounts, hash } of moments) {
      while ((replay.next ?? Number.POSITIVE_INFINITY) <= Math.round(seconds * NANOS_PER_SECOND)) expect(replay.step()).toBe(true);
      expect(expiring.chain.instruments.map(({ id }) => replay.exchange.book(id).digest())).toEqual(books);
      expect([accountsIn(replay, expiring), replay.trace.hash()]).toEqual([accounts, hash]);
    }
    expect(moments.length).toBeGreaterThan(10);
  });

  test('of any requests to an exchange: quotes and protection, mass cancels, outages, refusals and expiry among them', () => {
    const side = fc.constantFrom<Side>('buy', 'sell');
    const ops = [
      'submit',
      'submit',
      'submit',
      'quote',
      'quote',
      'cancel',
      'reduce',
      'replace',
      'cancelAll',
      'index',
      'protect',
      'venue',
    ] as const;
    const request = fc.record({
      op: fc.constantFrom(...ops),
      agent: fc.nat(3),
      instrument: fc.nat(6),
      side,
      type: fc.constantFrom<OrderType>('limit', 'limit', 'ioc', 'market', 'fok'),
      post: fc.constantFrom(undefined, undefined, 'reject' as const, 'slide' as const),
      day: fc.boolean(),
      price: fc.integer({ min: -1, max: 12 }),
      size: fc.integer({ min: -1, max: 9 }),
      pick: fc.nat(12),
      dollars: fc.double({ min: 80, max: 120, noNaN: true }),
      scope: fc.record({ side: fc.option(side, { nil: undefined }), quotes: fc.option(fc.boolean(), { nil: undefined }) }),
    });
    const chain = smallChain();
    const agents = ['ann', 'ben', 'cat', 'dan'].map((name) => ({ name }));
    const fees = { ...SMALL_FEES, option: { ...SMALL_FEES.option, delivery: 0.0002 } };
    const orderLimits = { lotsPerOrder: 8, ordersPerAgent: 9, requestRate: { perSecond: 2e8, burst: 20 } };
    const venue = { selfTrade: 'cancel-newest', priceBand: { fraction: 0.5, ticksMinimum: 6 } } as const;
    const market: ReplayedMarket = { chain, fees, orderLimits, venue, agents };
    const seen = new Set<number>();
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 120 }), (requests) => {
        const records: TraceRecord[] = [];
        const keeper = recordKeeper(records);
        const ledger = new Ledger(chain.instruments, agents.length);
        let at = 0;
        let greek = 0;
        const exchange = new Exchange(
          chain,
          {
            fees,
            limits: orderLimits,
            agents: agents.length,
            ...venue,
            now: () => nanos(at),
            // Never twice the same, and known to the log alone.
            risk: {
              delta: () => {
                greek += 1;
                return Math.sin(greek);
              },
              vega: () => 3 * Math.cos(greek),
            },
          },
          {
            report: () => {},
            changed: () => {},
            match: (match, makerFee, takerFee) => ledger.post(match, makerFee, takerFee),
            record: (kind, instrument, who, order, price, size, extra) => {
              const hash = who === undefined ? 0 : hashText(agents[who]?.name ?? '');
              seen.add(kind);
              keeper.onRecord(kind, nanos(at), instrument, hash, order, price, size, extra);
            },
          },
        );
        const { lifecycle } = exchange;
        const late = instrumentId(6);
        let orders = 0;
        let expired = 0;
        lifecycle.withhold([late]);
        exchange.setIndex(100);
        exchange.protect(agentId(0), { intervalNanos: nanos(400), frozenNanos: nanos(30), units: 0.1, delta: 0.05 });
        // A freeze comes about by chance too seldom to be counted on.
        const bid = { order: orderId(1_000_001), price: ticks(5), lots: lots(3) };
        exchange.massQuote(agentId(0), orderId(1_000_002), [{ instrument: instrumentId(1), bid }]);
        const taker = { instrument: instrumentId(1), side: 'sell', type: 'ioc', price: ticks(5), lots: lots(3) } as const;
        exchange.submit(agentId(1), orderId(1_000_003), taker);
        for (const { op, agent, side: way, type, price, size, pick, dollars, scope, ...wanted } of requests) {
          const who = agentId(agent);
          const instrument = instrumentId(wanted.instrument);
          const picked = orderId(Math.max(0, orders - pick));
          const options = type === 'limit' ? { post: wanted.post, day: wanted.day } : {};
          const next = () => {
            orders += 1;
            return orderId(orders);
          };
          at += pick;
          if (op === 'submit')
            exchange.submit(who, next(), { instrument, side: way, type, price: ticks(price), lots: lots(size), ...options });
          else if (op === 'quote') {
            const near = { order: next(), price: ticks(price), lots: lots(size) };
            const far = { order: next(), price: ticks(price + 1 + (pick % 3)), lots: lots(1 + (pick % 8)) };
            const second = {
              instrument: instrumentId((instrument + 1) % 7),
              ask: pick % 4 === 0 ? ('keep' as const) : { ...far, order: next() },
            };
            exchange.massQuote(who, next(), [{ instrument, bid: near, ask: pick % 5 === 0 ? undefined : far }, second]);
          } else if (op === 'cancel') exchange.cancel(who, picked);
          else if (op === 'reduce') exchange.reduce(who, picked, lots(size));
          else if (op === 'replace') exchange.replace(who, picked, next(), ticks(price), lots(size));
          else if (op === 'cancelAll') exchange.cancelAll(who, pick < 6 ? { ...scope, instrument } : { ...scope, expiry: pick % 2 });
          else if (op === 'index') exchange.setIndex(dollars);
          else if (op === 'protect') {
            const guard = {
              intervalNanos: nanos(400),
              frozenNanos: nanos(pick),
              units: 0.2,
              delta: dollars / 300,
              vega: pick % 2 === 0 ? 1 : undefined,
            };
            if (pick < 2) exchange.resetProtection(who);
            else exchange.protect(who, pick === 2 ? undefined : guard);
          } else if (pick === 0 && size % 2 === 0) lifecycle.close();
          else if (!lifecycle.isOpen) lifecycle.open();
          else if (pick === 0) lifecycle.endDay();
          else if (pick === 10) lifecycle.fund(money(size - 4), (id, perLot) => ledger.fund(id, perLot));
          else if (pick < 3) lifecycle.disconnect(who);
          else if (pick < 8) lifecycle.connect(who);
          else if (pick < 10 && expired < 2) {
            const termsOf = (id: number) => settlementTerms(chain.options[id - 1] ?? chain.options[0]!, dollars, fees);
            lifecycle.expire(expired, dollars, termsOf, (id, terms) => ledger.settle(id, terms.moneyPerLot, terms.feePerLot));
            expired += 1;
          } else if (!lifecycle.listed(late) && !lifecycle.expired(late)) lifecycle.list([late]);
        }
        const replay = replayed(market, sourceOf(records));
        expect([replay.difference, replay.trace.records]).toEqual([undefined, records.length]);
        const names = agents.map(({ name }) => name);
        expect(accountsOf(replay.ledger, chain, names)).toEqual(accountsOf(ledger, chain, names));
        for (const { id } of chain.instruments) expect(replay.exchange.book(id).digest()).toBe(exchange.book(id).digest());
        // And of what was cut off, wherever that was: as much as there is.
        const cut = records.slice(0, Math.floor(records.length * 0.7));
        const cutOff = replayed(market, sourceOf(cut), false);
        expect(cutOff.difference).toBeUndefined();
      }),
      { numRuns: 300 },
    );
    // All kinds there are have occurred, but that of the world; a market that closed need not have opened again.
    expect(Object.values(TRACE).filter((kind) => kind !== TRACE.opened && !seen.has(kind))).toEqual([TRACE.regime]);
  });
});

describe('logging changes nothing', () => {
  const reference = finished(tiny);
  const { sim, finish } = logged(tiny);
  sim.advance(tiny.durationSeconds);
  const whole = finish();

  test('of the run', () => {
    expect([sim.trace.hash(), sim.kernel.events]).toEqual([reference.trace.hash(), reference.kernel.events]);
    expect(accountsIn(sim, tiny)).toEqual(accountsIn(reference, tiny));
  });

  test('and the log is the same, byte for byte, however the run is cut, and with --verify', () => {
    const sliced = logged(tiny);
    for (let slice = 1; slice <= 500; slice += 1) sliced.sim.advance((slice * tiny.durationSeconds) / 500);
    expect(sliced.finish().equals(whole)).toBe(true);
    const stepped = logged(tiny);
    while (!stepped.sim.done) stepped.sim.advance(tiny.durationSeconds, 7);
    expect(stepped.finish().equals(whole)).toBe(true);
    const verified = logged(tiny, '1', true);
    verified.sim.advance(tiny.durationSeconds);
    expect(verified.finish().equals(whole)).toBe(true);
  });

  test('a record takes less than eight bytes', () => {
    expect(whole.length / sim.trace.records).toBeLessThan(8);
  });
});

test('a run that was stopped replays to where it was', () => {
  const { sim, finish } = logged(tiny);
  sim.advance(101.3);
  const replay = replayed(tiny, eventsIn(finish()));
  expect(replay.difference).toBeUndefined();
  expect(replay.trace.hash()).toBe(sim.trace.hash());
  expect(accountsIn(replay, tiny)).toEqual(accountsIn(sim, tiny));
});

describe('a log that was altered is told at the record', () => {
  const records: TraceRecord[] = [];
  const sim = simulation(tiny, '1', false, recordKeeper(records));
  sim.advance(60);
  /** The first record of a kind, well under way; of orders, the first that does not replace another. */
  const find = (kind: number): number =>
    records.findIndex((record, i) => i >= 1_000 && record.kind === kind && records[i - 1]?.kind !== TRACE.replacing);
  const altered = (at: number, change: Partial<TraceRecord>): TraceRecord[] =>
    records.map((record, i) => (i === at ? { ...record, ...change } : record));
  const text = (at: number): string => recordText(records[at] ?? records[0]!);

  test.each(['accepted', 'filled', 'removed'] as const)('%s with another price', (kind) => {
    const at = find(TRACE[kind]);
    const price = (records[at]?.price ?? 0) + 1;
    const { difference } = replayed(tiny, sourceOf(altered(at, { price })));
    expect(difference).toEqual({ record: at + 1, logged: recordText({ ...records[at]!, price }), replayed: text(at) });
  });

  test('a lot more in an order: the request is believed, and what comes of it is not what followed', () => {
    const at = find(TRACE.submitted);
    const size = (records[at]?.lots ?? 0) + 1;
    const { difference } = replayed(tiny, sourceOf(altered(at, { lots: size })));
    expect(difference?.record).toBe(at + 2);
    expect(difference?.replayed).toContain(` x${size} `);
  });

  test('an outcome that is missing, or there twice', () => {
    const at = find(TRACE.accepted);
    const missing = replayed(tiny, sourceOf(records.filter((_, i) => i !== at))).difference;
    expect(missing).toEqual({ record: at + 1, logged: text(at + 1), replayed: text(at) });
    const twice = replayed(tiny, sourceOf([...records.slice(0, at), ...records.slice(at, at + 1), ...records.slice(at)])).difference;
    expect(twice).toMatchObject({ record: at + 2, logged: text(at), replayed: undefined, reason: expect.stringMatching(/no request/) });
  });

  test.each([
    ['an agent that there is not', 'submitted', { agent: 12345 }, /no agent with the hash 3039/],
    ['an instrument that there is not', 'submitted', { instrument: 4711 }, /instrument 4711/],
    ['a type of order that there is not', 'submitted', { extra: 77 }, /no type of order has the number 77/],
    ['an index that is no number', 'index', { price: 0x7ff80000, lots: 0 }, /index price NaN/],
    ['a time before the last', 'submitted', { at: 3 }, /its time is before/],
    ['a kind that there is not', 'submitted', { kind: 99 }, /no request/],
    ['an order that was there before', 'submitted', { order: 1 }, /order id 1 is in use|differ/],
  ] as const)('%s', (_name, kind, change, reason) => {
    const at = find(TRACE[kind]);
    const { difference } = replayed(tiny, sourceOf(altered(at, change)));
    expect(difference?.record).toBeGreaterThanOrEqual(at + 1);
    expect(difference?.record).toBeLessThanOrEqual(at + 2);
    expect(difference?.reason ?? 'differ').toMatch(reason);
  });

  test('its end, within a request: a fault of a whole log, and what follows of one that was cut off', () => {
    const at = find(TRACE.accepted);
    const cut = records.slice(0, at);
    expect(replayed(tiny, sourceOf(cut)).difference).toEqual({ record: at + 1, logged: undefined, replayed: text(at) });
    const cutOff = replayed(tiny, sourceOf(cut), false);
    expect([cutOff.difference, cutOff.followed, cutOff.trace.records]).toEqual([undefined, 1, at + 1]);
    cutOff.exchange.verify();
  });
});

test('two agents whose names hash alike could not be told apart', () => {
  expect(() => new Replayer({ ...tiny, agents: [{ name: 'a' }, { name: 'a' }] }, sourceOf([]), { whole: true })).toThrow(/the same hash/);
});

test('accounts that differ are told by the figure', () => {
  const account = { name: 'ann', cash: 5, fees: 1, fills: 2, positions: [{ symbol: 'X', lots: 3 }] };
  const before = { agents: [account], venueCash: 1 };
  expect(accountsDifference(before, structuredClone(before))).toBeUndefined();
  const differing: [Partial<typeof account>, RegExp][] = [
    [{ cash: 6 }, /^cash of ann .*: the log says 5, the replay 6$/],
    [{ fees: 2 }, /^fees of ann/],
    [{ fills: 0 }, /^fills of ann/],
    [{ positions: [] }, /^lots of X that ann holds: the log says 3, the replay 0$/],
    [
      {
        positions: [
          { symbol: 'X', lots: 3 },
          { symbol: 'Y', lots: -1 },
        ],
      },
      /^lots of Y that ann holds: the log says 0, the replay -1$/,
    ],
  ];
  for (const [change, message] of differing) {
    expect(accountsDifference(before, { agents: [{ ...account, ...change }], venueCash: 1 })).toMatch(message);
  }
  expect(accountsDifference(before, { ...before, venueCash: 0 })).toMatch(/^cash of the venue/);
});
