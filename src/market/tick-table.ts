import { type Ticks, ticks } from '../core/units.ts';

/** From this price on, in base ticks, prices are multiples of `step` base ticks. */
export interface TickBand {
  readonly from: Ticks;
  readonly step: number;
}

/**
 * Bands of a tick table, by increasing `from`; below the first one every tick is a price. Each `from` is a multiple of the steps on both
 * sides of it, so that it is a price itself and prices stay ordered.
 */
export type TickTable = readonly TickBand[];

/** Base ticks between valid prices at this one. */
export function stepAt(table: TickTable, price: number): number {
  let step = 1;
  for (const band of table) {
    if (price < band.from) break;
    step = band.step;
  }
  return step;
}

/** True when an order may have this price. */
export const isOnTick = (table: TickTable, price: number): boolean => table.length === 0 || price % stepAt(table, price) === 0;

/** The last valid price at or below a whole number of base ticks. */
export function steppedDown(table: TickTable, price: number): Ticks {
  const step = stepAt(table, price);
  return ticks(Math.floor(price / step) * step);
}

/** The first valid price at or above a whole number of base ticks. */
export function steppedUp(table: TickTable, price: number): Ticks {
  const step = stepAt(table, price);
  return ticks(Math.ceil(price / step) * step);
}

/** The valid price next below a valid one, which just above a band's edge belongs to the band below. */
export const nextBelow = (table: TickTable, price: Ticks): Ticks => steppedDown(table, price - 1);

/** The valid price next above a valid one. */
export const nextAbove = (table: TickTable, price: Ticks): Ticks => steppedUp(table, price + 1);
