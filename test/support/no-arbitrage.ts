import { expect } from 'vitest';
import { blackPrice } from '../../src/pricing/black-scholes.ts';
import type { SmileCurve } from '../../src/pricing/smile-curve.ts';

/**
 * Nothing of the calibration under test but total variance: calls must fall and be convex in strike over ±`reach` standard deviations,
 * and total variance must not fall from one smile to the next.
 */
export function expectNoArbitrage(curves: readonly SmileCurve[], reach = 9.6): void {
  for (const [i, curve] of curves.entries()) {
    const unit = Math.sqrt(curve.at(0).w);
    const strikes = Array.from({ length: 241 }, (_, j) => Math.exp((unit * (j - 120) * reach) / 120));
    const calls = strikes.map((strike) => blackPrice('call', 1, strike, Math.sqrt(curve.at(Math.log(strike)).w)));
    for (let j = 1; j + 1 < calls.length; j += 1) {
      const [k0 = 0, k1 = 0, k2 = 0] = strikes.slice(j - 1, j + 2);
      const [c0 = 0, c1 = 0, c2 = 0] = calls.slice(j - 1, j + 2);
      // Prices are exact to some 1e-15, which differences divide by the spacing.
      const slack = 1e-13 / (k1 - k0);
      expect((c1 - c0) / (k1 - k0)).toBeLessThanOrEqual(slack);
      expect((c1 - c0) / (k1 - k0)).toBeGreaterThanOrEqual(-1 - slack);
      expect((c2 - c1) / (k2 - k1)).toBeGreaterThanOrEqual((c1 - c0) / (k1 - k0) - slack);
    }
    const near = curves[i - 1];
    if (near === undefined) continue;
    let growth = Number.POSITIVE_INFINITY;
    for (let k = -6; k <= 6; k += 0.037) growth = Math.min(growth, curve.at(k).w / near.at(k).w - 1);
    for (let z = -12; z <= 12; z += 0.11) growth = Math.min(growth, curve.at(z * unit).w / near.at(z * unit).w - 1);
    expect(growth).toBeGreaterThanOrEqual(-1e-9);
  }
}
