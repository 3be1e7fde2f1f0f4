import { describe, expect, test } from 'vitest';
import type { ChainQuote, ChainSnapshot } from '../../src/calibration/chain-snapshot.ts';
import { expiryQuotes } from '../../src/calibration/quote-filter.ts';

type Sides = readonly [bid: number | undefined, ask: number | undefined];

/** A quote in coin on a forward of 100. */
function quote(strike: number, right: 'call' | 'put', [bid, ask]: Sides, label = 'A', years = 0.1): ChainQuote {
  return {
    expiry: label,
    label,
    years,
    strike,
    right,
    forwardHint: 100,
    ...(bid === undefined ? {} : { bidCoin: bid, bid: bid * 100 }),
    ...(ask === undefined ? {} : { askCoin: ask, ask: ask * 100 }),
  };
}

const chain = (quotes: readonly ChainQuote[], settlement: 'coin' | 'dollar' = 'coin'): ChainSnapshot => ({
  source: 'test',
  symbol: 'X',
  at: '',
  index: 99,
  venue: 'V',
  settlement,
  quotes,
});

test.each<[string, number, 'call' | 'put', Sides, string | undefined]>([
  ['two sides', 105, 'call', [0.01, 0.011], undefined],
  ['no side', 105, 'call', [undefined, undefined], 'no-quote'],
  ['an ask alone', 105, 'call', [undefined, 0.01], 'one-sided'],
  ['a bid alone', 105, 'call', [0.01, undefined], 'one-sided'],
  ['a bid of 0', 105, 'call', [0, 0.01], 'zero-price'],
  ['bid above ask', 105, 'call', [0.012, 0.011], 'crossed'],
  ['bid at ask', 105, 'call', [0.011, 0.011], 'crossed'],
  ['an ask far below intrinsic', 80, 'call', [0.1, 0.15], 'below-intrinsic'],
  ['an ask just above intrinsic', 80, 'call', [0.19, 0.205], undefined],
  ['a put far below intrinsic', 125, 'put', [0.1, 0.2], 'below-intrinsic'],
  ['a call at the price of the coin', 105, 'call', [0.5, 1], 'above-maximum'],
  ['a put at its strike', 90, 'put', [0.5, 0.9], 'above-maximum'],
  ['a put just below its strike', 90, 'put', [0.5, 0.89], undefined],
])('%s', (_, strike, right, sides, reason) => {
  for (const settlement of ['coin', 'dollar'] as const) {
    const [expiry] = expiryQuotes(chain([quote(strike, right, sides)], settlement), 0).expiries;
    expect(expiry?.dropped).toEqual(reason === undefined ? {} : { [reason]: 1 });
    expect(expiry?.quotes).toHaveLength(reason === undefined ? 1 : 0);
    const unit = settlement === 'coin' ? 1 : 100;
    if (reason === undefined)
      expect(expiry?.quotes[0]).toEqual({ strike, right, bid: (sides[0] ?? 0) * unit, ask: (sides[1] ?? 0) * unit });
  }
});

test('expiries come nearest first with all counts; those about to end are left out, and counted', () => {
  const good: Sides = [0.01, 0.02];
  const { expiries, leftOut } = expiryQuotes(
    chain([
      quote(110, 'call', good, 'C', 0.5),
      quote(110, 'call', good, 'B', 0.1),
      quote(115, 'call', [undefined, 1], 'B', 0.1),
      quote(90, 'put', good, 'B', 0.1),
      quote(110, 'call', good, 'A', 11 / 8760),
      quote(111, 'call', good, 'A', 11 / 8760),
    ]),
    12,
  );
  expect(
    expiries.map(({ label, listed, quotes, dropped }) => ({ label, listed, strikes: quotes.map((one) => one.strike), dropped })),
  ).toEqual([
    { label: 'B', listed: 3, strikes: [90, 110], dropped: { 'one-sided': 1 } },
    { label: 'C', listed: 1, strikes: [110], dropped: {} },
  ]);
  expect(leftOut).toEqual([{ label: 'A', years: 11 / 8760, reason: 'expires-too-soon', quotes: 2 }]);
});

test('the reference is the median future, else the index', () => {
  const { forwardHint: _, ...bare } = quote(110, 'call', [0.01, 0.02]);
  const hints = [101, 99, 1000].map((forwardHint, i) => ({ ...bare, strike: 110 + i, forwardHint }));
  expect(expiryQuotes(chain(hints), 0).expiries[0]).toMatchObject({ reference: 101, hasFuture: true });
  expect(expiryQuotes(chain([bare]), 0).expiries[0]).toMatchObject({ reference: 99, hasFuture: false });
});

describe('what the source tells of a quote', () => {
  const one = (fields: Partial<ChainQuote>, of: Partial<ChainSnapshot>) =>
    expiryQuotes({ ...chain([{ ...quote(105, 'call', [0.01, 0.011]), ...fields }]), ...of }, 0).expiries[0]?.dropped;

  test.each<[string, Partial<ChainQuote>, Partial<ChainSnapshot>, Record<string, number>]>([
    ['six minutes old', { ageSeconds: 360 }, {}, { stale: 1 }],
    ['four minutes old', { ageSeconds: 240 }, {}, {}],
    ['below the tick', {}, { tickSize: 0.02 }, { 'sub-tick': 1 }],
    ['at the tick', {}, { tickSize: 0.01 }, {}],
    ['indicative, and nobody has it', { openInterest: 0, volume: 0 }, { indicative: true }, { untraded: 1 }],
    ['indicative, and somebody has it', { openInterest: 3, volume: 0 }, { indicative: true }, {}],
    ['indicative, and nothing is known', {}, { indicative: true }, {}],
    ['firm, and nobody has it yet', { openInterest: 0, volume: 0 }, {}, {}],
  ])('%s', (_, fields, of, dropped) => {
    expect(one(fields, of)).toEqual(dropped);
  });

  test('an expiry that is over is left out as such', () => {
    const { expiries, leftOut } = expiryQuotes(chain([{ ...quote(105, 'call', [0.01, 0.011]), years: -0.01 }]), 0);
    expect(expiries).toEqual([]);
    expect(leftOut).toMatchObject([{ reason: 'expired', quotes: 1 }]);
  });

  test('without futures the reference is where call and put meet, not an index that may be older', () => {
    const pairs = [98, 100, 102, 104].flatMap((strike): ChainQuote[] => {
      const bare = (right: 'call' | 'put', price: number): ChainQuote => {
        const { forwardHint: _, ...rest } = quote(strike, right, [undefined, undefined]);
        return { ...rest, bid: price - 0.01, ask: price + 0.01 };
      };
      return [bare('call', 5 + Math.max(0, 103 - strike)), bare('put', 5 + Math.max(0, strike - 103))];
    });
    expect(expiryQuotes(chain(pairs, 'dollar'), 0).expiries[0]).toMatchObject({ reference: 103, hasFuture: false });
    expect(expiryQuotes(chain(pairs.slice(0, 4), 'dollar'), 0).expiries[0]?.reference).toBe(99);
  });
});
