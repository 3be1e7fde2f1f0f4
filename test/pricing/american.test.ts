import { describe, expect, test } from 'vitest';
import { earlyExercisePremium } from '../../src/pricing/american.ts';
import { greeks } from '../../src/pricing/black-scholes.ts';
import { americanTree } from '../support/binomial.ts';

const premium = (right: 'call' | 'put', strike: number, years: number, vol: number, rate: number, paid: number): number =>
  earlyExercisePremium({ right, strike, years }, { spot: 100, vol, rate, yield: paid });

describe('the premium for early exercise', () => {
  test('is that of a tree of 2000 steps, out of, at and in the money', () => {
    const worst = { quarter: 0, year: 0 };
    for (const right of ['call', 'put'] as const) {
      for (const [years, vol, rate, paid] of [
        [0.02, 0.15, 0.04, 0.013],
        [0.1, 0.12, 0.04, 0.013],
        [0.25, 0.2, 0.05, 0],
        [0.25, 0.35, 0.03, 0.06],
        [1, 0.25, 0.08, 0.02],
      ] as const) {
        for (const z of [-2, -1, -0.3, 0, 0.3, 1]) {
          const strike = 100 * Math.exp(z * vol * Math.sqrt(years));
          const option = { right, spot: 100, strike, years, vol, rate, yield: paid, steps: 2000 };
          // The same tree without early exercise takes the error of the tree itself out.
          const fine = americanTree(option) - americanTree(option, false);
          const term = years > 0.25 ? 'year' : 'quarter';
          worst[term] = Math.max(worst[term], Math.abs(premium(right, strike, years, vol, rate, paid) - fine) / strike);
        }
      }
    }
    // Measured: 2.4e-6, and 1.2e-4 in the money at one year, where exercise at once is near.
    expect(worst.quarter).toBeLessThan(5e-6);
    expect(worst.year).toBeLessThan(2e-4);
  });

  test("makes Hull's put: 50 at 50, five months, 40 %, 10 %: 4.278 at last", () => {
    const years = 5 / 12;
    const { price } = greeks({ right: 'put', strike: 50, years }, { spot: 50, vol: 0.4, rate: 0.1, yield: 0 });
    const american = price + earlyExercisePremium({ right: 'put', strike: 50, years }, { spot: 50, vol: 0.4, rate: 0.1, yield: 0 });
    // Hull, Options, Futures and Other Derivatives, section on binomial trees: 4.278 with 500 steps, 4.283 with 100.
    expect(american).toBeCloseTo(4.284, 2);
  });

  test('is 0 where nobody exercises early', () => {
    expect(premium('call', 100, 0.5, 0.2, 0.05, 0)).toBe(0);
    expect(premium('put', 100, 0.5, 0.2, 0, 0.03)).toBe(0);
    expect(premium('put', 100, 0, 0.2, 0.05, 0)).toBe(0);
    expect(premium('put', 100, 0.5, 0, 0.05, 0)).toBe(0);
    expect(premium('put', 20, 0.05, 0.1, 0.05, 0)).toBe(0);
  });

  test('of a deep put is the interest on its strike', () => {
    expect(premium('put', 200, 0.5, 0.1, 0.05, 0)).toBeCloseTo(100 - (200 * Math.exp(-0.025) - 100), 6);
  });
});
