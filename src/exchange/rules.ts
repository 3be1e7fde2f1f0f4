import { type InstrumentId, MONEY_PER_DOLLAR, type Money, money, type Nanos, type Ticks, ticks } from '../core/units.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Liquidity, OrderRequest, RejectReason, Side } from '../market/order.ts';
import { isOnTick, type TickTable } from '../market/tick-table.ts';
import type { SelfTradePrevention } from './order-book.ts';

/** What trading costs. Rates are fractions (0.0003 is 3 basis points); a negative one is a rebate. */
export interface FeeSchedule {
  /** Options: `maker` and `taker` of the underlying's index price, but never more than `premiumCap` of the premium. */
  readonly option: {
    readonly maker: number;
    readonly taker: number;
    readonly premiumCap: number;
    /** At settlement, of the index price, but never more than `premiumCap` of the value paid out; 0 if undefined. */
    readonly delivery?: number | undefined;
  };
  /** The underlying: of the traded value. */
  readonly perpetual: { readonly maker: number; readonly taker: number };
}

/** Rates such as 0.0003 are not exact in binary: this part of a fee may be rounding noise, and is not rounded up. */
const NOISE = 1e-12;

/**
 * Fee of one lot, positive when the trader pays and negative for a rebate; the caller multiplies by lots.
 *
 * Rounded once, against the trader: fees up, rebates toward zero. The cap bounds the size of a rebate too.
 * `indexDollars` is the index price of the underlying, in dollars per unit; only options need it.
 */
export function feePerLot(instrument: Instrument, price: Ticks, liquidity: Liquidity, indexDollars: number, schedule: FeeSchedule): Money {
  const value = price * instrument.moneyPerTickLot;
  if (instrument.kind === 'perpetual') return roundedUp(schedule.perpetual[liquidity] * value);
  const fee = schedule.option[liquidity] * indexDollars * instrument.lotSize * MONEY_PER_DOLLAR;
  const cap = schedule.option.premiumCap * value;
  return roundedUp(Math.max(-cap, Math.min(cap, fee)));
}

/**
 * Delivery fee of one lot of an option that settles at `moneyPerLot`, charged to both holders: rounded once, up.
 * @param indexDollars the settlement price of the underlying.
 */
export function deliveryFeePerLot(instrument: Instrument, moneyPerLot: Money, indexDollars: number, schedule: FeeSchedule): Money {
  const fee = (schedule.option.delivery ?? 0) * indexDollars * instrument.lotSize * MONEY_PER_DOLLAR;
  return roundedUp(Math.min(schedule.option.premiumCap * moneyPerLot, fee));
}

function roundedUp(value: number): Money {
  // Adding 0 turns the −0 of a rebate below one unit into 0.
  return money(Math.ceil(value - NOISE * Math.abs(value)) + 0);
}

/** The bounds that the scenario puts on orders. */
export interface OrderLimits {
  readonly lotsPerOrder: number;
  /** Most orders that one agent may have at rest, over all instruments. */
  readonly ordersPerAgent: number;
  /** New orders, replacements and mass quotes that an agent may send: so many a second in the long run, `burst` at once. Unlimited if undefined. */
  readonly requestRate?: { readonly perSecond: number; readonly burst: number } | undefined;
}

/**
 * How far beyond the reference price an order may reach: a buyer above, a seller below, by this fraction of it but at least so many ticks.
 * The reference is the middle of the touch, else the last trade; while there is neither, there is no band.
 */
export interface PriceBand {
  readonly fraction: number;
  readonly ticksMinimum: number;
}

/** The highest price that a buyer may name, or the lowest for a seller. @param reference in ticks; may be a half. */
export function bandEdge(side: Side, reference: number, band: PriceBand): Ticks {
  const reach = Math.max(band.ticksMinimum, band.fraction * reference);
  // 0.57 of 100 is a little below 57 in binary: an edge that is a tick but for that is that tick.
  const noise = NOISE * (reference + reach);
  return ticks(side === 'buy' ? Math.floor(reference + reach + noise) : Math.max(1, Math.ceil(reference - reach - noise)));
}

/** What {@link refusal} must know beside the request. */
export interface Admission {
  /** Why the instrument takes no orders now, if so. */
  readonly closed: RejectReason | undefined;
  readonly tickTable: TickTable;
  /** The agent's resting orders; only a `limit` order adds to them. */
  readonly openOrders: number;
  /** The furthest price that this side may name; undefined without a band. */
  readonly edge: Ticks | undefined;
}

/** Why a new order must be refused, or undefined when it may go on. */
export function refusal(request: OrderRequest, at: Admission, limits: OrderLimits): RejectReason | undefined {
  if (at.closed !== undefined) return at.closed;
  if (!(request.lots > 0)) return 'lots-not-positive';
  if (request.lots > limits.lotsPerOrder) return 'lots-above-maximum';
  if (request.type !== 'market') {
    if (!(request.price > 0)) return 'price-not-positive';
    if (!isOnTick(at.tickTable, request.price)) return 'price-off-tick';
    if (at.edge !== undefined && (request.side === 'buy' ? request.price > at.edge : request.price < at.edge)) return 'price-outside-band';
  }
  if (request.type === 'limit' && at.openOrders >= limits.ordersPerAgent) return 'too-many-orders';
  return undefined;
}

/** What a scenario says of its exchange. */
export interface ExchangeOptions {
  readonly fees: FeeSchedule;
  readonly limits: OrderLimits;
  /** Number of agents; they are numbered from 0. */
  readonly agents: number;
  /** `cancel-oldest` if undefined. */
  readonly selfTrade?: SelfTradePrevention | undefined;
  /** Of options and of the underlying; none if undefined. */
  readonly priceBand?: PriceBand | undefined;
  /** The time, for limits per second and protection; always 0 if undefined. */
  readonly now?: (() => Nanos) | undefined;
  /** What the venue's risk system takes an option's Greeks to be, for protection; without it only traded units count. */
  readonly risk?: VenueRisk | undefined;
}

/** Greeks of one unit of an instrument, as the venue knows them: delta in units of the underlying, vega in dollars per vol point. */
export interface VenueRisk {
  delta(instrument: InstrumentId): number;
  vega(instrument: InstrumentId): number;
}
