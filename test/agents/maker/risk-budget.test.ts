import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RiskBudget } from '../../../src/agents/maker/risk-budget.ts';

interface Wish {
  readonly side: 'buy' | 'sell';
  readonly vega: number;
  readonly gamma: number;
}

const wishes = fc.array(
  fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    vega: fc.double({ min: 0, max: 60, noNaN: true }),
    gamma: fc.double({ min: 0, max: 6, noNaN: true }),
  }),
  { maxLength: 40 },
);

test('whatever is granted and then filled, from a position inside the limits, no limit is exceeded', () => {
  fc.assert(
    fc.property(
      wishes,
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.infiniteStream(fc.boolean()),
      (asked, vega, gamma, fills) => {
        const budget = new RiskBudget(100, 10);
        budget.reset(vega, gamma);
        const granted = asked.filter((wish: Wish) => budget.grant(wish.side, wish.vega, wish.gamma));
        // Any part of the granted quotes may fill.
        let filledVega = vega;
        let filledGamma = gamma;
        for (const wish of granted) {
          if (fills.next().value !== true) continue;
          const sign = wish.side === 'buy' ? 1 : -1;
          filledVega += sign * wish.vega;
          filledGamma += sign * wish.gamma;
        }
        for (const [reached, worst, limit] of [
          [filledVega, budget.worstVega, 100],
          [filledGamma, budget.worstGamma, 10],
        ] as const) {
          expect(Math.abs(reached)).toBeLessThanOrEqual(worst + 1e-9);
          expect(worst).toBeLessThanOrEqual(limit + 1e-9);
        }
      },
    ),
  );
});

test('grants as long as there is room, and to each side its own', () => {
  const budget = new RiskBudget(100, 10);
  budget.reset(40, 0);
  expect([budget.grant('buy', 60, 1), budget.grant('buy', 1, 0)]).toEqual([true, false]);
  expect([budget.grant('sell', 140, 1), budget.grant('sell', 1, 0)]).toEqual([true, false]);
  budget.reset(0, 9);
  expect([budget.grant('buy', 1, 2), budget.grant('buy', 1, 1), budget.grant('sell', 1, 19)]).toEqual([false, true, true]);
});

test('a refusal reserves nothing', () => {
  const budget = new RiskBudget(100, 10);
  budget.reset(0, 0);
  expect(budget.grant('buy', 50, 11)).toBe(false);
  expect([budget.worstVega, budget.worstGamma]).toEqual([0, 0]);
  expect(budget.grant('buy', 100, 10)).toBe(true);
});

test('beyond a limit, only what leads back is granted', () => {
  const budget = new RiskBudget(100, 10);
  budget.reset(130, 0);
  expect([budget.grant('buy', 1, 0), budget.grant('sell', 50, 0)]).toEqual([false, true]);
  budget.reset(-130, 0);
  expect([budget.grant('sell', 1, 0), budget.grant('buy', 50, 0)]).toEqual([false, true]);
});

test('what is open counts until it is gone, and its room is not granted again while it is being withdrawn', () => {
  const budget = new RiskBudget(100, 10);
  budget.reset(0, 0);
  budget.hold('buy', 60, 1);
  budget.hold('buy', 40, 1);
  budget.giveUp('buy', 60, 1);
  expect(budget.keep('buy', 40, 1)).toBe(true);
  expect(budget.grant('buy', 1, 0)).toBe(false);
  expect(budget.worstVega).toBe(100);
});

test('when the open quotes exceed a limit, as many are withdrawn as it takes, and no more', () => {
  const budget = new RiskBudget(100, 10);
  budget.reset(-20, 0);
  for (let i = 0; i < 3; i += 1) budget.hold('sell', 30, 1);
  expect([0, 1, 2].map(() => budget.keep('sell', 30, 1))).toEqual([false, true, true]);
});
