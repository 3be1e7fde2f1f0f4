import type { Right } from '../market/instrument.ts';
import type { ChainQuote, ChainSnapshot } from './chain-snapshot.ts';

/**
 * Why a quote takes no part in the fit of a smile. `zero-price`: a side of 0, which some venues print for nobody. `crossed`: no bid
 * below the ask. `sub-tick`: a price below the
 * smallest step, which no order can have. `stale`: read more than five minutes before the snapshot. `untraded`: an
 * indicative quote on which there is neither volume nor open interest. `in-the-money` quotes still serve to find the forward;
 * `early-exercise`: what the right to exercise early is worth is not small against the bid-ask width.
 */
export const DROP_REASONS = [
  'no-quote',
  'one-sided',
  'zero-price',
  'crossed',
  'sub-tick',
  'stale',
  'untraded',
  'below-intrinsic',
  'above-maximum',
  'in-the-money',
  'early-exercise',
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
  /**
   * Roughly the forward: the median of the futures prices in the quotes; where there is none, and premiums are dollars, what call and
   * put say at the strike at which they are nearest to each other; at last the index. Dollars.
   */
  readonly reference: number;
  /** True where {@link reference} comes from the futures column. */
  readonly hasFuture: boolean;
  /** Dollar discount factor that the file states; undefined where it states none. */
  readonly discountHint: number | undefined;
  /** Quotes in the snapshot, of any kind. */
  readonly listed: number;
  readonly quotes: readonly TwoSidedQuote[];
  readonly dropped: DropCounts;
}

/** An expiry that has no smile of its own, and why. */
export interface LeftOut {
  readonly label: string;
  readonly years: number;
  readonly reason: 'expired' | 'expires-too-soon' | 'too-few-strikes';
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
    if (years <= 0) leftOut.push({ label, years, reason: 'expired', quotes: group.length });
    else if (years * HOURS_PER_YEAR < hoursMinimum) leftOut.push({ label, years, reason: 'expires-too-soon', quotes: group.length });
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
): Pick<ExpiryQuotes, 'reference' | 'hasFuture' | 'discountHint' | 'quotes' | 'dropped'> {
  const hints = group.flatMap(({ forwardHint }) => (forwardHint === undefined ? [] : [forwardHint])).sort((a, b) => a - b);
  const reference = hints[hints.length >> 1] ?? (snapshot.settlement === 'dollar' ? crossing(group) : undefined) ?? snapshot.index;
  const dropped: DropCounts = {};
  const quotes: TwoSidedQuote[] = [];
  for (const quote of group) {
    const hint = quote.forwardHint ?? reference;
    const coin = snapshot.settlement === 'coin';
    const bid = coin ? quote.bidCoin : quote.bid;
    const ask = coin ? quote.askCoin : quote.ask;
    const reason = fault(quote, bid, ask, hint, coin ? hint : 1) ?? doubt(quote, snapshot, bid, ask);
    if (reason === undefined && bid !== undefined && ask !== undefined) {
      quotes.push({ strike: quote.strike, right: quote.right, bid, ask });
    } else if (reason !== undefined) count(dropped, reason);
  }
  quotes.sort((a, b) => a.strike - b.strike || (a.right < b.right ? -1 : a.right > b.right ? 1 : 0));
  const discountHint = group.find((quote) => quote.discountHint !== undefined)?.discountHint;
  return { reference, hasFuture: hints.length > 0, discountHint, quotes, dropped };
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

/** With fewer pairs than this one bad quote may be the nearest to its pair. */
const PAIRS_MINIMUM = 3;

/** K + call − put where the two mids differ least, as in Cboe's VIX: an index may be older than the quotes. */
function crossing(group: readonly ChainQuote[]): number | undefined {
  const mid = ({ bid, ask }: ChainQuote): number => (bid !== undefined && ask !== undefined && bid > 0 && bid < ask ? (bid + ask) / 2 : 0);
  const puts = new Map(group.filter(({ right }) => right === 'put').map((put) => [put.strike, mid(put)]));
  const pairs = group.flatMap((call) => {
    const [own, put = 0] = [mid(call), puts.get(call.strike)];
    return call.right === 'call' && own > 0 && put > 0 ? [{ strike: call.strike, gap: own - put }] : [];
  });
  if (pairs.length < PAIRS_MINIMUM) return undefined;
  const nearest = pairs.reduce((best, pair) => (Math.abs(pair.gap) < Math.abs(best.gap) ? pair : best));
  return nearest.strike + nearest.gap;
}

/** Why a quote that could be traded at its prices may not have been there to be traded. */
function doubt(
  { ageSeconds, openInterest, volume }: ChainQuote,
  { tickSize, indicative }: ChainSnapshot,
  ...sides: (number | undefined)[]
) {
  if (tickSize !== undefined && sides.some((price) => price !== undefined && price < 0.99 * tickSize)) return 'sub-tick';
  if (ageSeconds !== undefined && ageSeconds > AGE_SECONDS_MAXIMUM) return 'stale';
  return indicative === true && openInterest === 0 && volume === 0 ? 'untraded' : undefined;
}

/** A chain collected one instrument after another takes minutes; quotes older than that were left by a feed that stopped. */
const AGE_SECONDS_MAXIMUM = 300;
/** Deep in-the-money quotes are rounded to the tick, and discounted where premiums are dollars. */
const INTRINSIC_SLACK = 0.1;

/** Adds one to a reason's count. */
export function count(counts: DropCounts, reason: DropReason): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
