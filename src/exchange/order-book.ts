import type { AgentId, Lots, OrderId, Ticks } from '../core/units.ts';
import type { Side } from '../market/order.ts';

/** Hears of each match at once, in order; nothing is allocated. It must not call the book. */
export interface FillSink {
  /** `makerRemaining` is what the resting order still has after this match; 0 when it is gone. */
  fill(maker: OrderId, makerOwner: AgentId, price: Ticks, lots: Lots, makerRemaining: Lots): void;
  /** Self-trade prevention: the next order to trade was the taker's own, and left the book with `remaining` lots instead. */
  prevented(maker: OrderId, price: Ticks, remaining: Lots): void;
}

/**
 * What happens when the next resting order to trade is the taker's own. The other agents' orders keep their places in all modes.
 * - `cancel-oldest`: it is removed, and the taker goes on.
 * - `cancel-newest`: it stays, and what is left of the taker is cancelled.
 * - `cancel-both`: it is removed, and what is left of the taker is cancelled.
 */
export type SelfTradePrevention = 'cancel-oldest' | 'cancel-newest' | 'cancel-both';

/**
 * One instrument's limit order book: price, then time priority. It has no clock, and no output but {@link FillSink}.
 *
 * An owner never trades with itself: see {@link SelfTradePrevention}. Own orders that a taker does not reach stay.
 */
export interface OrderBook {
  /** Matches what crosses, rests what is left. Returns the lots now resting; 0 if all traded, or self-trade prevention ended it. The id must be new. */
  place(id: OrderId, owner: AgentId, side: Side, price: Ticks, size: Lots, sink: FillSink): Lots;
  /** Trades at `limit` or better (`undefined`: at any price), and drops the rest. Returns the lots traded. */
  sweep(owner: AgentId, side: Side, limit: Ticks | undefined, size: Lots, sink: FillSink): Lots;
  /** True when a sweep with these arguments would trade all of its lots: asked before a fill-or-kill. */
  fillable(owner: AgentId, side: Side, limit: Ticks, size: Lots): boolean;
  /** Takes lots off a resting order, keeping its place in the queue; all of them removes it. Returns the lots removed, 0 if unknown. */
  reduce(id: OrderId, by: Lots): Lots;
  /** Best price of a side: highest bid (`buy`), lowest offer (`sell`). */
  best(side: Side): Ticks | undefined;
  /** Lots resting at the best price of a side; 0 if empty. */
  bestLots(side: Side): Lots;
  /** Best price of a side among orders that are not `owner`'s: what the owner sees once its own are taken out (decision 10). */
  bestExcluding(side: Side, owner: AgentId): Ticks | undefined;
  /** Lots of others at that price; 0 if none. */
  lotsExcluding(side: Side, owner: AgentId): Lots;
  /** Calls for up to `depth` levels of a side, best first, with the lots of others; levels that hold `owner`'s orders alone are left out. */
  levelsExcluding(side: Side, owner: AgentId, depth: number, visit: (price: Ticks, size: Lots) => void): void;
  /** Lots that still rest of an order; undefined if it is not resting. */
  resting(id: OrderId): Lots | undefined;
  ownerOf(id: OrderId): AgentId | undefined;
  sideOf(id: OrderId): Side | undefined;
  priceOf(id: OrderId): Ticks | undefined;
  /** Lots in front of a resting order at its own price; undefined if it is not resting. */
  lotsAhead(id: OrderId): Lots | undefined;
  /** Calls for up to `depth` levels of a side, best first. */
  levels(side: Side, depth: number, visit: (price: Ticks, size: Lots, orders: number) => void): void;
  /** Number of resting orders. */
  readonly orders: number;
  /** Removes every order, best first and in time order, telling of each. */
  clear(removed: (id: OrderId, owner: AgentId, side: Side, price: Ticks, remaining: Lots) => void): void;
  /** Hash of all that can be observed: two implementations must agree on it after every call. */
  digest(): number;
}
