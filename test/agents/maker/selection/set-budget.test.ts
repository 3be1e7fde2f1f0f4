import { describe, expect, test } from 'vitest';
import { SetBudget } from '../../../../src/agents/maker/selection/set-budget.ts';
import { MARGIN_GRID, ScenarioLosses, worstLoss } from '../../../../src/risk/scenario-losses.ts';
import { quotingView, type ViewChanges } from '../../../support/quoting-view.ts';

const { chain: CHAIN, theo: THEO } = quotingView();
/** Calls alone: their risks add up. */
const AT_MONEY = CHAIN.options.flatMap(({ id, strike, right }) => (strike === 70_000 && right === 'call' ? [id - 1] : []));

function budget(terms: ConstructorParameters<typeof SetBudget>[1], changes: ViewChanges = {}, underlying = 0): SetBudget {
  const of = new SetBudget(quotingView(changes), terms);
  of.look(underlying);
  return of;
}

test('without limits everything fits', () => {
  const of = budget({});
  for (const { id } of CHAIN.options) expect(of.admit(id - 1)).toBeUndefined();
});

describe('margin', () => {
  /** Worst loss with these series bought, and with them sold. */
  function worst(series: readonly number[]): number {
    const losses = new ScenarioLosses(CHAIN, MARGIN_GRID);
    losses.update(THEO);
    const out = new Float64Array(losses.cells);
    const of = (sign: number): number => {
      const units = new Float64Array(CHAIN.options.length);
      for (const i of series) units[i] = sign;
      return worstLoss(losses.position(units, 0, out));
    };
    return Math.max(of(1), of(-1));
  }

  test('admits until all bids, or all offers, would need more than the limit', () => {
    const [a, b, c] = AT_MONEY as [number, number, number];
    const of = budget({ marginDollars: worst([a, b]) + 1 });
    expect(of.admit(a)).toBeUndefined();
    expect(of.admit(b)).toBeUndefined();
    expect(of.admit(c)).toMatch(/^would need \d+ \$ of margin, the limit is /);
    // What was refused took no room, and starting over gives all of it back.
    of.startOver();
    expect([of.admit(a), of.admit(b)]).toEqual([undefined, undefined]);
    expect(budget({ marginDollars: worst([a, b]) - 1 }).admit(a)).toBeUndefined();
  });

  test('counts what is held, the hedge included', () => {
    const units = new Float64Array(CHAIN.options.length);
    const i = AT_MONEY[0] ?? 0;
    units[i] = -5;
    const bare = budget({}, { units }).margin.used;
    const hedged = budget({}, { units }, 5 * (THEO.delta[i] ?? 0)).margin.used;
    expect(bare).toBeGreaterThan(0);
    expect(hedged).toBeLessThan(bare);
  });

  test('a clip raises it by its worse side', () => {
    const of = budget({});
    const i = AT_MONEY[0] ?? 0;
    expect(of.margin.increase(i, 1)).toBeCloseTo(worst([i]), 6);
    const units = new Float64Array(CHAIN.options.length);
    units[i] = 1;
    // Of the two sides of one more clip, buying more is the worse only up to the premium; selling ends what is held.
    expect(budget({}, { units }).margin.increase(i, 1)).toBeLessThan(worst([i]));
  });
});

describe('an expiry', () => {
  test('has limits of its own, on vega, gamma and delta', () => {
    const [a] = AT_MONEY as [number];
    const vega = (THEO.vega[a] ?? 0) / 100;
    const gamma = ((THEO.gamma[a] ?? 0) * THEO.spot) / 100;
    const delta = Math.abs(THEO.delta[a] ?? 0);
    for (const [name, terms] of Object.entries({
      vega: (x: number) => ({ expiryVega: x * vega }),
      gamma: (x: number) => ({ expiryGamma: x * gamma }),
      delta: (x: number) => ({ expiryDelta: x * delta }),
    })) {
      const of = budget(terms(1.01));
      expect(of.admit(a), name).toBeUndefined();
      expect(of.admit(a), name).toMatch(new RegExp(`^would bring ${name} in 7d to `));
      expect(budget(terms(0.99)).admit(a), name).toMatch(/the limit is/);
    }
  });

  test('does not count against the others', () => {
    const first = CHAIN.options.filter(({ strike, right }) => strike === 70_000 && right === 'call').map(({ id }) => id - 1);
    const largest = Math.max(...first.map((i) => (THEO.vega[i] ?? 0) / 100));
    const of = budget({ expiryVega: largest * 1.01 });
    for (const i of first) expect(of.admit(i)).toBeUndefined();
  });
});

test('a stress loss is refused by its own limit', () => {
  expect(budget({ stressDollars: 1 }).admit(AT_MONEY[0] ?? 0)).toMatch(/ \$ of stress loss, the limit is 1 \$$/);
});
