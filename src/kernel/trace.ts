import { doubleOf } from '../core/double-bits.ts';
import { NANOS_PER_SECOND, type Nanos } from '../core/units.ts';
import { TraceHash } from './trace-hash.ts';

/**
 * Kinds of trace records, and what their last number `extra` is. The numbers enter the hash, so they never change meaning.
 * A field that a kind does not use is 0.
 *
 * Requests (`REQUESTS` of the exchange) stand before what comes of them and say all of it, so that an exchange can be fed with them again.
 */
export const TRACE = {
  /** A new order reached the exchange, by itself or behind `replacing`. `extra`: 0 limit, 1 ioc, 2 market, 3 fill-or-kill; plus 4 for a seller, 8 or 16 post-only, 32 day. */
  submitted: 1,
  /** An order rests, with `lots`. `extra`: 0 buy, 1 sell. */
  accepted: 2,
  /** One match; agent and order are the taker's. `extra`: the maker's order. */
  filled: 3,
  /** `lots` of an order left its book, or were dropped: all that it had, unless it was reduced. `extra`: why, see `RemovalCause`. */
  removed: 4,
  /** A request was refused. `extra`: why, by the number of its `RejectReason`. */
  rejected: 5,
  /** A series was settled; no agent. Lots: the delivery fee per lot, `extra`: what it pays per lot; millionths of a dollar. */
  settled: 6,
  /** The world's regime changed; no agent. `extra`: its index. */
  regime: 7,
  /** The maker's half of the match before it. `extra`: 0 hit at the touch, 1 crossed by a better limit, 2 swept behind the touch. */
  hit: 8,
  /** A series opened for trading; no agent. */
  listed: 9,
  /** The venue's day ended; no agent. */
  dayEnded: 10,
  /** An agent lost its connection, or found it again. */
  disconnected: 11,
  connected: 12,
  /** A trade counts toward an agent's protection; price and lots are its delta and vega, in millionths per unit. */
  charged: 13,
  /** A mass quote reached the exchange; order is the message's id, lots the number of series. */
  quoting: 14,
  /** One side of a series in it. `extra`: 0 bid, 1 offer; plus 2 to keep the old one, and 4 to withdraw it. */
  quoteSide: 15,
  /** An agent's quotes were taken out by its protection. */
  frozen: 16,
  /** Its protection was set: price is the interval and lots the frozen time, in nanoseconds. `extra`: 1 when reset only, 2 when taken away. */
  protecting: 17,
  /** Its limits, in millionths: price is units, lots delta, `extra` vega; −1 where there is none. */
  protectionLimits: 18,
  /** An agent asks to cancel `order`. */
  cancelling: 19,
  /** An agent asks for `order`, at `price` and with `lots`, in place of another of its orders. `extra`: the other one. */
  replacing: 20,
  /**
   * An agent asks to cancel its orders. `extra`: 1 bids or 2 offers only, 4 quotes only or 8 all but quotes, 16 of the instrument only, 32 of
   * the expiry only, whose place in the chain is `lots`.
   */
  cancellingAll: 21,
  /** The index price of the underlying, a double in dollars: `price` is its upper and `lots` its lower 32 bits, unsigned; no agent. */
  index: 22,
  /** The series of an expiry are about to be settled, at this index price (as in `index`); no agent. `extra`: its place in the chain. */
  expiring: 23,
  /** An agent asks to take `lots` off its `order`. */
  reducing: 24,
  /** A series takes no orders until it is listed; no agent. */
  withheld: 25,
  /** The market closed until it opens again; no agent. */
  closed: 26,
  opened: 27,
  /** Holders of the perpetual pay each other; no agent. `extra`: what each long lot pays, in millionths of a dollar. */
  funded: 28,
} as const;

const EXTRA_NAMES = [
  'extra',
  'type',
  'side',
  'maker',
  'cause',
  'reason',
  'money',
  'regime',
  'cause',
  'extra',
  'extra',
  'extra',
  'extra',
  'extra',
  'extra',
  'side',
  'extra',
  'reset',
  'vega',
  'extra',
  'old',
  'scope',
  'extra',
  'expiry',
  'extra',
  'extra',
  'extra',
  'extra',
  'money',
];
const KIND_NAMES = new Map<number, string>(Object.entries(TRACE).map(([name, kind]) => [kind, name]));

/** Hears of every record as it is made. It must not change the run. */
export interface TraceObserver {
  onRecord(kind: number, at: Nanos, instrument: number, agent: number, order: number, price: number, lots: number, extra: number): void;
}

/**
 * What reached the exchange and what came of it, as a running hash: two runs with equal hashes did the same.
 *
 * A record is eight whole numbers, 64 bits each, in the order of the arguments of `record`. Nothing is kept but the hash
 * and the number of records; who wants the records observes them.
 */
export class Trace {
  readonly #running = new TraceHash();
  #observer: TraceObserver | undefined;
  #recorded = 0;

  /** Number of records so far. */
  get records(): number {
    return this.#recorded;
  }

  /**
   * Adds a record. `kind` is one of `TRACE`, `agent` the unsigned 32-bit hash of a name, `price` is in ticks.
   * @throws InvariantError when a number is not whole.
   */
  record(kind: number, at: Nanos, instrument: number, agent: number, order: number, price: number, lots: number, extra: number): void {
    this.#running.add(kind, at);
    this.#running.add(instrument, agent);
    this.#running.add(order, price);
    this.#running.add(lots, extra);
    this.#recorded += 1;
    this.#observer?.onRecord(kind, at, instrument, agent, order, price, lots, extra);
  }

  /** Hash of all records so far: 32 hexadecimal digits (see `TraceHash`). */
  hash(): string {
    return this.#running.digest();
  }

  /** Hands each further record to `observer`; undefined takes it away. */
  observe(observer: TraceObserver | undefined): void {
    this.#observer = observer;
  }
}

/**
 * One line of text for a record, for people and for files that are compared: seconds since the opening, kind, instrument,
 * agent (8 hexadecimal digits), order, price in ticks, lots, `extra` under its name. Of the index and of an expiry, dollars instead.
 */
export function renderRecord(
  kind: number,
  at: Nanos,
  instrument: number,
  agent: number,
  order: number,
  price: number,
  lots: number,
  extra: number,
): string {
  const seconds = Math.floor(at / NANOS_PER_SECOND);
  const fraction = String(at - seconds * NANOS_PER_SECOND).padStart(9, '0');
  const name = KIND_NAMES.get(kind) ?? `kind-${kind}`;
  if (kind === TRACE.index || kind === TRACE.expiring) {
    return `${seconds}.${fraction} ${name} ${doubleOf(price, lots)}${kind === TRACE.index ? '' : ` expiry=${extra}`}`;
  }
  const who = (agent >>> 0).toString(16).padStart(8, '0');
  return `${seconds}.${fraction} ${name} i${instrument} @${who} #${order} ${price} x${lots} ${EXTRA_NAMES[kind] ?? 'extra'}=${extra}`;
}
