import { invariant } from '../core/assert.ts';
import { type InstrumentId, type Lots, MONEY_PER_DOLLAR, type Money, money, type Ticks, ticks } from '../core/units.ts';
import { steppedDown, steppedUp, type TickTable } from './tick-table.ts';

export type Right = 'call' | 'put';

/** What every instrument has. All are linear and settled in US dollars for now (decision 12). */
export interface Listing {
  readonly id: InstrumentId;
  readonly symbol: string;
  readonly currency: 'USD';
  /** Dollars per unit of the underlying. */
  readonly tickSize: number;
  /** Units of the underlying in one lot. */
  readonly lotSize: number;
  /** Value of one tick on one lot, whole. */
  readonly moneyPerTickLot: Money;
  /** Which ticks are prices; empty where all are. */
  readonly tickTable: TickTable;
}

/** The underlying's perpetual future; delta 1 per unit. */
export interface Perpetual extends Listing {
  readonly kind: 'perpetual';
}

/** A European option on the underlying, settled in cash at its expiry. */
export interface OptionSeries extends Listing {
  readonly kind: 'option';
  readonly right: Right;
  /** Dollars. */
  readonly strike: number;
  /** Index into the chain's expiries. */
  readonly expiry: number;
}

export type Instrument = Perpetual | OptionSeries;

/** Whole {@link Money} that one tick of one lot is worth; both sizes must give a whole number. */
export function moneyPerTickLot(tickSize: number, lotSize: number): Money {
  const value = tickSize * lotSize * MONEY_PER_DOLLAR;
  const rounded = Math.round(value);
  // Decimal sizes such as 0.1 are not exact in binary: allow their rounding, and nothing else.
  invariant(
    rounded > 0 && Math.abs(value - rounded) < 1e-6 * rounded,
    () => `tick ${tickSize} x lot ${lotSize} is not a whole number of millionths`,
  );
  return money(rounded);
}

/** Dollars per unit of the underlying. Half ticks, as in a mid, are allowed. */
export const priceFromTicks = (listing: Listing, price: number): number => price * listing.tickSize;
/** The last valid price at or below a price: how bids round. */
export const ticksBelow = (listing: Listing, price: number): Ticks =>
  steppedDown(listing.tickTable, Math.floor(price / listing.tickSize + 1e-9));
/** The first valid price at or above a price: how asks round. */
export const ticksAbove = (listing: Listing, price: number): Ticks =>
  steppedUp(listing.tickTable, Math.ceil(price / listing.tickSize - 1e-9));
/** The nearest tick; halves go up. */
export const ticksNearest = (listing: Listing, price: number): Ticks => ticks(Math.round(price / listing.tickSize));
/** Units of the underlying, signed like the lots. */
export const unitsFromLots = (listing: Listing, size: Lots): number => size * listing.lotSize;
