import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blackPrice, blankGreeks, type Conditions, type Contract, type Greeks, greeks } from '../../src/pricing/black-scholes.ts';
import { cell, referenceRows } from '../support/reference-table.ts';

interface TableRow extends Conditions, Contract, Greeks {
  readonly condition: number;
  readonly source?: string;
  readonly printed?: Readonly<Partial<Record<keyof Greeks, string>>>;
}

/** The repository's own table: scripts/reference-table.py. */
const table: readonly TableRow[] = JSON.parse(readFileSync(new URL('../reference/black-scholes.json', import.meta.url), 'utf8'));
/** 2000 rows with 60 digits, where the folder is there. */
const shared = referenceRows('black_scholes.csv')?.map((row) => ({
  right: row['type'] === 'call' ? ('call' as const) : ('put' as const),
  spot: cell(row, 'spot'),
  strike: cell(row, 'strike'),
  years: cell(row, 'time'),
  rate: cell(row, 'rate'),
  yield: cell(row, 'yield'),
  vol: cell(row, 'vol'),
  price: cell(row, 'price'),
  delta: cell(row, 'delta'),
  gamma: cell(row, 'gamma'),
  vega: cell(row, 'vega'),
  theta: cell(row, 'theta'),
  rho: cell(row, 'rho'),
  condition: cell(row, 'cond'),
}));

const SENSITIVITIES = ['delta', 'gamma', 'vega', 'theta', 'rho'] as const;
/** Below this a double carries fewer digits. */
const UNDERFLOW = 1e-290;

function expectAccurate(rows: readonly TableRow[]): void {
  const out = blankGreeks();
  for (const row of rows) {
    greeks(row, row, out);
    const where = JSON.stringify(row);
    // Eight roundings of every input; measured 1.9.
    expect(Math.abs(out.price - row.price), where).toBeLessThanOrEqual(8 * Number.EPSILON * (1 + row.condition) * row.price + 1e-300);
    for (const name of SENSITIVITIES) {
      if (Math.abs(row[name]) < UNDERFLOW) expect(Math.abs(out[name] - row[name]), `${name} ${where}`).toBeLessThan(1e-295);
      // n(d) magnifies the rounding of d by d², so that 30 standard deviations out 1e-12 is all there is; measured 2.9e-13.
      else expect(Math.abs(out[name] / row[name] - 1), `${name} ${where}`).toBeLessThanOrEqual(1e-12);
    }
  }
}

test("the repository's own table, 50 digits", () => {
  expect(table.length).toBeGreaterThanOrEqual(60);
  expectAccurate(table);
});

test.skipIf(shared === undefined)('the table of 2000 rows, 60 digits', () => {
  expect(shared).toHaveLength(2000);
  expectAccurate(shared ?? []);
});

const textbook = table.flatMap((row) =>
  Object.entries(row.printed ?? {}).map(([name, text]) => ({ row, name: name as keyof Greeks, text, source: row.source })),
);
test.each(textbook)('$source: $name of the $row.right is $text', ({ row, name, text }) => {
  expect(greeks(row, row)[name].toFixed((text.split('.')[1] ?? '').length)).toBe(text);
});

describe('limits', () => {
  const at = { spot: 110, vol: 0.2, rate: 0.05, yield: 0.01 };

  test('at expiry: intrinsic value, no gamma, vega or rho', () => {
    expect(greeks({ right: 'call', strike: 100, years: 0 }, at)).toEqual({
      price: 10,
      delta: 1,
      gamma: 0,
      vega: 0,
      theta: 0.01 * 110 - 0.05 * 100,
      rho: 0,
    });
    expect(greeks({ right: 'put', strike: 100, years: 0 }, at)).toMatchObject({ price: 0, gamma: 0, vega: 0 });
    expect(Math.abs(greeks({ right: 'put', strike: 100, years: 0 }, at).delta)).toBe(0);
  });

  test('at zero vol: discounted intrinsic value of the forward', () => {
    const value = greeks({ right: 'call', strike: 100, years: 2 }, { ...at, vol: 0 });
    expect(value.price).toBeCloseTo(110 * Math.exp(-0.02) - 100 * Math.exp(-0.1), 12);
    expect(value.delta).toBeCloseTo(Math.exp(-0.02), 15);
    expect(value.rho).toBeCloseTo(200 * Math.exp(-0.1), 12);
  });

  test('at the kink: half the step of delta, and finite sums', () => {
    const call = greeks({ right: 'call', strike: 110, years: 0 }, at);
    const put = greeks({ right: 'put', strike: 110, years: 0 }, at);
    expect(call).toMatchObject({ price: 0, delta: 0.5, gamma: 0, vega: 0 });
    expect(put).toMatchObject({ price: 0, delta: -0.5, gamma: 0, vega: 0 });
    expect(Number.isFinite(call.theta + put.theta)).toBe(true);
  });

  test('continuous as vol falls to zero', () => {
    for (const right of ['call', 'put'] as const) {
      const contract = { right, strike: 100, years: 0.5 };
      const limit = greeks(contract, { ...at, vol: 0 });
      const near = greeks(contract, { ...at, vol: 1e-9 });
      for (const name of Object.keys(limit) as (keyof Greeks)[]) expect(near[name]).toBeCloseTo(limit[name], 12);
    }
  });

  test('blackPrice: intrinsic value at 0, forward or strike at Infinity', () => {
    expect([blackPrice('call', 120, 100, 0), blackPrice('put', 120, 100, 0)]).toEqual([20, 0]);
    expect([blackPrice('call', 120, 100, Infinity), blackPrice('put', 120, 100, Infinity)]).toEqual([120, 100]);
  });

  test('never NaN, at any magnitude', () => {
    const wide = fc.double({ min: -300, max: 300, noNaN: true }).map((e) => Math.exp(e));
    const maybeZero = fc.oneof(fc.constant(0), fc.constant(5e-324), wide);
    fc.assert(
      fc.property(fc.constantFrom('call' as const, 'put' as const), wide, wide, maybeZero, maybeZero, (right, spot, strike, years, vol) => {
        const value = greeks({ right, strike, years }, { spot, vol, rate: 0, yield: 0 });
        expect(Object.values(value).some(Number.isNaN), JSON.stringify(value)).toBe(false);
        expect(blackPrice(right, spot, strike, vol)).not.toBeNaN();
      }),
    );
  });

  test.each([
    [{ strike: 0 }, {}],
    [{ strike: -1 }, {}],
    [{ strike: Number.NaN }, {}],
    [{ years: -1e-9 }, {}],
    [{ years: Infinity }, {}],
    [{}, { spot: 0 }],
    [{}, { spot: Infinity }],
    [{}, { vol: -0.1 }],
    [{}, { vol: Number.NaN }],
    [{}, { rate: Infinity }],
    [{}, { yield: Number.NaN }],
  ])('refuses %o %o', (contract, conditions) => {
    expect(() => greeks({ right: 'call', strike: 100, years: 1, ...contract }, { ...at, ...conditions })).toThrow(RangeError);
  });

  test('blackPrice refuses what has no price', () => {
    for (const [forward, strike, stdev] of [
      [0, 1, 1],
      [1, -1, 1],
      [1, 1, -1],
      [1, 1, Number.NaN],
      [Infinity, 1, 1],
    ] as const) {
      expect(() => blackPrice('put', forward, strike, stdev)).toThrow(RangeError);
    }
  });
});

test('`out` is filled and returned', () => {
  const out = blankGreeks();
  expect(greeks({ right: 'put', strike: 90, years: 1 }, { spot: 100, vol: 0.3, rate: 0, yield: 0 }, out)).toBe(out);
  expect(out.price).toBeGreaterThan(0);
});

describe('properties', () => {
  const conditions = fc.record({
    spot: fc.double({ min: 0.01, max: 1e5, noNaN: true }),
    vol: fc.double({ min: 0.02, max: 3, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    yield: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
  });
  const years = fc.double({ min: 1e-5, max: 5, noNaN: true });
  /** Standard deviations between strike and forward. */
  const distance = fc.double({ min: -6, max: 6, noNaN: true });
  const right = fc.constantFrom('call' as const, 'put' as const);
  const strikeAt = (at: Conditions, t: number, z: number): number =>
    at.spot * Math.exp((at.rate - at.yield) * t + z * at.vol * Math.sqrt(t));

  test('put-call parity, and the same gamma and vega', () => {
    fc.assert(
      fc.property(conditions, years, distance, (at, t, z) => {
        const strike = strikeAt(at, t, z);
        const call = greeks({ right: 'call', strike, years: t }, at);
        const put = greeks({ right: 'put', strike, years: t }, at);
        const spotValue = at.spot * Math.exp(-at.yield * t);
        const strikeValue = strike * Math.exp(-at.rate * t);
        expect(Math.abs(call.price - put.price - (spotValue - strikeValue))).toBeLessThanOrEqual(1e-15 * (spotValue + strikeValue));
        expect(call.delta - put.delta).toBeCloseTo(Math.exp(-at.yield * t), 14);
        expect([put.gamma, put.vega]).toEqual([call.gamma, call.vega]);
      }),
    );
  });

  test('prices lie between the intrinsic value of the forward and the underlying (call) or the strike (put)', () => {
    fc.assert(
      fc.property(right, conditions, years, distance, (side, at, t, z) => {
        const strike = strikeAt(at, t, z);
        const spotValue = at.spot * Math.exp(-at.yield * t);
        const strikeValue = strike * Math.exp(-at.rate * t);
        const { price } = greeks({ right: side, strike, years: t }, at);
        const intrinsic = Math.max(0, side === 'call' ? spotValue - strikeValue : strikeValue - spotValue);
        expect(price).toBeGreaterThanOrEqual(intrinsic - 4 * Number.EPSILON * (spotValue + strikeValue));
        expect(price).toBeLessThanOrEqual(side === 'call' ? spotValue : strikeValue);
      }),
    );
  });

  test('dearer with vol; calls cheaper and puts dearer with the strike', () => {
    fc.assert(
      fc.property(right, conditions, years, distance, (side, at, t, z) => {
        const strike = strikeAt(at, t, z);
        const base = greeks({ right: side, strike, years: t }, at).price;
        const room = 8 * Number.EPSILON * (at.spot + strike);
        expect(greeks({ right: side, strike, years: t }, { ...at, vol: at.vol * 1.001 }).price).toBeGreaterThanOrEqual(base - room);
        const higher = greeks({ right: side, strike: strike * 1.001, years: t }, at).price;
        if (side === 'call') expect(higher).toBeLessThanOrEqual(base + room);
        else expect(higher).toBeGreaterThanOrEqual(base - room);
      }),
    );
  });

  test('homogeneous: price scales with spot and strike together, delta does not move', () => {
    fc.assert(
      fc.property(right, conditions, years, distance, fc.constantFrom(0.5, 2, 1024), (side, at, t, z, scale) => {
        const strike = strikeAt(at, t, z);
        const base = greeks({ right: side, strike, years: t }, at);
        const scaled = greeks({ right: side, strike: strike * scale, years: t }, { ...at, spot: at.spot * scale });
        // Powers of two scale exactly.
        expect(scaled.price).toBe(base.price * scale);
        expect(scaled.delta).toBe(base.delta);
        expect(scaled.gamma).toBe(base.gamma / scale);
      }),
    );
  });

  test('Greeks are the derivatives of the price', () => {
    const difference = (f: (h: number) => number, h: number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
    fc.assert(
      fc.property(
        right,
        conditions,
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (side, at, t, z) => {
          const contract = { right: side, strike: strikeAt(at, t, z), years: t };
          const value = greeks(contract, at);
          const stdev = at.vol * Math.sqrt(t);
          // Steps of a hundredth of what the price bends over, so that fourth differences err by some 1e-8 of value per bend.
          const bend = Math.min(0.2, stdev);
          const spotBend = at.spot * bend;
          const yearsBend = Math.min(t, bend / (Math.abs(at.rate) + Math.abs(at.yield)));
          const rateBend = bend / t;
          const spotScale = at.spot + contract.strike;
          const close = (got: number, expected: number, scale: number): void => expect(Math.abs(got - expected)).toBeLessThan(1e-7 * scale);
          const moved = (change: Partial<Conditions>): Greeks => greeks(contract, { ...at, ...change });
          close(
            difference((h) => moved({ spot: at.spot + h }).price, 0.01 * spotBend),
            value.delta,
            spotScale / spotBend,
          );
          close(
            difference((h) => moved({ spot: at.spot + h }).delta, 0.01 * spotBend),
            value.gamma,
            1 / spotBend,
          );
          close(
            difference((h) => moved({ vol: at.vol + h }).price, 0.01 * at.vol),
            value.vega,
            spotScale / at.vol,
          );
          close(
            difference((h) => moved({ rate: at.rate + h }).price, 0.01 * rateBend),
            value.rho,
            spotScale / rateBend,
          );
          close(
            difference((h) => greeks({ ...contract, years: t - h }, at).price, 0.01 * yearsBend),
            value.theta,
            spotScale / yearsBend,
          );
        },
      ),
    );
  });

  test('blackPrice is the undiscounted price on the forward', () => {
    fc.assert(
      fc.property(right, conditions, years, distance, (side, at, t, z) => {
        const strike = strikeAt(at, t, z);
        const onForward = { ...at, rate: 0, yield: 0 };
        expect(blackPrice(side, at.spot, strike, at.vol * Math.sqrt(t))).toBe(greeks({ right: side, strike, years: t }, onForward).price);
      }),
    );
  });
});
