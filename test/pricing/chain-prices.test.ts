import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChainGreeks } from '../../src/pricing/chain-greeks.ts';
import { ChainPrices } from '../../src/pricing/chain-prices.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const bits = (column: Float64Array): bigint[] => [...new BigUint64Array(column.slice().buffer)];

test('prices are those of ChainGreeks to the bit: in the wings, at the forward, without time and without vol', () => {
  const strike = fc.oneof(between(40, 250), between(1, 10_000), fc.constant(100));
  const row = fc.tuple(strike, fc.oneof(between(0.05, 2), fc.constantFrom(0, 1e-160)));
  const years = fc.oneof(between(0, 3), fc.constantFrom(0, 1e-8));
  const rate = fc.oneof(between(-0.1, 0.2), fc.constant(0));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), years, rate, rate, between(50, 200), (rows, t, r, q, spot) => {
      const strikes = rows.map(([k]) => k);
      const at = { spot: rows.length % 3 === 0 ? 100 : spot, rate: r, yield: q, vols: rows.map(([, vol]) => vol) };
      const [greeks, prices] = [new ChainGreeks(rows.length + 2), new ChainPrices(rows.length + 2)];
      greeks.value({ years: t, strikes }, at, 1);
      prices.value({ years: t, strikes }, at, 1);
      expect(bits(prices.price)).toEqual(bits(greeks.price));
    }),
    { numRuns: 1000 },
  );
});

test('an expiry leaves the columns of the others alone', () => {
  const prices = new ChainPrices(4);
  prices.value({ years: 1, strikes: [90, 110] }, { spot: 100, rate: 0, yield: 0, vols: [0.2, 0.2] });
  const near = prices.price.slice(0, 4);
  prices.value({ years: 2, strikes: [80, 120] }, { spot: 100, rate: 0, yield: 0, vols: [0.3, 0.3] }, 2);
  expect(prices.price.slice(0, 4)).toEqual(near);
  expect(near.every((price) => price > 0)).toBe(true);
});
