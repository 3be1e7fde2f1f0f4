import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FactorMoves, moveParams } from '../../../../src/agents/maker/quoting/factor-moves.ts';
import { normal } from '../../../../src/core/distributions.ts';
import { streams } from '../../../../src/core/rng.ts';
import { eigensystem } from '../../../../src/core/symmetric-matrix.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';

const DAILY = [0.06, 0.045, 0.06, 0.04];
const moves = (params: object = {}): FactorMoves => new FactorMoves(moveParams.parse(params), 30, DAILY);
const matrix = (of: FactorMoves): Float64Array =>
  Float64Array.from({ length: FACTOR_COUNT * FACTOR_COUNT }, (_, n) => of.correlation(Math.floor(n / FACTOR_COUNT), n % FACTOR_COUNT));
/** Standard deviation of a step of 30 s. */
const step = (f: number): number => (DAILY[f] ?? 0) * Math.sqrt(30 / 86_400);

/** Lets factors walk whose level and slope move together with correlation ρ, seen with white errors of so many standard deviations of a step. */
function walked(of: FactorMoves, steps: number, rho: number, noise = 0): FactorMoves {
  const rng = streams('factor-moves').stream('walk');
  const at = [0, 0, 0, 0];
  for (let n = 0; n < steps; n += 1) {
    const z = [0, 1, 2, 3].map(() => normal(rng));
    z[1] = rho * (z[0] ?? 0) + Math.sqrt(1 - rho * rho) * (z[1] ?? 0);
    for (let f = 0; f < FACTOR_COUNT; f += 1) at[f] = (at[f] ?? 0) + step(f) * (z[f] ?? 0);
    of.step(Float64Array.from(at, (value, f) => value + noise * step(f) * normal(rng)));
  }
  return of;
}

describe('correlation', () => {
  test('is none at first, and each factor’s own is 1', () => {
    expect([...matrix(moves())]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });

  test('is that of the moves once many were seen', () => {
    for (const rho of [-0.9, 0, 0.6]) {
      const seen = walked(moves({ lagSteps: 1, halfLifeSeconds: 86_400 }), 4000, rho);
      // Weights that halve in 2880 steps leave 3100 moves: a standard error of 0.018 at ρ = 0.
      expect(Math.abs(seen.correlation(0, 1) - rho)).toBeLessThan(0.06);
      expect(seen.correlation(1, 0)).toBe(seen.correlation(0, 1));
      expect(Math.abs(seen.correlation(2, 3))).toBeLessThan(0.06);
    }
  });

  test('is found beneath the errors of the tracker over ten steps, not over one', () => {
    const params = { halfLifeSeconds: 1e6, priorMoves: 0 };
    expect(walked(moves({ ...params, lagSteps: 10 }), 8000, -0.9, 1).correlation(0, 1)).toBeLessThan(-0.65);
    expect(walked(moves({ ...params, lagSteps: 1 }), 8000, -0.9, 1).correlation(0, 1)).toBeGreaterThan(-0.4);
  });

  test('is shrunk by the moves taken for granted', () => {
    const params = { lagSteps: 4, halfLifeSeconds: 1e9 };
    // 4 steps until the first move, then one each: 20 independent ones after 84.
    const [bare, shrunk] = [0, 30].map((priorMoves) => walked(moves({ ...params, priorMoves }), 84, -0.8).correlation(0, 1));
    expect((shrunk ?? 0) / (bare ?? 1)).toBeCloseTo(20 / 50, 6);
  });

  test('whatever was seen, the matrix is positive semi-definite', () => {
    const rows = fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 6 }), fc.double({ min: 0, max: 9, noNaN: true }), (seen, lagSteps, priorMoves) => {
        const of = moves({ lagSteps, priorMoves });
        for (const row of seen) of.step(Float64Array.from(row));
        const { values } = eigensystem(matrix(of), FACTOR_COUNT);
        expect(values[0]).toBeGreaterThan(-1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test('a jump of the tracker counts as five standard deviations', () => {
    const [far, farther] = [1, 100].map((size) => {
      const of = walked(moves({ lagSteps: 1, priorMoves: 0 }), 20, 0);
      of.step(Float64Array.of(size, size, 0, 0));
      return of.correlation(0, 1);
    });
    expect(farther).toBe(far);
    expect(far).toBeGreaterThan(0.3);
  });

  test('forgets where the factors were, not how they move', () => {
    const of = walked(moves({ lagSteps: 2 }), 60, 0.9);
    const before = of.correlation(0, 1);
    of.forget();
    of.step(Float64Array.of(7, -7, 7, -7));
    of.step(Float64Array.of(7, -7, 7, -7));
    expect(of.correlation(0, 1)).toBe(before);
  });
});
