import { invariant } from '../core/assert.ts';
import { doubleOf, highWord, lowWord } from '../core/double-bits.ts';
import {
  type AgentId,
  type InstrumentId,
  type Lots,
  lots,
  type Money,
  money,
  nanos,
  type OrderId,
  orderId,
  type Ticks,
  ticks,
} from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, QuoteSide, SeriesQuote } from '../market/order.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import { scopeCode, scopeOf, submitCode, submittedAs } from './trace-codes.ts';

/** Everything that can reach an exchange and change what it does, as methods. One more of them needs its entry in {@link REQUESTS}. */
export interface ExchangeRequests {
  submit(agent: AgentId, order: OrderId, request: OrderRequest): void;
  cancel(agent: AgentId, order: OrderId): void;
  reduce(agent: AgentId, order: OrderId, by: Lots): void;
  replace(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void;
  cancelAll(agent: AgentId, scope: CancelScope): void;
  massQuote(agent: AgentId, message: OrderId, quotes: readonly SeriesQuote[]): void;
  protect(agent: AgentId, settings: ProtectionSettings | undefined): void;
  resetProtection(agent: AgentId): void;
  setIndex(dollars: number): void;
  withhold(instrument: InstrumentId): void;
  list(instrument: InstrumentId): void;
  endDay(): void;
  close(): void;
  open(): void;
  disconnect(agent: AgentId): void;
  connect(agent: AgentId): void;
  expire(expiryIndex: number, indexDollars: number): void;
  fund(moneyPerLot: Money): void;
}

/** A trace record of a request, with the agent by its id. */
export interface RequestRecord {
  readonly kind: number;
  readonly instrument: InstrumentId;
  readonly agent: AgentId;
  readonly order: OrderId;
  readonly price: number;
  readonly lots: number;
  readonly extra: number;
}

type RecordSink = Pick<ExchangeSinks, 'record'>;

/** A request as trace records, and back. */
export interface RequestCodec<Request extends readonly unknown[]> {
  /** Kind of its first record: by this it is known. */
  readonly kind: number;
  /** Records the request, before anything comes of it. */
  tell(sinks: RecordSink, ...request: Request): void;
  /**
   * Makes the request again from its records. One that takes several reads them by `further(1)`, `further(2)`, …: those right
   * behind its first. @throws InvariantError when they are none of its own.
   */
  feed(to: ExchangeRequests, first: RequestRecord, further: (index: number) => RequestRecord): void;
}

const MILLION = 1_000_000;
/** Where a limit of protection would stand. */
const NO_LIMIT = -1;
/** `extra` of `protecting`. */
const [SET, RESET, TAKEN_AWAY] = [0, 1, 2];
/** `extra` of `quoteSide`, plus 1 for an offer. */
const [NEW_SIDE, KEPT_SIDE, NO_SIDE] = [0, 2, 4];
const NOWHERE = UNKNOWN.instrument;

/** The one table from requests to trace records and back. A log can be replayed because each `feed` undoes its `tell`. */
export const REQUESTS: { readonly [Name in keyof ExchangeRequests]: RequestCodec<Parameters<ExchangeRequests[Name]>> } = {
  submit: {
    kind: TRACE.submitted,
    tell: (sinks, agent, order, request) =>
      sinks.record(TRACE.submitted, request.instrument, agent, order, request.price, request.lots, submitCode(request)),
    feed(to, { instrument, agent, order, price, lots: size, extra }) {
      const as = submittedAs(extra);
      invariant(as !== undefined, () => `no type of order has the number ${extra}`);
      to.submit(agent, order, { instrument, ...as, price: ticks(price), lots: lots(size) });
    },
  },
  cancel: {
    kind: TRACE.cancelling,
    tell: (sinks, agent, order) => sinks.record(TRACE.cancelling, NOWHERE, agent, order, 0, 0, 0),
    feed: (to, { agent, order }) => to.cancel(agent, order),
  },
  reduce: {
    kind: TRACE.reducing,
    tell: (sinks, agent, order, by) => sinks.record(TRACE.reducing, NOWHERE, agent, order, 0, by, 0),
    feed: (to, { agent, order, lots: by }) => to.reduce(agent, order, lots(by)),
  },
  replace: {
    kind: TRACE.replacing,
    tell: (sinks, agent, order, newOrder, price, size) => sinks.record(TRACE.replacing, NOWHERE, agent, newOrder, price, size, order),
    feed: (to, { agent, order, price, lots: size, extra }) => to.replace(agent, orderId(extra), order, ticks(price), lots(size)),
  },
  cancelAll: {
    kind: TRACE.cancellingAll,
    tell: (sinks, agent, scope) =>
      sinks.record(TRACE.cancellingAll, scope.instrument ?? NOWHERE, agent, NO_ORDER, 0, scope.expiry ?? 0, scopeCode(scope)),
    feed: (to, { agent, instrument, lots: expiry, extra }) => to.cancelAll(agent, scopeOf(extra, instrument, expiry)),
  },
  massQuote: {
    kind: TRACE.quoting,
    tell(sinks, agent, message, quotes) {
      sinks.record(TRACE.quoting, NOWHERE, agent, message, 0, quotes.length, 0);
      for (const { instrument, bid, ask } of quotes) {
        tellSide(sinks, instrument, agent, bid, 0);
        tellSide(sinks, instrument, agent, ask, 1);
      }
    },
    feed(to, { agent, order, lots: series }, further) {
      const quotes: SeriesQuote[] = [];
      for (let i = 0; i < series; i += 1) {
        const [bid, ask] = [further(2 * i + 1), further(2 * i + 2)];
        invariant(bid.instrument === ask.instrument, () => `series ${i + 1} of the mass quote is two`);
        quotes.push({ instrument: bid.instrument, bid: sideOf(bid, 0), ask: sideOf(ask, 1) });
      }
      to.massQuote(agent, order, quotes);
    },
  },
  protect: {
    kind: TRACE.protecting,
    tell(sinks, agent, settings) {
      if (settings === undefined) {
        sinks.record(TRACE.protecting, NOWHERE, agent, NO_ORDER, 0, 0, TAKEN_AWAY);
        return;
      }
      const { intervalNanos, frozenNanos, units, delta, vega } = settings;
      sinks.record(TRACE.protecting, NOWHERE, agent, NO_ORDER, intervalNanos, frozenNanos, SET);
      sinks.record(TRACE.protectionLimits, NOWHERE, agent, NO_ORDER, millionths(units), millionths(delta), millionths(vega));
    },
    feed: feedProtection,
  },
  resetProtection: {
    kind: TRACE.protecting,
    tell: (sinks, agent) => sinks.record(TRACE.protecting, NOWHERE, agent, NO_ORDER, 0, 0, RESET),
    feed: feedProtection,
  },
  setIndex: {
    kind: TRACE.index,
    tell: (sinks, dollars) => sinks.record(TRACE.index, NOWHERE, undefined, NO_ORDER, highWord(dollars), lowWord(dollars), 0),
    feed: (to, { price, lots: low }) => to.setIndex(doubleOf(price, low)),
  },
  withhold: {
    kind: TRACE.withheld,
    tell: (sinks, instrument) => sinks.record(TRACE.withheld, instrument, undefined, NO_ORDER, 0, 0, 0),
    feed: (to, { instrument }) => to.withhold(instrument),
  },
  list: {
    kind: TRACE.listed,
    tell: (sinks, instrument) => sinks.record(TRACE.listed, instrument, undefined, NO_ORDER, 0, 0, 0),
    feed: (to, { instrument }) => to.list(instrument),
  },
  endDay: {
    kind: TRACE.dayEnded,
    tell: (sinks) => sinks.record(TRACE.dayEnded, NOWHERE, undefined, NO_ORDER, 0, 0, 0),
    feed: (to) => to.endDay(),
  },
  close: {
    kind: TRACE.closed,
    tell: (sinks) => sinks.record(TRACE.closed, NOWHERE, undefined, NO_ORDER, 0, 0, 0),
    feed: (to) => to.close(),
  },
  open: {
    kind: TRACE.opened,
    tell: (sinks) => sinks.record(TRACE.opened, NOWHERE, undefined, NO_ORDER, 0, 0, 0),
    feed: (to) => to.open(),
  },
  disconnect: {
    kind: TRACE.disconnected,
    tell: (sinks, agent) => sinks.record(TRACE.disconnected, NOWHERE, agent, NO_ORDER, 0, 0, 0),
    feed: (to, { agent }) => to.disconnect(agent),
  },
  connect: {
    kind: TRACE.connected,
    tell: (sinks, agent) => sinks.record(TRACE.connected, NOWHERE, agent, NO_ORDER, 0, 0, 0),
    feed: (to, { agent }) => to.connect(agent),
  },
  expire: {
    kind: TRACE.expiring,
    tell: (sinks, expiryIndex, dollars) =>
      sinks.record(TRACE.expiring, NOWHERE, undefined, NO_ORDER, highWord(dollars), lowWord(dollars), expiryIndex),
    feed: (to, { price, lots: low, extra }) => to.expire(extra, doubleOf(price, low)),
  },
  fund: {
    kind: TRACE.funded,
    tell: (sinks, moneyPerLot) => sinks.record(TRACE.funded, NOWHERE, undefined, NO_ORDER, 0, 0, moneyPerLot),
    feed: (to, { extra }) => to.fund(money(extra)),
  },
};

const BY_KIND = new Map(Object.values(REQUESTS).map(({ kind, feed }) => [kind, feed]));

/** How the request that a record of this kind begins is made again; undefined when such a record begins none. */
export const requestFeed = (kind: number): RequestCodec<never>['feed'] | undefined => BY_KIND.get(kind);

function tellSide(sinks: RecordSink, instrument: InstrumentId, agent: AgentId, side: SeriesQuote['bid'], code: number): void {
  if (side === undefined) sinks.record(TRACE.quoteSide, instrument, agent, NO_ORDER, 0, 0, code + NO_SIDE);
  else if (side === 'keep') sinks.record(TRACE.quoteSide, instrument, agent, NO_ORDER, 0, 0, code + KEPT_SIDE);
  else sinks.record(TRACE.quoteSide, instrument, agent, side.order, side.price, side.lots, code + NEW_SIDE);
}

function sideOf({ kind, order, price, lots: size, extra }: RequestRecord, code: number): QuoteSide | 'keep' | undefined {
  const is = extra - code;
  const isSide = kind === TRACE.quoteSide && (is === NEW_SIDE || is === KEPT_SIDE || is === NO_SIDE);
  invariant(isSide, 'the mass quote lacks a side');
  if (is === NO_SIDE) return undefined;
  return is === KEPT_SIDE ? 'keep' : { order, price: ticks(price), lots: lots(size) };
}

function feedProtection(to: ExchangeRequests, first: RequestRecord, further: (index: number) => RequestRecord): void {
  const { agent, price, lots: frozen, extra } = first;
  if (extra === RESET) {
    to.resetProtection(agent);
    return;
  }
  if (extra === TAKEN_AWAY) {
    to.protect(agent, undefined);
    return;
  }
  const limits = further(1);
  invariant(limits.kind === TRACE.protectionLimits, 'the limits of the protection are missing');
  const [units, delta, vega] = [limits.price, limits.lots, limits.extra].map((limit) => (limit === NO_LIMIT ? undefined : limit / MILLION));
  to.protect(agent, { intervalNanos: nanos(price), frozenNanos: nanos(frozen), units, delta, vega });
}

const millionths = (limit: number | undefined): number => (limit === undefined ? NO_LIMIT : Math.round(MILLION * limit));
