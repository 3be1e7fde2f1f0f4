import { describe, expect, test } from 'vitest';
import { europeanChain, PREMIUM_WIDTHS_MAXIMUM } from '../../src/calibration/european-quotes.ts';
import type { ExpiryQuotes, TwoSidedQuote } from '../../src/calibration/quote-filter.ts';
import { smile } from '../../src/calibration/smile.ts';
import { americanTree } from '../support/binomial.ts';

const SPOT = 500;
const RATE = 0.045;
/** A smile that all expiries share, over log-moneyness at the forward. */
const volAt = (k: number, years: number): number => 0.15 - (0.1 * k) / Math.sqrt(years * 12) + 0.4 * k * k;

/** American quotes priced by a tree of 600 steps, European ones for calls without dividends. */
function expiry(days: number, paid: number, halfWidth: number): ExpiryQuotes {
  const years = days / 365;
  const forward = SPOT * Math.exp((RATE - paid) * years);
  const quotes: TwoSidedQuote[] = [];
  for (let strike = 440; strike <= 550; strike += 5) {
    for (const right of ['call', 'put'] as const) {
      const vol = volAt(Math.log(strike / forward), years);
      const mid = americanTree({ right, spot: SPOT, strike, years, vol, rate: RATE, yield: paid, steps: 600 });
      if (mid > 2 * halfWidth) quotes.push({ strike, right, bid: mid - halfWidth, ask: mid + halfWidth });
    }
  }
  const common = { expiry: `${days}`, label: `${days}d`, years, listed: quotes.length, quotes, dropped: {} };
  return { ...common, reference: SPOT, hasFuture: false, discountHint: undefined };
}

const worstError = (chain: ReturnType<typeof europeanChain>): number =>
  Math.max(
    ...chain.expiries.flatMap(({ expiry: own, estimate }) =>
      smile(own, estimate, 'dollar').points.map(({ k, vol }) => Math.abs(vol - volAt(k, own.years))),
    ),
  );

describe('American quotes made European', () => {
  const plain = [7, 28, 63].map((days) => expiry(days, 0, 0.1));

  test('without dividends: rate, spot, forwards and vols are found again', () => {
    const chain = europeanChain(plain);
    expect(Math.abs(chain.rate - RATE)).toBeLessThan(0.001);
    expect(chain.spot).toBeCloseTo(SPOT, 1);
    for (const { expiry: own, estimate } of chain.expiries) {
      expect(Math.abs(estimate.forward / (SPOT * Math.exp(RATE * own.years)) - 1)).toBeLessThan(1e-4);
      expect(own.quotes.length).toBeGreaterThanOrEqual(7);
    }
    expect(worstError(chain)).toBeLessThan(1e-3);
  });

  test('taking no premium off would be wrong by more: the forward is too low, and puts too dear', () => {
    const untreated = europeanChain(plain, 0);
    expect(worstError(untreated)).toBeGreaterThan(2 * worstError(europeanChain(plain, RATE)));
    const far = untreated.expiries.at(-1);
    expect((far?.estimate.forward ?? 0) / (SPOT * Math.exp(RATE * (63 / 365)))).toBeLessThan(1 - 1e-4);
  });

  test('with a yield: vols are found again at the known rate, and within the width at the guessed one', () => {
    const paying = [7, 28, 63].map((days) => expiry(days, 0.013, 0.1));
    expect(worstError(europeanChain(paying, RATE))).toBeLessThan(1e-3);
    const guessed = europeanChain(paying);
    // What is paid out cannot be told from a lower rate.
    expect(Math.abs(guessed.rate - (RATE - 0.013))).toBeLessThan(0.003);
    expect(worstError(guessed)).toBeLessThan(2e-3);
  });

  test('a premium that is large against the width refuses the quote, and says so', () => {
    const [chain] = europeanChain([expiry(7, 0, 0.002), expiry(28, 0, 0.002), expiry(63, 0, 0.002)].slice(2), RATE).expiries;
    const dropped = chain?.expiry.dropped['early-exercise'] ?? 0;
    expect(dropped).toBeGreaterThan(3);
    expect(chain?.expiry.quotes.every(({ right }) => right === 'call' || right === 'put')).toBe(true);
    expect(chain?.expiry.quotes.filter(({ right }) => right === 'call').length).toBeGreaterThan(5);
    expect(PREMIUM_WIDTHS_MAXIMUM).toBe(2.5);
  });
});
