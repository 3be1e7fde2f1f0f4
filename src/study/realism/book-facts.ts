import { median } from '../statistics.ts';
import type { Fact } from './fact.ts';

/** Of what happens in the books of the options. No free tape holds the orders of option books: bands are from two books of other markets. */
export const BOOK_FACTS: readonly Fact[] = [
  {
    name: 'order-life',
    group: 'books',
    about: 'median life of orders that are cancelled or replaced, seconds',
    band: { low: 0.31, high: 9 },
    source: 'AMZN 2012-06-21 at the touch: 0.31; Bitstamp BTC 2015-05-01: 9.0',
    measure: ({ cancelledLives }) => (cancelledLives.length === 0 ? undefined : median(cancelledLives)),
  },
  {
    name: 'cancels-per-trade',
    group: 'books',
    about: 'orders cancelled or replaced, per print',
    band: { low: 2, high: 41 },
    source: 'AMZN 2012-06-21 at the touch: 2.0; Bitstamp BTC 2015-05-01: 41',
    measure: ({ cancelledLives, prints }) => (prints.length === 0 ? undefined : cancelledLives.length / prints.length),
  },
  {
    name: 'two-sided',
    group: 'books',
    about: 'share of books at |delta| 0.1-0.9 with a bid and an offer, looked at by the minute',
    band: { low: 0.985 },
    source: 'Deribit hourly chain 2026-01-23/24: 0.993',
    measure: ({ looks, twoSided }) => (looks === 0 ? undefined : twoSided / looks),
  },
];
