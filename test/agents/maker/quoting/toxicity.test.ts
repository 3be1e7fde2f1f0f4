import { describe, expect, test } from 'vitest';
import { Toxicity, toxicityParams } from '../../../../src/agents/maker/quoting/toxicity.ts';
import { TheoChain } from '../../../../src/pricing/theo.ts';
import { TEST_FACTORS, TEST_SPOT } from '../../../support/fake-desk.ts';
import { plainTerms, smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain();
const SECOND = 1 / 31_536_000;
const CALL = CHAIN.options.find(
  ({ expiry, strike, right }) => expiry === 1 && strike === 70_000 && right === 'call',
) as (typeof CHAIN.options)[number];
const NEAR = CHAIN.options.find(({ expiry }) => expiry === 0) as (typeof CHAIN.options)[number];

/** Values of the chain that a test can move, by the level of vol and the spot. */
function market() {
  const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  const move = (level = 0, spot = TEST_SPOT): void => {
    theo.move([(TEST_FACTORS[0] ?? 0) + level, ...TEST_FACTORS.slice(1)], spot, 0);
    theo.valueAll();
  };
  move();
  return { theo, move };
}
const toxicity = (params: object = {}): Toxicity => new Toxicity(CHAIN.expiries.length, toxicityParams.parse({ priorFills: 0, ...params }));

/** Fills at a level of 0, then the level moves, and a minute passes. Returns the loss per fill in vol, hedged. */
function followed(of: Toxicity, fills: readonly number[], level: number, spot = TEST_SPOT, priced = 0): number {
  const { theo, move } = market();
  const i = CALL.id - 1;
  for (const clips of fills) of.filled(CALL, clips, priced, theo, 0);
  const [price, vega, delta] = [theo.price[i] ?? 0, theo.vega[i] ?? 0, theo.delta[i] ?? 0];
  move(level, spot);
  of.look(theo, 60 * SECOND);
  return ((theo.price[i] ?? 0) - price - delta * (spot - TEST_SPOT)) / vega;
}

describe('what fills give back', () => {
  test('is the fall of the value after a purchase, and its rise after a sale, in vol', () => {
    for (const [sign, level] of [
      [1, -0.02],
      [-1, 0.02],
    ] as const) {
      const of = toxicity();
      const move = followed(of, [sign], level);
      expect(-sign * move).toBeGreaterThan(0.005);
      expect(of.of(1)).toBeCloseTo(-sign * move, 12);
      // Other expiries know nothing of it.
      expect([of.of(0), of.of(2)]).toEqual([0, 0]);
    }
  });

  test('is 0 where values went with the maker', () => {
    const of = toxicity();
    followed(of, [1, 1], 0.02);
    expect(of.of(1)).toBe(0);
  });

  test('is hedged: a move of the spot alone is no loss, but for what gamma makes of it', () => {
    const of = toxicity();
    followed(of, [-1], 0, TEST_SPOT * 1.0005);
    expect(of.of(1)).toBeLessThan(2e-5);
    const { theo } = market();
    // Unhedged it would have been more than 15 dollars, a fifth of a vol point.
    expect(((theo.delta[CALL.id - 1] ?? 0) * 0.0005 * TEST_SPOT) / (theo.vega[CALL.id - 1] ?? 1)).toBeGreaterThan(2e-3);
  });

  test('counts only beyond what was priced', () => {
    const plain = toxicity();
    followed(plain, [1], -0.02);
    const of = toxicity();
    followed(of, [1], -0.02, TEST_SPOT, 0.003);
    expect(of.of(1)).toBeCloseTo(plain.of(1) - 0.003, 12);
  });

  test('is judged after its time, once', () => {
    const of = toxicity({ horizonSeconds: 90, memoryFills: 1e9 });
    const { theo, move } = market();
    of.filled(CALL, 1, 0, theo, 0);
    of.filled(CALL, 1, 0, theo, 30 * SECOND);
    move(-0.02);
    of.look(theo, 89 * SECOND);
    expect(of.of(1)).toBe(0);
    of.look(theo, 91 * SECOND);
    const first = of.of(1);
    expect(first).toBeGreaterThan(0.005);
    of.look(theo, 100 * SECOND);
    expect(of.of(1)).toBe(first);
    move(0);
    of.look(theo, 121 * SECOND);
    expect(of.of(1)).toBeCloseTo(first / 2, 9);
  });
});

describe('the mean', () => {
  test('is shrunk to 0 by the fills taken for granted', () => {
    const loss = (params: object): number => {
      const of = toxicity({ memoryFills: 1e9, ...params });
      followed(
        of,
        Array.from({ length: 10 }, () => 1),
        -0.02,
      );
      return of.of(1);
    };
    expect(loss({ priorFills: 30 }) / loss({ priorFills: 0 })).toBeCloseTo(10 / 40, 6);
  });

  test('weighs a fill of half a clip half, and one of many clips as one', () => {
    const of = toxicity({ memoryFills: 1e9, priorFills: 1 });
    const move = followed(of, [0.5], -0.02);
    expect(of.of(1)).toBeCloseTo((-move * 0.5) / 1.5, 9);
    const many = toxicity({ memoryFills: 1e9, priorFills: 1 });
    followed(many, [7], -0.02);
    expect(many.of(1)).toBeCloseTo(-move / 2, 9);
  });

  test('forgets old fills: memoryFills of them leave 1/e of what was before', () => {
    const of = toxicity({ memoryFills: 20, priorFills: 1e6 });
    followed(of, [1], -0.02);
    const first = of.of(1);
    followed(
      of,
      Array.from({ length: 20 }, () => 1),
      0,
    );
    expect(of.of(1) / first).toBeCloseTo(Math.exp(-1), 4);
  });

  test('holds through a night, without the fills that were not judged', () => {
    const of = toxicity();
    followed(of, [1], -0.02);
    const before = of.of(1);
    const { theo, move } = market();
    of.filled(CALL, -1, 0, theo, 0);
    of.forget();
    move(0.05);
    of.look(theo, 1e6 * SECOND);
    expect(of.of(1)).toBe(before);
  });

  test('a series without vega tells nothing', () => {
    const of = toxicity();
    const { theo } = market();
    theo.move(TEST_FACTORS, TEST_SPOT, 7.5 / 365);
    theo.valueAll();
    of.filled(NEAR, 1, 0, theo, 0);
    of.look(theo, 1);
    expect(of.of(0)).toBe(0);
  });
});
