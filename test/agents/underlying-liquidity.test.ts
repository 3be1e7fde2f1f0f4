import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { underlyingLiquidity } from '../../src/agents/underlying-liquidity.ts';
import { ExchangeDesk } from '../support/exchange-desk.ts';
import { FakeOracle, fakeSetup, TEST_SPOT } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const ID = CHAIN.underlying.id;
const PARAMS = { halfSpreadBp: 0.3, levels: 5, levelStepBp: 0.5, size: 4 };

function stage(params: Record<string, unknown> = PARAMS) {
  const oracle = new FakeOracle(CHAIN);
  const desk = new ExchangeDesk(CHAIN, underlyingLiquidity.build(params, fakeSetup(CHAIN, { oracle })));
  desk.open();
  return { oracle, desk };
}

/** The ladder around a spot: prices of the rungs, rounded away from it, 400 lots each. */
function ladder(spot: number, side: 'buy' | 'sell') {
  const sign = side === 'buy' ? -1 : 1;
  return Array.from({ length: 5 }, (_, level) => {
    const price = spot * (1 + (sign * (0.3 + 0.5 * level)) / 10_000);
    return [side === 'buy' ? Math.floor(price + 1e-9) : Math.ceil(price - 1e-9), 400] as const;
  });
}

test('quotes levels around the spot', () => {
  const { desk } = stage();
  desk.wake(0);
  for (const side of ['buy', 'sell'] as const) expect(desk.levels(ID, side)).toEqual(ladder(TEST_SPOT, side));
});

describe('when the spot moves', () => {
  test.each([1, -1])('by jumps to %d, none of its orders ever meets another one of its own', (sign) => {
    const { oracle, desk } = stage();
    desk.wake(0);
    let spot = TEST_SPOT;
    [0.0001, 0.0005, 0.003, 0.02, 0.1].forEach((jump, n) => {
      spot *= 1 + sign * jump;
      oracle.move(spot);
      desk.wake(n + 1);
      expect(desk.prevented, `after a jump of ${sign * jump}`).toBe(0);
      for (const side of ['buy', 'sell'] as const) expect(desk.levels(ID, side)).toEqual(ladder(spot, side));
    });
  });

  test('on any path', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 1, maxLength: 20 }), (moves) => {
        const { oracle, desk } = stage();
        let spot = TEST_SPOT;
        desk.wake(0);
        moves.forEach((move, n) => {
          spot *= 1 + move;
          oracle.move(spot);
          desk.wake(n + 1);
        });
        expect(desk.prevented).toBe(0);
        // Neighbouring rungs may share a price; the lots are all there.
        for (const side of ['buy', 'sell'] as const) expect(desk.levels(ID, side).reduce((sum, [, size]) => sum + size, 0)).toBe(2000);
      }),
      { numRuns: 40 },
    );
  });

  test('sends nothing while it stands still', () => {
    const { desk } = stage();
    expect(desk.wake(0)).toHaveLength(10);
    expect(desk.wake(1)).toEqual([]);
  });
});

test('what was taken is there again at the next look', () => {
  const { desk } = stage();
  desk.wake(0);
  desk.other(ID, 'buy', 70_010, 900);
  desk.deliver();
  expect(desk.levels(ID, 'sell')).toHaveLength(3);
  desk.wake(1);
  expect(desk.levels(ID, 'sell').slice(0, 2)).toEqual(ladder(TEST_SPOT, 'sell').slice(0, 2));
  expect(desk.prevented).toBe(0);
  expect(desk.position(ID)).toBe(-900);
});

test('quotes around the fundamental value of the perpetual, which may stand away from the spot', () => {
  const { oracle, desk } = stage();
  oracle.basis = 0.002;
  desk.wake(0);
  for (const side of ['buy', 'sell'] as const) expect(desk.levels(ID, side)).toEqual(ladder(TEST_SPOT * 1.002, side));
});
