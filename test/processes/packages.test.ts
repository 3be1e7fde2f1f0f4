import { describe, expect, test } from 'vitest';
import { PackageLegs } from '../../src/processes/packages.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const LEGS = new PackageLegs(CHAIN);
const SPOT = 70_000;

const series = (expiry: number, strike: number, right: 'call' | 'put') => {
  const found = CHAIN.options.find((option) => option.expiry === expiry && option.strike === strike && option.right === right);
  if (found === undefined) throw new Error(`no ${expiry} ${strike} ${right}`);
  return found;
};
const strikes = CHAIN.expiries[0]?.strikes ?? [];
const [low = 0, middle = 0, high = 0] = [strikes[0], strikes[Math.floor(strikes.length / 2)], strikes.at(-1)];

describe('second legs', () => {
  test('a straddle takes the other right at the strike, on the same side', () => {
    expect(LEGS.second('straddle', series(0, low, 'put'), SPOT)).toEqual({ option: series(0, low, 'call'), sameSide: true });
  });

  test('a risk reversal takes the other right on the other side of the spot, the other way round', () => {
    const leg = LEGS.second('risk-reversal', series(0, low, 'put'), SPOT);
    expect(leg?.sameSide).toBe(false);
    expect(leg?.option.right).toBe('call');
    expect(leg?.option.strike).toBeGreaterThan(SPOT);
    const nearest = [...strikes].sort((a, b) => Math.abs(a - (SPOT * SPOT) / low) - Math.abs(b - (SPOT * SPOT) / low))[0];
    expect(leg?.option.strike).toBe(nearest);
    expect(LEGS.second('risk-reversal', series(0, middle, 'put'), middle)).toBeUndefined();
  });

  test('a vertical takes the next strike out of the money, and none beyond the last', () => {
    expect(LEGS.second('vertical', series(0, low, 'call'), SPOT)?.option).toBe(series(0, strikes[1] ?? 0, 'call'));
    expect(LEGS.second('vertical', series(0, high, 'put'), SPOT)?.option).toBe(series(0, strikes.at(-2) ?? 0, 'put'));
    expect(LEGS.second('vertical', series(0, low, 'put'), SPOT)).toBeUndefined();
    expect(LEGS.second('vertical', series(0, high, 'call'), SPOT)).toBeUndefined();
  });

  test('a calendar takes the nearest strike of the next expiry, of the last one that of the expiry before', () => {
    const near = LEGS.second('calendar', series(0, middle, 'call'), SPOT);
    expect(near?.sameSide).toBe(false);
    expect(near?.option.expiry).toBe(1);
    expect(near?.option.right).toBe('call');
    const last = CHAIN.expiries.length - 1;
    const far = LEGS.second('calendar', series(last, CHAIN.expiries[last]?.strikes[0] ?? 0, 'put'), SPOT);
    expect(far?.option.expiry).toBe(last - 1);
  });
});
