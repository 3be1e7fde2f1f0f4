import { InputError, InvariantError, invariant } from '../core/assert.ts';
import { hashText } from '../core/hash.ts';
import { type AgentId, agentId, type InstrumentId, instrumentId, type Nanos, nanos, orderId } from '../core/units.ts';
import { Exchange } from '../exchange/exchange.ts';
import { type ExchangeRequests, type RequestRecord, requestFeed } from '../exchange/requests.ts';
import type { ExchangeOptions, FeeSchedule, OrderLimits } from '../exchange/rules.ts';
import { settlementTerms } from '../exchange/settlement.ts';
import { TRACE, Trace } from '../kernel/trace.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Chain } from '../market/chain.ts';
import { RecordQueue, type RecordSource } from './record-queue.ts';
import { blankRecord, recordText, type TraceRecord } from './trace-record.ts';

/** What an exchange and its accounts are rebuilt from; a scenario is one. */
export interface ReplayedMarket {
  readonly chain: Chain;
  readonly fees: FeeSchedule;
  readonly orderLimits: OrderLimits;
  readonly venue: Pick<ExchangeOptions, 'selfTrade' | 'priceBand'>;
  /** In the order of their ids. */
  readonly agents: readonly { readonly name: string }[];
}

/** Where log and replay part. */
export interface Difference {
  /** Number of the record in the log, from 1. */
  readonly record: number;
  /** Their texts; undefined where one of the two has no such record. */
  readonly logged: string | undefined;
  readonly replayed: string | undefined;
  /** Why the exchange could not even take the request, where that is so. */
  readonly reason?: string;
}

const MILLION = 1_000_000;
/** Records that are neither request nor outcome: they are taken over as they are. */
const NOTES: ReadonlySet<number> = new Set([TRACE.regime]);

/**
 * Runs a log again, without agents, world or kernel: each request is fed to a new exchange, and what comes of it is held against the
 * records that follow. As far as no difference shows, exchange and accounts are at each point those of the run that was logged.
 */
export class Replayer {
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  /** Of the records that the replay makes. */
  readonly trace = new Trace();
  readonly #log: RecordQueue;
  readonly #requests: ExchangeRequests;
  readonly #whole: boolean;
  readonly #hashes: readonly number[];
  readonly #agents: ReadonlyMap<number, AgentId>;
  /** The record that the exchange tells of, to be compared. */
  readonly #heard = blankRecord();
  #now = nanos(0);
  #requested = 0;
  #filled = 0;
  #followed = 0;
  #isCutOff = false;
  #difference: Difference | undefined;

  /** @param whole whether the log says all: else its last request may lack records at its end, which then follow from it. */
  constructor(market: ReplayedMarket, log: RecordSource, options: { readonly whole: boolean }) {
    const { chain } = market;
    this.#log = new RecordQueue(log);
    this.#whole = options.whole;
    this.#hashes = market.agents.map(({ name }) => hashText(name));
    this.#agents = new Map(this.#hashes.map((hash, index) => [hash, agentId(index)]));
    if (this.#agents.size < market.agents.length) throw new InputError('agents', [{ path: '', message: 'two names have the same hash' }]);
    const ledger = new Ledger(chain.instruments, market.agents.length);
    const exchange = new Exchange(
      chain,
      {
        fees: market.fees,
        limits: market.orderLimits,
        agents: market.agents.length,
        selfTrade: market.venue.selfTrade,
        priceBand: market.venue.priceBand,
        now: () => this.#now,
        // What protection counted with is the one thing that an outcome tells: the venue's Greeks come from the hidden world.
        risk: { delta: () => this.#charged().price / MILLION, vega: () => this.#charged().lots / MILLION },
      },
      {
        report: () => {},
        changed: () => {},
        match: (match, makerFee, takerFee) => {
          ledger.post(match, makerFee, takerFee);
          this.#filled += 1;
        },
        record: (kind, instrument, agent, order, price, lots, extra) => {
          const heard = this.#heard;
          heard.kind = kind;
          heard.at = this.#now;
          heard.instrument = instrument;
          heard.agent = agent === undefined ? 0 : (this.#hashes[agent] ?? 0);
          heard.order = order;
          heard.price = price;
          heard.lots = lots;
          heard.extra = extra;
          this.#compare(heard);
        },
      },
    );
    this.exchange = exchange;
    this.ledger = ledger;
    this.#requests = {
      submit: (agent, order, request) => exchange.submit(agent, order, request),
      cancel: (agent, order) => exchange.cancel(agent, order),
      replace: (agent, order, newOrder, price, size) => exchange.replace(agent, order, newOrder, price, size),
      reduce: (agent, order, by) => exchange.reduce(agent, order, by),
      cancelAll: (agent, scope) => exchange.cancelAll(agent, scope),
      massQuote: (agent, message, quotes) => exchange.massQuote(agent, message, quotes),
      protect: (agent, settings) => exchange.protect(agent, settings),
      resetProtection: (agent) => exchange.resetProtection(agent),
      setIndex: (dollars) => exchange.setIndex(dollars),
      withhold: (instrument) => exchange.lifecycle.withhold([instrument]),
      list: (instrument) => exchange.lifecycle.list([instrument]),
      endDay: () => exchange.lifecycle.endDay(),
      close: () => exchange.lifecycle.close(),
      open: () => exchange.lifecycle.open(),
      fund: (moneyPerLot) => exchange.lifecycle.fund(moneyPerLot, (id, paid) => ledger.fund(id, paid)),
      disconnect: (agent) => exchange.lifecycle.disconnect(agent),
      connect: (agent) => exchange.lifecycle.connect(agent),
      expire: (expiryIndex, dollars) => {
        const termsOf = (id: InstrumentId) => {
          const option = chain.options[id - 1];
          invariant(option !== undefined, () => `instrument ${id} is no option`);
          return settlementTerms(option, dollars, market.fees);
        };
        exchange.lifecycle.expire(expiryIndex, dollars, termsOf, (id, { moneyPerLot, feePerLot }) =>
          ledger.settle(id, moneyPerLot, feePerLot),
        );
      },
    };
  }

  /** Time of the last request or note. */
  get now(): Nanos {
    return this.#now;
  }

  /** Time of the next one; undefined at the end. */
  get next(): number | undefined {
    return this.#log.peek(0)?.at;
  }

  /** Number of requests fed so far. */
  get requests(): number {
    return this.#requested;
  }

  /** Number of matches so far. */
  get fills(): number {
    return this.#filled;
  }

  /** Records that the log does not have any more, of its last request: see the constructor. */
  get followed(): number {
    return this.#followed;
  }

  /** Where log and replay part; undefined as long as they agree. */
  get difference(): Difference | undefined {
    return this.#difference;
  }

  /** The next request with all that comes of it, or the next note. Returns false at the end of the log and at a difference. */
  step(): boolean {
    const first = this.#log.peek(0);
    if (first === undefined || this.#difference !== undefined) return false;
    if (first.at < this.#now) return this.#part(recordText(first), undefined, 'its time is before that of the record before it');
    this.#now = nanos(first.at);
    if (NOTES.has(first.kind)) {
      this.#compare(first);
      return true;
    }
    const feed = requestFeed(first.kind);
    if (feed === undefined) return this.#part(recordText(first), undefined, 'it is no request, and follows from none');
    const text = recordText(first);
    try {
      feed(this.#requests, this.#request(0), (index) => this.#request(index));
      this.#requested += 1;
    } catch (error) {
      if (!(error instanceof InvariantError || error instanceof RangeError)) throw error;
      if (this.#isCutOff) return false;
      return this.#part(text, undefined, error.message);
    }
    return this.#difference === undefined;
  }

  /** Takes the next record of the log, and holds it against the one that the replay makes. */
  #compare(made: Readonly<TraceRecord>): void {
    if (this.#difference !== undefined) return;
    const logged = this.#log.peek(0);
    if (logged === undefined && !this.#whole) this.#followed += 1;
    else if (logged === undefined || !equal(logged, made)) {
      this.#part(logged === undefined ? undefined : recordText(logged), recordText(made));
      return;
    }
    this.trace.record(made.kind, nanos(made.at), made.instrument, made.agent, made.order, made.price, made.lots, made.extra);
    this.#log.drop();
  }

  #part(logged: string | undefined, replayed: string | undefined, reason?: string): false {
    this.#difference ??= { record: this.trace.records + 1, logged, replayed, ...(reason === undefined ? {} : { reason }) };
    return false;
  }

  /** The Greeks that the exchange is about to count a trade with: it records them next. */
  #charged(): TraceRecord {
    const record = this.#ahead(0);
    invariant(record.kind === TRACE.charged, 'the Greeks that protection counted with are missing');
    return record;
  }

  #ahead(index: number): TraceRecord {
    const record = this.#log.peek(index);
    if (record !== undefined) return record;
    this.#isCutOff = !this.#whole;
    throw new InvariantError('the log ends within the request');
  }

  /** A record of the log ahead, as the exchange numbers things. @throws InvariantError when it speaks of what there is not. */
  #request(index: number): RequestRecord {
    const { kind, instrument, agent, order, price, lots, extra } = this.#ahead(index);
    const who = this.#agents.get(agent);
    if (who === undefined && agent !== 0) throw new InvariantError(`there is no agent with the hash ${agent.toString(16)}`);
    return { kind, instrument: instrumentId(instrument), agent: who ?? agentId(0), order: orderId(order), price, lots, extra };
  }
}

function equal(a: Readonly<TraceRecord>, b: Readonly<TraceRecord>): boolean {
  return (
    a.kind === b.kind &&
    a.at === b.at &&
    a.instrument === b.instrument &&
    a.agent === b.agent &&
    a.order === b.order &&
    a.price === b.price &&
    a.lots === b.lots &&
    a.extra === b.extra
  );
}
