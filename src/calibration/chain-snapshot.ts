import type { Right } from '../market/instrument.ts';

/** One option of a quoted chain. A missing `bid` or `ask` means that nobody quotes that side. */
export interface ChainQuote {
  /** Time of expiry, ISO 8601 in UTC. */
  readonly expiry: string;
  /** The market's name of the expiry, for example `27MAR26`. */
  readonly label: string;
  /** Left at the time of the snapshot, act/365. Not above 0 where the file still lists what is over. */
  readonly years: number;
  /** Dollars. */
  readonly strike: number;
  readonly right: Right;
  /** Dollars per unit of the underlying; where premiums are paid in coin, the coin price at {@link forwardHint} (else the index). */
  readonly bid?: number;
  readonly ask?: number;
  /** The premium as quoted, in coins per coin of underlying; only where the settlement is `coin`. */
  readonly bidCoin?: number;
  readonly askCoin?: number;
  /** Price of the future of this expiry when the quote was read, dollars; the venue's synthetic one where none is listed. */
  readonly forwardHint?: number;
  /** The venue's own mark, annual vol. Never fitted: marks of strikes without quotes say nothing about the market. */
  readonly markVol?: number;
  /** Dollar discount factor to the expiry that the file itself states; only used where parity gives none. */
  readonly discountHint?: number;
  /** Units of the underlying, or contracts where the venue counts those. */
  readonly openInterest?: number;
  /** Traded in the session so far, in the same unit. */
  readonly volume?: number;
  /** Since this quote was read, at the time of the snapshot. */
  readonly ageSeconds?: number;
}

/**
 * In what premiums are paid. `dollar`: call − put = D(F − K), with D the dollar discount factor. `coin` (inverse options):
 * the pay-off is max(S − K, 0)/S coins, and under the measure of the coin call − put = D(1 − K/F) with the coin's discount
 * factor D. Coins lent to nobody bear no interest and venues pay none on premiums, so D = 1, and the coin price times F is
 * the undiscounted Black value.
 */
export type Settlement = 'coin' | 'dollar';

/** All quotes of one underlying at one time, from wherever they came. */
export interface ChainSnapshot {
  /** File or feed that it was read from: named in messages. */
  readonly source: string;
  /** Of the underlying: `BTC`. */
  readonly symbol: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Price of the underlying, dollars. */
  readonly index: number;
  /** Where it was quoted, for people: `Deribit`. */
  readonly venue: string;
  readonly settlement: Settlement;
  /** Before expiry too (`american`), or only at it; European where absent. */
  readonly exercise?: 'american' | 'european';
  /** Smallest step of premiums as paid, where it is known: no order can have a price below it. */
  readonly tickSize?: number;
  /** True where the source repeats what it last saw, so that a quote on which nobody has an interest may be of any age. */
  readonly indicative?: boolean;
  readonly quotes: readonly ChainQuote[];
}
