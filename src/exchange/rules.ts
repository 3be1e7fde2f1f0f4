import { type Lots, MONEY_PER_DOLLAR, type Money, money, type Ticks } from '../core/units.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Liquidity, OrderRequest, RejectReason } from '../market/order.ts';

/** What trading costs. Rates are fractions (0.0003 is 3 basis points); a negative one is a rebate. */
export interface FeeSchedule {
  /** Options: `maker` and `taker` of the underlying's index price, but never more than `premiumCap` of the premium. */
  readonly option: { readonly maker: number; readonly taker: number; readonly premiumCap: number };
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

function roundedUp(value: number): Money {
  // Adding 0 turns the −0 of a rebate below one unit into 0.
  return money(Math.ceil(value - NOISE * Math.abs(value)) + 0);
}

/** The bounds that the scenario puts on orders. */
export interface OrderLimits {
  readonly lotsPerOrder: number;
  /** Most orders that one agent may have at rest, over all instruments. */
  readonly ordersPerAgent: number;
}

/**
 * Why a new order must be refused, or undefined when it may go on. `openOrders` counts the agent's resting orders; only a
 * `limit` order adds to them.
 */
export function refusal(request: OrderRequest, expired: boolean, openOrders: number, limits: OrderLimits): RejectReason | undefined {
  if (expired) return 'instrument-expired';
  const badSize = lotsRefusal(request.lots, limits);
  if (badSize !== undefined) return badSize;
  if (request.type !== 'market' && !(request.price > 0)) return 'price-not-positive';
  if (request.type === 'limit' && openOrders >= limits.ordersPerAgent) return 'too-many-orders';
  return undefined;
}

function lotsRefusal(lots: Lots, limits: OrderLimits): RejectReason | undefined {
  if (!(lots > 0)) return 'lots-not-positive';
  return lots > limits.lotsPerOrder ? 'lots-above-maximum' : undefined;
}

/** What a scenario says of its exchange. */
export interface ExchangeOptions {
  readonly fees: FeeSchedule;
  readonly limits: OrderLimits;
  /** Number of agents; they are numbered from 0. */
  readonly agents: number;
}
