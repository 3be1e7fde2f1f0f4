import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erfc, erfcx, inverseNormalCdf, lambertW, lambertWExp, millsRatio, normalCdf, normalPdf } from '../../src/core/special.ts';
import { cell, type ReferenceRow, referenceRows, ulps } from '../support/reference-table.ts';

const rows = referenceRows('normal_functions.csv');

/** Worst error over the table in ulps; values that have lost digits to underflow are compared absolutely. */
function worst(column: string, value: (x: number) => number, input = 'x'): number {
  let most = 0;
  for (const row of rows ?? ([] as ReferenceRow[])) {
    const x = cell(row, input);
    const expected = cell(row, column);
    if (Number.isNaN(x) || Number.isNaN(expected)) continue;
    const got = value(x);
    if (Math.abs(expected) < 1e-300) expect(Math.abs(got - expected), `${column}(${x})`).toBeLessThan(1e-310);
    else most = Math.max(most, ulps(got, expected));
  }
  return most;
}

describe.skipIf(rows === undefined)('against 60 digits', () => {
  test.each([
    ['cdf', normalCdf, 3],
    ['sf', (x: number) => normalCdf(-x), 3],
    ['pdf', normalPdf, 2],
    ['erfc', erfc, 3],
    ['erfcx', erfcx, 3],
  ] as const)('%s, worst error in ulps', (column, value, allowed) => {
    expect(worst(column, value)).toBeLessThanOrEqual(allowed);
  });

  test('quantile within 3 ulps, from 1e-300 to 1 - 1e-6', () => {
    expect(worst('inv_cdf_p', inverseNormalCdf, 'p')).toBeLessThanOrEqual(3);
  });

  test("Mills' ratio within 4 ulps", () => {
    const table = (rows ?? []).filter((row) => cell(row, 'pdf') > 1e-290 && cell(row, 'sf') > 1e-290);
    expect(table.length).toBeGreaterThan(300);
    for (const row of table) {
      expect(ulps(millsRatio(cell(row, 'x')), cell(row, 'sf') / cell(row, 'pdf')), row['x']).toBeLessThanOrEqual(4);
    }
  });
});

describe('known values', () => {
  // Evaluated with 50 digits (mpmath).
  test.each([
    ['normalCdf(-1.96)', normalCdf(-1.96), 0.024997895148220435],
    ['normalCdf(1)', normalCdf(1), 0.8413447460685429],
    ['normalCdf(-20)', normalCdf(-20), 2.7536241186062337e-89],
    ['normalCdf(-37.5)', normalCdf(-37.5), 4.605353009581955e-308],
    ['normalPdf(3)', normalPdf(3), 0.0044318484119380075],
    ['erfc(0.25)', erfc(0.25), 0.7236736098317631],
    ['erfc(5)', erfc(5), 1.5374597944280349e-12],
    ['erfcx(-2)', erfcx(-2), 108.9409043899779],
    ['erfcx(1e10)', erfcx(1e10), 5.641895835477563e-11],
    ['inverseNormalCdf(0.975)', inverseNormalCdf(0.975), 1.959963984540054],
    ['inverseNormalCdf(1e-300)', inverseNormalCdf(1e-300), -37.0470962993612],
    ['inverseNormalCdf(1e-20)', inverseNormalCdf(1e-20), -9.262340089798407],
    ['lambertW(1)', lambertW(1), 0.5671432904097838],
    ['lambertWExp(1000)', lambertWExp(1000), 993.0991694723891],
  ])('%s', (_, got, expected) => {
    expect(ulps(got, expected)).toBeLessThanOrEqual(4);
  });

  test('limits', () => {
    expect([normalCdf(-Infinity), normalCdf(0), normalCdf(Infinity)]).toEqual([0, 0.5, 1]);
    expect([erfc(-Infinity), erfc(0), erfc(Infinity)]).toEqual([2, 1, 0]);
    expect([erfcx(-Infinity), erfcx(0), erfcx(Infinity)]).toEqual([Infinity, 1, 0]);
    expect([millsRatio(-Infinity), millsRatio(Infinity)]).toEqual([Infinity, 0]);
    expect([normalPdf(-Infinity), normalPdf(Infinity)]).toEqual([0, 0]);
    expect([inverseNormalCdf(0), inverseNormalCdf(0.5), inverseNormalCdf(1)]).toEqual([-Infinity, 0, Infinity]);
    expect([lambertW(0), lambertW(Infinity), lambertWExp(-Infinity), lambertWExp(Infinity)]).toEqual([0, Infinity, 0, Infinity]);
    for (const f of [normalCdf, normalPdf, erfc, erfcx, millsRatio]) expect(f(Number.NaN)).toBeNaN();
  });

  test('arguments outside the domain are bugs of the caller', () => {
    for (const p of [-1e-9, 1.000001, Number.NaN]) expect(() => inverseNormalCdf(p)).toThrow(RangeError);
    for (const x of [-1e-9, Number.NaN]) expect(() => lambertW(x)).toThrow(RangeError);
    expect(() => lambertWExp(Number.NaN)).toThrow(RangeError);
  });
});

describe('properties', () => {
  test('the quantile inverts the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 0, noNaN: true }), (x) => {
        // A rounding of p moves x by at most 1/(1 + |x|) of an ulp of p over the density.
        expect(Math.abs(inverseNormalCdf(normalCdf(x)) - x)).toBeLessThan(2e-15 * (1 + Math.abs(x)));
      }),
    );
  });

  test('the two tails sum to one', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (x) => {
        expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(5e-16);
        expect(Math.abs(erfc(x) + erfc(-x) - 2)).toBeLessThan(1e-15);
      }),
    );
  });

  test('the distribution function never falls, across the joints of its approximations too', () => {
    const joint = fc.constantFrom(0.46875 * Math.SQRT2, 4 * Math.SQRT2, 0, 1, 8);
    fc.assert(
      fc.property(
        joint,
        fc.double({ min: -1e-6, max: 1e-6, noNaN: true }),
        fc.double({ min: 1e-14, max: 1e-6, noNaN: true }),
        (x, shift, step) => {
          const from = -x + shift;
          // Two values a few ulps apart may come out in either order.
          expect(normalCdf(from + step)).toBeGreaterThanOrEqual(normalCdf(from) * (1 - 3 * Number.EPSILON));
        },
      ),
    );
  });

  test("Lambert's W solves w e^w = x, and w + ln w = y", () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (y) => {
        const x = Math.exp(y);
        const w = lambertW(x);
        // w·e^w magnifies the rounding of w by 1 + w.
        expect(Math.abs((w * Math.exp(w)) / x - 1)).toBeLessThan(1e-15 * (3 + w));
        expect(Math.abs(lambertWExp(y) / w - 1)).toBeLessThan(1e-15 * (3 + Math.abs(y) / (1 + w)));
      }),
    );
  });

  test('the scaled function is the complementary one times its exponential', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 20, noNaN: true }), (x) => {
        expect(ulps(erfcx(x) * Math.exp(-x * x), erfc(x))).toBeLessThan(6 + 2 * x * x);
      }),
    );
  });
});
