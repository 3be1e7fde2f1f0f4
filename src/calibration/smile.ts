import { impliedVol } from '../pricing/implied-vol.ts';
import type { Settlement } from './chain-snapshot.ts';
import type { ForwardEstimate } from './forward.ts';
import { count, type DropCounts, type ExpiryQuotes } from './quote-filter.ts';

/** One out-of-the-money option with two sides, in vol. */
export interface SmilePoint {
  /** Dollars. */
  readonly strike: number;
  /** ln(strike/forward). */
  readonly k: number;
  /** Annual implied vol of the mid price, and of bid and ask. */
  readonly vol: number;
  readonly bidVol: number;
  readonly askVol: number;
}

/** The out-of-the-money quotes of one expiry as a smile, in order of strike, and why other quotes are not in it. */
export interface Smile {
  readonly years: number;
  readonly points: readonly SmilePoint[];
  readonly dropped: DropCounts;
}

/** Turns two-sided quotes into vols at a forward. In-the-money quotes say the same as their out-of-the-money pair, less exactly. */
export function smile(expiry: ExpiryQuotes, estimate: ForwardEstimate, settlement: Settlement): Smile {
  const { years } = expiry;
  const { forward, discount } = estimate;
  const dropped: DropCounts = { ...expiry.dropped };
  const points: SmilePoint[] = [];
  for (const { strike, right, bid, ask } of expiry.quotes) {
    if ((right === 'call') !== strike >= forward) {
      count(dropped, 'in-the-money');
      continue;
    }
    const dollars = settlement === 'coin' ? forward : 1;
    const vol = (premium: number) => impliedVol({ right, forward, strike, years, discount, price: premium * dollars });
    const [bidVol, midVol, askVol] = [vol(bid), vol((bid + ask) / 2), vol(ask)];
    if (typeof bidVol !== 'number' || typeof midVol !== 'number' || typeof askVol !== 'number') count(dropped, 'no-implied-vol');
    else points.push({ strike, k: Math.log(strike / forward), vol: midVol, bidVol, askVol });
  }
  return { years, points, dropped };
}
