import { mean, median } from '../statistics.ts';
import { atLeast, between, type Fact } from './fact.ts';

const LIVES_MINIMUM = 30;
const HALF_HOURS = 'AMZN 2012-06-21 at the touch, by half-hours';

/** Of what happens in the books of the options. No free tape holds the orders of option books: bands are from two books of other markets. */
export const BOOK_FACTS: readonly Fact[] = [
  {
    name: 'order-life',
    group: 'books',
    about: 'median life of orders that are cancelled or replaced, seconds',
    targets: {
      btc: between(0.31, 9, 'measured', 'AMZN 2012-06-21 at the touch: 0.31; Bitstamp BTC 2015-05-01: 9.0'),
      index: between(0.08, 0.55, 'measured', `${HALF_HOURS}: p10 0.08, p90 0.55`),
    },
    measure: ({ cancelledLives }) => (cancelledLives.length === 0 ? undefined : median(cancelledLives)),
  },
  {
    name: 'short-lives',
    group: 'books',
    about: 'share of the orders that are cancelled or replaced which lived for less than 1 s',
    targets: {
      btc: between(0.2, 0.68, 'measured', 'Bitstamp BTC 2015-05-01: 0.20; AMZN 2012-06-21 at the touch: 0.67'),
      index: between(0.59, 0.72, 'measured', `${HALF_HOURS}: p10 0.59, p90 0.71`),
    },
    measure: ({ cancelledLives }) =>
      cancelledLives.length < LIVES_MINIMUM ? undefined : mean(cancelledLives.map((seconds) => (seconds < 1 ? 1 : 0))),
  },
  {
    name: 'cancels-per-trade',
    group: 'books',
    about: 'orders cancelled or replaced, per print',
    targets: {
      btc: between(2, 41, 'measured', 'AMZN 2012-06-21 at the touch: 2.0; Bitstamp BTC 2015-05-01: 41'),
      index: between(1.3, 3.7, 'measured', `${HALF_HOURS}: p10 1.3, p90 3.6`),
    },
    measure: ({ cancels, prints }) => (prints.length === 0 || cancels === undefined ? undefined : cancels / prints.length),
  },
  {
    name: 'two-sided',
    group: 'books',
    about: 'share of books at |delta| 0.1-0.9 with a bid and an offer, looked at by the minute',
    targets: {
      btc: atLeast(0.985, 'measured', 'Deribit hourly chain 2026-01-23/24: 0.993'),
      index: atLeast(
        0.99,
        'measured',
        'SPX 2011-01-24 0.991; SPXW closes of February 2018 0.993, of January 2018 1.000; SPY 2026-08 0.999',
      ),
    },
    measure: ({ looks, twoSided }) => (looks === 0 ? undefined : twoSided / looks),
  },
];
