import { InvariantError, invariant } from '../core/assert.ts';
import { type AgentId, type InstrumentId, type Lots, lots, type Money, type OrderId, type Ticks } from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import type { Chain } from '../market/chain.ts';
import type { OrderRequest } from '../market/order.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import { LadderBook } from './ladder-book.ts';
import { OpenOrders } from './open-orders.ts';
import type { FillSink, OrderBook } from './order-book.ts';
import { Outcomes } from './outcomes.ts';
import { type ExchangeOptions, type OrderLimits, refusal } from './rules.ts';
import { REMOVAL, type RemovalCause } from './trace-codes.ts';

/**
 * The exchange: one order book per instrument of a chain, the rules of admission, fees, and expiry.
 *
 * A request has its full effect on the books first; only then do the sinks hear of it, in the order in which it happened
 * (see `ExchangeSinks`). Per request: removals of replaced or self-crossing orders and matches as they occurred, then
 * `accepted` for what rests or `removed` for what is dropped, then `changed` for each book that is not what it was.
 * In a taker's fill, `remaining` is what of its order has not traded yet, whether it will rest or not.
 *
 * Self-trade prevention is "cancel oldest": an agent's resting order that its own new order reaches is removed.
 */
export class Exchange {
  readonly #chain: Chain;
  readonly #limits: OrderLimits;
  readonly #agents: number;
  readonly #sinks: ExchangeSinks;
  readonly #books: readonly LadderBook[];
  readonly #expiredSeries: boolean[];
  readonly #open: OpenOrders;
  readonly #outcomes: Outcomes;
  readonly #matching: FillSink;
  /** The order that a replacement asks for; one object, filled anew. */
  readonly #replacement: { -readonly [K in keyof OrderRequest]: OrderRequest[K] };
  #busy = false;

  constructor(chain: Chain, options: ExchangeOptions, sinks: ExchangeSinks) {
    this.#chain = chain;
    this.#limits = options.limits;
    this.#agents = options.agents;
    this.#sinks = sinks;
    this.#books = chain.instruments.map(() => new LadderBook());
    this.#expiredSeries = chain.instruments.map(() => false);
    const open = new OpenOrders(options.agents);
    const outcomes = new Outcomes(chain.instruments, options.fees, sinks);
    this.#open = open;
    this.#outcomes = outcomes;
    this.#matching = {
      fill(maker, makerOwner, price, size, makerRemaining) {
        if (makerRemaining === 0) open.remove(maker);
        outcomes.matched(makerOwner, maker, price, size, makerRemaining);
      },
      prevented(maker, price, remaining) {
        open.remove(maker);
        outcomes.prevented(maker, price, remaining);
      },
    };
    this.#replacement = { ...UNKNOWN, type: 'limit' };
  }

  /** The book of an instrument, to be read only. */
  book(instrument: InstrumentId): OrderBook {
    return this.#bookOf(instrument);
  }

  /** True once the instrument's expiry has passed: it takes no more orders. */
  expired(instrument: InstrumentId): boolean {
    return this.#expiredSeries[instrument] === true;
  }

  /** Number of an agent's resting orders, over all instruments. */
  openOrders(agent: AgentId): number {
    return this.#open.count(agent);
  }

  /** Sets the index price of the underlying, in dollars, from which fees of options are computed. Needed before the first match. */
  setIndex(dollars: number): void {
    this.#outcomes.setIndex(dollars);
  }

  /** A new order, under an id that no order of the run had before. */
  submit(agent: AgentId, order: OrderId, request: OrderRequest): void {
    this.#begin(agent);
    this.#outcomes.tellSubmitted(agent, order, request);
    const reason = refusal(request, this.expired(request.instrument), this.#open.count(agent), this.#limits);
    if (reason === undefined) this.#execute(agent, order, request);
    else this.#outcomes.tellRejected(reason, agent, order, request.instrument, request.side, request.price, request.lots);
    this.#end();
  }

  /**
   * Takes a resting order out of its book. Refused with `unknown-order` when it does not rest (any more), `not-owner` when
   * it is another agent's; the report then names the order only, and its other fields are 0 and `buy`.
   */
  cancel(agent: AgentId, order: OrderId): void {
    this.#begin(agent);
    const refused = this.#open.refusal(agent, order);
    if (refused === undefined) this.#withdraw(agent, order, REMOVAL.cancelled);
    else this.#outcomes.tellRejected(refused, agent, order, UNKNOWN.instrument, UNKNOWN.side, UNKNOWN.price, UNKNOWN.lots);
    this.#end();
  }

  /** Takes lots off a resting order, which keeps its place; with all that it has, or more, a cancellation. Refused as that is. */
  reduce(agent: AgentId, order: OrderId, by: Lots): void {
    this.#begin(agent);
    const refused = this.#open.refusal(agent, order) ?? (by > 0 ? undefined : 'lots-not-positive');
    if (refused === undefined) this.#withdraw(agent, order, REMOVAL.cancelled, by);
    else this.#outcomes.tellRejected(refused, agent, order, UNKNOWN.instrument, UNKNOWN.side, UNKNOWN.price, by);
    this.#end();
  }

  /**
   * Takes a resting order out and puts a limit order of the same instrument and side in its stead, at the end of its queue
   * even where the price is the same. It is all or nothing: when the new order is refused, the old one rests on in its
   * place. Where the old one is gone, `newOrder` is rejected with `unknown-order` (see `cancel` for the fields).
   */
  replace(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void {
    this.#begin(agent);
    const refused = this.#open.refusal(agent, order);
    if (refused === undefined) this.#substitute(agent, order, newOrder, price, size);
    else this.#outcomes.tellRejected(refused, agent, newOrder, UNKNOWN.instrument, UNKNOWN.side, price, size);
    this.#end();
  }

  /** Takes out all resting orders of an agent, oldest first. */
  cancelAll(agent: AgentId): void {
    this.#begin(agent);
    for (let order = this.#open.oldest(agent); order !== undefined; order = this.#open.oldest(agent)) {
      this.#withdraw(agent, order, REMOVAL.cancelled);
    }
    this.#end();
  }

  /**
   * The barrier at an expiry: removes all orders of its series and reports them, then calls `settle` for each series with
   * its value per lot, in the order of ids. From then on its orders are refused. Between two requests, or not at all.
   * @throws InvariantError when the expiry does not exist or has been settled before.
   */
  expire(
    expiryIndex: number,
    settlementMoneyPerLot: (instrument: InstrumentId) => Money,
    settle: (instrument: InstrumentId, moneyPerLot: Money) => void,
  ): void {
    const series = this.#chain.options.filter((option) => option.expiry === expiryIndex);
    invariant(series.length > 0 && !series.some(({ id }) => this.expired(id)), () => `expiry ${expiryIndex} is unknown or settled`);
    this.#begin();
    for (const { id } of series) {
      this.#expiredSeries[id] = true;
      this.#bookOf(id).clear((order, owner, side, price, remaining) => {
        this.#open.remove(order);
        this.#outcomes.removed(REMOVAL.expired, owner, order, id, side, price, remaining);
      });
    }
    this.#outcomes.tell();
    for (const { id } of series) {
      const moneyPerLot = settlementMoneyPerLot(id);
      this.#sinks.record(TRACE.settled, id, undefined, NO_ORDER, 0, 0, moneyPerLot);
      settle(id, moneyPerLot);
    }
    this.#end();
  }

  /**
   * Checks all that must hold between requests; the cost is that of walking every order.
   * @throws InvariantError when a book is crossed, locked or inconsistent, an expired one has orders, or the agents' orders
   *   are not those in the books.
   */
  verify(): void {
    let resting = 0;
    this.#books.forEach((book, id) => {
      book.verify();
      invariant(book.orders === 0 || this.#expiredSeries[id] === false, () => `orders rest in expired instrument ${id}`);
      resting += book.orders;
    });
    this.#open.verify((order, agent, instrument) => {
      invariant(this.#bookOf(instrument).ownerOf(order) === agent, () => `order ${order} of agent ${agent} is not in book ${instrument}`);
      invariant(this.#open.count(agent) <= this.#limits.ordersPerAgent, () => `agent ${agent} has ${this.#open.count(agent)} orders`);
    });
    invariant(resting === this.#open.size, () => `${resting} orders rest in books, ${this.#open.size} are known to their agents`);
  }

  #begin(agent?: AgentId): void {
    if (this.#busy) throw new InvariantError('the exchange was called while it told of another request');
    if (agent !== undefined && !(agent >= 0 && agent < this.#agents)) throw new InvariantError(`agent ${agent} does not exist`);
    this.#busy = true;
  }

  #end(): void {
    this.#outcomes.tell();
    this.#outcomes.tellChanges();
    this.#busy = false;
  }

  #bookOf(instrument: InstrumentId): LadderBook {
    const book = this.#books[instrument];
    if (book === undefined) throw new InvariantError(`instrument ${instrument} does not exist`);
    return book;
  }

  /** Matches an admitted order, and rests or drops what is left. */
  #execute(agent: AgentId, order: OrderId, request: OrderRequest): void {
    const { instrument, side, type, price, lots: size } = request;
    const book = this.#bookOf(instrument);
    this.#outcomes.taking(agent, order, instrument, side, size);
    if (type === 'limit') {
      const resting = book.place(order, agent, side, price, size, this.#matching);
      if (resting === 0) return;
      this.#open.add(order, agent, instrument);
      this.#outcomes.accepted(agent, order, instrument, side, price, resting);
      return;
    }
    const traded = book.sweep(agent, side, type === 'market' ? undefined : price, size, this.#matching);
    if (traded < size) this.#outcomes.removed(REMOVAL.dropped, agent, order, instrument, side, price, lots(size - traded));
  }

  #substitute(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void {
    const replacement = this.#replacement;
    const instrument = this.#open.instrumentOf(order);
    const side = this.#bookOf(instrument).sideOf(order);
    invariant(side !== undefined, 'an open order is in no book');
    replacement.instrument = instrument;
    replacement.side = side;
    replacement.price = price;
    replacement.lots = size;
    this.#outcomes.tellSubmitted(agent, newOrder, replacement);
    const reason = refusal(replacement, this.expired(instrument), this.#open.count(agent) - 1, this.#limits);
    if (reason === undefined) {
      this.#withdraw(agent, order, REMOVAL.replaced);
      this.#execute(agent, newOrder, replacement);
    } else {
      this.#outcomes.tellRejected(reason, agent, newOrder, instrument, side, price, size);
    }
  }

  /** Removes an order that rests, or takes some of its lots: `most`, of which there is at least one. */
  #withdraw(agent: AgentId, order: OrderId, cause: RemovalCause, most?: Lots): void {
    const instrument = this.#open.instrumentOf(order);
    const book = this.#bookOf(instrument);
    const side = book.sideOf(order);
    const price = book.priceOf(order);
    const resting = book.resting(order);
    invariant(side !== undefined && price !== undefined && resting !== undefined, 'an open order is in no book');
    const taken = book.reduce(order, most ?? resting);
    if (taken === resting) this.#open.remove(order);
    this.#outcomes.removed(taken < resting ? REMOVAL.reduced : cause, agent, order, instrument, side, price, taken, lots(resting - taken));
  }
}
