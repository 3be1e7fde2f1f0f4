import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { agentId, instrumentId, lots, NANOS_PER_SECOND, nanos, orderId, ticks } from '../../src/core/units.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { settlementPerLot } from '../../src/market/instrument.ts';
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

describe('a replay from the log alone is the run', () => {
  test.each([
    ['tiny', tiny, '1'],
    ['tiny', tiny, '2'],
    ['tiny', tiny, '3'],
    ['an expiry', expiring, '1'],
    ['an expiry', expiring, '5'],
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
    expect(replay.requests).toBeGreaterThan(5_000);
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

  test('of any requests to an exchange: mass cancels, strangers’ orders, refusals and expiry among them', () => {
    const request = fc.record({
      op: fc.constantFrom('submit', 'submit', 'submit', 'submit', 'cancel', 'replace', 'cancelAll', 'index', 'expire'),
      agent: fc.nat(3),
      instrument: fc.nat(6),
      side: fc.constantFrom<Side>('buy', 'sell'),
      type: fc.constantFrom<OrderType>('limit', 'limit', 'ioc', 'market'),
      price: fc.integer({ min: -1, max: 12 }),
      size: fc.integer({ min: -1, max: 9 }),
      pick: fc.nat(12),
      dollars: fc.double({ min: 80, max: 120, noNaN: true }),
    });
    const chain = smallChain();
    const agents = ['ann', 'ben', 'cat', 'dan'].map((name) => ({ name }));
    const market: ReplayedMarket = { chain, fees: SMALL_FEES, orderLimits: { lotsPerOrder: 8, ordersPerAgent: 5 }, agents };
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 80 }), (requests) => {
        const records: TraceRecord[] = [];
        const keeper = recordKeeper(records);
        const ledger = new Ledger(chain.instruments, agents.length);
        let at = 0;
        const exchange = new Exchange(
          chain,
          { fees: market.fees, limits: market.orderLimits, agents: agents.length },
          {
            report: () => {},
            changed: () => {},
            match: (match, makerFee, takerFee) => ledger.post(match, makerFee, takerFee),
            record: (kind, instrument, agent, order, price, size, extra) =>
              keeper.onRecord(
                kind,
                nanos(at),
                instrument,
                agent === undefined ? 0 : hashText(agents[agent]?.name ?? ''),
                order,
                price,
                size,
                extra,
              ),
          },
        );
        let index = 100;
        let orders = 0;
        let expired = 0;
        exchange.setIndex(index);
        for (const { op, agent, instrument, side, type, price, size, pick, dollars } of requests) {
          const who = agentId(agent);
          const picked = orderId(Math.max(0, orders - pick));
          at += pick;
          if (op === 'submit') {
            const asked = { instrument: instrumentId(instrument), side, type, price: ticks(price), lots: lots(size) };
            exchange.submit(who, orderId(++orders), asked);
          } else if (op === 'cancel') exchange.cancel(who, picked);
          else if (op === 'replace') exchange.replace(who, picked, orderId(++orders), ticks(price), lots(size));
          else if (op === 'cancelAll' && pick < 3) exchange.cancelAll(who);
          else if (op === 'index') {
            index = dollars;
            exchange.setIndex(index);
          } else if (op === 'expire' && pick === 0 && expired < 2) {
            const perLot = (id: number) => settlementPerLot(chain.options[id - 1] ?? chain.options[0]!, index);
            exchange.expire(expired++, perLot, (id, moneyPerLot) => ledger.settle(id, moneyPerLot));
          }
        }
        const replay = replayed(market, sourceOf(records));
        expect([replay.difference, replay.trace.records]).toEqual([undefined, records.length]);
        const names = agents.map(({ name }) => name);
        expect(accountsOf(replay.ledger, chain, names)).toEqual(accountsOf(ledger, chain, names));
        for (const { id } of chain.instruments) expect(replay.exchange.book(id).digest()).toBe(exchange.book(id).digest());
      }),
      { numRuns: 200 },
    );
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
