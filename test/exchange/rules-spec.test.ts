import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { instrumentId } from '../../src/core/units.ts';
import { normalised } from '../support/book-script.ts';
import { ExchangeLog } from '../support/exchange-log.ts';
import { ranExchangeScript } from '../support/exchange-script.ts';
import type { NaiveRules } from '../support/naive-exchange.ts';

interface Table {
  readonly rules?: Partial<NaiveRules>;
  /** Matches are shown with the maker's and the taker's fee, in millionths of a dollar. */
  readonly fees?: boolean;
  readonly script: string;
}

/** Prices of options are whole to 8, even to 16, and multiples of 4 from there on (see exchange-twins.ts). */
const TABLES: Record<string, Record<string, Table>> = {
  'order types': {
    'limit: trades what crosses at the prices of the resting orders, and rests the remainder': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        A2 sell 7 x3             | A2 rests 7 x3
        B1 buy 7 x8              | 3@6 A1 crossed; 3@7 A2 swept; B1 rests 7 x2
        book
          7 buy B1:2`,
    },
    'market: trades at any price, and drops the remainder': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        A2 sell 40 x1            | A2 rests 40 x1
        B1 buy market x9         | 3@6 A1 crossed; 1@40 A2 swept; B1 dropped x5
        B2 buy market x1         | B2 dropped x1
        book`,
    },
    'ioc: trades at its price or better, and drops the remainder': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        A2 sell 7 x3             | A2 rests 7 x3
        B1 buy 6 x5 ioc          | 3@6 A1 touch; B1 dropped x2
        B2 buy 6 x5 ioc          | B2 dropped x5
        book
          7 sell A2:3`,
    },
    'fok: all of its lots at its price or better, or nothing': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        C1 sell 7 x3             | C1 rests 7 x3
        B1 buy 7 x7 fok          | B1 dropped x7
        B2 buy 6 x4 fok          | B2 dropped x4
        book
          7 sell C1:3
          6 sell A1:3
        B3 buy 7 x6 fok          | 3@6 A1 crossed; 3@7 C1 swept
        book`,
    },
    'fok, cancel-oldest: own orders in the way are taken out when the others suffice, and stay when they do not': {
      rules: { selfTrade: 'cancel-oldest' },
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        B1 sell 6 x2             | B1 rests 6 x2
        C1 sell 7 x3             | C1 rests 7 x3
        B2 buy 7 x7 fok          | B2 dropped x7
        book
          7 sell C1:3
          6 sell A1:3 B1:2
        B3 buy 7 x6 fok          | 3@6 A1 crossed; B1 prevented x2; 3@7 C1 swept
        book`,
    },
    'fok, cancel-newest: an own order in the way means nothing, one that is not reached does not matter': {
      rules: { selfTrade: 'cancel-newest' },
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        B1 sell 6 x2             | B1 rests 6 x2
        C1 sell 7 x3             | C1 rests 7 x3
        B2 buy 7 x4 fok          | B2 dropped x4
        B3 buy 7 x3 fok          | 3@6 A1 crossed
        book
          7 sell C1:3
          6 sell B1:2`,
    },
    'fok, cancel-both: likewise, and the own order stays': {
      rules: { selfTrade: 'cancel-both' },
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        B1 sell 6 x2             | B1 rests 6 x2
        B2 buy 7 x4 fok          | B2 dropped x4
        B3 buy 7 x3 fok          | 3@6 A1 crossed
        book
          6 sell B1:2`,
    },
    'the options of limit orders mean nothing to other types': {
      script: `
        A1 sell 6 x9             | A1 rests 6 x9
        B1 buy 7 x1 ioc slide    | 1@6 A1 crossed
        B2 buy 7 x1 fok slide    | 1@6 A1 crossed
        B3 buy 7 x1 ioc post     | 1@6 A1 crossed
        B4 buy market x1 slide   | 1@6 A1 crossed
        B5 buy 5 x1 ioc day      | B5 dropped x1`,
    },
  },
  'post-only': {
    'reject: refused where it would trade, at the touch or through it': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        B1 buy 6 x1 post         | B1 refused: would-trade
        B2 buy 7 x1 post         | B2 refused: would-trade
        B3 buy 5 x1 post         | B3 rests 5 x1
        C1 sell 5 x1 post        | C1 refused: would-trade
        C2 sell 6 x1 post        | C2 rests 6 x1
        book
          6 sell A1:3 C2:1
          5 buy B3:1`,
    },
    'slide: rests one price behind the other side, last in its queue': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        B1 buy 5 x1              | B1 rests 5 x1
        C1 buy 8 x1 slide        | C1 rests 5 x1
        C2 buy 4 x1 slide        | C2 rests 4 x1
        C3 sell 1 x1 slide       | C3 rests 6 x1
        book
          6 sell A1:3 C3:1
          5 buy B1:1 C1:1
          4 buy C2:1`,
    },
    'slide at the edge of a tick band goes to the next price of the band that it comes to': {
      script: `
        A1 sell 8 x1             | A1 rests 8 x1
        B1 buy 10 x1 slide       | B1 rests 7 x1
        C1 sell 16 x1 P95        | C1 rests 16 x1
        B2 buy 24 x1 slide P95   | B2 rests 14 x1
        A2 buy 16 x1 C105        | A2 rests 16 x1
        B3 sell 4 x1 slide C105  | B3 rests 20 x1
        A3 buy 7 x1 P105         | A3 rests 7 x1
        B4 sell 2 x1 slide P105  | B4 rests 8 x1`,
    },
    'slide with nothing left to slide to is refused': {
      script: `
        A1 sell 1 x1             | A1 rests 1 x1
        B1 buy 4 x1 slide        | B1 refused: would-trade
        A2 sell 2 x1 P95         | A2 rests 2 x1
        B2 buy 4 x1 slide P95    | B2 rests 1 x1`,
    },
    'own orders count as the other side: it never takes anything out': {
      script: `
        A1 sell 6 x3             | A1 rests 6 x3
        A2 buy 6 x1 post         | A2 refused: would-trade
        A3 buy 7 x1 slide        | A3 rests 5 x1
        book
          6 sell A1:3
          5 buy A3:1`,
    },
  },
  'day orders': {
    'end with the day, by agent and age; what has traded has traded, others stay': {
      script: `
        B1 buy 5 x4 day          | B1 rests 5 x4
        A1 buy 4 x2 day          | A1 rests 4 x2
        A2 buy 4 x1              | A2 rests 4 x1
        A3 sell 9 x1 day XYZ     | A3 rests 9 x1
        C1 sell 5 x3             | 3@5 B1 touch
        A quotes Q1 P95 A4 4x1   | A4 rests 4 x1; Q1 quoted 1 sides
        day ends                 | A1 dayEnded x2; A3 dayEnded x1; B1 dayEnded x1
        book
          4 buy A2:1
        day ends                 |`,
    },
  },
  sessions: {
    'a close takes out orders for the day and quotes, by agent and age; others rest, with their place': {
      script: `
        B1 buy 5 x4 day          | B1 rests 5 x4
        A1 buy 4 x2              | A1 rests 4 x2
        B2 buy 4 x2              | B2 rests 4 x2
        A quotes Q1 P95 A2 4x1 A3 6x1, C95 A4 3x1   | A2 rests 4 x1; A3 rests 6 x1; A4 rests 3 x1; Q1 quoted 3 sides
        A5 sell 9 x1 day XYZ     | A5 rests 9 x1
        market closes            | A2 dayEnded x1; A3 dayEnded x1; A4 dayEnded x1; A5 dayEnded x1; B1 dayEnded x4
        book
          4 buy A1:2 B2:2
        market closes            |
        market opens             |
        C1 sell 4 x3             | 2@4 A1 touch; 1@4 B2 touch`,
    },
    'while it is closed nothing is taken that adds an order, and nothing trades': {
      script: `
        A1 buy 4 x2              | A1 rests 4 x2
        market closes            |
        B1 sell 4 x1             | B1 refused: market-closed
        B2 sell 4 x1 ioc         | B2 refused: market-closed
        B3 sell market x1        | B3 refused: market-closed
        replace A1 A2 5 x2       | A2 refused: market-closed
        A quotes Q1 C95 A3 4x1   | Q1 refused: market-closed
        A quotes Q2              | Q2 refused: market-closed
        book
          4 buy A1:2
        market opens             |
        B4 sell 4 x1             | 1@4 A1 touch`,
    },
    'while it is closed orders are reduced and cancelled as ever': {
      script: `
        A1 buy 4 x5              | A1 rests 4 x5
        A2 buy 3 x1              | A2 rests 3 x1
        A3 sell 9 x1 XYZ         | A3 rests 9 x1
        market closes            |
        reduce A1 x2             | A1 cancelled x2, x3 left
        cancel A2                | A2 cancelled x1
        B cancels A1             | A1 refused: not-owner (XYZ buy 0 x0)
        A cancels all            | A1 cancelled x3; A3 cancelled x1
        market opens             |
        book`,
    },
    'a refusal for the close costs nothing of the request rate': {
      rules: { requestRate: { perSecond: 1, burst: 1 } },
      script: `
        market closes            |
        A1 buy 4 x1              | A1 refused: market-closed
        A2 buy 4 x1              | A2 refused: market-closed
        market opens             |
        A3 buy 4 x1              | A3 rests 4 x1
        A4 buy 4 x1              | A4 refused: too-many-requests`,
    },
  },
  'place in the queue': {
    'reduce keeps it, also of the first; all lots or more are a cancel': {
      script: `
        A1 sell 6 x5             | A1 rests 6 x5
        B1 sell 6 x5             | B1 rests 6 x5
        C1 sell 6 x5             | C1 rests 6 x5
        reduce A1 x2             | A1 cancelled x2, x3 left
        reduce B1 x4             | B1 cancelled x4, x1 left
        ahead C1                 | 4
        book
          6 sell A1:3 B1:1 C1:5
        reduce A1 x9             | A1 cancelled x3
        ahead C1                 | 1
        reduce B1 x0             | B1 refused: lots-not-positive
        reduce A1 x1             | A1 refused: unknown-order (XYZ buy 0 x0)`,
    },
    'replace loses it, even at the same price and with fewer lots': {
      script: `
        A1 sell 6 x5             | A1 rests 6 x5
        B1 sell 6 x5             | B1 rests 6 x5
        replace A1 A2 6 x5       | A1 replaced x5; A2 rests 6 x5
        book
          6 sell B1:5 A2:5
        replace B1 B2 6 x1       | B1 replaced x5; B2 rests 6 x1
        book
          6 sell A2:5 B2:1`,
    },
    'replace may trade, and what is refused leaves the old order in its place': {
      rules: { lotsPerOrder: 10 },
      script: `
        A1 sell 6 x5             | A1 rests 6 x5
        B1 sell 6 x5             | B1 rests 6 x5
        replace A1 A2 6 x11      | A2 refused: lots-above-maximum
        replace A1 A3 9 x1       | A3 refused: price-off-tick
        replace A1 A4 0 x1       | A4 refused: price-not-positive
        replace A1 A5 6 x0       | A5 refused: lots-not-positive
        book
          6 sell A1:5 B1:5
        C1 buy 5 x2              | C1 rests 5 x2
        replace A1 A6 5 x5       | A1 replaced x5; 2@5 C1 touch; A6 rests 5 x3
        replace A1 A7 5 x5       | A7 refused: unknown-order (XYZ buy 5 x5)`,
    },
    'a new side of a mass quote loses it even at the same price, a side to keep has it': {
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2         | A1 rests 5 x2; A2 rests 7 x2; Q1 quoted 2 sides
        B1 buy 5 x1                           | B1 rests 5 x1
        B2 sell 7 x1                          | B2 rests 7 x1
        A quotes Q2 C95 A3 5x2 keep           | A1 replaced x2; A3 rests 5 x2; Q2 quoted 2 sides
        book
          7 sell A2:2 B2:1
          5 buy B1:1 A3:2`,
    },
    'a partial fill keeps it': {
      script: `
        A1 sell 6 x5             | A1 rests 6 x5
        B1 sell 6 x5             | B1 rests 6 x5
        C1 buy 6 x4              | 4@6 A1 touch
        ahead A1                 | 0
        ahead B1                 | 1
        ahead C1                 | none`,
    },
  },
  'what a replacement inherits': {
    'instrument and side; post-only, also once more': {
      script: `
        A1 sell 6 x5 P95         | A1 rests 6 x5
        B1 buy 4 x1 post P95     | B1 rests 4 x1
        replace B1 B2 6 x1       | B2 refused: would-trade
        replace B1 B3 5 x1       | B1 replaced x1; B3 rests 5 x1
        replace B3 B4 7 x1       | B4 refused: would-trade
        C1 buy 4 x1 slide P95    | C1 rests 4 x1
        replace C1 C2 8 x3       | C1 replaced x1; C2 rests 5 x3
        replace C2 C3 8 x3       | C2 replaced x3; C3 rests 5 x3
        book P95
          6 sell A1:5
          5 buy B3:1 C3:3`,
    },
    'the day': {
      script: `
        A1 buy 4 x1 day          | A1 rests 4 x1
        replace A1 A2 5 x1       | A1 replaced x1; A2 rests 5 x1
        B1 buy 4 x1              | B1 rests 4 x1
        replace B1 B2 5 x1       | B1 replaced x1; B2 rests 5 x1
        day ends                 | A2 dayEnded x1`,
    },
    'that it is a quote: the next mass quote takes its place, and protection takes it out': {
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2         | A1 rests 5 x2; A2 rests 7 x2; Q1 quoted 2 sides
        replace A1 A3 4 x2                    | A1 replaced x2; A3 rests 4 x2
        A cancels all orders                  |
        A quotes Q2 C95 A4 5x2 keep           | A3 replaced x2; A4 rests 5 x2; Q2 quoted 2 sides
        replace A4 A5 4 x2                    | A4 replaced x2; A5 rests 4 x2
        A quotes Q3 C95 keep keep             | Q3 quoted 2 sides
        A protects units 0 interval 1s        |
        B1 buy 7 x1                           | 1@7 A2 touch; A2 protected x1; A5 protected x2; A frozen`,
    },
  },
  'refusals hide what is not the sender’s': {
    'an order of somebody else, or none, whatever is asked of it; a replacement is told its own price and size only': {
      script: `
        A1 sell 6 x5 P95         | A1 rests 6 x5
        B cancels A1             | A1 refused: not-owner (XYZ buy 0 x0)
        replace A1 B2 4 x2       | B2 refused: not-owner (XYZ buy 4 x2)
        cancel A9                | ? refused: unknown-order (XYZ buy 0 x0)
        cancel A1                | A1 cancelled x5
        cancel A1                | A1 refused: unknown-order (XYZ buy 0 x0)
        B cancels A1             | A1 refused: unknown-order (XYZ buy 0 x0)`,
    },
  },
  admission: {
    'tick tables: the price must be one of its band; an edge belongs to both': {
      script: `
        A1 buy 7 x1              | A1 rests 7 x1
        A2 buy 8 x1              | A2 rests 8 x1
        A3 buy 9 x1              | A3 refused: price-off-tick
        A4 buy 10 x1             | A4 rests 10 x1
        A5 buy 14 x1             | A5 rests 14 x1
        A6 buy 16 x1             | A6 rests 16 x1
        A7 buy 18 x1             | A7 refused: price-off-tick
        A8 buy 20 x1             | A8 rests 20 x1
        A9 buy 18 x1 ioc         | A9 refused: price-off-tick
        B1 buy 9 x1 fok          | B1 refused: price-off-tick
        B2 buy 9 x1 XYZ          | B2 rests 9 x1
        B3 buy 0 x1              | B3 refused: price-not-positive
        B4 buy 9 x1 slide        | B4 refused: price-off-tick`,
    },
    'lots: at least one, at most the limit': {
      rules: { lotsPerOrder: 10 },
      script: `
        A1 buy 4 x0              | A1 refused: lots-not-positive
        A2 buy 4 x11             | A2 refused: lots-above-maximum
        A3 buy market x11        | A3 refused: lots-above-maximum
        A4 buy 4 x10             | A4 rests 4 x10
        A5 buy 4 x11 ioc         | A5 refused: lots-above-maximum`,
    },
    'price band: without a touch or a trade there is none; then half the last trade; then half the middle': {
      rules: { priceBand: { thousandths: 500, ticksMinimum: 1 } },
      script: `
        A1 sell 40 x1            | A1 rests 40 x1
        B1 buy 40 x1             | 1@40 A1 touch
        B2 buy 64 x1             | B2 refused: price-outside-band
        B3 buy 60 x1             | B3 rests 60 x1
        A2 sell 16 x1            | A2 refused: price-outside-band
        A3 sell 100 x1           | A3 rests 100 x1
        A4 sell 36 x1            | A4 refused: price-outside-band
        B4 buy 120 x1 ioc        | 1@100 A3 crossed
        C1 buy 4 x1              | C1 rests 4 x1
        C2 sell 48 x1 P95        | C2 rests 48 x1
        D1 buy 200 x1 P95 ioc    | 1@48 C2 crossed`,
    },
    'price band: at least so many ticks; it does not bind a buyer below, nor a seller above': {
      rules: { priceBand: { thousandths: 100, ticksMinimum: 3 } },
      script: `
        A1 sell 7 x1             | A1 rests 7 x1
        B1 buy 4 x1              | B1 rests 4 x1
        C1 buy 10 x1             | C1 refused: price-outside-band
        C2 buy 8 x1 ioc          | 1@7 A1 crossed
        C3 buy 1 x1              | C3 rests 1 x1
        C4 sell 300 x1           | C4 rests 300 x1`,
    },
    'price band: an edge is a whole price, whatever the fraction is in binary': {
      rules: { priceBand: { thousandths: 570, ticksMinimum: 1 } },
      script: `
        A1 sell 100 x1 XYZ       | A1 rests 100 x1
        B1 buy 100 x1 XYZ        | 1@100 A1 touch
        A2 sell 42 x1 XYZ        | A2 refused: price-outside-band
        A3 sell 43 x1 XYZ        | A3 rests 43 x1
        B2 buy 158 x1 XYZ ioc    | B2 refused: price-outside-band
        B3 buy 157 x1 XYZ ioc    | 1@43 A3 crossed`,
    },
    'price band: market orders stop at its edge, quotes and replacements are refused beyond it': {
      rules: { priceBand: { thousandths: 500, ticksMinimum: 1 } },
      script: `
        A1 sell 8 x1             | A1 rests 8 x1
        A2 sell 10 x1            | A2 rests 10 x1
        A3 sell 12 x1            | A3 rests 12 x1
        B1 buy 4 x1              | B1 rests 4 x1
        C1 buy market x3         | 1@8 A1 crossed; C1 dropped x2
        C2 buy market x3         | 1@10 A2 touch; C2 dropped x2
        replace B1 B2 14 x1      | B2 refused: price-outside-band
        D quotes Q1 C95 D1 2x1 D2 3x1          | Q1 refused: price-outside-band`,
    },
    'orders at rest, over all series: what trades at once or takes a place does not count': {
      rules: { ordersPerAgent: 2 },
      script: `
        A1 sell 6 x1             | A1 rests 6 x1
        A2 sell 6 x1 P95         | A2 rests 6 x1
        A3 sell 6 x1 XYZ         | A3 refused: too-many-orders
        A4 sell 6 x1 XYZ ioc     | A4 dropped x1
        B1 sell 6 x1 XYZ         | B1 rests 6 x1
        replace A1 A5 7 x1       | A1 replaced x1; A5 rests 7 x1
        cancel A5                | A5 cancelled x1
        A6 sell 6 x1 XYZ         | A6 rests 6 x1`,
    },
    'orders at rest: a mass quote counts what it leaves, whatever the order of its series': {
      rules: { ordersPerAgent: 4 },
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2, P95 A3 5x2 A4 7x2             | A1 rests 5 x2; A2 rests 7 x2; A3 rests 5 x2; A4 rests 7 x2; Q1 quoted 4 sides
        A quotes Q2 C95 A5 4x2 A6 6x2, P95 A7 4x2 keep               | A1 replaced x2; A2 replaced x2; A3 replaced x2; A5 rests 4 x2; A6 rests 6 x2; A7 rests 4 x2; Q2 quoted 4 sides
        A quotes Q3 C105 A8 4x2 A9 6x2, C95 - -                      | A5 replaced x2; A6 replaced x2; A8 rests 4 x2; A9 rests 6 x2; Q3 quoted 2 sides
        A quotes Q4 P105 B1 4x2, C95 - -                             | Q4 refused: too-many-orders
        A quotes Q5 P105 B2 4x2 B3 6x2, C105 keep -                  | Q5 refused: too-many-orders`,
    },
    'request rate: a bucket that fills with time; what is refused takes nothing; cancels and reductions are free': {
      rules: { requestRate: { perSecond: 10, burst: 2 }, lotsPerOrder: 10 },
      script: `
        A1 buy 4 x2              | A1 rests 4 x2
        A2 buy 4 x11             | A2 refused: lots-above-maximum
        A3 buy 4 x1              | A3 refused: too-many-requests
        replace A1 A4 4 x1       | A4 refused: too-many-requests
        A quotes Q1 P95 A5 4x1   | Q1 refused: too-many-requests
        reduce A1 x1             | A1 cancelled x1, x1 left
        B1 buy 4 x1              | B1 rests 4 x1
        wait 99ms                |
        A6 buy 4 x1              | A6 refused: too-many-requests
        wait 1ms                 |
        A7 buy 4 x1              | A7 rests 4 x1
        A8 buy 4 x1              | A8 refused: too-many-requests
        A cancels all            | A1 cancelled x1; A7 cancelled x1
        wait 10s                 |
        A9 buy 4 x1              | A9 rests 4 x1
        A10 buy 4 x1             | A10 rests 4 x1
        A11 buy 4 x1             | A11 refused: too-many-requests`,
    },
    'request rate: refusals in between do not put off the next request': {
      rules: { requestRate: { perSecond: 10, burst: 1 } },
      script: `
        A1 buy 4 x1              | A1 rests 4 x1
        wait 10ms                |
        A2 buy 4 x1              | A2 refused: too-many-requests
        wait 10ms                |
        A3 buy 4 x1              | A3 refused: too-many-requests
        wait 10ms                |
        A4 buy 4 x1              | A4 refused: too-many-requests
        wait 10ms                |
        A5 buy 4 x1              | A5 refused: too-many-requests
        wait 10ms                |
        A6 buy 4 x1              | A6 refused: too-many-requests
        wait 50ms                |
        A7 buy 4 x1              | A7 rests 4 x1`,
    },
  },
  'self-trade prevention': {
    'cancel-oldest: the own order goes, the taker goes on; others keep their places': {
      rules: { selfTrade: 'cancel-oldest' },
      script: `
        B1 sell 6 x1             | B1 rests 6 x1
        A1 sell 6 x3             | A1 rests 6 x3
        C1 sell 6 x2             | C1 rests 6 x2
        A2 sell 7 x2             | A2 rests 7 x2
        D1 sell 6 x1             | D1 rests 6 x1
        A3 buy 6 x2              | 1@6 B1 touch; A1 prevented x3; 1@6 C1 touch
        book
          7 sell A2:2
          6 sell C1:1 D1:1
        A4 buy 7 x4              | 1@6 C1 crossed; 1@6 D1 crossed; A2 prevented x2; A4 rests 7 x2`,
    },
    'cancel-newest: the own order stays in its place, what is left of the taker goes': {
      rules: { selfTrade: 'cancel-newest' },
      script: `
        B1 sell 6 x1             | B1 rests 6 x1
        A1 sell 6 x3             | A1 rests 6 x3
        C1 sell 6 x2             | C1 rests 6 x2
        A2 buy 7 x5              | 1@6 B1 crossed; A2 stopped x4
        A3 buy 6 x1              | A3 stopped x1
        A4 buy market x1         | A4 dropped x1
        A5 buy 6 x1 ioc          | A5 dropped x1
        book
          6 sell A1:3 C1:2`,
    },
    'cancel-both: both go; others keep their places': {
      rules: { selfTrade: 'cancel-both' },
      script: `
        B1 sell 6 x1             | B1 rests 6 x1
        A1 sell 6 x3             | A1 rests 6 x3
        C1 sell 6 x2             | C1 rests 6 x2
        A2 sell 6 x1             | A2 rests 6 x1
        A3 buy 7 x5              | 1@6 B1 crossed; A1 prevented x3; A3 stopped x4
        book
          6 sell C1:2 A2:1
        A4 buy market x3         | 2@6 C1 crossed; A2 prevented x1; A4 dropped x1`,
    },
    'own orders that are not reached stay': {
      rules: { selfTrade: 'cancel-both' },
      script: `
        B1 sell 6 x1             | B1 rests 6 x1
        A1 sell 6 x3             | A1 rests 6 x3
        A2 buy 6 x1              | 1@6 B1 touch
        A3 buy 5 x1              | A3 rests 5 x1
        book
          6 sell A1:3
          5 buy A3:1`,
    },
  },
  fees: {
    'options: a share of the index for maker and taker, per lot, up; at most a share of the premium': {
      rules: { fees: { option: { maker: 0.0001, taker: 0.0003, premiumCap: 0.125 }, perpetual: { maker: 0, taker: 0 } } },
      fees: true,
      script: `
        index 100.01             |
        A1 sell 40 x5            | A1 rests 40 x5
        B1 buy 40 x5             | 5@40 A1 touch fees 5005 15005
        A2 sell 20 x5            | A2 rests 20 x5
        B2 buy 20 x2             | 2@20 A2 touch fees 2002 5000
        B3 buy 20 x1             | 1@20 A2 touch fees 1001 2500
        A3 sell 3 x1             | A3 rests 3 x1
        index 20                 |
        B4 buy 3 x1              | 1@3 A3 touch fees 200 375`,
    },
    'a negative rate is a rebate, toward zero, and capped like a fee': {
      rules: { fees: { option: { maker: -0.0001, taker: 0.0003, premiumCap: 0.125 }, perpetual: { maker: 0, taker: 0 } } },
      fees: true,
      script: `
        index 100.01             |
        A1 sell 40 x5            | A1 rests 40 x5
        B1 buy 40 x5             | 5@40 A1 touch fees -5000 15005
        A2 sell 4 x5             | A2 rests 4 x5
        B2 buy 4 x5              | 5@4 A2 touch fees -2500 2500`,
    },
    'the perpetual: a share of the traded value': {
      rules: { fees: { option: { maker: 0, taker: 0, premiumCap: 0.125 }, perpetual: { maker: -0.0001, taker: 0.0005 } } },
      fees: true,
      script: `
        A1 sell 99 x5 XYZ        | A1 rests 99 x5
        B1 buy 99 x5 XYZ         | 5@99 A1 touch fees -45 250`,
    },
  },
  'mass quotes': {
    'first all old sides go, series by series, then the new ones come, bid before ask; the acknowledgement is last': {
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2, P95 A3 5x2 A4 7x2   | A1 rests 5 x2; A2 rests 7 x2; A3 rests 5 x2; A4 rests 7 x2; Q1 quoted 4 sides
        A quotes Q2 P95 A5 4x2 A6 6x2, C95 A7 4x2 A8 6x2   | A3 replaced x2; A4 replaced x2; A1 replaced x2; A2 replaced x2; A5 rests 4 x2; A6 rests 6 x2; A7 rests 4 x2; A8 rests 6 x2; Q2 quoted 4 sides
        A quotes Q3                                        | Q3 quoted 0 sides`,
    },
    'a side left out is withdrawn, one to keep stays, other series are not touched': {
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2, P95 A3 5x2 A4 7x2   | A1 rests 5 x2; A2 rests 7 x2; A3 rests 5 x2; A4 rests 7 x2; Q1 quoted 4 sides
        A quotes Q2 C95 - keep                             | A1 replaced x2; Q2 quoted 1 sides
        A quotes Q3 C95 keep keep                          | Q3 quoted 1 sides
        A quotes Q4 C95 - -                                | A2 replaced x2; Q4 quoted 0 sides
        A quotes Q5 C95 - -                                | Q5 quoted 0 sides
        book P95
          7 sell A4:2
          5 buy A3:2`,
    },
    'ordinary orders are not quotes: they stay': {
      script: `
        A1 buy 4 x1                                        | A1 rests 4 x1
        A quotes Q1 C95 A2 5x2                             | A2 rests 5 x2; Q1 quoted 1 sides
        A quotes Q2 C95 - -                                | A2 replaced x2; Q2 quoted 0 sides
        book
          4 buy A1:1`,
    },
    'all or nothing: one bad side refuses the message, and the old quotes rest on in their places': {
      rules: { lotsPerOrder: 10 },
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2                      | A1 rests 5 x2; A2 rests 7 x2; Q1 quoted 2 sides
        B1 buy 5 x1                                        | B1 rests 5 x1
        withhold P105                                      |
        A quotes Q2 C95 A3 4x2 A4 6x2, P95 A5 9x2          | Q2 refused: price-off-tick
        A quotes Q3 C95 A6 4x2 A7 6x2, P95 A8 4x11         | Q3 refused: lots-above-maximum
        A quotes Q4 C95 A9 4x2, P95 B2 0x1                 | Q4 refused: price-not-positive
        A quotes Q5 C95 B3 4x2, P105 B4 4x1                | Q5 refused: not-listed
        A quotes Q6 C95 B5 4x0                             | Q6 refused: lots-not-positive
        book
          7 sell A2:2
          5 buy A1:2 B1:1`,
    },
    'a series named twice, and sides that would trade with each other, new or kept': {
      script: `
        A quotes Q1 C95 A1 5x2 A2 7x2                      | A1 rests 5 x2; A2 rests 7 x2; Q1 quoted 2 sides
        A quotes Q2 C95 A3 4x2, P95 - -, C95 keep keep     | Q2 refused: series-quoted-twice
        A quotes Q3 C95 A4 7x2 A5 7x2                      | Q3 refused: quote-crosses-itself
        A quotes Q4 C95 A6 8x2 A7 7x2                      | Q4 refused: quote-crosses-itself
        A quotes Q5 C95 A8 7x2 keep                        | Q5 refused: quote-crosses-itself
        A quotes Q6 C95 keep A9 5x2                        | Q6 refused: quote-crosses-itself
        A quotes Q7 C95 B1 7x2 -                           | A1 replaced x2; A2 replaced x2; B1 rests 7 x2; Q7 quoted 1 sides
        A quotes Q8 C95 - B2 6x2                           | B1 replaced x2; B2 rests 6 x2; Q8 quoted 1 sides`,
    },
    'it may trade with others’ quotes, and with what rests; what trades away is not counted': {
      script: `
        B quotes Q1 C95 B1 5x2 B2 7x2, P95 B3 5x2 B4 7x2   | B1 rests 5 x2; B2 rests 7 x2; B3 rests 5 x2; B4 rests 7 x2; Q1 quoted 4 sides
        A quotes Q2 C95 A1 7x3 A2 8x1, P95 A3 4x1 A4 5x2   | 2@7 B2 touch; A1 rests 7 x1; A2 rests 8 x1; A3 rests 4 x1; 2@5 B3 touch; Q2 quoted 3 sides
        A quotes Q3 C95 A5 6x1 A6 8x1, P95 keep A7 6x1     | A1 replaced x1; A2 replaced x1; A5 rests 6 x1; A6 rests 8 x1; A7 rests 6 x1; Q3 quoted 4 sides`,
    },
    'self-trade prevention holds against the own ordinary orders': {
      rules: { selfTrade: 'cancel-newest' },
      script: `
        A1 sell 6 x1                                       | A1 rests 6 x1
        A quotes Q1 C95 A2 6x2 A3 7x2                      | A2 stopped x2; A3 rests 7 x2; Q1 quoted 1 sides`,
    },
    'each agent has quotes of its own': {
      script: `
        A quotes Q1 C95 A1 5x2                             | A1 rests 5 x2; Q1 quoted 1 sides
        B quotes Q2 C95 B1 5x2                             | B1 rests 5 x2; Q2 quoted 1 sides
        A quotes Q3 C95 - -                                | A1 replaced x2; Q3 quoted 0 sides
        book
          5 buy B1:2`,
    },
    'an expired series may be withdrawn, not quoted': {
      script: `
        A quotes Q1 C100 A1 5x2, C95 A2 5x2                | A1 rests 5 x2; A2 rests 5 x2; Q1 quoted 2 sides
        expire 7d                                          | A1 expired x2; C100 settled; P100 settled
        A quotes Q2 C100 - -, C95 A3 4x2                   | A2 replaced x2; A3 rests 4 x2; Q2 quoted 1 sides
        A quotes Q3 C100 keep keep, C95 A4 5x2             | A3 replaced x2; A4 rests 5 x2; Q3 quoted 1 sides
        A quotes Q4 C100 A5 4x2                            | Q4 refused: instrument-expired`,
    },
  },
  'mass cancel': {
    'by series, expiry, side, and kind of order; oldest first': {
      script: `
        A1 buy 5 x1              | A1 rests 5 x1
        A2 sell 7 x1             | A2 rests 7 x1
        A3 buy 5 x1 C100         | A3 rests 5 x1
        A4 buy 5 x1 XYZ          | A4 rests 5 x1
        A quotes Q1 P95 A5 5x1 A6 7x1, P100 A7 5x1 A8 7x1 | A5 rests 5 x1; A6 rests 7 x1; A7 rests 5 x1; A8 rests 7 x1; Q1 quoted 4 sides
        B1 buy 5 x1              | B1 rests 5 x1
        A cancels all 7d sell quotes | A8 cancelled x1
        A cancels all C95 quotes |
        A cancels all 7d         | A3 cancelled x1; A7 cancelled x1
        A cancels all XYZ sell   |
        A cancels all sell orders | A2 cancelled x1
        A cancels all P95 buy    | A5 cancelled x1
        A cancels all quotes     | A6 cancelled x1
        A cancels all            | A1 cancelled x1; A4 cancelled x1
        A cancels all            |
        book
          5 buy B1:1`,
    },
  },
  'market-maker protection': {
    'units: more than the limit within the interval; quotes go, ordinary orders stay; no quotes until the time is over': {
      script: `
        A protects units 0.5 interval 1s frozen 2s         |
        A1 buy 4 x9                                        | A1 rests 4 x9
        A quotes Q1 C95 A2 5x9 A3 7x9, P95 A4 5x9 A5 7x9   | A2 rests 5 x9; A3 rests 7 x9; A4 rests 5 x9; A5 rests 7 x9; Q1 quoted 4 sides
        B1 buy 7 x3                                        | 3@7 A3 touch
        B2 sell 5 x2                                       | 2@5 A2 touch
        B3 buy 7 x1                                        | 1@7 A3 touch; A2 protected x7; A3 protected x5; A4 protected x9; A5 protected x9; A frozen
        A quotes Q2 C95 A6 5x1                             | Q2 refused: protection-frozen
        A7 buy 5 x1                                        | A7 rests 5 x1
        B4 sell 5 x1                                       | 1@5 A7 touch
        wait 1s                                            |
        A quotes Q3 C95 - -                                | Q3 refused: protection-frozen
        wait 1s                                            |
        A quotes Q4 C95 A8 5x9                             | A8 rests 5 x9; Q4 quoted 1 sides
        B5 sell 5 x5                                       | 5@5 A8 touch
        B6 sell 5 x1                                       | 1@5 A8 touch; A8 protected x3; A frozen`,
    },
    'the interval begins with a trade and is over when its time has passed': {
      script: `
        A protects units 0.5 interval 1s frozen 2s         |
        A quotes Q1 C95 A1 5x50                            | A1 rests 5 x50; Q1 quoted 1 sides
        wait 5s                                            |
        B1 sell 5 x5                                       | 5@5 A1 touch
        wait 1s                                            |
        B2 sell 5 x5                                       | 5@5 A1 touch
        wait 999ms                                         |
        B3 sell 5 x1                                       | 1@5 A1 touch; A1 protected x39; A frozen`,
    },
    'a frozen time of 0 waits for a reset, which also begins a new interval': {
      script: `
        A protects units 0.5 interval 10s frozen 0s        |
        A quotes Q1 C95 A1 5x50                            | A1 rests 5 x50; Q1 quoted 1 sides
        B1 sell 5 x6                                       | 6@5 A1 touch; A1 protected x44; A frozen
        wait 3600s                                         |
        A quotes Q2 C95 A2 5x50                            | Q2 refused: protection-frozen
        A resets                                           | A thawed
        A quotes Q3 C95 A3 5x50                            | A3 rests 5 x50; Q3 quoted 1 sides
        B2 sell 5 x5                                       | 5@5 A3 touch
        A resets                                           | A thawed
        B3 sell 5 x5                                       | 5@5 A3 touch
        B4 sell 5 x1                                       | 1@5 A3 touch; A3 protected x39; A frozen
        A protects nothing                                 |
        A quotes Q4 C95 A4 5x50                            | A4 rests 5 x50; Q4 quoted 1 sides
        B5 sell 5 x50                                      | 50@5 A4 touch`,
    },
    'delta: net, either way, at the venue’s own value': {
      script: `
        A protects delta 0.7 interval 10s                  |
        A quotes Q1 C95 A1 5x90 A2 7x90, P95 A3 5x90 A4 7x90 | A1 rests 5 x90; A2 rests 7 x90; A3 rests 5 x90; A4 rests 7 x90; Q1 quoted 4 sides
        B1 buy 7 x10                                       | 10@7 A2 touch
        B2 sell 5 x20                                      | 20@5 A1 touch
        B3 sell 5 x10 P95                                  | 10@5 A3 touch
        B4 sell 5 x4                                       | 4@5 A1 touch
        B5 sell 5 x1                                       | 1@5 A1 touch; A1 protected x65; A2 protected x80; A3 protected x80; A4 protected x90; A frozen`,
    },
    'vega: net, either way': {
      script: `
        A protects vega 0.16 interval 10s                  |
        A quotes Q1 C95 A1 5x90 A2 7x90, P95 A3 5x90 A4 7x90 | A1 rests 5 x90; A2 rests 7 x90; A3 rests 5 x90; A4 rests 7 x90; Q1 quoted 4 sides
        B1 buy 7 x10                                       | 10@7 A2 touch
        B2 sell 5 x20 P95                                  | 20@5 A3 touch
        B3 buy 7 x20 P95                                   | 20@7 A4 touch
        B4 buy 7 x1                                        | 1@7 A2 touch; A1 protected x90; A2 protected x79; A3 protected x70; A4 protected x70; A frozen`,
    },
    'quotes that take count too, and the freeze is after the request that did it': {
      script: `
        A protects units 0.5 interval 1s frozen 2s         |
        B1 sell 6 x9                                       | B1 rests 6 x9
        A quotes Q1 C95 A1 6x8 A2 7x2, P95 A3 5x2          | 8@6 B1 touch; A2 rests 7 x2; A3 rests 5 x2; Q1 quoted 2 sides; A2 protected x2; A3 protected x2; A frozen`,
    },
    'one order takes all that it reaches before the quotes go; several agents freeze in the order in which it met their limits': {
      script: `
        A protects units 0.1 interval 1s                   |
        B protects units 0.1 interval 1s                   |
        B quotes Q1 C95 - B1 6x2, P95 B2 5x1               | B1 rests 6 x2; B2 rests 5 x1; Q1 quoted 2 sides
        A quotes Q2 C95 - A1 7x9, P95 A2 5x1               | A1 rests 7 x9; A2 rests 5 x1; Q2 quoted 2 sides
        C1 buy 7 x9                                        | 2@6 B1 crossed; 7@7 A1 swept; B2 protected x1; B frozen; A1 protected x2; A2 protected x1; A frozen`,
    },
    'what ordinary orders trade does not count, nor what others do': {
      script: `
        A protects units 0 interval 1s                     |
        A1 buy 5 x9                                        | A1 rests 5 x9
        B quotes Q1 C95 - B1 7x9                           | B1 rests 7 x9; Q1 quoted 1 sides
        C1 sell 5 x9                                       | 9@5 A1 touch
        C2 buy 7 x9                                        | 9@7 B1 touch`,
    },
  },
  connections: {
    'all orders go with it, oldest first; requests are refused until it is back': {
      script: `
        A1 buy 5 x1              | A1 rests 5 x1
        A quotes Q1 P95 A2 5x1   | A2 rests 5 x1; Q1 quoted 1 sides
        B1 buy 5 x1              | B1 rests 5 x1
        A disconnects            | A1 disconnected x1; A2 disconnected x1
        A3 buy 5 x1              | A3 refused: not-connected
        A quotes Q2 P95 A4 5x1   | Q2 refused: not-connected
        replace A1 A5 5 x1       | A5 refused: unknown-order (XYZ buy 5 x1)
        cancel A1                | A1 refused: unknown-order (XYZ buy 0 x0)
        B2 buy 4 x1              | B2 rests 4 x1
        A connects               |
        A6 buy 5 x1              | A6 rests 5 x1
        book
          5 buy B1:1 A6:1
          4 buy B2:1`,
    },
  },
  'a series’ life': {
    'one that is not listed takes no orders until it is': {
      script: `
        withhold C105 P105       |
        A1 buy 5 x1 C105         | A1 refused: not-listed
        A2 buy market x1 C105    | A2 refused: not-listed
        A3 buy 5 x1              | A3 rests 5 x1
        list C105                |
        A4 buy 5 x1 C105         | A4 rests 5 x1
        A5 buy 5 x1 P105         | A5 refused: not-listed`,
    },
    'an expiry is one barrier: all orders of its series go, best first, then all settle; nothing comes after it': {
      script: `
        A1 sell 7 x1 P100        | A1 rests 7 x1
        B1 sell 6 x2 P100        | B1 rests 6 x2
        B2 buy 5 x3 C100         | B2 rests 5 x3
        B3 buy 6 x3 C100         | B3 rests 6 x3
        A2 buy 5 x1              | A2 rests 5 x1
        expire 7d                | B3 expired x3; B2 expired x3; B1 expired x2; A1 expired x1; C100 settled; P100 settled
        A3 buy 5 x1 C100         | A3 refused: instrument-expired
        A4 buy market x1 P100    | A4 refused: instrument-expired
        replace B2 B4 5 x1       | B4 refused: unknown-order (XYZ buy 5 x1)
        A5 buy 5 x1              | A5 rests 5 x1`,
    },
    'one that was never listed expires all the same': {
      script: `
        withhold C100            |
        expire 7d                | C100 settled; P100 settled
        A1 buy 5 x1 C100         | A1 refused: instrument-expired`,
    },
  },
  'how a match came about': {
    'touch, crossed and swept, by the best price when the taker came': {
      script: `
        A1 sell 5 x1             | A1 rests 5 x1
        A2 sell 5 x1             | A2 rests 5 x1
        A3 sell 6 x1             | A3 rests 6 x1
        A4 sell 7 x1             | A4 rests 7 x1
        A5 sell 7 x1             | A5 rests 7 x1
        B1 buy 5 x1              | 1@5 A1 touch
        B2 buy 6 x2              | 1@5 A2 crossed; 1@6 A3 swept
        B3 buy 10 x1             | 1@7 A4 crossed
        B4 buy market x1         | 1@7 A5 crossed`,
    },
    'an own order that goes was the best there was': {
      script: `
        B1 sell 5 x1             | B1 rests 5 x1
        A1 sell 6 x1             | A1 rests 6 x1
        B2 buy 6 x1              | B1 prevented x1; 1@6 A1 swept`,
    },
  },
};

describe.each(Object.entries(TABLES))('%s', (_rule, tables) => {
  test.each(Object.entries(tables))('%s', (_name, { rules, fees, script }) => {
    expect(ranExchangeScript(script, rules, fees)).toBe(normalised(script));
  });
});

test('a series opens once: listing one that is open, or has been, is a bug of the caller', () => {
  const { exchange } = new ExchangeLog();
  const late = [instrumentId(5)];
  exchange.lifecycle.withhold(late);
  expect(exchange.lifecycle.listed(instrumentId(5))).toBe(false);
  exchange.lifecycle.list(late);
  expect(exchange.lifecycle.listed(instrumentId(5))).toBe(true);
  expect(() => exchange.lifecycle.list(late)).toThrow(InvariantError);
  const expired = new ExchangeLog();
  expired.expire(0);
  expect(() => expired.exchange.lifecycle.list([instrumentId(1)])).toThrow(InvariantError);
});
