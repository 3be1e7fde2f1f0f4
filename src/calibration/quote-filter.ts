import type { Right } from '../market/instrument.ts';
import type { ChainQuote, ChainSnapshot } from './chain-snapshot.ts';

/** Why a quote takes no part in the fit of a smile. `in-the-money` quotes still serve to find the forward. */
export const DROP_REASONS = [
  'no-quote',
  'one-sided',
  'zero-price',
  'crossed',
  'below-intrinsic',
  'above-maximum',
  'in-the-money',
  'no-implied-vol',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];
/** Number of quotes per reason; reasons that did not occur are absent. */
export type DropCounts = Partial<Record<DropReason, number>>;

/** A quote with two sides that can both be traded. */
export interface TwoSidedQuote {
  readonly strike: number;
  readonly right: Right;
  /** Premium as paid: coins per coin where the settlement is `coin`, else dollars per unit. */
  readonly bid: number;
  readonly ask: number;
}

/** The usable quotes of one expiry. */
export interface ExpiryQuotes {
  readonly expiry: string;
  readonly label: string;
  readonly years: number;
  /** Median of the futures prices in the quotes; the index where there is none. Dollars. */
  readonly reference: number;
  /** True where {@link reference} comes from the futures column. */
  readonly hasFuture: boolean;
  /** Quotes in the snapshot, of any kind. */
  readonly listed: number;
  readonly quotes: readonly TwoSidedQuote[];
  readonly dropped: DropCounts;
}

/** An expiry that has no smile of its own, and why. */
export interface LeftOut {
  readonly label: string;
  readonly years: number;
  readonly reason: 'expires-too-soon' | 'too-few-strikes';
  /** Quotes in the snapshot, of any kind. */
  readonly quotes: number;
}

/** Groups a snapshot by expiry, nearest first, and keeps the quotes with two sides that no one could lock in a profit on. */
export function expiryQuotes(snapshot: ChainSnapshot, hoursMinimum: number): { expiries: ExpiryQuotes[]; leftOut: LeftOut[] } {
  const groups = new Map<string, ChainQuote[]>();
  for (const quote of snapshot.quotes) {
    const group = groups.get(quote.expiry);
    if (group === undefined) groups.set(quote.expiry, [quote]);
    else group.push(quote);
  }
  const expiries: ExpiryQuotes[] = [];
  const leftOut: LeftOut[] = [];
  for (const [expiry, group] of groups) {
    const first = group[0];
    if (first === undefined) continue;
    const { label, years } = first;
    if (years * HOURS_PER_YEAR < hoursMinimum) leftOut.push({ label, years, reason: 'expires-too-soon', quotes: group.length });
    else expiries.push({ expiry, label, years, listed: group.length, ...usable(group, snapshot) });
  }
  expiries.sort((a, b) => a.years - b.years);
  leftOut.sort((a, b) => a.years - b.years);
  return { expiries, leftOut };
}

const HOURS_PER_YEAR = 365 * 24;

function usable(
  group: readonly ChainQuote[],
  snapshot: ChainSnapshot,
): Pick<ExpiryQuotes, 'reference' | 'hasFuture' | 'quotes' | 'dropped'> {
  const hints = group.flatMap(({ forwardHint }) => (forwardHint === undefined ? [] : [forwardHint])).sort((a, b) => a - b);
  const reference = hints[hints.length >> 1] ?? snapshot.index;
  const dropped: DropCounts = {};
  const quotes: TwoSidedQuote[] = [];
  for (const quote of group) {
    const hint = quote.forwardHint ?? reference;
    const coin = snapshot.settlement === 'coin';
    const bid = coin ? quote.bidCoin : quote.bid;
    const ask = coin ? quote.askCoin : quote.ask;
    const reason = fault(quote, bid, ask, hint, coin ? hint : 1);
    if (reason === undefined && bid !== undefined && ask !== undefined) {
      quotes.push({ strike: quote.strike, right: quote.right, bid, ask });
    } else if (reason !== undefined) count(dropped, reason);
  }
  quotes.sort((a, b) => a.strike - b.strike || (a.right < b.right ? -1 : a.right > b.right ? 1 : 0));
  return { reference, hasFuture: hints.length > 0, quotes, dropped };
}

function fault(
  quote: ChainQuote,
  bid: number | undefined,
  ask: number | undefined,
  forward: number,
  dollars: number,
): DropReason | undefined {
  if (bid === undefined && ask === undefined) return 'no-quote';
  if (bid === undefined || ask === undefined) return 'one-sided';
  if (!(bid > 0) || !(ask > 0)) return 'zero-price';
  if (bid >= ask) return 'crossed';
  const call = quote.right === 'call';
  const intrinsic = Math.max(0, call ? forward - quote.strike : quote.strike - forward);
  // Bounds on the forward's terms. A rate of a few percent does not matter here: quotes past these bounds are far past them.
  if (ask * dollars < intrinsic * (1 - INTRINSIC_SLACK)) return 'below-intrinsic';
  return ask * dollars >= (call ? forward : quote.strike) ? 'above-maximum' : undefined;
}

/** Deep in-the-money quotes are rounded to the tick, and discounted where premiums are dollars. */
const INTRINSIC_SLACK = 0.1;

/** Adds one to a reason's count. */
export function count(counts: DropCounts, reason: DropReason): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
