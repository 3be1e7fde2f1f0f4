import { InvariantError } from '../core/assert.ts';
import { doubleOf, highWord, lowWord } from '../core/double-bits.ts';
import { type AgentId, type InstrumentId, type Lots, lots, type OrderId, orderId, type Ticks, ticks } from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import type { OrderRequest } from '../market/order.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import { submitCode, submittedAs } from './trace-codes.ts';

/** Everything that can reach an exchange and change what it does, as its methods. One more of them needs its entry in {@link REQUESTS}. */
export interface ExchangeRequests {
  submit(agent: AgentId, order: OrderId, request: OrderRequest): void;
  cancel(agent: AgentId, order: OrderId): void;
  replace(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void;
  cancelAll(agent: AgentId): void;
  setIndex(dollars: number): void;
  /** At the index that was set last. */
  expire(expiryIndex: number): void;
}

/** A trace record of a request, with the agent by its id. */
export interface RequestRecord {
  readonly instrument: InstrumentId;
  readonly agent: AgentId;
  readonly order: OrderId;
  readonly price: number;
  readonly lots: number;
  readonly extra: number;
}

/** A request as trace records, and back. */
export interface RequestCodec<Request extends readonly unknown[]> {
  /** Kind of its first record: by this it is known. */
  readonly kind: number;
  /** Records the request, before anything comes of it. */
  tell(sinks: Pick<ExchangeSinks, 'record'>, ...request: Request): void;
  /**
   * Makes the request again from its records. One that takes several reads them by `further(1)`, `further(2)`, …: those right
   * behind its first.
   */
  feed(to: ExchangeRequests, first: RequestRecord, further: (index: number) => RequestRecord): void;
}

/** The one table from requests to trace records and back. A log can be replayed because each `feed` undoes its `tell`. */
export const REQUESTS: { readonly [Name in keyof ExchangeRequests]: RequestCodec<Parameters<ExchangeRequests[Name]>> } = {
  submit: {
    kind: TRACE.submitted,
    tell: (sinks, agent, order, request) =>
      sinks.record(TRACE.submitted, request.instrument, agent, order, request.price, request.lots, submitCode(request)),
    feed(to, { instrument, agent, order, price, lots: size, extra }) {
      const as = submittedAs(extra);
      if (as === undefined) throw new InvariantError(`no type of order has the number ${extra}`);
      to.submit(agent, order, { instrument, side: as.side, type: as.type, price: ticks(price), lots: lots(size) });
    },
  },
  cancel: {
    kind: TRACE.cancelling,
    tell: (sinks, agent, order) => sinks.record(TRACE.cancelling, UNKNOWN.instrument, agent, order, 0, 0, 0),
    feed: (to, { agent, order }) => to.cancel(agent, order),
  },
  replace: {
    kind: TRACE.replacing,
    tell: (sinks, agent, order, newOrder, price, size) =>
      sinks.record(TRACE.replacing, UNKNOWN.instrument, agent, newOrder, price, size, order),
    feed: (to, { agent, order, price, lots: size, extra }) => to.replace(agent, orderId(extra), order, ticks(price), lots(size)),
  },
  cancelAll: {
    kind: TRACE.cancellingAll,
    tell: (sinks, agent) => sinks.record(TRACE.cancellingAll, UNKNOWN.instrument, agent, NO_ORDER, 0, 0, 0),
    feed: (to, { agent }) => to.cancelAll(agent),
  },
  setIndex: {
    kind: TRACE.index,
    tell: (sinks, dollars) => sinks.record(TRACE.index, UNKNOWN.instrument, undefined, NO_ORDER, highWord(dollars), lowWord(dollars), 0),
    feed: (to, { price, lots: low }) => to.setIndex(doubleOf(price, low)),
  },
  expire: {
    kind: TRACE.expiring,
    tell: (sinks, expiryIndex) => sinks.record(TRACE.expiring, UNKNOWN.instrument, undefined, NO_ORDER, 0, 0, expiryIndex),
    feed: (to, { extra }) => to.expire(extra),
  },
};

const BY_KIND = new Map(Object.values(REQUESTS).map(({ kind, feed }) => [kind, feed]));

/** How the request that a record of this kind begins is made again; undefined when such a record begins none. */
export const requestFeed = (kind: number): RequestCodec<never>['feed'] | undefined => BY_KIND.get(kind);
