import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, instrumentId, lots, money, nanos, orderId, ticks } from '../../src/core/units.ts';
import type { ExchangeSinks } from '../../src/exchange/exchange-sinks.ts';
import { type ExchangeRequests, REQUESTS, type RequestRecord, requestFeed } from '../../src/exchange/requests.ts';
import { submittedAs } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { OrderType, Side } from '../../src/market/order.ts';

type Call = readonly [name: keyof ExchangeRequests, ...request: unknown[]];

/** Writes down what it is asked for. */
function listener(calls: Call[]): ExchangeRequests {
  const heard =
    (name: keyof ExchangeRequests) =>
    (...request: unknown[]): void => {
      calls.push([name, ...request]);
    };
  const names = Object.keys(REQUESTS) as (keyof ExchangeRequests)[];
  return Object.fromEntries(names.map((name) => [name, heard(name)])) as unknown as ExchangeRequests;
}

/** The records of a request, and their kinds. */
function told([name, ...request]: Call): RequestRecord[] {
  const records: RequestRecord[] = [];
  const sinks: Pick<ExchangeSinks, 'record'> = {
    record(kind, instrument, agent = agentId(0), order, price, size, extra) {
      for (const number of [kind, instrument, agent, order, price, size, extra]) expect(Number.isSafeInteger(number)).toBe(true);
      records.push({ kind, instrument, agent, order, price, lots: size, extra });
    },
  };
  (REQUESTS[name].tell as (to: typeof sinks, ...all: unknown[]) => void)(sinks, ...request);
  return records;
}

const agent = fc.nat(200).map(agentId);
const order = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(orderId);
const instrument = fc.nat(5_000).map(instrumentId);
const side = fc.constantFrom<Side>('buy', 'sell');
const price = fc.integer({ min: -10, max: 2 ** 40 }).map(ticks);
const size = fc.integer({ min: -10, max: 2 ** 40 }).map(lots);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const request = fc.record({
  instrument,
  side,
  type: fc.constantFrom<OrderType>('limit', 'ioc', 'market', 'fok'),
  price,
  lots: size,
  post: maybe(fc.constantFrom('reject' as const, 'slide' as const)),
  day: fc.boolean(),
});
const scope = fc.record({ instrument: maybe(instrument), expiry: maybe(fc.nat(50)), side: maybe(side), quotes: maybe(fc.boolean()) });
const quoteSide = maybe(fc.oneof(fc.constant('keep' as const), fc.record({ order, price, lots: size })));
const quote = fc.record({ instrument, bid: quoteSide, ask: quoteSide });
// As the records carry them: whole millionths.
const limit = maybe(fc.nat(1e9).map((millionths) => millionths / 1e6));
const time = fc.nat(1e12).map(nanos);
const settings = fc.record({ intervalNanos: time, frozenNanos: time, units: limit, delta: limit, vega: limit });
const dollars = fc.double({ min: 0, minExcluded: true, max: 1e12, noNaN: true });

/** One arbitrary per request: the mapped type makes sure that none is forgotten. */
const ARGUMENTS: { readonly [Name in keyof ExchangeRequests]: fc.Arbitrary<Parameters<ExchangeRequests[Name]>> } = {
  submit: fc.tuple(agent, order, request),
  cancel: fc.tuple(agent, order),
  reduce: fc.tuple(agent, order, size),
  replace: fc.tuple(agent, order, order, price, size),
  cancelAll: fc.tuple(agent, scope),
  massQuote: fc.tuple(agent, order, fc.array(quote, { maxLength: 8 })),
  protect: fc.tuple(agent, maybe(settings)),
  resetProtection: fc.tuple(agent),
  setIndex: fc.tuple(dollars),
  withhold: fc.tuple(instrument),
  list: fc.tuple(instrument),
  endDay: fc.constant([]),
  close: fc.constant([]),
  open: fc.constant([]),
  disconnect: fc.tuple(agent),
  connect: fc.tuple(agent),
  expire: fc.tuple(fc.nat(100), dollars),
  fund: fc.tuple(fc.maxSafeInteger().map(money)),
};

describe.each(Object.keys(REQUESTS) as (keyof ExchangeRequests)[])('%s', (name) => {
  test('comes back from its records as it was, to the last bit', () => {
    fc.assert(
      fc.property(ARGUMENTS[name] as fc.Arbitrary<unknown[]>, (given) => {
        const records = told([name, ...given]);
        const calls: Call[] = [];
        const at = (index: number): RequestRecord => {
          const record = records[index];
          if (record === undefined) throw new Error(`${name} has no record ${index}`);
          return record;
        };
        expect(at(0).kind).toBe(REQUESTS[name].kind);
        requestFeed(at(0).kind)?.(listener(calls), at(0), at);
        expect(calls).toEqual([[name, ...given]]);
      }),
    );
  });
});

test('each request begins with a kind of its own, and no outcome looks like one', () => {
  const kinds = Object.values(REQUESTS).map(({ kind }) => kind);
  // Setting and resetting protection share one.
  expect(new Set(kinds).size).toBe(kinds.length - 1);
  const { accepted, filled, hit, removed, rejected, settled, regime, charged, quoteSide: part, frozen, protectionLimits } = TRACE;
  for (const kind of [accepted, filled, hit, removed, rejected, settled, regime, charged, part, frozen, protectionLimits, 0, 99]) {
    expect(requestFeed(kind)).toBeUndefined();
  }
  expect(new Set([...kinds, accepted, filled, hit, removed, rejected, settled, regime, charged, part, frozen, protectionLimits]).size).toBe(
    Object.keys(TRACE).length,
  );
});

test('numbers that no type of order has are refused, and so are records that do not belong together', () => {
  for (const code of [-1, 0.5, 1e9, 24, 64]) expect(submittedAs(code)).toBeUndefined();
  const blank = { instrument: instrumentId(0), agent: agentId(0), order: orderId(1), price: 1, lots: 1, extra: 0 };
  const record = (kind: number, change: Partial<RequestRecord> = {}): RequestRecord => ({ kind, ...blank, ...change });
  const nobody = listener([]);
  expect(() => REQUESTS.submit.feed(nobody, record(TRACE.submitted, { extra: 1e9 }), () => record(0))).toThrow(/no type of order/);
  const side = (change: Partial<RequestRecord>): RequestRecord => record(TRACE.quoteSide, change);
  const sides = (bid: RequestRecord, ask: RequestRecord) => () =>
    REQUESTS.massQuote.feed(nobody, record(TRACE.quoting), (index) => (index === 1 ? bid : ask));
  expect(sides(side({}), side({ extra: 1 }))).not.toThrow();
  expect(sides(side({}), side({ extra: 1, instrument: instrumentId(2) }))).toThrow(/is two/);
  expect(sides(side({}), side({}))).toThrow(/lacks a side/);
  expect(sides(side({}), record(TRACE.accepted, { extra: 1 }))).toThrow(/lacks a side/);
  expect(() => REQUESTS.protect.feed(nobody, record(TRACE.protecting), () => record(TRACE.accepted))).toThrow(/limits/);
});
