import { InvariantError } from '../core/assert.ts';
import { type AgentId, agentId, type InstrumentId, instrumentId, type Lots, lots, type Nanos, nanos, type Ticks } from '../core/units.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import type { Line } from '../kernel/line.ts';
import { TIE_DELIVERY } from '../kernel/ties.ts';
import type { Bbo } from '../market/data.ts';
import type { Side } from '../market/order.ts';
import { DelayedBook } from './delayed-book.ts';
import type { OrderBook } from './order-book.ts';

/** Who is told that a watched book has changed, and when: not before the agent can read the change. */
export interface FeedListener {
  onData(agent: AgentId, instrument: InstrumentId): void;
}

/** One agent's interest in one book. */
interface Subscription {
  readonly book: DelayedBook;
  notices: boolean;
  /** A notice is under way. */
  pending: boolean;
  /** When the last change that calls for a notice arrives. */
  newsAt: Nanos;
}

/**
 * Market data with latency: each agent reads the best levels of a book as its data line has brought them, its own orders taken out. Every
 * change of what it reads is one message on that line, and what it reads is the last one that has arrived.
 * Watched books also send a notice; notices of changes that come while one is under way are merged into the next.
 */
export class Feed implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #books: (instrument: InstrumentId) => OrderBook;
  readonly #lines: readonly Line[];
  readonly #instruments: number;
  readonly #subscriptions: (Subscription | undefined)[];
  readonly #listener: FeedListener;
  readonly #view: Bbo = { bid: undefined, bidLots: lots(0), ask: undefined, askLots: lots(0) };

  /** @param lines from the exchange, by agent; prints may share them. */
  constructor(
    kernel: Kernel,
    books: (instrument: InstrumentId) => OrderBook,
    instruments: number,
    lines: readonly Line[],
    listener: FeedListener,
  ) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#books = books;
    this.#lines = lines;
    this.#instruments = instruments;
    this.#subscriptions = new Array<Subscription | undefined>(lines.length * instruments).fill(undefined);
    this.#listener = listener;
  }

  /**
   * From now on the agent can read this book, `levels` deep. Reading needs no notice; `notices` asks for one after each change. Of several
   * calls the deepest counts, and notices once asked for stay.
   */
  subscribe(agent: AgentId, instrument: InstrumentId, notices: boolean, levels = 1): void {
    if (!(Number.isSafeInteger(levels) && levels >= 1)) throw new RangeError(`levels must be a whole number of at least 1, got ${levels}`);
    const index = agent * this.#instruments + instrument;
    const known = this.#subscriptions[index];
    if (known !== undefined) {
      known.notices ||= notices;
      if (levels <= known.book.levels) return;
      known.book.deepen(levels);
      this.#send(known, agent, instrument);
      return;
    }
    const subscription = { book: new DelayedBook(agent, levels), notices, pending: false, newsAt: nanos(0) };
    this.#subscriptions[index] = subscription;
    this.#send(subscription, agent, instrument);
  }

  /** To be called once a request has changed a book. */
  changed(instrument: InstrumentId): void {
    for (let agent = 0; agent < this.#lines.length; agent += 1) {
      const subscription = this.#subscriptions[agent * this.#instruments + instrument];
      if (subscription === undefined || !this.#send(subscription, agent, instrument) || !subscription.notices) continue;
      subscription.newsAt = subscription.book.arrival;
      if (subscription.pending) continue;
      subscription.pending = true;
      this.#kernel.schedule(subscription.newsAt, this.#target, agent, instrument, TIE_DELIVERY);
    }
  }

  /** Delivers a notice; `code` is the agent. */
  on(code: number, payload: number): void {
    const subscription = this.#subscriptions[code * this.#instruments + payload];
    if (subscription === undefined) return;
    subscription.pending = subscription.newsAt > this.#kernel.now;
    if (subscription.pending) this.#kernel.schedule(subscription.newsAt, this.#target, code, payload, TIE_DELIVERY);
    this.#listener.onData(agentId(code), instrumentId(payload));
  }

  /** The top of a book as the agent knows it now; empty when it did not subscribe. Borrowed until the next call. */
  view(agent: AgentId, instrument: InstrumentId): Readonly<Bbo> {
    const view = this.#view;
    const subscription = this.#subscriptions[agent * this.#instruments + instrument];
    if (subscription === undefined) {
      view.bid = undefined;
      view.bidLots = lots(0);
      view.ask = undefined;
      view.askLots = lots(0);
    } else subscription.book.top(this.#kernel.now, view);
    return view;
  }

  /** Visits the levels of a side as the agent knows them now, best first; none when it did not subscribe. */
  depth(agent: AgentId, instrument: InstrumentId, side: Side, visit: (price: Ticks, size: Lots) => void): void {
    this.#subscriptions[agent * this.#instruments + instrument]?.book.depth(this.#kernel.now, side, visit);
  }

  /** Sends the agent the book as it is now; false when it has been sent the same last. */
  #send(subscription: Subscription, agent: number, instrument: InstrumentId): boolean {
    const line = this.#lines[agent];
    if (line === undefined) throw new InvariantError(`agent ${agent} has no line from the exchange`);
    return subscription.book.send(this.#books(instrument), this.#kernel.now, line);
  }
}
