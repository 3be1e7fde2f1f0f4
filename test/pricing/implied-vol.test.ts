import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blackPrice, greeks } from '../../src/pricing/black-scholes.ts';
import { type ImpliedVolFailure, impliedVol, type OptionPrice } from '../../src/pricing/implied-vol.ts';
import { cell, type ReferenceRow, referenceRows } from '../support/reference-table.ts';

const rows = referenceRows('implied_vol.csv');

const optionPrice = (row: ReferenceRow): OptionPrice => ({
  right: row['type'] === 'call' ? 'call' : 'put',
  forward: cell(row, 'forward'),
  strike: cell(row, 'strike'),
  years: cell(row, 'time'),
  discount: cell(row, 'discount'),
  price: cell(row, 'price'),
});

describe.skipIf(rows === undefined)('1495 prices, 60 digits', () => {
  const expecting = (outcome: string): readonly ReferenceRow[] => (rows ?? []).filter((row) => row['expect'] === outcome);

  test('each of the 1128 that have a vol gives it, within what one rounding of the inputs causes', () => {
    const solvable = expecting('ok');
    expect(solvable).toHaveLength(1128);
    for (const row of solvable) {
      const got = impliedVol(optionPrice(row));
      const error = typeof got === 'number' ? Math.abs(got / cell(row, 'vol_at_price') - 1) : Infinity;
      // Measured 1.000; 1.25 leaves room for another libm.
      expect(error / cell(row, 'bound'), JSON.stringify(row)).toBeLessThanOrEqual(1.25);
    }
  });

  test.each([
    ['at_intrinsic', 25, 'at-intrinsic'],
    ['reject_below', 104, 'below-intrinsic'],
    ['reject_above', 84, 'above-maximum'],
    ['reject_input', 54, 'bad-input'],
  ] as const)('%s: all %i give %s', (outcome, count, failure) => {
    const refused = expecting(outcome);
    expect(refused).toHaveLength(count);
    for (const row of refused) expect(impliedVol(optionPrice(row)), JSON.stringify(row)).toBe(failure);
  });

  test('the 100 at the edge of what a price can say give a vol or a reason', () => {
    const edge = [...expecting('boundary_low'), ...expecting('boundary_high')];
    expect(edge).toHaveLength(100);
    for (const row of edge) {
      const got = impliedVol(optionPrice(row));
      if (typeof got === 'number') expect(got >= 0 && got < Infinity, JSON.stringify(row)).toBe(true);
      else expect(['no-information', 'at-intrinsic'], JSON.stringify(row)).toContain(got);
    }
  });
});

const models = referenceRows('ssvi_heston.csv')?.filter((row) => row['model'] === 'heston' || row['model'] === 'bates');

test.skipIf(models === undefined)(
  '420 prices of Heston and Bates give the vols beside them, as far as twelve digits and the price go',
  () => {
    expect(models).toHaveLength(420);
    let exact = 0;
    for (const row of models ?? []) {
      const [spot, strike, years, rate] = [cell(row, 'spot'), cell(row, 'strike'), cell(row, 'time'), cell(row, 'rate')];
      const forward = spot * Math.exp((rate - cell(row, 'yield')) * years);
      const right = row['type'] === 'call' ? 'call' : 'put';
      const discount = Math.exp(-rate * years);
      const vol = impliedVol({ right, forward, strike, years, discount, price: cell(row, 'price') });
      const expected = cell(row, 'implied_vol');
      // Half a unit of the twelfth digit, and what some roundings of price, forward and discount move: eps·(S + price)/(vol·vega).
      const { vega } = greeks({ right, strike, years }, { spot, vol: expected, rate, yield: cell(row, 'yield') });
      const bound = 5e-12 + (4 * Number.EPSILON * (spot + strike)) / (expected * vega);
      expect(typeof vol === 'number' ? Math.abs(vol / expected - 1) : vol, JSON.stringify(row)).toBeLessThan(bound);
      if (typeof vol === 'number' && Math.abs(vol / expected - 1) <= 5e-12) exact += 1;
    }
    expect(exact).toBeGreaterThan(400);
  },
);

test("inverts the repository's own table", () => {
  const table: readonly (Omit<OptionPrice, 'forward' | 'discount'> & {
    spot: number;
    rate: number;
    yield: number;
    vol: number;
    vega: number;
  })[] = JSON.parse(readFileSync(new URL('../reference/black-scholes.json', import.meta.url), 'utf8'));
  let solved = 0;
  for (const { spot, rate, yield: carry, vol, vega, ...option } of table) {
    const forward = spot * Math.exp((rate - carry) * option.years);
    const got = impliedVol({ ...option, forward, discount: Math.exp(-rate * option.years) });
    // Sensitivity of the vol to one rounding of the price and of the forward.
    const bound = (4 * Number.EPSILON * (option.price + spot)) / (vol * vega);
    if (bound > 1e-3) continue;
    solved += 1;
    expect(typeof got === 'number' ? Math.abs(got / vol - 1) : got, JSON.stringify(option)).toBeLessThan(bound + 4 * Number.EPSILON);
  }
  expect(solved).toBeGreaterThan(45);
});

describe('outcomes', () => {
  const quote: OptionPrice = { right: 'call', forward: 110, strike: 100, years: 0.5, discount: 0.98, price: 12 };
  const cases: readonly (readonly [Partial<OptionPrice>, ImpliedVolFailure])[] = [
    [{ price: -1 }, 'below-intrinsic'],
    [{ price: 9.7 }, 'below-intrinsic'],
    [{ price: 0.98 * 10 }, 'at-intrinsic'],
    [{ right: 'put', price: 0 }, 'at-intrinsic'],
    [{ right: 'put', price: -1e-300 }, 'below-intrinsic'],
    [{ price: 0.98 * 110 }, 'above-maximum'],
    [{ price: 1e9 }, 'above-maximum'],
    [{ right: 'put', price: 0.98 * 100 }, 'above-maximum'],
    [{ right: 'put', price: 5e-324 }, 'no-information'],
    [{ price: 0.98 * 10 + 2e-15 }, 'no-information'],
    [{ price: 0.98 * 110 - 1.5e-14 }, 'no-information'],
    [{ strike: 1e-30, price: 0.98 * 110 }, 'no-information'],
    [{ years: 0 }, 'bad-input'],
    [{ years: Infinity }, 'bad-input'],
    [{ price: Number.NaN }, 'bad-input'],
    [{ discount: Infinity }, 'bad-input'],
    [{ forward: 1e-200, strike: 1e-200, discount: 1e-200 }, 'bad-input'],
    [{ forward: 1e200, discount: 1e200 }, 'bad-input'],
  ];
  test.each(cases)('%o: %s', (change, failure) => {
    expect(impliedVol({ ...quote, ...change })).toBe(failure);
  });

  test('a price in the middle has a vol', () => {
    expect(impliedVol(quote)).toBeCloseTo(0.20142868253126214, 14); // mpmath, 40 digits
  });

  // Evaluated with 60 digits (mpmath); four roundings.
  test.each([
    ['at the money, a price of 4e-9 forwards', { forward: 1, strike: 1, price: 4e-9 }, 1.0026513098524003e-8],
    ['a price whose share of the forward is no longer a normal number', { forward: 1e6, strike: 3e6, price: 3e-308 }, 0.029138836511119152],
  ])('%s', (_, change, expected) => {
    const vol = Number(impliedVol({ ...quote, years: 1, discount: 1, ...change }));
    expect(Math.abs(vol / expected - 1)).toBeLessThanOrEqual(4 * Number.EPSILON);
  });
});

describe('properties', () => {
  const exponent = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((e) => Math.exp(e));

  test('finds the vol again, from 1e-6 to 8 standard deviations wide and 35 away', () => {
    fc.assert(
      fc.property(
        exponent(-14, 2),
        fc.double({ min: -35, max: 35, noNaN: true }),
        exponent(-10, 12),
        exponent(-12, 2),
        (stdev, z, forward, years) => {
          const strike = forward * Math.exp(Math.max(-60, Math.min(60, z * stdev)));
          // Out of the money, where the price says most.
          const right = strike > forward ? 'call' : 'put';
          const price = blackPrice(right, forward, strike, stdev);
          const unit = Math.min(forward, strike);
          fc.pre(price > 1e-300 && price < unit * (1 - 1e-12));
          const got = impliedVol({ right, forward, strike, years, discount: 1, price });
          // blackPrice takes the difference of two legs: its rounding is that of the strike, over vega.
          const d1 = Math.abs(Math.log(forward / strike)) / stdev;
          const legs = 1 / ((1 + d1) * stdev);
          const saturation = unit / (unit - price);
          expect(typeof got === 'number' ? Math.abs((got * Math.sqrt(years)) / stdev - 1) : got).toBeLessThan(
            32 * Number.EPSILON * (2 + legs + saturation),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('rises with the price', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (share, x) => {
        const strike = 100 * Math.exp(x);
        const ceiling = 100;
        const floor = Math.max(0, 100 - strike);
        const price = floor + share * (ceiling - floor);
        const at = (p: number) => impliedVol({ right: 'call', forward: 100, strike, years: 1, discount: 1, price: p });
        expect(Number(at(price * (1 + 1e-9)))).toBeGreaterThan(Number(at(price)));
      }),
    );
  });

  test('call and put at one strike have one vol', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), (stdev, z) => {
        const strike = 100 * Math.exp(z * stdev);
        const at = { forward: 100, strike, years: 1, discount: 0.97 };
        const call = impliedVol({ ...at, right: 'call', price: 0.97 * blackPrice('call', 100, strike, stdev) });
        const put = impliedVol({ ...at, right: 'put', price: 0.97 * blackPrice('put', 100, strike, stdev) });
        expect(Math.abs(Number(call) / Number(put) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  test('never NaN, never throws, whatever the screen shows', () => {
    const anything = fc.oneof(fc.double(), exponent(-700, 700), fc.constantFrom(0, -0, 1, 5e-324, Number.MAX_VALUE));
    fc.assert(
      fc.property(
        fc.constantFrom('call' as const, 'put' as const),
        anything,
        anything,
        anything,
        anything,
        anything,
        (right, forward, strike, years, discount, price) => {
          const got = impliedVol({ right, forward, strike, years, discount, price });
          if (typeof got === 'number') expect(got >= 0, String(got)).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('has a finite answer at every share of the maximum and every moneyness', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: -1e-13, noNaN: true }), exponent(-40, 6), (logShare, x) => {
        const price = Math.exp(logShare);
        const got = impliedVol({ right: 'call', forward: 1, strike: Math.exp(x), years: 1, discount: 1, price });
        if (x > 5e-16) expect(typeof got === 'number' && got > 0 && got < 1e3, `${got}`).toBe(true);
        if (typeof got === 'number' && x < 300) {
          expect(Math.abs(blackPrice('call', 1, Math.exp(x), got) - price)).toBeLessThan(1e-9 * price + 2 * Number.EPSILON);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
