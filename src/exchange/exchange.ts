import { invariant } from '../core/assert.ts';
import { type AgentId, type InstrumentId, type Lots, lots, type Nanos, nanos, type OrderId, type Ticks } from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import type { Chain } from '../market/chain.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, RejectReason, SeriesQuote } from '../market/order.ts';
import { Announcer } from './announcer.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import { Books } from './books.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import { Lifecycle } from './lifecycle.ts';
import { MassQuotes } from './mass-quotes.ts';
import type { OrderBook } from './order-book.ts';
import { FLAG, flagsOf, postOf } from './order-flags.ts';
import { Outcomes } from './outcomes.ts';
import { Protection } from './protection.ts';
import { RequestFrame } from './request-frame.ts';
import { RequestRate } from './request-rate.ts';
import { REQUESTS } from './requests.ts';
import type { ExchangeOptions } from './rules.ts';
import { REMOVAL } from './trace-codes.ts';

/**
 * The exchange: one order book per instrument of a chain, the rules of admission, fees, protection of market makers, listing and expiry.
 *
 * A request has its full effect on the books first; only then do the sinks hear of it, in the order in which it happened
 * (see `ExchangeSinks`). Per request: removals of replaced or self-crossing orders and matches as they occurred, then
 * `accepted` for what rests or `removed` for what is dropped, then what protection removed, then `changed` for each book that is not what
 * it was. In a taker's fill, `remaining` is what of its order has not traded yet, whether it will rest or not.
 *
 * Priority: a new order is last at its price. `reduce` keeps the place in the queue, `replace` and a new side of a mass quote lose it.
 */
export class Exchange {
  /** Listing, sessions and days, connections, expiry, funding. */
  readonly lifecycle: Lifecycle;
  readonly #now: () => Nanos;
  readonly #sinks: ExchangeSinks;
  readonly #books: Books;
  readonly #outcomes: Outcomes;
  readonly #announcer: Announcer;
  readonly #quotes: MassQuotes;
  readonly #protection: Protection;
  readonly #rate: RequestRate | undefined;
  readonly #frame: RequestFrame;
  /** The order that a replacement asks for; one object, filled anew. */
  readonly #replacement: { -readonly [K in keyof OrderRequest]: OrderRequest[K] };

  constructor(chain: Chain, options: ExchangeOptions, sinks: ExchangeSinks) {
    const { agents, limits } = options;
    this.#now = options.now ?? (() => nanos(0));
    this.#sinks = sinks;
    this.#announcer = new Announcer(chain.instruments, options.fees, sinks);
    this.#outcomes = new Outcomes(this.#announcer, chain.instruments.length, (instrument) => sinks.changed(instrument));
    this.#protection = new Protection(chain, options.risk, agents, (agent, instrument, delta, vega) =>
      sinks.record(TRACE.charged, instrument, agent, NO_ORDER, delta, vega, 0),
    );
    this.#books = new Books(chain, options, this.#outcomes, (agent, instrument, side, size) =>
      this.#protection.traded(agent, instrument, side, size, this.#now()),
    );
    this.#quotes = new MassQuotes(this.#books, agents);
    this.#rate = limits.requestRate === undefined ? undefined : new RequestRate(limits.requestRate, agents);
    this.#frame = new RequestFrame(agents, this.#books, this.#outcomes, this.#announcer, this.#protection);
    this.lifecycle = new Lifecycle(agents, this.#books, this.#outcomes, this.#frame, sinks);
    this.#replacement = { ...UNKNOWN, type: 'limit', post: undefined, day: undefined };
  }

  /** The book of an instrument, to be read only. */
  book(instrument: InstrumentId): OrderBook {
    return this.#books.of(instrument);
  }

  /** Number of an agent's resting orders, over all instruments. */
  openOrders(agent: AgentId): number {
    return this.#books.open.count(agent);
  }

  /** Sets the index price of the underlying, in dollars, from which fees of options are computed. Needed before the first match. */
  setIndex(dollars: number): void {
    this.#announcer.setIndex(dollars);
  }

  /** A new order, under an id that no order of the run had before. */
  submit(agent: AgentId, order: OrderId, request: OrderRequest): void {
    this.#frame.begin(agent);
    REQUESTS.submit.tell(this.#sinks, agent, order, request);
    const reason = this.#heldUp(agent) ?? this.#books.refusal(request, this.#books.open.count(agent));
    if (reason === undefined) this.#books.execute(agent, order, request, flagsOf(request));
    else this.#announcer.rejected(reason, agent, order, request.instrument, request.side, request.price, request.lots);
    this.#frame.end();
  }

  /**
   * Takes a resting order out of its book. Refused with `unknown-order` when it does not rest (any more), `not-owner` when
   * it is another agent's; the report then names the order only, and its other fields are 0 and `buy`.
   */
  cancel(agent: AgentId, order: OrderId): void {
    this.#frame.begin(agent);
    REQUESTS.cancel.tell(this.#sinks, agent, order);
    const refused = this.#books.ownership(agent, order);
    if (refused === undefined) this.#books.withdraw(order, REMOVAL.cancelled);
    else this.#announcer.rejected(refused, agent, order, UNKNOWN.instrument, UNKNOWN.side, UNKNOWN.price, UNKNOWN.lots);
    this.#frame.end();
  }

  /** Takes lots off a resting order, which keeps its place in the queue; all of them is a cancel. Refused as a cancel is. */
  reduce(agent: AgentId, order: OrderId, by: Lots): void {
    this.#frame.begin(agent);
    REQUESTS.reduce.tell(this.#sinks, agent, order, by);
    const refused = this.#books.ownership(agent, order) ?? (by > 0 ? undefined : 'lots-not-positive');
    if (refused === undefined) this.#books.withdraw(order, REMOVAL.cancelled, by);
    else this.#announcer.rejected(refused, agent, order, UNKNOWN.instrument, UNKNOWN.side, UNKNOWN.price, UNKNOWN.lots);
    this.#frame.end();
  }

  /**
   * Takes a resting order out and puts a limit order of the same instrument, side and options in its stead, at the end of its queue
   * even where the price is the same. It is all or nothing: when the new order is refused, the old one rests on in its
   * place. Where the old one is gone, `newOrder` is rejected with `unknown-order` (see `cancel` for the fields).
   */
  replace(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void {
    this.#frame.begin(agent);
    REQUESTS.replace.tell(this.#sinks, agent, order, newOrder, price, size);
    const refused = this.#books.ownership(agent, order);
    if (refused === undefined) this.#substitute(agent, order, newOrder, price, size);
    else this.#announcer.rejected(refused, agent, newOrder, UNKNOWN.instrument, UNKNOWN.side, price, size);
    this.#frame.end();
  }

  /** Takes out all resting orders of an agent that fit a scope, oldest first. */
  cancelAll(agent: AgentId, scope: CancelScope = {}): void {
    this.#frame.begin(agent);
    REQUESTS.cancelAll.tell(this.#sinks, agent, scope);
    this.#books.withdrawAll(agent, REMOVAL.cancelled, scope);
    this.#frame.end();
  }

  /**
   * Both sides of many series in one message (see {@link MassQuotes}), carried out in full or refused as a whole. After the reports on its
   * sides, which all come at one moment, the agent gets one of kind `quoted` with the message's id; a refusal names that id too.
   */
  massQuote(agent: AgentId, message: OrderId, quotes: readonly SeriesQuote[]): void {
    this.#frame.begin(agent);
    REQUESTS.massQuote.tell(this.#sinks, agent, message, quotes);
    const frozen = this.#protection.frozen(agent, this.#now()) ? ('protection-frozen' as const) : undefined;
    const reason = frozen ?? this.#heldUp(agent) ?? this.#quotes.refusal(agent, quotes);
    if (reason === undefined) {
      const sides = this.#quotes.place(agent, quotes);
      this.#outcomes.tell();
      this.#announcer.news('quoted', agent, message, lots(sides));
    } else
      this.#announcer.rejected(reason, agent, message, quotes[0]?.instrument ?? UNKNOWN.instrument, 'buy', UNKNOWN.price, UNKNOWN.lots);
    this.#frame.end();
  }

  /** Sets or takes away an agent's market-maker protection; a freeze ends. */
  protect(agent: AgentId, settings: ProtectionSettings | undefined): void {
    this.#frame.begin(agent);
    REQUESTS.protect.tell(this.#sinks, agent, settings);
    this.#protection.set(agent, settings);
    this.#frame.end();
  }

  /** Lets a frozen agent quote again, at once. */
  resetProtection(agent: AgentId): void {
    this.#frame.begin(agent);
    REQUESTS.resetProtection.tell(this.#sinks, agent);
    this.#protection.reset(agent);
    this.#announcer.news('thawed', agent, NO_ORDER, lots(0));
    this.#frame.end();
  }

  /** Checks all that must hold between requests (see `Books.verify`). @throws InvariantError when something does not. */
  verify(): void {
    this.#books.verify();
  }

  /** Why an agent may send no request that adds orders, whatever it says. */
  #heldUp(agent: AgentId): RejectReason | undefined {
    if (!this.lifecycle.connected(agent)) return 'not-connected';
    if (!this.lifecycle.isOpen) return 'market-closed';
    return this.#rate === undefined || this.#rate.takes(agent, this.#now()) ? undefined : 'too-many-requests';
  }

  #substitute(agent: AgentId, order: OrderId, newOrder: OrderId, price: Ticks, size: Lots): void {
    const replacement = this.#replacement;
    const instrument = this.#books.open.instrumentOf(order);
    const side = this.#books.of(instrument).sideOf(order);
    invariant(side !== undefined, 'an open order is in no book');
    const flags = this.#books.open.flagsOf(order);
    replacement.instrument = instrument;
    replacement.side = side;
    replacement.price = price;
    replacement.lots = size;
    replacement.post = postOf(flags);
    replacement.day = (flags & FLAG.day) !== 0;
    REQUESTS.submit.tell(this.#sinks, agent, newOrder, replacement);
    const reason = this.#heldUp(agent) ?? this.#books.refusal(replacement, this.#books.open.count(agent) - 1);
    if (reason === undefined) {
      this.#books.withdraw(order, REMOVAL.replaced);
      if ((flags & FLAG.quote) !== 0) this.#quotes.replaced(agent, instrument, side, newOrder);
      this.#books.execute(agent, newOrder, replacement, flags);
    } else {
      this.#announcer.rejected(reason, agent, newOrder, instrument, side, price, size);
    }
  }
}
