import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { agentId, instrumentId, lots, orderId, ticks } from '../../src/core/units.ts';
import type { ExchangeSinks } from '../../src/exchange/exchange-sinks.ts';
import { type ExchangeRequests, REQUESTS, type RequestRecord, requestFeed } from '../../src/exchange/requests.ts';
import { submitCode, submittedAs } from '../../src/exchange/trace-codes.ts';
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
function told([name, ...request]: Call): { kinds: number[]; records: RequestRecord[] } {
  const kinds: number[] = [];
  const records: RequestRecord[] = [];
  const sinks: Pick<ExchangeSinks, 'record'> = {
    record(kind, instrument, agent = agentId(0), order, price, size, extra) {
      for (const number of [kind, instrument, agent, order, price, size, extra]) expect(Number.isSafeInteger(number)).toBe(true);
      kinds.push(kind);
      records.push({ instrument, agent, order, price, lots: size, extra });
    },
  };
  (REQUESTS[name].tell as (to: typeof sinks, ...all: unknown[]) => void)(sinks, ...request);
  return { kinds, records };
}

const agent = fc.nat(200).map(agentId);
const order = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(orderId);
const price = fc.integer({ min: -10, max: 2 ** 40 }).map(ticks);
const size = fc.integer({ min: -10, max: 2 ** 40 }).map(lots);
const request = fc.record({
  instrument: fc.nat(5_000).map(instrumentId),
  side: fc.constantFrom<Side>('buy', 'sell'),
  type: fc.constantFrom<OrderType>('limit', 'ioc', 'market'),
  price,
  lots: size,
});
const dollars = fc.double({ min: 0, minExcluded: true, max: 1e12, noNaN: true });

/** One arbitrary per request: the mapped type makes sure that none is forgotten. */
const ARGUMENTS: { readonly [Name in keyof ExchangeRequests]: fc.Arbitrary<Parameters<ExchangeRequests[Name]>> } = {
  submit: fc.tuple(agent, order, request),
  cancel: fc.tuple(agent, order),
  replace: fc.tuple(agent, order, order, price, size),
  cancelAll: fc.tuple(agent),
  setIndex: fc.tuple(dollars),
  expire: fc.tuple(fc.nat(100)),
};

describe.each(Object.keys(REQUESTS) as (keyof ExchangeRequests)[])('%s', (name) => {
  test('comes back from its records as it was, to the last bit', () => {
    fc.assert(
      fc.property(ARGUMENTS[name] as fc.Arbitrary<unknown[]>, (given) => {
        const { kinds, records } = told([name, ...given]);
        const calls: Call[] = [];
        const at = (index: number): RequestRecord => {
          const record = records[index];
          if (record === undefined) throw new Error(`${name} has no record ${index}`);
          return record;
        };
        expect(kinds[0]).toBe(REQUESTS[name].kind);
        requestFeed(kinds[0] ?? -1)?.(listener(calls), at(0), at);
        expect(calls).toEqual([[name, ...given]]);
      }),
    );
  });
});

test('each request begins with a kind of its own, and no outcome looks like one', () => {
  const kinds = Object.values(REQUESTS).map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const kind of [TRACE.accepted, TRACE.filled, TRACE.removed, TRACE.rejected, TRACE.settled, TRACE.regime, 0, 99]) {
    expect(requestFeed(kind)).toBeUndefined();
  }
});

test('types and sides have numbers of their own, and other numbers none', () => {
  const codes = new Set<number>();
  for (const type of ['limit', 'ioc', 'market'] as const) {
    for (const side of ['buy', 'sell'] as const) {
      const code = submitCode({ type, side, instrument: instrumentId(0), price: ticks(1), lots: lots(1) });
      expect(submittedAs(code)).toEqual({ type, side });
      codes.add(code);
    }
  }
  expect(codes.size).toBe(6);
  for (const code of [-1, 0.5, 1e9]) expect(submittedAs(code)).toBeUndefined();
  const blank: RequestRecord = { instrument: instrumentId(0), agent: agentId(0), order: orderId(1), price: 1, lots: 1, extra: 1e9 };
  expect(() => REQUESTS.submit.feed(listener([]), blank, () => blank)).toThrow(InvariantError);
});
