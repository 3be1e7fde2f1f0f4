import type { AgentId, InstrumentId, Lots, Money, OrderId, Ticks } from '../core/units.ts';

export type Side = 'buy' | 'sell';

/** +1 for a buyer, −1 for a seller. */
export const signOf = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);
export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/**
 * `limit` matches what crosses and rests the remainder; `ioc` matches what it can at its price or better and drops the
 * remainder; `market` is `ioc` without a price.
 */
export type OrderType = 'limit' | 'ioc' | 'market';

/** What an agent asks for. `price` is ignored for `market`. */
export interface OrderRequest {
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly price: Ticks;
  readonly lots: Lots;
}

/** Why the exchange refused a request. */
export type RejectReason =
  | 'unknown-order'
  | 'not-owner'
  | 'instrument-expired'
  | 'lots-not-positive'
  | 'lots-above-maximum'
  | 'price-not-positive'
  | 'too-many-orders';

/** A fill is the taker's when it crossed, the maker's when it rested. */
export type Liquidity = 'maker' | 'taker';

/**
 * What the exchange tells the owner of an order, in private. Borrowed by the hearer until it returns: the object is reused.
 * - `accepted`: the order rests with `lots`.
 * - `fill`: `lots` traded at `price`; `fee` was charged (negative for a rebate); `remaining` lots still rest.
 * - `removed`: the order is gone with `lots` unfilled: cancelled, the remainder of an IOC, replaced, or expired. With `remaining`
 *   above 0 it was reduced by `lots`, and the others rest on in their place.
 * - `rejected`: nothing happened; `reason` says why.
 */
export interface Report {
  kind: 'accepted' | 'fill' | 'removed' | 'rejected';
  order: OrderId;
  instrument: InstrumentId;
  side: Side;
  price: Ticks;
  lots: Lots;
  remaining: Lots;
  liquidity: Liquidity;
  fee: Money;
  reason: RejectReason | undefined;
}

/** One match. */
export interface Match {
  readonly instrument: InstrumentId;
  readonly price: Ticks;
  readonly lots: Lots;
  readonly taker: AgentId;
  readonly takerOrder: OrderId;
  readonly takerSide: Side;
  readonly maker: AgentId;
  readonly makerOrder: OrderId;
}
