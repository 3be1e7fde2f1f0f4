import type { Lots, Ticks } from '../../../core/units.ts';
import { type Perpetual, priceFromTicks } from '../../../market/instrument.ts';
import { opposite, type Side } from '../../../market/order.ts';
import type { AgentSetup, Desk } from '../../agent.ts';

const BASIS_POINTS = 10_000;

/** Levels of the underlying's book that a hedge looks at. */
export const DEPTH_LEVELS = 10;

/** What of a book a hedge may take: lots, and the price of the last of them; no lots: the best price is too dear, or nothing is there. */
export interface Affordable {
  readonly lots: number;
  readonly price: Ticks | undefined;
}

/**
 * What a taker finds at no more than `maximumBp` per lot: the distance of its price from the mid (worse: above 0) plus the taker's fee, in basis
 * points of the mid. Prices and sizes as the desk knows them.
 *
 * @param mid of the underlying, dollars. @param index what fees are reckoned from, dollars.
 */
export function affordable(
  desk: Desk,
  underlying: Perpetual,
  side: Side,
  { mid, index, maximumBp }: { readonly mid: number; readonly index: number; readonly maximumBp: number },
  feePerUnit: AgentSetup['feePerUnit'],
): Affordable {
  const sign = side === 'buy' ? 1 : -1;
  let sum = 0;
  let last: Ticks | undefined;
  desk.depth(underlying.id, opposite(side), (price: Ticks, size: Lots) => {
    const dollars = priceFromTicks(underlying, price);
    const cost = sign * (dollars - mid) + feePerUnit(underlying.id, price, 'taker', index);
    if ((cost / mid) * BASIS_POINTS > maximumBp) return;
    sum += size;
    last = price;
  });
  return { lots: sum, price: last };
}
