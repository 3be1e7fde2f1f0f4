import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greeks } from '../../src/pricing/black-scholes.ts';
import { ChainGreeks } from '../../src/pricing/chain-greeks.ts';

const COLUMNS = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const;

/** -0 and 0 are one value here. */
const plain = (value: number): number => value + 0;

test('every column has the bits of greeks, wherever the expiry stands, at expiry and at zero vol too', () => {
  const expiry = fc.record({
    years: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 5, noNaN: true })),
    spot: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    yield: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    series: fc.array(
      fc.record({
        z: fc.oneof(fc.constant(0), fc.double({ min: -30, max: 30, noNaN: true })),
        vol: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 4, noNaN: true })),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  });
  fc.assert(
    fc.property(expiry, fc.nat(5), ({ years, spot, rate, yield: carry, series }, first) => {
      const strikes = series.map(
        ({ z, vol }) => spot * Math.exp(Math.max(-200, Math.min(200, z * Math.max(vol, 0.01) * Math.sqrt(years)))),
      );
      const vols = series.map(({ vol }) => vol);
      const chain = new ChainGreeks(first + series.length);
      chain.value({ years, strikes }, { spot, rate, yield: carry, vols }, first);
      for (const [i, strike] of strikes.entries()) {
        for (const right of ['call', 'put'] as const) {
          const expected = greeks({ right, strike, years }, { spot, rate, yield: carry, vol: vols[i] ?? 0 });
          const at = 2 * (first + i) + (right === 'call' ? 0 : 1);
          for (const name of COLUMNS)
            expect(plain(chain[name][at] ?? Number.NaN), `${name} of ${right} ${strike}`).toBe(plain(expected[name]));
        }
      }
      expect(chain.price.slice(0, 2 * first).every((value) => value === 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a strike of 0', { strikes: [100, 0] }, {}],
  ['a negative vol', {}, { vols: [0.2, -0.2] }],
  ['NaN', {}, { spot: Number.NaN }],
  ['another number of vols', {}, { vols: [0.2] }],
  ['more strikes than there is room for', { strikes: [1, 2, 3] }, { vols: [1, 1, 1] }],
])('%s is a bug of the caller', (_, expiry, at) => {
  const chain = new ChainGreeks(2);
  const value = () => chain.value({ years: 1, strikes: [100, 110], ...expiry }, { spot: 100, rate: 0, yield: 0, vols: [0.2, 0.2], ...at });
  expect(value).toThrow(RangeError);
});
