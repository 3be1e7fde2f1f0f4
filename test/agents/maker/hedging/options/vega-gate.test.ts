import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VegaGate } from '../../../../../src/agents/maker/hedging/options/vega-gate.ts';
import { gammaParams, gammaVariance, nearestVol } from '../../../../../src/agents/maker/quoting/gamma-risk.ts';
import { FACTOR_COUNT } from '../../../../../src/pricing/factors.ts';
import { quotingView } from '../../../../support/quoting-view.ts';

const GAMMA = gammaParams.parse({});
const HORIZON = 30 / 525_600;
const COVARIANCE = Float64Array.from([0.5, -0.1, 0.05, 0, -0.1, 0.2, 0, 0.02, 0.05, 0, 0.4, 0, 0, 0.02, 0, 0.2]);

const gate = (): VegaGate => new VegaGate({ gamma: GAMMA, horizonMinutes: 30 });

test('says what a trade of any size does to half the variance', () => {
  const exposure = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  const exposures = fc.tuple(exposure, exposure, exposure, exposure);
  fc.assert(
    fc.property(exposures, exposure, fc.nat(29), fc.double({ min: -5, max: 5, noNaN: true }), (held, dollarGamma, series, contracts) => {
      const view = quotingView({ exposures: held, dollarGamma, covariance: COVARIANCE });
      const ofGamma = gammaVariance(GAMMA, nearestVol(view));
      const risk = (units: number): number => {
        const all = held.map((each, f) => each + units * (view.theo.exposures[series * FACTOR_COUNT + f] ?? 0));
        const gamma = dollarGamma + units * (view.theo.gamma[series] ?? 0) * 70_000 * 70_000;
        let sum = gamma * gamma * ofGamma;
        all.forEach((a, f) => {
          all.forEach((b, g) => {
            sum += a * b * (COVARIANCE[f * FACTOR_COUNT + g] ?? 0);
          });
        });
        return 0.5 * view.terms.riskAversion * HORIZON * sum;
      };
      const looked = gate();
      looked.look(view, undefined);
      const { risk: slope, curvature } = looked.contract(view, series);
      const change = contracts * slope + (contracts * contracts * curvature) / 2;
      expect(Math.abs(change - (risk(contracts) - risk(0)))).toBeLessThan(1e-9 * (risk(0) + risk(contracts)) + 1e-9);
    }),
    { numRuns: 50 },
  );
});

test('takes what is held on purpose for no risk', () => {
  const view = quotingView({ exposures: [40_000, 0, 0, 0] });
  const looked = gate();
  looked.look(view, Float64Array.from([40_000, 0, 0, 0]));
  expect(looked.contract(view, 10).risk + 0).toBe(0);
  looked.look(view, Float64Array.from([0, 0, 0, 0]));
  expect(looked.contract(view, 10).risk).toBeGreaterThan(1);
});
