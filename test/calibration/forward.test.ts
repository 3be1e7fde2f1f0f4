import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forwardEstimate } from '../../src/calibration/forward.ts';
import type { ExpiryQuotes, TwoSidedQuote } from '../../src/calibration/quote-filter.ts';
import { blackPrice } from '../../src/pricing/black-scholes.ts';

interface Market {
  readonly forward: number;
  readonly reference: number;
  readonly strikes: readonly number[];
  /** Premiums in coin where undefined. */
  readonly discount?: number;
  /** Half the bid-ask width in the premium's unit. */
  readonly half: number;
  readonly hasFuture?: boolean;
  /** Added to the mid of a call, by strike. */
  readonly shift?: (strike: number) => number;
}

/** Calls and puts at every strike, exactly on parity at 60 % vol for a quarter, but for the shift. */
function market({ forward, reference, strikes, discount, half, hasFuture = true, shift = () => 0 }: Market): ExpiryQuotes {
  const unit = discount ?? 1 / forward;
  const quotes = strikes.flatMap((strike): TwoSidedQuote[] =>
    (['call', 'put'] as const).map((right) => {
      const mid = blackPrice(right, forward, strike, 0.3) * unit + (right === 'call' ? shift(strike) : 0);
      return { strike, right, bid: mid - half, ask: mid + half };
    }),
  );
  return { expiry: '', label: 'T', years: 0.25, reference, hasFuture, discountHint: undefined, listed: quotes.length, quotes, dropped: {} };
}

const STRIKES = Array.from({ length: 21 }, (_, i) => 80_000 + 1000 * i);

test('coin premiums: exact on exact prices, and the difference to the future is told', () => {
  const estimate = forwardEstimate(market({ forward: 90_450, reference: 90_000, strikes: STRIKES, half: 0.0005 }), 'coin');
  expect(estimate).toMatchObject({ source: 'parity', discount: 1, strikes: 15 });
  expect(estimate.forward).toBeCloseTo(90_450, 6);
  expect(estimate.futuresDifferenceBp).toBeCloseTo(50, 6);
});

test('dollar premiums: forward and discount factor, also where the index is far from the forward', () => {
  const estimate = forwardEstimate(market({ forward: 93_000, reference: 88_000, strikes: STRIKES, discount: 0.96, half: 20 }), 'dollar');
  expect(estimate.source).toBe('parity');
  expect(estimate.forward).toBeCloseTo(93_000, 4);
  expect(estimate.discount).toBeCloseTo(0.96, 8);
});

test('the settlement matters: coin premiums read as dollars give a senseless discount factor, dollars read as coin nothing', () => {
  const coin = market({ forward: 93_000, reference: 93_000, strikes: STRIKES, half: 0.0005 });
  expect(forwardEstimate(coin, 'dollar').discount).toBeCloseTo(1 / 93_000, 8);
  const dollars = market({ forward: 93_000, reference: 92_000, strikes: STRIKES, discount: 1, half: 20 });
  expect(forwardEstimate({ ...dollars, quotes: dollars.quotes.filter((quote) => quote.strike < 92_000) }, 'coin')).toMatchObject({
    source: 'futures',
    strikes: 0,
  });
});

test.each(['coin', 'dollar'] as const)('%s: a third of the pairs may be stale', (settlement) => {
  const stale = (strike: number): number => (strike % 3000 === 0 ? (settlement === 'coin' ? 0.03 : 2700) : 0);
  const one = market({
    forward: 90_450,
    reference: 90_000,
    strikes: STRIKES,
    half: settlement === 'coin' ? 0.0005 : 45,
    shift: stale,
    ...(settlement === 'dollar' ? { discount: 0.98 } : {}),
  });
  const { forward, source } = forwardEstimate(one, settlement);
  expect(source).toBe('parity');
  // Huber bounds the pull of a stale pair at one half width: 5 of 15 pairs at 10 bp of half width pull by at most 5 bp.
  expect(Math.abs(forward / 90_450 - 1)).toBeLessThan(7e-4);
  expect(Math.abs(forward / 90_450 - 1)).toBeGreaterThan(0);
});

test('too few pairs, or pairs too wide: the future, and without one the index, which takes even wide pairs before itself', () => {
  const two = market({ forward: 90_450, reference: 90_000, strikes: [90_000, 91_000], half: 0.0005 });
  expect(forwardEstimate(two, 'coin')).toMatchObject({ source: 'futures', forward: 90_000, strikes: 2, futuresDifferenceBp: 0 });
  expect(forwardEstimate({ ...two, hasFuture: false }, 'coin')).toMatchObject({
    source: 'index',
    forward: 90_000,
    futuresDifferenceBp: undefined,
  });
  const wide = market({ forward: 90_450, reference: 90_000, strikes: STRIKES, half: 0.02 });
  expect(forwardEstimate(wide, 'coin').source).toBe('futures');
  expect(forwardEstimate(wide, 'coin').uncertaintyBp).toBeGreaterThan(20);
  expect(forwardEstimate({ ...wide, hasFuture: false }, 'coin')).toMatchObject({ source: 'parity', forward: expect.closeTo(90_450, 6) });
});

test('within the noise of the mids the forward is right, whatever the strikes that are left', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 60, max: 140 }), { minLength: 3, maxLength: 40 }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 81, maxLength: 81 }),
      fc.double({ min: -0.02, max: 0.02, noNaN: true }),
      (percents, noise, basis) => {
        const forward = 3000 * (1 + basis);
        const strikes = percents.map((percent) => 30 * percent);
        const half = 0.0002;
        const { forward: found, source } = forwardEstimate(
          market({ forward, reference: 3000, strikes, half, shift: (strike) => half * (noise[strike / 30 - 60] ?? 0) }),
          'coin',
        );
        expect(source).toBe('parity');
        // One strike's forward errs by F/K · half · F at most; a weighted mean of them by no more.
        expect(Math.abs(found / forward - 1)).toBeLessThan((half * forward) / (30 * Math.min(...percents)) + 1e-9);
      },
    ),
    { numRuns: 200 },
  );
});
