import { type AgentId, agentId, type InstrumentId, instrumentId, lots, type Nanos, nanos, type Ticks, ticks } from '../core/units.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_DELIVERY } from '../kernel/ties.ts';
import type { Bbo } from '../market/data.ts';
import type { OrderBook } from './order-book.ts';

/** Who is told that a watched book has changed, and when: after the agent's own data latency. */
export interface FeedListener {
  onData(agent: AgentId, instrument: InstrumentId): void;
}

/** Entries kept per book and agent at first; grows while a reader's latency still needs the oldest. */
const HISTORY = 8;
const ABSENT = -1;

/** Top of one book as one agent sees it, with the moments at which it became so. */
interface History {
  at: Float64Array;
  bid: Int32Array;
  bidLots: Int32Array;
  ask: Int32Array;
  askLots: Int32Array;
  /** Number of entries ever written; the last is at (written − 1) mod capacity. */
  written: number;
  watched: boolean;
  /** A notice is under way, and the last change it does not cover yet. */
  pending: boolean;
  changedAt: number;
}

/**
 * Market data with latency: each agent reads the top of a book as it was `latencyNanos` ago, its own orders taken out.
 * Watched books also send a notice; notices of changes that come while one is under way are merged into the next.
 */
export class Feed implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #books: (instrument: InstrumentId) => OrderBook;
  readonly #latency: readonly Nanos[];
  readonly #instruments: number;
  readonly #histories: (History | undefined)[];
  readonly #listener: FeedListener;
  readonly #view: Bbo = { bid: undefined, bidLots: lots(0), ask: undefined, askLots: lots(0) };

  constructor(
    kernel: Kernel,
    books: (instrument: InstrumentId) => OrderBook,
    instruments: number,
    latency: readonly Nanos[],
    listener: FeedListener,
  ) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#books = books;
    this.#latency = latency;
    this.#instruments = instruments;
    this.#histories = new Array<History | undefined>(latency.length * instruments).fill(undefined);
    this.#listener = listener;
  }

  /** From now on the agent can read this book. Reading needs no notice; `notices` asks for one after each change. */
  subscribe(agent: AgentId, instrument: InstrumentId, notices: boolean): void {
    const index = agent * this.#instruments + instrument;
    const known = this.#histories[index];
    if (known !== undefined) {
      known.watched ||= notices;
      return;
    }
    const history: History = {
      at: new Float64Array(HISTORY),
      bid: new Int32Array(HISTORY),
      bidLots: new Int32Array(HISTORY),
      ask: new Int32Array(HISTORY),
      askLots: new Int32Array(HISTORY),
      written: 0,
      watched: notices,
      pending: false,
      changedAt: -1,
    };
    this.#histories[index] = history;
    this.#write(history, agent, instrument);
  }

  /** To be called once a request has changed a book. */
  changed(instrument: InstrumentId): void {
    for (let agent = 0; agent < this.#latency.length; agent += 1) {
      const index = agent * this.#instruments + instrument;
      const history = this.#histories[index];
      if (history === undefined || !this.#write(history, agentId(agent), instrument) || !history.watched) continue;
      history.changedAt = this.#kernel.now;
      if (history.pending) continue;
      history.pending = true;
      this.#kernel.schedule(nanos(this.#kernel.now + (this.#latency[agent] ?? 0)), this.#target, agent, instrument, TIE_DELIVERY);
    }
  }

  /** Delivers a notice; `code` is the agent. */
  on(code: number, payload: number): void {
    const history = this.#histories[code * this.#instruments + payload];
    if (history === undefined) return;
    const seen = this.#kernel.now - (this.#latency[code] ?? 0);
    history.pending = history.changedAt > seen;
    if (history.pending)
      this.#kernel.schedule(nanos(history.changedAt + (this.#latency[code] ?? 0)), this.#target, code, payload, TIE_DELIVERY);
    this.#listener.onData(agentId(code), instrumentId(payload));
  }

  /** The top of a book as the agent knows it now; empty when it did not subscribe. Borrowed until the next call. */
  view(agent: AgentId, instrument: InstrumentId): Readonly<Bbo> {
    const view = this.#view;
    const history = this.#histories[agent * this.#instruments + instrument];
    const entry = history === undefined ? ABSENT : this.#entryAt(history, this.#kernel.now - (this.#latency[agent] ?? 0));
    view.bid = history === undefined || entry === ABSENT ? undefined : priceOrNone(history.bid[entry]);
    view.bidLots = lots(history === undefined || entry === ABSENT ? 0 : (history.bidLots[entry] ?? 0));
    view.ask = history === undefined || entry === ABSENT ? undefined : priceOrNone(history.ask[entry]);
    view.askLots = lots(history === undefined || entry === ABSENT ? 0 : (history.askLots[entry] ?? 0));
    return view;
  }

  /** The latest entry that is not younger than `time`. */
  #entryAt(history: History, time: number): number {
    const capacity = history.at.length;
    for (let n = history.written - 1; n >= 0 && n >= history.written - capacity; n -= 1) {
      if ((history.at[n % capacity] ?? 0) <= time) return n % capacity;
    }
    return ABSENT;
  }

  /** Notes the top of the book now; returns false when it is what it was. */
  #write(history: History, agent: AgentId, instrument: InstrumentId): boolean {
    const book = this.#books(instrument);
    const bid = book.bestExcluding('buy', agent) ?? ABSENT;
    const ask = book.bestExcluding('sell', agent) ?? ABSENT;
    const bidLots = bid === ABSENT ? 0 : book.lotsExcluding('buy', agent);
    const askLots = ask === ABSENT ? 0 : book.lotsExcluding('sell', agent);
    const last = (history.written - 1 + history.at.length) % history.at.length;
    if (
      history.written > 0 &&
      history.bid[last] === bid &&
      history.ask[last] === ask &&
      history.bidLots[last] === bidLots &&
      history.askLots[last] === askLots
    ) {
      return false;
    }
    const now = this.#kernel.now;
    // Changes within one instant overwrite each other: nobody could have seen the ones between.
    const again = history.written > 0 && history.at[last] === now;
    if (!again) this.#makeRoom(history, now - (this.#latency[agent] ?? 0));
    const slot = again ? last : history.written % history.at.length;
    if (!again) history.written += 1;
    history.at[slot] = now;
    history.bid[slot] = bid;
    history.bidLots[slot] = bidLots;
    history.ask[slot] = ask;
    history.askLots[slot] = askLots;
    return true;
  }

  /** Doubles a full ring whose second-oldest entry is still younger than what the agent can see. */
  #makeRoom(history: History, visible: number): void {
    const capacity = history.at.length;
    if (history.written < capacity) return;
    const second = (history.written + 1) % capacity;
    if ((history.at[second] ?? 0) <= visible) return;
    history.at = unrolled(history.at, new Float64Array(2 * capacity), history.written);
    history.bid = unrolled(history.bid, new Int32Array(2 * capacity), history.written);
    history.bidLots = unrolled(history.bidLots, new Int32Array(2 * capacity), history.written);
    history.ask = unrolled(history.ask, new Int32Array(2 * capacity), history.written);
    history.askLots = unrolled(history.askLots, new Int32Array(2 * capacity), history.written);
    history.written = capacity;
  }
}

const priceOrNone = (price: number | undefined): Ticks | undefined => (price === undefined || price === ABSENT ? undefined : ticks(price));

/** Oldest first, at the start of a longer array. */
function unrolled<A extends Float64Array | Int32Array>(ring: A, into: A, written: number): A {
  const start = written % ring.length;
  into.set(ring.subarray(start));
  into.set(ring.subarray(0, start), ring.length - start);
  return into;
}
