import { earlyExercisePremium } from '../pricing/american.ts';
import { impliedVol } from '../pricing/implied-vol.ts';
import { type ForwardEstimate, forwardEstimate } from './forward.ts';
import { median } from './median.ts';
import { count, type DropCounts, type ExpiryQuotes, type TwoSidedQuote } from './quote-filter.ts';

/** One expiry's quotes as those of European options, and the forward that goes with them. */
export interface EuropeanExpiry {
  readonly expiry: ExpiryQuotes;
  readonly estimate: ForwardEstimate;
}

/** A chain of American options made European. */
export interface EuropeanChain {
  readonly expiries: readonly EuropeanExpiry[];
  /** Annual, continuously compounded, one for all expiries. */
  readonly rate: number;
  /** That the nearest forward says, if nothing is paid out before that expiry; dollars. */
  readonly spot: number;
}

/**
 * A premium for early exercise above this many bid-ask widths is not taken off but refuses the quote: it comes from a model with a
 * continuous yield and one rate, and a fifth of it (the part that such a model may well miss) should be below half of the width.
 */
export const PREMIUM_WIDTHS_MAXIMUM = 2.5;
/** Forward, rate and premiums depend on one another. */
const ROUNDS = 6;
const RATE_MAXIMUM = 0.2;
const GROWTH_YEARS = 45 / 365;
/** In-the-money options this near to the forward, in log-moneyness, are made European as well: parity needs the pair. */
const PARITY_REACH = 0.05;

/**
 * Takes the value of early exercise off American quotes: European price = market − (American model − European model), at the vol that
 * the European price implies, in rounds that find forward and rate from put-call parity as they go.
 *
 * One rate serves all expiries: the given one, or else the growth of the nearer forwards, as if nothing were paid out in those weeks;
 * each expiry has a yield that makes up its forward. Quotes far in the money are left out (`in-the-money`):
 * they hardly tell of vol. Quotes whose premium is above {@link PREMIUM_WIDTHS_MAXIMUM} bid-ask widths are left out
 * (`early-exercise`), unless they serve parity near the money.
 * Accuracy: on chains priced by trees of 600 steps, the vols come back within 0.1 vol points at the known rate and at the found one
 * (test/calibration/european-quotes.test.ts).
 */
export function europeanChain(expiries: readonly ExpiryQuotes[], knownRate?: number): EuropeanChain {
  const premiums = expiries.map((expiry) => expiry.quotes.map(() => 0));
  let estimates: ForwardEstimate[] = [];
  let rate = knownRate ?? 0;
  let spot = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const discountAt = (years: number): number => Math.exp(-rate * years);
    estimates = expiries.map((expiry, i) =>
      forwardEstimate(parityQuotes(expiry, premiums[i] ?? [], estimates[i]?.forward), 'dollar', discountAt(expiry.years)),
    );
    rate = knownRate ?? growthRate(expiries, estimates);
    const [first, nearest] = [expiries[0], estimates[0]];
    if (first === undefined || nearest === undefined) break;
    spot = nearest.forward * discountAt(first.years);
    for (const [i, expiry] of expiries.entries()) {
      const estimate = estimates[i];
      if (estimate === undefined) continue;
      for (const [j, quote] of expiry.quotes.entries()) {
        const row = premiums[i];
        if (row !== undefined && concerns(quote, estimate.forward))
          row[j] = premium(quote, row[j] ?? 0, expiry.years, estimate, rate, spot);
      }
    }
  }
  return { expiries: expiries.flatMap((expiry, i) => kept(expiry, premiums[i] ?? [], estimates[i])), rate, spot };
}

/** Out of the money, or so near to it that parity asks for both. */
function concerns({ strike, right }: TwoSidedQuote, forward: number): boolean {
  const k = Math.log(strike / forward);
  return Math.abs(k) < PARITY_REACH || (right === 'call') === k > 0;
}

function premium(quote: TwoSidedQuote, before: number, years: number, estimate: ForwardEstimate, rate: number, spot: number): number {
  const { strike, right, bid, ask } = quote;
  const { forward, discount } = estimate;
  const vol = impliedVol({ right, forward, strike, years, discount, price: (bid + ask) / 2 - before });
  if (typeof vol !== 'number') return before;
  return earlyExercisePremium({ right, strike, years }, { spot, vol, rate, yield: rate - Math.log(forward / spot) / years });
}

/** Only what was made European may serve parity. */
function parityQuotes(expiry: ExpiryQuotes, premiums: readonly number[], forward = expiry.reference): ExpiryQuotes {
  const european = withoutPremiums(expiry, premiums);
  return { ...european, quotes: european.quotes.filter((quote) => concerns(quote, forward)) };
}

function withoutPremiums(expiry: ExpiryQuotes, premiums: readonly number[]): ExpiryQuotes {
  const quotes = expiry.quotes.map((quote, i) => ({ ...quote, bid: quote.bid - (premiums[i] ?? 0), ask: quote.ask - (premiums[i] ?? 0) }));
  return { ...expiry, quotes };
}

function kept(expiry: ExpiryQuotes, premiums: readonly number[], estimate: ForwardEstimate | undefined): EuropeanExpiry[] {
  if (estimate === undefined) return [];
  const dropped: DropCounts = { ...expiry.dropped };
  const quotes = withoutPremiums(expiry, premiums).quotes.filter((quote, i) => {
    const own = premiums[i] ?? 0;
    const inTheMoney = (quote.right === 'call') !== quote.strike >= estimate.forward;
    const reason = inTheMoney ? 'in-the-money' : own > PREMIUM_WIDTHS_MAXIMUM * (quote.ask - quote.bid) ? 'early-exercise' : undefined;
    if (reason !== undefined) count(dropped, reason);
    return reason === undefined;
  });
  return [{ expiry: { ...expiry, quotes, dropped }, estimate }];
}

/**
 * The growth of the forwards up to six weeks: median over all pairs of expiries (Theil–Sen). Discount factors of parity say next to
 * nothing of a rate over weeks. What is paid out in that time lowers it.
 */
function growthRate(expiries: readonly ExpiryQuotes[], estimates: readonly ForwardEstimate[]): number {
  const points = expiries.flatMap(({ years }, i) => {
    const estimate = estimates[i];
    return estimate?.source === 'parity' && years <= GROWTH_YEARS ? [{ years, log: Math.log(estimate.forward) }] : [];
  });
  const slopes = points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.log - a.log) / (b.years - a.years)));
  return slopes.length === 0 ? 0 : Math.min(RATE_MAXIMUM, Math.max(0, median(slopes)));
}
