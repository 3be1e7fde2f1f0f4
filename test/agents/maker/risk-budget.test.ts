import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEASURE_COUNT, measureTable, scopeOf, WHOLE } from '../../../src/agents/maker/exposures.ts';
import { limitParams, measureLimits } from '../../../src/agents/maker/measure-limits.ts';
import { RiskBudget } from '../../../src/agents/maker/risk-budget.ts';
import { smallChain } from '../../support/small-chain.ts';

const CHAIN = smallChain();
const LIMITS = { openDelta: 20, gamma: 10, vega: 100, theta: 500 } as const;
const UNDER = [LIMITS.openDelta, LIMITS.gamma, LIMITS.vega, LIMITS.theta];
const VEGA = 2;

const budgetOf = (perExpiry: Record<string, number> = {}): RiskBudget =>
  new RiskBudget(CHAIN, measureLimits(limitParams.parse({ ...LIMITS, perExpiry }), CHAIN));

/** A position, all of it in one expiry. */
const holding = (measures: Partial<Record<'delta' | 'gamma' | 'vega' | 'theta', number>>, expiry = 0): Float64Array => {
  const table = measureTable(CHAIN);
  for (const scope of [WHOLE, scopeOf(expiry)]) table.set(effect(measures), scope * MEASURE_COUNT);
  return table;
};
const effect = ({ delta = 0, gamma = 0, vega = 0, theta = 0 }): Float64Array => Float64Array.of(delta, gamma, vega, theta);

const amount = (max: number) => fc.double({ min: -max, max, noNaN: true });
const wish = fc.record({
  expiry: fc.nat(2),
  delta: amount(8),
  gamma: amount(6),
  vega: amount(60),
  theta: amount(200),
  fills: fc.boolean(),
});

test('whatever is granted and then filled, from a position inside the limits, no limit is exceeded, in all or in an expiry', () => {
  fc.assert(
    fc.property(
      fc.array(wish, { maxLength: 40 }),
      fc.array(fc.record({ delta: amount(6), gamma: amount(3), vega: amount(30), theta: amount(160) }), { minLength: 3, maxLength: 3 }),
      (wishes, held) => {
        const budget = budgetOf({ vega: 60, gamma: 5 });
        const table = measureTable(CHAIN);
        const put = (scope: number, more: Readonly<Float64Array>) =>
          more.forEach((value, m) => {
            table[scope * MEASURE_COUNT + m] = (table[scope * MEASURE_COUNT + m] ?? 0) + value;
          });
        const fill = (expiry: number, more: Readonly<Float64Array>) => {
          put(WHOLE, more);
          put(scopeOf(expiry), more);
        };
        for (const [expiry, measures] of held.entries()) fill(expiry, effect(measures));
        budget.reset(table);
        for (const asked of wishes) {
          if (budget.grant(asked.expiry, effect(asked)) === undefined && asked.fills) fill(asked.expiry, effect(asked));
        }
        table.forEach((reached, at) => {
          const [scope, m] = [Math.floor(at / MEASURE_COUNT), at % MEASURE_COUNT];
          const limit = scope === WHOLE || (m !== 1 && m !== VEGA) ? (UNDER[m] ?? 0) : m === VEGA ? 60 : 5;
          expect(Math.abs(reached)).toBeLessThanOrEqual(budget.worst(scope, m) + 1e-9);
          expect(budget.worst(scope, m)).toBeLessThanOrEqual(limit + 1e-9);
        });
      },
    ),
  );
});

test('grants as long as there is room, and to each direction its own', () => {
  const budget = budgetOf();
  const granted = (measures: Parameters<typeof effect>[0], expiry = 0) => budget.grant(expiry, effect(measures)) === undefined;
  budget.reset(holding({ vega: 40 }));
  expect([granted({ vega: 60 }), granted({ vega: 1 })]).toEqual([true, false]);
  expect([granted({ vega: -140 }), granted({ vega: -1 })]).toEqual([true, false]);
  budget.reset(holding({ gamma: 9 }));
  expect([granted({ vega: 1, gamma: 2 }), granted({ vega: 1, gamma: 1 }), granted({ vega: -1, gamma: -19 })]).toEqual([false, true, true]);
  // A bid for a call and an offer of a put both add delta.
  budget.reset(holding({ delta: 10 }));
  expect([granted({ delta: 6, vega: 1 }), granted({ delta: 6, vega: -1 }), granted({ delta: -20, vega: 1 })]).toEqual([true, false, true]);
  budget.reset(holding({ theta: -480 }));
  expect([granted({ theta: -30 }), granted({ theta: 30 })]).toEqual([false, true]);
});

describe('by expiry', () => {
  test('what is long in one and short in another counts in each, and as nothing in all', () => {
    const budget = budgetOf({ vega: 50 });
    const table = holding({ vega: 50 }, 0);
    table[scopeOf(1) * MEASURE_COUNT + VEGA] = -50;
    table[WHOLE * MEASURE_COUNT + VEGA] = 0;
    budget.reset(table);
    expect([0, 1, 2].map((expiry) => budget.grant(expiry, effect({ vega: 10 })))).toEqual([
      'limit: vega of 7d with all quotes filled, 50 $ per vol point',
      undefined,
      undefined,
    ]);
  });

  test('as much as in all where nothing else is said', () => {
    const budget = budgetOf();
    budget.reset(measureTable(CHAIN));
    expect(budget.grant(1, effect({ vega: 100 }))).toBeUndefined();
    expect(budget.grant(1, effect({ gamma: 11 }))).toBe('limit: gamma with all quotes filled, 10 units per 1 %');
  });
});

test('delta that is hedged away while quotes are open leaves no room for more', () => {
  const budget = budgetOf();
  budget.reset(holding({ delta: -15 }));
  expect(budget.grant(0, effect({ delta: 21 }))).toMatch(/^limit: delta/);
  expect(budget.grant(0, effect({ delta: 20 }))).toBeUndefined();
  expect(budget.grant(0, effect({ delta: -6 }))).toMatch(/^limit: delta/);
  expect(budget.grant(0, effect({ delta: -5 }))).toBeUndefined();
  expect(budget.worst(WHOLE, 0)).toBe(20);
  // So do hedges under way, which may be more than is needed by now.
  budget.reset(holding({ delta: -2 }), 5, 1);
  expect(budget.grant(0, effect({ delta: 18 }))).toMatch(/^limit: delta/);
  expect(budget.grant(0, effect({ delta: 17 }))).toBeUndefined();
  expect(budget.grant(0, effect({ delta: -18 }))).toMatch(/^limit: delta/);
  expect(budget.grant(0, effect({ delta: -17 }))).toBeUndefined();
});

test('a refusal reserves nothing', () => {
  const budget = budgetOf();
  budget.reset(measureTable(CHAIN));
  expect(budget.grant(0, effect({ vega: 50, gamma: 11 }))).toMatch(/^limit: gamma/);
  expect([1, VEGA].map((m) => budget.worst(WHOLE, m))).toEqual([0, 0]);
  expect(budget.grant(0, effect({ vega: 100, gamma: 10 }))).toBeUndefined();
});

test('beyond a limit, only what leads back is granted', () => {
  const budget = budgetOf();
  for (const sign of [1, -1]) {
    budget.reset(holding({ vega: 130 * sign }));
    expect(budget.grant(0, effect({ vega: sign }))).toMatch(/^limit: vega/);
    expect(budget.grant(0, effect({ vega: -50 * sign }))).toBeUndefined();
  }
});

test('what is open counts until it is gone, and its room is not granted again while it is being withdrawn', () => {
  const budget = budgetOf();
  budget.reset(measureTable(CHAIN));
  budget.hold(0, effect({ vega: 60, gamma: 1 }));
  budget.hold(1, effect({ vega: 40, gamma: 1 }));
  budget.giveUp(0, effect({ vega: 60, gamma: 1 }));
  expect(budget.keep(1, effect({ vega: 40, gamma: 1 }))).toBeUndefined();
  expect(budget.grant(0, effect({ vega: 1 }))).toMatch(/^limit: vega/);
  expect(budget.worst(WHOLE, VEGA)).toBe(100);
});

test('when the open quotes exceed a limit, as many are withdrawn as it takes, and no more', () => {
  const budget = budgetOf();
  budget.reset(holding({ vega: -20 }));
  for (let i = 0; i < 3; i += 1) budget.hold(0, effect({ vega: -30, gamma: -1 }));
  expect([0, 1, 2].map(() => budget.keep(0, effect({ vega: -30, gamma: -1 })) === undefined)).toEqual([false, true, true]);
});
