import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { essviFit } from '../../src/calibration/essvi-fit.ts';
import type { Smile } from '../../src/calibration/smile.ts';
import { residualCurve, sviResiduals } from '../../src/calibration/svi-residual.ts';
import type { SmileCurve } from '../../src/pricing/smile-curve.ts';
import { type Svi, sviCurve, sviJet } from '../../src/pricing/svi.ts';
import { expectNoArbitrage } from '../support/no-arbitrage.ts';

/** A smile quoted around a raw SVI. */
function quoted(years: number, svi: Svi, { reach = 2.5, count = 25, width = 0.004, wobble = 0 } = {}): Smile {
  const unit = Math.sqrt(sviJet(svi, 0).w);
  const points = Array.from({ length: count }, (_, i) => {
    const k = ((2 * i) / (count - 1) - 1) * reach * unit;
    const vol = Math.sqrt(sviJet(svi, k).w / years) + wobble * (i % 2 === 0 ? 1 : -1);
    return { strike: 100 * Math.exp(k), k, vol, bidVol: vol - width / 2, askVol: vol + width / 2 };
  });
  return { years, points, dropped: {} };
}

function fitted(smiles: readonly Smile[]): { curves: SmileCurve[]; shares: number[]; slices: SmileCurve[] } {
  const { slices } = essviFit(smiles);
  const residuals = sviResiduals(smiles, slices);
  const curves = residuals.map((residual, i) => residualCurve(slices[i] ?? { theta: 1, rho: 0, psi: 1 }, residual));
  return { curves, shares: residuals.map(({ share }) => share), slices: curves };
}

const errorOf = (curve: SmileCurve, { points, years }: Smile): number =>
  Math.max(...points.map(({ k, vol }) => Math.abs(Math.sqrt(curve.at(k).w / years) - vol)));

/** Sound smiles that no SSVI slice meets: the left wing twice as steep as SSVI has it. */
const NEAR: Svi = { a: -0.0006, b: 0.033, rho: -0.35, m: 0.004, sigma: 0.06 };
const FAR: Svi = { a: -0.002, b: 0.07, rho: -0.4, m: 0.01, sigma: 0.13 };
const VOGT: Svi = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

describe('raw SVI on top of eSSVI', () => {
  test('finds raw SVI smiles again that eSSVI misses by several widths', () => {
    const smiles = [quoted(0.08, NEAR), quoted(0.25, FAR)];
    const { slices } = essviFit(smiles);
    const { curves, shares } = fitted(smiles);
    expect(shares).toEqual([1, 1]);
    for (const [i, smile] of smiles.entries()) {
      const slice = slices[i];
      if (slice === undefined) throw new Error('no slice');
      const alone = residualCurve(slice, { svi: NEAR, share: 0 });
      expect(errorOf(alone, smile)).toBeGreaterThan(0.006);
      const curve = curves[i];
      // A tenth of the bid-ask width: what the weak belief pulls.
      if (curve !== undefined) expect(errorOf(curve, smile)).toBeLessThan(0.0004);
    }
    expectNoArbitrage(curves);
  });

  test("quotes on Vogt's slice, which is arbitrageable, are met as far as that is possible without arbitrage", () => {
    const smiles = [quoted(1, VOGT, { reach: 6, count: 41, width: 0.002 })];
    const { curves } = fitted(smiles);
    expectNoArbitrage([sviCurve(NEAR), sviCurve(FAR)]);
    expect(() => expectNoArbitrage([sviCurve(VOGT)])).toThrow();
    expectNoArbitrage(curves);
  });

  test('a far smile that dips below the near one is lifted, or the near one lowered', () => {
    const dipping: Svi = { ...FAR, a: FAR.a - 0.004 };
    const smiles = [quoted(0.24, FAR), quoted(0.25, dipping)];
    expect(() => expectNoArbitrage([sviCurve(FAR), sviCurve(dipping)])).toThrow();
    expectNoArbitrage(fitted(smiles).curves);
  });

  test('from any quotes: no arbitrage, checked by prices of calls', () => {
    const vol = fc.double({ min: 0.1, max: 2, noNaN: true });
    const one = fc.record({ days: fc.integer({ min: 1, max: 500 }), vols: fc.array(vol, { minLength: 5, maxLength: 15 }) });
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ days }) => days, minLength: 1, maxLength: 4 }), (expiries) => {
        const smiles = expiries
          .sort((a, b) => a.days - b.days)
          .map(({ days, vols }): Smile => {
            const years = days / 365;
            const points = vols.map((v, i) => {
              const k = (i - vols.length / 2) * 0.3 * Math.sqrt(0.3 * years);
              return { strike: 100 * Math.exp(k), k, vol: v, bidVol: v * 0.97, askVol: v * 1.03 };
            });
            return { years, points, dropped: {} };
          });
        expectNoArbitrage(fitted(smiles).curves);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
