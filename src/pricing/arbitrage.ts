import { durrlemanOf, type SmileCurve, ssviCurve } from './smile-curve.ts';
import type { Slice } from './ssvi.ts';

/** Log-moneyness −3 … 3 (strikes from 5 % to 20 times the forward), 601 points, dense near the money where short slices bend. */
export const WIDE_GRID: readonly number[] = Array.from({ length: 601 }, (_, i) => 3e-3 * Math.sinh(((i - 300) / 300) * Math.asinh(1e3)));

/** Smallest value of Durrleman's g on a wide grid; below 0 there is a butterfly with a negative price. */
export function butterflyMinimum(smile: Readonly<Slice> | SmileCurve): number {
  const curve = asCurve(smile);
  return WIDE_GRID.reduce((least, k) => Math.min(least, durrlemanOf(curve.at(k), k)), Number.POSITIVE_INFINITY);
}

/**
 * Smallest growth of total variance from one expiry to the next at equal log-moneyness, over a wide grid, as a share of the
 * nearer's; below 0 there is a calendar spread with a negative price (Gatheral and Jacquier 2014, lemma 2.1).
 */
export function calendarMinimum(near: Readonly<Slice> | SmileCurve, far: Readonly<Slice> | SmileCurve): number {
  const [first, second] = [asCurve(near), asCurve(far)];
  return WIDE_GRID.reduce((least, k) => Math.min(least, second.at(k).w / first.at(k).w - 1), Number.POSITIVE_INFINITY);
}

const asCurve = (smile: Readonly<Slice> | SmileCurve): SmileCurve => ('at' in smile ? smile : ssviCurve(smile));
