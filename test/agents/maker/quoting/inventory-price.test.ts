import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InventoryPrice } from '../../../../src/agents/maker/quoting/inventory-price.ts';
import { eigensystem } from '../../../../src/core/symmetric-matrix.ts';

const N = 3;
const RIDGE = 1e-4;
const range = Array.from({ length: N }, (_, i) => i);

type Matrix = ArrayLike<number>;
const at = (m: Matrix, i: number, j: number): number => m[i * N + j] ?? Number.NaN;
const matrix = (entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: N * N }, (_, n) => entry(Math.floor(n / N), n % N));
const sum = (term: (k: number) => number): number => range.reduce((total, k) => total + term(k), 0);
const times = (a: Matrix, b: Matrix): Float64Array => matrix((i, j) => sum((k) => at(a, i, k) * at(b, k, j)));
const power = (a: Matrix, of: (value: number) => number): Float64Array => {
  const { values, vectors } = eigensystem(a, N);
  return matrix((i, j) => sum((k) => of(values[k] ?? 0) * at(vectors, k, i) * at(vectors, k, j)));
};
const size = (a: Matrix): number => Math.max(...Array.from(a, Math.abs));

/** B Bᵀ plus a little. */
const definite = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: N * N, maxLength: N * N }).map((raw) => {
  return matrix((i, j) => sum((k) => at(raw, i, k) * at(raw, j, k)) + (i === j ? 0.05 : 0));
});
const aversions = fc.double({ min: 1e-4, max: 1, noNaN: true });

/** D with the ridge, as the comment of `update` defines it. */
function withRidge(d: Matrix, covariance: Matrix): Float64Array {
  const mean = sum((k) => at(d, k, k) * at(covariance, k, k)) / N;
  return matrix((i, j) => at(d, i, j) + (i === j ? (RIDGE * mean) / at(covariance, i, i) : 0));
}

function priced(d: Matrix, covariance: Matrix, aversion: number): InventoryPrice {
  const price = new InventoryPrice(N);
  price.update(d, covariance, aversion, RIDGE);
  return price;
}

describe('with a liquidity that spans all risks', () => {
  test('M is √(γ/2) D^(−½)(D^½ΣD^½)^½ D^(−½), so that MDM = ½γΣ', () => {
    fc.assert(
      fc.property(definite, definite, aversions, (d, covariance, aversion) => {
        const { m } = priced(d, covariance, aversion);
        const whole = withRidge(d, covariance);
        const [half, inverse] = [power(whole, Math.sqrt), power(whole, (value) => 1 / Math.sqrt(value))];
        const inner = power(times(times(half, covariance), half), (value) => Math.sqrt(Math.max(0, value)));
        const wanted = times(times(inverse, inner), inverse);
        const back = times(times(m, whole), m);
        for (const i of range) {
          for (const j of range) {
            expect(Math.abs(at(m, i, j) - Math.sqrt(aversion / 2) * at(wanted, i, j))).toBeLessThan(1e-9 * size(m));
            expect(Math.abs(at(back, i, j) - (aversion / 2) * at(covariance, i, j))).toBeLessThan(1e-9 * aversion * size(covariance));
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test('the modes are those of 2MD: together they are all there is, and each decays at its own speed', () => {
    fc.assert(
      fc.property(definite, definite, aversions, (d, covariance, aversion) => {
        const { m, speeds, into, outOf } = priced(d, covariance, aversion);
        const speed = times(m, withRidge(d, covariance)).map((value) => 2 * value);
        for (const i of range) {
          for (const j of range) {
            expect(sum((k) => at(outOf, k, i) * at(into, k, j))).toBeCloseTo(i === j ? 1 : 0, 8);
            const decayed = sum((k) => (speeds[k] ?? 0) * at(outOf, k, i) * at(into, k, j));
            expect(Math.abs(decayed - at(speed, i, j))).toBeLessThan(1e-8 * size(speed));
          }
        }
        expect([...speeds]).toEqual([...speeds].sort((a, b) => a - b));
        expect(speeds[0]).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  test('e^(−2MDs) by the modes is the series of the exponential', () => {
    fc.assert(
      fc.property(definite, definite, (d, covariance) => {
        const { m, speeds, into, outOf } = priced(d, covariance, 0.02);
        // Half a turnover of the fastest mode, in 64 squarings of a short step.
        const step = 0.5 / (speeds[N - 1] ?? 1) / 64;
        const a = times(m, withRidge(d, covariance)).map((value) => -2 * value * step);
        let exponential = matrix(
          (i, j) => (i === j ? 1 : 0) + at(a, i, j) + at(times(a, a), i, j) / 2 + at(times(times(a, a), a), i, j) / 6,
        );
        for (let n = 0; n < 6; n += 1) exponential = times(exponential, exponential);
        for (const i of range) {
          for (const j of range) {
            const byModes = sum((k) => Math.exp(-64 * step * (speeds[k] ?? 0)) * at(outOf, k, i) * at(into, k, j));
            expect(Math.abs(byModes - at(exponential, i, j))).toBeLessThan(1e-6 * size(exponential));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('exposures for a lean cost that lean, and liquidity has its inverse', () => {
    fc.assert(
      fc.property(definite, definite, (d, covariance) => {
        const price = priced(d, covariance, 0.02);
        const c = [0.3, -0.1, 0.7];
        const out = new Float64Array(N);
        const back = price.times(price.exposuresFor(c, out), new Float64Array(N));
        const x = price.liquidityInverse(c, out);
        const whole = withRidge(d, covariance);
        for (const i of range) {
          expect(back[i]).toBeCloseTo(c[i] ?? 0, 7);
          expect(sum((k) => at(whole, i, k) * (x[k] ?? 0))).toBeCloseTo(c[i] ?? 0, 7);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('an imbalance that passes at φ shifts by (2MD + φ)⁻¹M y, and by ½D⁻¹y where it lasts', () => {
    fc.assert(
      fc.property(definite, definite, fc.double({ min: 0, max: 5, noNaN: true }), (d, covariance, share) => {
        const price = priced(d, covariance, 0.02);
        const whole = withRidge(d, covariance);
        const y = [0.4, 1, -0.2];
        const phi = share * (price.speeds[1] ?? 0);
        const x = price.flowLean(y, phi, new Float64Array(N));
        const speed = times(price.m, whole).map((value) => 2 * value);
        const my = price.times(y, new Float64Array(N));
        const lasting = price.flowLean(y, 0, new Float64Array(N));
        for (const i of range) {
          const back = sum((k) => at(speed, i, k) * (x[k] ?? 0)) + phi * (x[i] ?? 0);
          expect(Math.abs(back - (my[i] ?? 0))).toBeLessThan(1e-8 * (size(my) + 1e-300));
          expect(sum((k) => at(whole, i, k) * 2 * (lasting[k] ?? 0))).toBeCloseTo(y[i] ?? 0, 7);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('the unit in which a risk is measured does not matter', () => {
    fc.assert(
      fc.property(definite, definite, (d, covariance) => {
        const units = [1, 1000, 0.01];
        const u = (i: number): number => units[i] ?? 1;
        const { m } = priced(d, covariance, 0.02);
        const other = priced(
          matrix((i, j) => at(d, i, j) / (u(i) * u(j))),
          matrix((i, j) => at(covariance, i, j) * u(i) * u(j)),
          0.02,
        ).m;
        for (const i of range)
          for (const j of range) expect(Math.abs(at(other, i, j) / (u(i) * u(j)) - at(m, i, j))).toBeLessThan(1e-8 * size(m));
      }),
      { numRuns: 20 },
    );
  });
});

test('one risk alone: √(γΣ/2D), worked off at √(2γΣD)', () => {
  const price = new InventoryPrice(1);
  price.update([7], [0.3], 0.002, 1e-9);
  expect(price.m[0]).toBeCloseTo(Math.sqrt((0.002 * 0.3) / (2 * 7)), 9);
  expect(price.speeds[0]).toBeCloseTo(Math.sqrt(2 * 0.002 * 0.3 * 7), 9);
});

describe('risks that the quoted series do not span', () => {
  const covariance = [0.4, 0.05, 0, 0.05, 0.3, 0.1, 0, 0.1, 0.2];
  const direction = [0.8, 0.5, 0.2];
  const spanned = matrix((i, j) => (direction[i] ?? 0) * (direction[j] ?? 0) * 50);
  const cost = (ridge: number, b: readonly number[], held: readonly number[]): number => {
    const price = new InventoryPrice(N);
    price.update(spanned, covariance, 0.02, ridge);
    const mb = price.times(held, new Float64Array(N));
    return sum((k) => (b[k] ?? 0) * (mb[k] ?? 0));
  };

  test('what can be traded costs what it would without the others', () => {
    // Held and traded along the one direction: its variance is dᵀΣd, its liquidity 50.
    const along = sum((i) => sum((j) => (direction[i] ?? 0) * (direction[j] ?? 0) * at(covariance, i, j)));
    const wanted = Math.sqrt((0.02 * along) / (2 * 50));
    expect(cost(1e-4, direction, direction) / wanted).toBeCloseTo(1, 1);
    expect(cost(1e-8, direction, direction) / wanted).toBeCloseTo(1, 3);
  });

  test('what cannot be traded costs much, without end as the ridge goes to 0', () => {
    const across = [0.5, -0.8, 0];
    expect(cost(1e-4, across, across)).toBeGreaterThan(10 * cost(1e-4, direction, direction));
    expect(cost(1e-6, across, across) / cost(1e-4, across, across)).toBeGreaterThan(5);
    expect(Number.isFinite(cost(1e-12, across, across))).toBe(true);
  });
});

test('a risk that does not move costs nothing', () => {
  const price = priced([3, 1, 0, 1, 2, 0, 0, 0, 4], [0.5, 0, 0, 0, 0, 0, 0, 0, 0], 0.02);
  const mb = price.times([0, 5, 5], new Float64Array(N));
  for (const cost of mb) expect(Math.abs(cost)).toBeLessThan(1e-9);
  expect(price.times([1, 0, 0], new Float64Array(N))[0]).toBeGreaterThan(0);
  expect([...price.exposuresFor([1, 1, 1], new Float64Array(N))].every(Number.isFinite)).toBe(true);
});

test('without quotes nothing costs anything, and nothing is worked off', () => {
  const price = priced(new Float64Array(9), [1, 0, 0, 0, 1, 0, 0, 0, 1], 0.02);
  const out = new Float64Array(N);
  expect([...price.m, ...price.speeds].every((value) => value === 0)).toBe(true);
  expect([...price.exposuresFor([1, 2, 3], out)]).toEqual([0, 0, 0]);
  expect([...price.liquidityInverse([1, 2, 3], out)]).toEqual([0, 0, 0]);
  expect([...price.flowLean([1, 2, 3], 5, out)]).toEqual([0, 0, 0]);
  expect([...price.into]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
});
