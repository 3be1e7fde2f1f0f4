import { describe, expect, test } from 'vitest';
import { scopeOf, WHOLE } from '../../../../src/agents/maker/exposures.ts';
import { Latches } from '../../../../src/agents/maker/protection/latches.ts';
import { CALM, PULL, REDUCE_ONLY, WIDEN } from '../../../../src/agents/maker/protection/level.ts';
import { blankRuling, rule } from '../../../../src/agents/maker/protection/ruling.ts';
import { lots } from '../../../../src/core/units.ts';
import type { OptionSeries } from '../../../../src/market/instrument.ts';
import { smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain();
const inExpiry = (expiry: number, right: 'call' | 'put' = 'call') =>
  CHAIN.options.find((option) => option.expiry === expiry && option.right === right) as OptionSeries;
const VEGA = 2;

function stage() {
  const notes: string[] = [];
  const latches = new Latches(CHAIN, 10, (text) => notes.push(text));
  return { latches, notes };
}

test('tells each change of a level with its reason, and no other look', () => {
  const { latches, notes } = stage();
  latches.vote('fast-market', WHOLE, { level: WIDEN, reason: 'a move' }, 0);
  latches.vote('fast-market', WHOLE, { level: WIDEN, reason: 'a move' }, 1);
  latches.vote('fast-market', WHOLE, { level: PULL, reason: 'a jump' }, 2);
  latches.vote('vega', scopeOf(1), { level: REDUCE_ONLY, reason: 'much vega' }, 3);
  for (const now of [4, 11.9]) latches.vote('fast-market', WHOLE, CALM, now);
  latches.vote('fast-market', WHOLE, CALM, 12);
  expect(notes).toEqual([
    'widen (fast-market): a move',
    'pull (fast-market): a jump',
    'reduce-only in 30d (vega): much vega',
    'normal (fast-market): calm again',
  ]);
});

test('counts activations by guard, with the highest level, and seconds at the highest level of any', () => {
  const { latches } = stage();
  for (let now = 0; now <= 100; now += 1) {
    latches.look(now);
    const jump = now === 20 || now === 60;
    latches.vote('fast-market', WHOLE, jump ? { level: PULL, reason: 'a jump' } : CALM, now);
    latches.vote('vega', scopeOf(0), now >= 25 && now < 40 ? { level: WIDEN, reason: 'much vega' } : CALM, now);
  }
  const { secondsAt, guards } = latches.inspect();
  expect(guards).toEqual([
    { guard: 'fast-market', activations: 2, highest: 'pull' },
    { guard: 'vega', activations: 1, highest: 'widen' },
  ]);
  // Pulled from 20 to 30 and from 60 to 70; wider from 30 to 49.
  expect(secondsAt).toEqual({ normal: 61, widen: 19, 'reduce-only': 0, pull: 20, flatten: 0 });
});

test('time between two sessions is not counted', () => {
  const { latches } = stage();
  latches.look(0);
  latches.look(10);
  latches.closed();
  latches.look(50_000);
  latches.look(50_005);
  expect(latches.inspect().secondsAt['normal']).toBe(15);
});

test('the highest level of the whole chain, and of any', () => {
  const { latches } = stage();
  latches.vote('vega', scopeOf(2), { level: PULL, reason: 'much vega' }, 0);
  latches.vote('gamma', WHOLE, { level: WIDEN, reason: 'much gamma' }, 0);
  expect([latches.wholeLevel(), latches.wholeLevel('gamma'), latches.highest.level]).toEqual([WIDEN, 0, PULL]);
  expect(latches.highest.held).toMatchObject({ guard: 'vega', scope: scopeOf(2) });
  expect(latches.place(scopeOf(2))).toBe(' in 90d');
});

describe('rules on a side', () => {
  const contract = (delta: number, vega: number) => Float64Array.of(delta, 0, vega, 0);
  const ruled = (latches: Latches, option: OptionSeries, side: 'buy' | 'sell', held = 0, measures = contract(0.5, 80)) => {
    const { widen, most, reason } = rule(latches, option, side, lots(held), measures, 1.5, blankRuling());
    return [widen, most, reason] as const;
  };
  const FREE = [1, Number.POSITIVE_INFINITY, ''];

  test('nothing, where no guard asks for anything', () => {
    expect(ruled(stage().latches, inExpiry(0), 'buy')).toEqual(FREE);
  });

  test('an expiry that is pulled has no quotes, the others do', () => {
    const { latches } = stage();
    latches.vote('off-market', scopeOf(1), { level: PULL, reason: 'lost' }, 0);
    expect(ruled(latches, inExpiry(1), 'sell')).toEqual([1, 0, 'pull (off-market): lost']);
    expect(ruled(latches, inExpiry(0), 'sell')).toEqual(FREE);
  });

  test('where an exposure is over, only sides that lower it', () => {
    const { latches } = stage();
    latches.vote('vega', WHOLE, { level: REDUCE_ONLY, reason: 'much vega', over: { measure: VEGA, sign: 1 } }, 0);
    expect(ruled(latches, inExpiry(0), 'buy')[1]).toBe(0);
    expect(ruled(latches, inExpiry(0), 'sell')).toEqual(FREE);
    // Delta too low: calls may be bought and puts sold.
    const short = stage().latches;
    short.vote('delta', WHOLE, { level: REDUCE_ONLY, reason: 'short', over: { measure: 0, sign: -1 } }, 0);
    const sides = (['call', 'put'] as const).flatMap((right) =>
      (['buy', 'sell'] as const).map((side) => ruled(short, inExpiry(0, right), side, 0, contract(right === 'call' ? 0.5 : -0.5, 80))[1]),
    );
    expect(sides).toEqual([Number.POSITIVE_INFINITY, 0, 0, Number.POSITIVE_INFINITY]);
  });

  test('two that are over in opposite directions leave nothing', () => {
    const { latches } = stage();
    latches.vote('vega', WHOLE, { level: REDUCE_ONLY, reason: 'much vega', over: { measure: VEGA, sign: 1 } }, 0);
    latches.vote('delta', WHOLE, { level: REDUCE_ONLY, reason: 'short', over: { measure: 0, sign: -1 } }, 0);
    expect(ruled(latches, inExpiry(0), 'buy')[1]).toBe(0);
    expect(ruled(latches, inExpiry(0), 'sell')).toEqual([1, 0, 'reduce-only (delta): short']);
  });

  test('without an exposure, no more than what is held, and toward nothing', () => {
    const { latches } = stage();
    latches.vote('loss', WHOLE, { level: REDUCE_ONLY, reason: 'a loss' }, 0);
    expect([ruled(latches, inExpiry(0), 'sell', 7)[1], ruled(latches, inExpiry(0), 'buy', 7)[1]]).toEqual([7, 0]);
    expect([ruled(latches, inExpiry(0), 'sell', -7)[1], ruled(latches, inExpiry(0), 'buy', -7)[1]]).toEqual([0, 7]);
  });

  test('what is wider is wider on sides that add, or on both', () => {
    const { latches } = stage();
    latches.vote('vega', WHOLE, { level: WIDEN, reason: 'much vega', over: { measure: VEGA, sign: 1 } }, 0);
    expect(ruled(latches, inExpiry(0), 'buy')).toEqual([1.5, Number.POSITIVE_INFINITY, 'widen (vega): much vega']);
    expect(ruled(latches, inExpiry(0), 'sell')).toEqual(FREE);
    latches.vote('fast-market', WHOLE, { level: WIDEN, reason: 'a move' }, 0);
    expect(ruled(latches, inExpiry(0), 'sell')[0]).toBe(1.5);
  });
});
