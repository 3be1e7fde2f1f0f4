import type { Right } from '../market/instrument.ts';

/** One option of a quoted chain. A missing `bid` or `ask` means that nobody quotes that side. */
export interface ChainQuote {
  /** Time of expiry, ISO 8601 in UTC. */
  readonly expiry: string;
  /** The market's name of the expiry, for example `27MAR26`. */
  readonly label: string;
  /** Left at the time of the snapshot, act/365; > 0. */
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
  /** Units of the underlying. */
  readonly openInterest?: number;
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
  readonly settlement: Settlement;
  readonly quotes: readonly ChainQuote[];
}
