import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hedgeUnits } from '../../../../src/agents/maker/hedging/hedge-units.ts';
import { whalleyWilmott } from '../../../../src/agents/maker/hedging/whalley-wilmott.ts';
import { hedgingView } from '../../../support/hedging-view.ts';

const TERMS = { costBp: 5, riskAversion: 0.0005, bandMaximum: 1e9 };

/** Half-width for so much gamma; the band is around 0. */
function width(params: Partial<typeof TERMS>, spot = 70_000, gamma = 1e-3): number {
  const view = hedgingView({ gamma, spot, lotSize: 0.001 });
  const { centre, halfWidth } = whalleyWilmott.build({ ...TERMS, ...params }).band(view);
  expect(centre).toBe(0);
  return halfWidth;
}

describe('the band', () => {
  test('is that of Whalley and Wilmott', () => {
    // One at-the-money 30-day option on an index at 5,000 with vol 16 %: half-width 0.077 (models 4e).
    const gamma = 0.3989422804 / (5000 * 0.16 * Math.sqrt(30 / 365));
    expect(width({ costBp: 0.2, riskAversion: 1e-3, bandMaximum: 10 }, 5000, gamma)).toBeCloseTo(0.077, 3);
    // The same on bitcoin, in units of it: vol 50 %, cost 3.5 bp, half-width 0.159.
    const sd = 0.5 * Math.sqrt(30 / 365);
    const coin = (0.3989422804 * Math.exp((-sd * sd) / 8)) / sd;
    expect(width({ costBp: 3.5, riskAversion: 1, bandMaximum: 10 }, 1, coin)).toBeCloseTo(0.159, 3);
  });

  test('scales as cost^⅓, spot^⅓, gamma^⅔ and risk aversion^−⅓, whatever the sign of gamma', () => {
    const base = width({});
    expect(width({ costBp: 40 }) / base).toBeCloseTo(2, 12);
    expect(width({}, 8 * 70_000) / base).toBeCloseTo(2, 12);
    expect(width({}, 70_000, 8e-3) / base).toBeCloseTo(4, 12);
    expect(width({ riskAversion: 0.004 }) / base).toBeCloseTo(0.5, 12);
    expect(width({}, 70_000, -1e-3)).toBe(base);
  });

  test('is never narrower than a lot nor wider than its maximum', () => {
    expect(width({}, 70_000, 0)).toBe(0.001);
    expect(width({ bandMaximum: 2 }, 70_000, 1)).toBe(2);
  });
});

describe('the hedge', () => {
  const deltas = fc.double({ min: -50, max: 50, noNaN: true });
  const bands = fc.double({ min: 0.001, max: 5, noNaN: true });
  const lotSizes = fc.constantFrom(0.001, 0.01, 0.1, 1);

  test('goes back to the edge, never past it, and leaves less than a lot outside', () => {
    fc.assert(
      fc.property(deltas, bands, lotSizes, (delta, band, lotSize) => {
        const units = hedgeUnits(delta, band, lotSize);
        const after = delta + units;
        if (Math.abs(delta) <= band) expect(units + 0).toBe(0);
        else {
          expect(units === 0 || Math.sign(units) === -Math.sign(delta)).toBe(true);
          // The guard against 2.9999999 lots may overshoot by that share of a lot.
          expect(Math.abs(after)).toBeGreaterThanOrEqual(band - 1e-8 * lotSize - 1e-12);
          expect(Math.abs(after) - band).toBeLessThan(lotSize * (1 + 1e-9));
        }
      }),
    );
  });

  test('is symmetric, and in whole lots', () => {
    fc.assert(
      fc.property(deltas, bands, lotSizes, (delta, band, lotSize) => {
        const units = hedgeUnits(delta, band, lotSize);
        expect(hedgeUnits(-delta, band, lotSize) + 0).toBe(-units + 0);
        const inLots = units / lotSize;
        expect(Math.abs(inLots - Math.round(inLots))).toBeLessThan(1e-6);
      }),
    );
  });

  test('is not a lot short for the rounding of decimals', () => {
    expect(hedgeUnits(0.4, 0.1, 0.1)).toBeCloseTo(-0.3, 12);
    expect(hedgeUnits(-1.3, 1, 0.1)).toBeCloseTo(0.3, 12);
  });
});
