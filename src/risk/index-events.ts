import type { EventPath } from './event-path.ts';

/**
 * Days of the S&P 500. Vols are of the index of the day: VXO for 1987, VIX later (Cboe's daily file of open, high, low and close). Minutes count
 * from 9:30 New York time, and the first way-point is the close of the day before; 390 is the close of the shares.
 *
 * The index's own intraday series are not free: the courses are stylised through the day's opening, extremes and close, and the hour of the news.
 * Slopes: VIX against the indices of three and six months, closes; skew of 2018: SSVI fits to the end-of-day chain of 28 February.
 */
export const INDEX_EVENTS: readonly EventPath[] = [
  {
    // Spot and VXO: Cboe's history of the index. A fall in the morning, hours of rest, and most of it in the last two.
    key: 'spx-1987-10-19',
    name: '19 Oct 1987 S&P 500',
    path: [
      [0, 0, 36.4],
      [60, -0.08, 62],
      [150, -0.06, 58],
      [270, -0.11, 85],
      [330, -0.15, 115],
      [390, -0.205, 150.2],
    ],
    course: 'stylised',
    approximate: false,
  },
  {
    // As above; the intraday peak of VXO was near 172, at noon, when the rally of the opening was lost.
    key: 'spx-1987-10-20',
    name: '20 Oct 1987 S&P 500',
    path: [
      [0, 0, 150.2],
      [40, 0.07, 145],
      [180, -0.04, 172],
      [390, 0.053, 140],
    ],
    course: 'stylised',
    approximate: false,
  },
  {
    key: 'spx-1987-10-21',
    name: '21 Oct 1987 S&P 500',
    path: [
      [0, 0, 140],
      [390, 0.091, 73.9],
    ],
    course: 'stylised',
    approximate: false,
  },
  {
    // Spot: published lists of the largest daily moves; opening and high of the VIX 36.9 and 48.4. The House voted before 14:00.
    key: 'spx-2008-09-29',
    name: '29 Sep 2008 S&P 500',
    path: [
      [0, 0, 34.7],
      [5, -0.005, 36.9],
      [240, -0.035, 40],
      [285, -0.075, 48.4],
      [330, -0.06, 45],
      [390, -0.088, 46.7],
    ],
    course: 'stylised',
    approximate: false,
    slope: -11,
  },
  {
    key: 'spx-2008-10-15',
    name: '15 Oct 2008 S&P 500',
    path: [
      [0, 0, 55.1],
      [5, -0.003, 55.7],
      [300, -0.05, 62],
      [390, -0.09, 69.3],
    ],
    course: 'stylised',
    approximate: false,
    slope: -11.7,
  },
  {
    // Closing prices 1199.38 and 1119.46; opening of the VIX 36.9; the day's high was the close.
    key: 'spx-2011-08-08',
    name: '8 Aug 2011 S&P 500',
    path: [
      [0, 0, 32],
      [5, -0.02, 36.9],
      [240, -0.04, 41],
      [390, -0.067, 48],
    ],
    course: 'stylised',
    approximate: true,
    slope: -15.4,
  },
  {
    // Prices 1970.89, low 1867.01, close 1893.21; high of the VIX 53.3. The low came minutes after the opening.
    key: 'spx-2015-08-24',
    name: '24 Aug 2015 S&P 500',
    path: [
      [0, 0, 28],
      [10, -0.053, 53.3],
      [60, -0.025, 38],
      [240, -0.015, 34],
      [390, -0.039, 40.7],
    ],
    course: 'stylised',
    approximate: true,
    slope: -11.6,
  },
  {
    // Prices 2762.13, opening 2741.06, high 2763.39, low 2638.17 shortly after 15:10, close 2648.94. VIX: opening 18.4, low 16.8, high 38.8, close 37.3
    // at 16:15, when the notes on short vol had bought back their futures: the index stood still from 16:00 on, and the VIX did not.
    key: 'spx-2018-02-05',
    name: '5 Feb 2018 S&P 500',
    path: [
      [0, 0, 17.3],
      [5, -0.008, 18.4],
      [60, 0, 16.8],
      [240, -0.011, 18.6],
      [300, -0.022, 21.5],
      [330, -0.029, 24],
      [341, -0.0449, 30],
      [355, -0.032, 27.5],
      [390, -0.041, 33],
      [400, -0.041, 38.8],
      [405, -0.041, 37.3],
    ],
    course: 'stylised',
    approximate: true,
    slope: -19.7,
    skew: -0.11,
  },
  {
    // Spot: published lists of the largest daily moves; opening of the VIX 61.5, high 76.8. Trading halted at 9:35; the Fed spoke at 13:00.
    key: 'spx-2020-03-12',
    name: '12 Mar 2020 S&P 500',
    path: [
      [0, 0, 53.9],
      [5, -0.07, 63],
      [205, -0.08, 70],
      [225, -0.03, 61],
      [300, -0.07, 70],
      [390, -0.095, 75.5],
    ],
    course: 'stylised',
    approximate: false,
    slope: -18.9,
  },
  {
    // As above. Trading halted at the opening, 8 % down; high of the VIX 83.6.
    key: 'spx-2020-03-16',
    name: '16 Mar 2020 S&P 500',
    path: [
      [0, 0, 57.8],
      [5, -0.08, 70],
      [100, -0.06, 68],
      [330, -0.09, 76],
      [390, -0.12, 82.7],
    ],
    course: 'stylised',
    approximate: false,
    slope: -15.2,
  },
  {
    // Minutes from 8:00: the VIX stood at 65.7, its high, before the opening of the shares at minute 90, on quotes that were wide and few.
    key: 'spx-2024-08-05',
    name: '5 Aug 2024 S&P 500',
    path: [
      [0, 0, 23.4],
      [35, -0.03, 65.7],
      [90, -0.038, 48],
      [105, -0.042, 50],
      [180, -0.025, 36],
      [480, -0.03, 38.6],
    ],
    course: 'stylised',
    approximate: true,
  },
  {
    key: 'spx-2025-04-04',
    name: '4 Apr 2025 S&P 500',
    path: [
      [0, 0, 30],
      [5, -0.03, 36],
      [240, -0.045, 41],
      [390, -0.06, 45.3],
    ],
    course: 'stylised',
    approximate: true,
  },
  {
    // Tariffs were put off at 13:18.
    key: 'spx-2025-04-09',
    name: '9 Apr 2025 S&P 500',
    path: [
      [0, 0, 52.3],
      [228, 0.005, 50],
      [245, 0.065, 39],
      [390, 0.095, 33.6],
    ],
    course: 'stylised',
    approximate: false,
  },
];
