import { InvariantError, invariant } from '../core/assert.ts';
import { type AgentId, agentId, type InstrumentId, type Lots, lots, type OrderId, type Ticks } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { type CancelScope, type OrderRequest, opposite, type RejectReason, type Side } from '../market/order.ts';
import { nextAbove, nextBelow, type TickTable } from '../market/tick-table.ts';
import { UNKNOWN } from './blank-report.ts';
import { LadderBook } from './ladder-book.ts';
import { OpenOrders } from './open-orders.ts';
import type { FillSink, SelfTradePrevention } from './order-book.ts';
import { FLAG } from './order-flags.ts';
import type { Outcomes } from './outcomes.ts';
import { type Admission, bandEdge, type OrderLimits, type PriceBand, refusal } from './rules.ts';
import { REMOVAL, type RemovalCause } from './trace-codes.ts';

/** Hears of each lot that trades out of a quote, or that a quote takes: for market-maker protection. */
export type QuoteTraded = (agent: AgentId, instrument: InstrumentId, side: Side, size: Lots) => void;

/** Whether an instrument takes orders: each is listed once, and closed for good. */
type Phase = 'unlisted' | 'listed' | 'closed';

const NO_TABLE: TickTable = [];

/** The books of all instruments with the orders in them, and what admission and matching do to them. Outcomes are collected, not told. */
export class Books {
  readonly chain: Chain;
  readonly open: OpenOrders;
  readonly #outcomes: Outcomes;
  readonly #limits: OrderLimits;
  readonly #band: PriceBand | undefined;
  readonly #books: readonly LadderBook[];
  readonly #phases: Phase[];
  readonly #lastTrades: Float64Array;
  readonly #matching: FillSink;
  /** What a request is judged by; one object, filled anew. */
  readonly #admission: { -readonly [K in keyof Admission]: Admission[K] } = {
    closed: undefined,
    tickTable: [],
    openOrders: 0,
    edge: undefined,
  };
  #taker: AgentId = agentId(0);
  #taking: OrderRequest = { ...UNKNOWN, type: 'limit' };
  #takerIsQuote = false;

  constructor(
    chain: Chain,
    options: {
      readonly agents: number;
      readonly limits: OrderLimits;
      readonly selfTrade?: SelfTradePrevention | undefined;
      readonly priceBand?: PriceBand | undefined;
    },
    outcomes: Outcomes,
    quoteTraded: QuoteTraded,
  ) {
    this.chain = chain;
    this.#limits = options.limits;
    this.#band = options.priceBand;
    this.#outcomes = outcomes;
    this.#books = chain.instruments.map(() => new LadderBook(options.selfTrade));
    this.#phases = chain.instruments.map(() => 'listed');
    this.#lastTrades = new Float64Array(chain.instruments.length);
    const open = new OpenOrders(options.agents);
    this.open = open;
    this.#matching = {
      fill: (maker, makerOwner, price, size, makerRemaining) => {
        const { instrument, side } = this.#taking;
        if ((open.flagsOf(maker) & FLAG.quote) !== 0) quoteTraded(makerOwner, instrument, opposite(side), size);
        if (this.#takerIsQuote) quoteTraded(this.#taker, instrument, side, size);
        this.#lastTrades[instrument] = price;
        if (makerRemaining === 0) open.remove(maker);
        outcomes.matched(makerOwner, maker, price, size, makerRemaining);
      },
      prevented: (maker, price, remaining) => {
        open.remove(maker);
        outcomes.prevented(maker, price, remaining);
      },
    };
  }

  of(instrument: InstrumentId): LadderBook {
    const book = this.#books[instrument];
    if (book === undefined) throw new InvariantError(`instrument ${instrument} does not exist`);
    return book;
  }

  phase(instrument: InstrumentId): Phase {
    const phase = this.#phases[instrument];
    if (phase === undefined) throw new InvariantError(`instrument ${instrument} does not exist`);
    return phase;
  }

  setPhase(instrument: InstrumentId, phase: Phase): void {
    this.#phases[instrument] = phase;
  }

  /** Why an agent may not touch an order, or undefined when it may. */
  ownership(agent: AgentId, order: OrderId): RejectReason | undefined {
    const owner = this.open.agentOf(order);
    if (owner === undefined) return 'unknown-order';
    return owner === agent ? undefined : 'not-owner';
  }

  /** Why a new order must be refused, or undefined. @param openOrders the agent's resting orders, without those that it replaces. */
  refusal(request: OrderRequest, openOrders: number): RejectReason | undefined {
    const phase = this.phase(request.instrument);
    const listing = this.chain.instruments[request.instrument];
    const admission = this.#admission;
    admission.closed = phase === 'listed' ? undefined : phase === 'closed' ? 'instrument-expired' : 'not-listed';
    admission.tickTable = listing?.tickTable ?? NO_TABLE;
    admission.openOrders = openOrders;
    admission.edge = this.#band === undefined ? undefined : this.#edge(request, this.#band);
    const reason = refusal(request, admission, this.#limits);
    if (reason !== undefined || request.post === undefined || request.type !== 'limit' || !this.#takes(request)) return reason;
    return request.post === 'reject' || this.#slid(request) <= 0 ? 'would-trade' : undefined;
  }

  /** Matches an admitted order, and rests or drops what is left. */
  execute(agent: AgentId, order: OrderId, request: OrderRequest, flags: number): void {
    const { instrument, side, type, lots: size } = request;
    const book = this.of(instrument);
    const price = type === 'limit' && request.post === 'slide' && this.#takes(request) ? this.#slid(request) : request.price;
    const limit = type !== 'market' ? price : this.#band === undefined ? undefined : this.#edge(request, this.#band);
    const outcomes = this.#outcomes;
    outcomes.taking(agent, order, request, limit, book.best(opposite(side)));
    this.#taker = agent;
    this.#taking = request;
    this.#takerIsQuote = (flags & FLAG.quote) !== 0;
    if (type === 'limit') {
      const resting = book.place(order, agent, side, price, size, this.#matching);
      if (resting > 0) {
        this.open.add(order, agent, instrument, flags);
        outcomes.accepted(agent, order, instrument, side, price, resting);
      } else if (outcomes.open > 0) outcomes.removed(REMOVAL.stopped, agent, order, instrument, side, price, outcomes.open);
      return;
    }
    const isFillable = type !== 'fok' || book.fillable(agent, side, price, size);
    const traded = isFillable ? book.sweep(agent, side, limit, size, this.#matching) : 0;
    if (traded < size) outcomes.removed(REMOVAL.dropped, agent, order, instrument, side, price, lots(size - traded));
  }

  /** Removes an order that rests, or some lots of it. */
  withdraw(order: OrderId, cause: RemovalCause, by?: Lots): void {
    const agent = this.open.agentOf(order);
    invariant(agent !== undefined, 'an order to be removed does not rest');
    const instrument = this.open.instrumentOf(order);
    const book = this.of(instrument);
    const side = book.sideOf(order);
    const price = book.priceOf(order);
    const resting = book.resting(order);
    invariant(side !== undefined && price !== undefined && resting !== undefined, 'an open order is in no book');
    const removed = book.reduce(order, by ?? resting);
    if (removed === resting) this.open.remove(order);
    this.#outcomes.removed(cause, agent, order, instrument, side, price, removed, lots(resting - removed));
  }

  /** Removes all of an agent's orders that fit a scope, oldest first. */
  withdrawAll(agent: AgentId, cause: RemovalCause, scope: CancelScope = {}, flags = 0): void {
    for (let order = this.open.oldest(agent); order !== undefined; ) {
      const next = this.open.after(order);
      if (this.#fits(order, scope) && (flags === 0 || (this.open.flagsOf(order) & flags) !== 0)) this.withdraw(order, cause);
      order = next;
    }
  }

  /** Removes every order of an instrument, best first and in time order. */
  clear(instrument: InstrumentId, cause: RemovalCause): void {
    this.of(instrument).clear((order, owner, side, price, remaining) => {
      this.open.remove(order);
      this.#outcomes.removed(cause, owner, order, instrument, side, price, remaining);
    });
  }

  /**
   * Checks all that must hold between requests; the cost is that of walking every order.
   * @throws InvariantError when a book is crossed, locked or inconsistent, one that is not listed has orders, or the agents' orders are not
   *   those in the books.
   */
  verify(): void {
    let resting = 0;
    this.#books.forEach((book, id) => {
      book.verify();
      invariant(book.orders === 0 || this.#phases[id] === 'listed', () => `orders rest in instrument ${id}, which is ${this.#phases[id]}`);
      resting += book.orders;
    });
    this.open.verify((order, agent, instrument) => {
      invariant(this.of(instrument).ownerOf(order) === agent, () => `order ${order} of agent ${agent} is not in book ${instrument}`);
      const count = this.open.count(agent);
      invariant(count <= this.#limits.ordersPerAgent, () => `agent ${agent} has ${count} orders`);
    });
    invariant(resting === this.open.size, () => `${resting} orders rest in books, ${this.open.size} are known to their agents`);
  }

  #fits(order: OrderId, scope: CancelScope): boolean {
    const instrument = this.open.instrumentOf(order);
    const listing = this.chain.instruments[instrument];
    if (scope.instrument !== undefined && scope.instrument !== instrument) return false;
    if (scope.expiry !== undefined && !(listing?.kind === 'option' && listing.expiry === scope.expiry)) return false;
    if (scope.quotes !== undefined && scope.quotes !== ((this.open.flagsOf(order) & FLAG.quote) !== 0)) return false;
    return scope.side === undefined || scope.side === this.of(instrument).sideOf(order);
  }

  /** True when the other side of the book has an order at the request's price or better. */
  #takes({ instrument, side, price }: OrderRequest): boolean {
    const best = this.of(instrument).best(opposite(side));
    return best !== undefined && (side === 'buy' ? price >= best : price <= best);
  }

  /** The price at which a post-only order that would take can rest; 0 or below when there is none. */
  #slid({ instrument, side, price }: OrderRequest): Ticks {
    const best = this.of(instrument).best(opposite(side)) ?? price;
    const table = this.chain.instruments[instrument]?.tickTable ?? [];
    return side === 'buy' ? nextBelow(table, best) : nextAbove(table, best);
  }

  #edge({ instrument, side }: OrderRequest, band: PriceBand): Ticks | undefined {
    const book = this.of(instrument);
    const bid = book.best('buy');
    const ask = book.best('sell');
    const last = this.#lastTrades[instrument] ?? 0;
    if (bid !== undefined && ask !== undefined) return bandEdge(side, (bid + ask) / 2, band);
    return last > 0 ? bandEdge(side, last, band) : undefined;
  }
}
