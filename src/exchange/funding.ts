import { MONEY_PER_DOLLAR, type Money, money } from '../core/units.ts';
import type { Perpetual } from '../market/instrument.ts';

/** How holders of the perpetual pay each other for its distance from the index. Rates are fractions for eight hours. */
export interface FundingTerms {
  /** Time between two payments. */
  readonly intervalSeconds: number;
  /** A premium within this of 0 costs nothing, and each other one is nearer to 0 by it. */
  readonly dampener: number;
  /** Largest rate, either way. */
  readonly cap: number;
}

/** Rates are stated for eight hours, as venues publish them. */
const RATE_SECONDS = 28_800;

/**
 * Share of the index that longs pay shorts for one interval; below 0 shorts pay. The premium less the dampener, capped, for the interval's part of
 * eight hours: Deribit's rule (support.deribit.com, Funding Specifications), but for paying at the end of an interval and not without a break.
 * @param premium mean over the interval of the perpetual's mid over the index, less 1.
 */
export function fundingRate(premium: number, { intervalSeconds, dampener, cap }: FundingTerms): number {
  const rate = Math.max(dampener, premium) + Math.min(-dampener, premium);
  return (Math.max(-cap, Math.min(cap, rate)) * intervalSeconds) / RATE_SECONDS;
}

/** What each long lot pays at this rate, to the nearest unit; the caller multiplies by lots, so that all payments add up to 0. */
export function fundingPerLot(perpetual: Perpetual, indexDollars: number, rate: number): Money {
  // Adding 0 turns −0 into 0.
  return money(Math.round(rate * indexDollars * perpetual.lotSize * MONEY_PER_DOLLAR) + 0);
}
