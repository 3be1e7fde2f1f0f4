import type { AgentId, InstrumentId, Lots, Money, Nanos, OrderId, Ticks } from '../core/units.ts';

export type Side = 'buy' | 'sell';

/** +1 for a buyer, −1 for a seller. */
export const signOf = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);
export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/**
 * `limit` matches what crosses and rests the remainder; `ioc` matches what it can at its price or better and drops the
 * remainder; `fok` matches all of its lots at its price or better, or nothing; `market` is `ioc` without a price.
 */
export type OrderType = 'limit' | 'ioc' | 'fok' | 'market';

/** What an agent asks for. `price` is ignored for `market`; the options are for `limit` only. */
export interface OrderRequest {
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly price: Ticks;
  readonly lots: Lots;
  /** Post-only: it never takes. Where it would, it is refused (`reject`), or rests one step behind the other side (`slide`). */
  readonly post?: 'reject' | 'slide' | undefined;
  /** Rests until the venue's day ends; otherwise until cancelled. */
  readonly day?: boolean | undefined;
}

/** One side of a {@link SeriesQuote}: an order of its own, under an id that no order of the run had before. */
export interface QuoteSide {
  readonly order: OrderId;
  readonly price: Ticks;
  readonly lots: Lots;
}

/**
 * What a mass quote says of one series. It takes the place of what the agent quoted there before: a side that is given loses that one's place
 * in the queue even at the same price, a side to `keep` stays as it is, a side left out is withdrawn.
 */
export interface SeriesQuote {
  readonly instrument: InstrumentId;
  readonly bid?: QuoteSide | 'keep' | undefined;
  readonly ask?: QuoteSide | 'keep' | undefined;
}

/** A side of a quote before it has an order's id: what an agent asks of its desk. */
export type WantedSide = Omit<QuoteSide, 'order'>;

/** What an agent asks its desk to quote in one series (see {@link SeriesQuote}). */
export interface WantedQuote {
  readonly instrument: InstrumentId;
  readonly bid?: WantedSide | 'keep' | undefined;
  readonly ask?: WantedSide | 'keep' | undefined;
}

/** Which of an agent's resting orders a mass cancel is about: all that fit every field given. */
export interface CancelScope {
  readonly instrument?: InstrumentId | undefined;
  /** Index into the chain's expiries; the underlying has none. */
  readonly expiry?: number | undefined;
  readonly side?: Side | undefined;
  /** Quotes only, or all but quotes. */
  readonly quotes?: boolean | undefined;
}

/**
 * Market-maker protection: once more than this of an agent's quotes has traded within the interval, the rest of them are taken out at once
 * and new ones refused until `frozenNanos` have passed; 0 waits for a reset. A limit that is left out does not hold.
 */
export interface ProtectionSettings {
  readonly intervalNanos: Nanos;
  readonly frozenNanos: Nanos;
  /** Units of the underlying that traded, both sides added. */
  readonly units?: number | undefined;
  /** Net delta that was traded, either way, in units of the underlying. */
  readonly delta?: number | undefined;
  /** Net vega that was traded, either way, in dollars per vol point. */
  readonly vega?: number | undefined;
}

/** Why the exchange refused a request. */
export type RejectReason =
  | 'unknown-order'
  | 'not-owner'
  | 'instrument-expired'
  | 'lots-not-positive'
  | 'lots-above-maximum'
  | 'price-not-positive'
  | 'too-many-orders'
  | 'not-listed'
  | 'price-off-tick'
  | 'price-outside-band'
  | 'would-trade'
  | 'too-many-requests'
  | 'quote-crosses-itself'
  | 'series-quoted-twice'
  | 'protection-frozen'
  | 'not-connected'
  | 'market-closed';

/** A fill is the taker's when it crossed, the maker's when it rested. */
export type Liquidity = 'maker' | 'taker';

/**
 * What the exchange tells the owner of an order, in private. Borrowed by the hearer until it returns: the object is reused.
 * - `accepted`: the order rests with `lots`.
 * - `fill`: `lots` traded at `price`; `fee` was charged (negative for a rebate); `remaining` lots still rest.
 * - `removed`: `lots` are gone unfilled: cancelled, the remainder of an IOC, replaced, or expired. All of the order, unless it was reduced: then
 *   `remaining` lots still rest.
 * - `rejected`: nothing happened; `reason` says why.
 * - `quoted`: a mass quote, which has the id `order`, has had its full effect; the reports on its sides came before.
 * - `frozen`: market-maker protection has taken the agent's quotes out; `thawed`: it may quote again.
 */
export interface Report {
  kind: 'accepted' | 'fill' | 'removed' | 'rejected' | 'quoted' | 'frozen' | 'thawed';
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

/**
 * How a match came about, seen from the resting order: its price was the best there was when the taker came (`touch`), it was behind the
 * best price and the taker went through (`swept`), or the taker's limit was better than its price, at the touch (`crossed`).
 */
export type FillCause = 'touch' | 'crossed' | 'swept';

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
  readonly cause: FillCause;
}
