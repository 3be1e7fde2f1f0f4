import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALPHA, bestDistance, quoteCurvature, quoteValue, shareOf } from '../../../../src/agents/maker/quoting/hamiltonian.ts';

const BETA = 150;
/** Chance that a customer accepts a quote at this distance. */
const accepted = (distance: number, beta: number): number => 1 / (1 + Math.exp(ALPHA + beta * distance));
const gain = (distance: number, x: number, beta: number): number => (distance - x) * accepted(distance, beta);

const betas = fc.double({ min: 20, max: 600, noNaN: true });
/** Marginal costs in units of 1/β: what customers would notice. */
const costs = fc.double({ min: -12, max: 12, noNaN: true });

describe('at α 0.7, β 150 and no cost', () => {
  test('the best distance is 0.771 vol points, filled by 13.5 % of customers', () => {
    expect(ALPHA).toBe(0.7);
    expect(100 * bestDistance(0, BETA)).toBeCloseTo(0.771, 3);
    expect(accepted(bestDistance(0, BETA), BETA)).toBeCloseTo(0.135, 3);
  });

  test('the curvature is 15.16 per vol, and a vol of cost moves the quote by 0.865', () => {
    expect(quoteCurvature(0, BETA)).toBeCloseTo(15.16, 2);
    const step = 1e-6;
    expect((bestDistance(step, BETA) - bestDistance(-step, BETA)) / (2 * step)).toBeCloseTo(0.865, 3);
  });
});

test('no other distance gains more', () => {
  fc.assert(
    fc.property(costs, betas, (inUnits, beta) => {
      const x = inUnits / beta;
      const best = bestDistance(x, beta);
      const most = gain(best, x, beta);
      expect(quoteValue(x, beta)).toBeCloseTo(most, 12);
      for (let n = -400; n <= 400; n += 1) expect(gain(best + (n * 0.02) / beta, x, beta)).toBeLessThanOrEqual(most * (1 + 1e-12));
    }),
    { numRuns: 40 },
  );
});

test('a search by brute force finds the same distance', () => {
  for (const x of [-0.02, -0.004, 0, 0.0026, 0.01, 0.03]) {
    let best = 0;
    for (let distance = -0.05; distance < 0.08; distance += 1e-5) if (gain(distance, x, BETA) > gain(best, x, BETA)) best = distance;
    expect(Math.abs(bestDistance(x, BETA) - best)).toBeLessThan(1.1e-5);
  }
});

test('the derivatives are those of the value', () => {
  fc.assert(
    fc.property(costs, betas, (inUnits, beta) => {
      const x = inUnits / beta;
      const step = 1e-4 / beta;
      const u = shareOf(x, beta);
      const slope = (quoteValue(x + step, beta) - quoteValue(x - step, beta)) / (2 * step);
      const curvature = (quoteValue(x + step, beta) - 2 * quoteValue(x, beta) + quoteValue(x - step, beta)) / (step * step);
      expect(Math.abs(slope + u / (1 + u))).toBeLessThan(1e-7);
      expect(Math.abs(quoteCurvature(x, beta) - curvature)).toBeLessThan(1e-5 * beta);
      // The envelope theorem: the value falls by the chance of a fill at the best distance.
      expect(Math.abs(slope + accepted(bestDistance(x, beta), beta))).toBeLessThan(1e-7);
    }),
  );
});

test('any cost has a finite quote', () => {
  for (const x of [-1e3, -10, 10, 1e3]) {
    for (const value of [bestDistance(x, BETA), quoteValue(x, BETA), quoteCurvature(x, BETA)]) expect(Number.isFinite(value)).toBe(true);
  }
  // Nobody pays for what costs ten vols; the quote is then just above its cost.
  expect(bestDistance(10, BETA)).toBeCloseTo(10 + 1 / BETA, 12);
  expect(quoteValue(10, BETA)).toBe(0);
});
