import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { buildChain, type ChainSpec } from '../../src/market/chain.ts';

const SPEC: ChainSpec = {
  symbol: 'SPX',
  underlying: { tickSize: 0.5, lotSize: 1 },
  options: { tickSize: 0.05, lotSize: 10 },
  expiries: [
    { label: 'a', years: 0.02, carry: 0.01, strikes: [90, 100.5] },
    { label: 'b', years: 0.08, carry: 0.02, strikes: [80, 100, 120] },
  ],
};

describe('a chain', () => {
  test('numbers its instruments without gaps: the underlying, then by expiry, strike, call before put', () => {
    const { instruments, options, underlying, expiries } = buildChain(SPEC);
    expect(instruments.map((each) => each.symbol)).toEqual([
      'SPX-PERP',
      ...['a-90-C', 'a-90-P', 'a-100.5-C', 'a-100.5-P', 'b-80-C', 'b-80-P', 'b-100-C', 'b-100-P', 'b-120-C', 'b-120-P'].map(
        (end) => `SPX-${end}`,
      ),
    ]);
    instruments.forEach((each, id) => {
      expect(each.id).toBe(id);
    });
    expect([instruments[0], instruments[1]]).toEqual([underlying, options[0]]);
    expect(options.map((option) => [option.expiry, option.strike, option.right]).at(-1)).toEqual([1, 120, 'put']);
    expect(expiries.map((expiry) => expiry.index)).toEqual([0, 1]);
    expect([underlying.moneyPerTickLot, options[0]?.moneyPerTickLot]).toEqual([500_000, 500_000]);
  });

  test.each<[string, ChainSpec['expiries']]>([
    ['expiries that fall', [...SPEC.expiries].reverse()],
    ['an expiry at the opening', [{ label: 'x', years: 0, carry: 0, strikes: [1] }]],
    ['a strike twice', [{ label: 'x', years: 1, carry: 0, strikes: [1, 1] }]],
    ['a strike of 0', [{ label: 'x', years: 1, carry: 0, strikes: [0, 1] }]],
  ])('%s is a bug of whoever asks for it', (_what, expiries) => {
    expect(() => buildChain({ ...SPEC, expiries })).toThrow(InvariantError);
  });
});
