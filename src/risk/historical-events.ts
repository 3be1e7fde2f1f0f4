/** One move of a market that happened, as a sudden shock. */
export interface HistoricalEvent {
  /** Date and market. */
  readonly name: string;
  /** Relative move of the spot. */
  readonly spotMove: number;
  /** Implied vol of about 30 days before and after, in vol points. */
  readonly volBefore: number;
  readonly volAfter: number;
  /** True where a figure is rounded, or taken from the press and not from a series. */
  readonly approximate: boolean;
}

/**
 * Days that option books remember. Vols are of the index of the day: VXO for 1987, VIX later (closes; Cboe's daily file), and
 * Deribit's DVOL for bitcoin from 2021 (hourly; from the close of the day before to the high of the move).
 *
 * They are points of an index, at a level of vol that is not the portfolio's own: what is carried over is the ratio after/before,
 * applied to each vol alike. From calm a fall moves vol in points far more than from stress (5 points per −1 % in February 2018,
 * 1.6 in October 2008), while ratios of vol compare across levels. Expiries beyond 30 days moved less than that, near ones more.
 */
export const HISTORICAL_EVENTS: readonly HistoricalEvent[] = [
  // Spot and VXO: Cboe's history of the index; the intraday peak of VXO was near 172.
  { name: '19 Oct 1987 S&P 500', spotMove: -0.205, volBefore: 36.4, volAfter: 150.2, approximate: false },
  { name: '20 Oct 1987 S&P 500', spotMove: 0.053, volBefore: 150.2, volAfter: 140.0, approximate: false },
  { name: '21 Oct 1987 S&P 500', spotMove: 0.091, volBefore: 140.0, volAfter: 73.9, approximate: false },
  // VIX closes: Cboe's daily file. Spot: published lists of the largest daily moves.
  { name: '29 Sep 2008 S&P 500', spotMove: -0.088, volBefore: 34.7, volAfter: 46.7, approximate: false },
  { name: '15 Oct 2008 S&P 500', spotMove: -0.09, volBefore: 55.1, volAfter: 69.3, approximate: false },
  // VIX closes: Cboe's daily file. Spot moves of these three rounded.
  { name: '8 Aug 2011 S&P 500', spotMove: -0.067, volBefore: 32.0, volAfter: 48.0, approximate: true },
  { name: '24 Aug 2015 S&P 500', spotMove: -0.039, volBefore: 28.0, volAfter: 40.7, approximate: true },
  { name: '5 Feb 2018 S&P 500', spotMove: -0.041, volBefore: 17.3, volAfter: 37.3, approximate: true },
  // VIX closes: Cboe's daily file. Spot: published lists of the largest daily moves.
  { name: '12 Mar 2020 S&P 500', spotMove: -0.095, volBefore: 53.9, volAfter: 75.5, approximate: false },
  { name: '16 Mar 2020 S&P 500', spotMove: -0.12, volBefore: 57.8, volAfter: 82.7, approximate: false },
  // Spot over 24 hours: press. One-month at-the-money vol 184 by Skew on 16 March; the level before, about 60, from one-month realised vol.
  { name: '12-13 Mar 2020 bitcoin', spotMove: -0.51, volBefore: 60, volAfter: 184, approximate: true },
  // Spot within 12 hours: Deribit Insights. DVOL: close of 18 May, high of 19 May.
  { name: '19 May 2021 bitcoin', spotMove: -0.32, volBefore: 117.0, volAfter: 144.6, approximate: false },
  // Spot over two days, rounded: press. DVOL: close of 7 November, high of 9 November.
  { name: '8-9 Nov 2022 bitcoin (FTX)', spotMove: -0.24, volBefore: 59.5, volAfter: 122.0, approximate: true },
  // VIX closes (the high of the day was 65.7). Spot rounded.
  { name: '5 Aug 2024 S&P 500', spotMove: -0.03, volBefore: 23.4, volAfter: 38.6, approximate: true },
  // Spot over 36 hours, between −15 and −20 %: press. DVOL: close of 3 August, high of 5 August.
  { name: '4-5 Aug 2024 bitcoin', spotMove: -0.17, volBefore: 51.5, volAfter: 92.7, approximate: true },
  // VIX closes: Cboe's daily file. Spot of 4 April rounded.
  { name: '4 Apr 2025 S&P 500', spotMove: -0.06, volBefore: 30.0, volAfter: 45.3, approximate: true },
  { name: '9 Apr 2025 S&P 500', spotMove: 0.095, volBefore: 52.3, volAfter: 33.6, approximate: false },
  // Spot from about 70,000 to 60,000 and DVOL from 56 to about 100: press.
  { name: '5 Feb 2026 bitcoin', spotMove: -0.14, volBefore: 56, volAfter: 100, approximate: true },
];
