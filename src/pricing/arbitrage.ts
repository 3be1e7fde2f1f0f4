import { durrleman, type Slice, totalVariance } from '../pricing/ssvi.ts';

/** Log-moneyness −3 … 3 (strikes from 5 % to 20 times the forward), 601 points, dense near the money where short slices bend. */
const GRID: readonly number[] = Array.from({ length: 601 }, (_, i) => 3e-3 * Math.sinh(((i - 300) / 300) * Math.asinh(1e3)));

/** Smallest value of Durrleman's g on a wide grid; below 0 there is a butterfly with a negative price. */
export function butterflyMinimum(slice: Readonly<Slice>): number {
  return GRID.reduce((least, k) => Math.min(least, durrleman(slice, k)), Number.POSITIVE_INFINITY);
}

/**
 * Smallest growth of total variance from one expiry to the next at equal log-moneyness, over a wide grid, as a share of the
 * nearer's; below 0 there is a calendar spread with a negative price (Gatheral and Jacquier 2014, lemma 2.1).
 */
export function calendarMinimum(near: Readonly<Slice>, far: Readonly<Slice>): number {
  return GRID.reduce((least, k) => Math.min(least, totalVariance(far, k) / totalVariance(near, k) - 1), Number.POSITIVE_INFINITY);
}
