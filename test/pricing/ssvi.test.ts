import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  butterflySufficient,
  calendarSufficient,
  durrleman,
  psiMaximum,
  repairSlices,
  type Slice,
  sliceVol,
  totalVariance,
} from '../../src/pricing/ssvi.ts';
import { cell, type ReferenceRow, referenceRows } from '../support/reference-table.ts';

const rows = referenceRows('ssvi_heston.csv')?.filter((row) => row['model'] === 'ssvi');

/** θφ(θ) of a row. */
function psi(row: ReferenceRow): number {
  const theta = cell(row, 'theta_slice');
  const eta = cell(row, 'eta');
  const gamma = cell(row, 'gamma');
  const power = (base: number, exponent: number): number => Math.exp(exponent * Math.log(base));
  switch (row['phi_kind']) {
    case 'power':
      return eta * power(theta, 1 - gamma);
    case 'power-mod':
      return eta * power(theta / (1 + theta), 1 - gamma);
    case 'heston-like': {
      // (1 − (1 − e^−y)/y)/y, whose terms cancel for small y.
      const y = eta * theta;
      let term = 1 / 2;
      let phi = 0;
      for (let n = 3; n < 40; n += 1) {
        phi += term;
        term *= -y / n;
      }
      return theta * phi;
    }
    default:
      throw new Error(`phi_kind ${row['phi_kind']}`);
  }
}

const sliceOf = (row: ReferenceRow): Slice => ({ theta: cell(row, 'theta_slice'), rho: cell(row, 'rho'), psi: psi(row) });

/** Log-moneyness out to where the wings are straight, dense around the bend. */
function wideGrid(slice: Slice): readonly number[] {
  const width = slice.theta / slice.psi;
  return Array.from({ length: 801 }, (_, i) => width * Math.sinh((i - 400) / 30));
}
const lowestG = (slice: Slice): number => Math.min(...wideGrid(slice).map((k) => durrleman(slice, k)));

/** Slices by surface and expiry, with the flags of their first row. */
function bySlice(): readonly (readonly [ReferenceRow, Slice])[] {
  const found = new Map<string, readonly [ReferenceRow, Slice]>();
  for (const row of rows ?? []) {
    const key = `${row['set']} ${row['theta_slice']}`;
    if (!found.has(key)) found.set(key, [row, sliceOf(row)]);
  }
  return [...found.values()];
}

describe.skipIf(rows === undefined)('504 points of 18 surfaces, 60 digits', () => {
  test('total variance and g', () => {
    expect(rows).toHaveLength(504);
    for (const row of rows ?? []) {
      const slice = sliceOf(row);
      expect(Math.abs(totalVariance(slice, cell(row, 'k')) / cell(row, 'w') - 1), JSON.stringify(row)).toBeLessThan(1e-13);
      expect(Math.abs(durrleman(slice, cell(row, 'k')) - cell(row, 'g')), JSON.stringify(row)).toBeLessThan(
        1e-13 * (1 + Math.abs(cell(row, 'g'))),
      );
    }
  });

  test('derivatives of total variance, by differences', () => {
    for (const row of rows ?? []) {
      const slice = sliceOf(row);
      const k = cell(row, 'k');
      const w = (h: number): number => totalVariance(slice, k + h);
      const bend = Math.sqrt(1 - slice.rho * slice.rho) * (slice.theta / slice.psi) + Math.abs(k + slice.rho * (slice.theta / slice.psi));
      const h = 0.01 * bend;
      const first = (8 * (w(h) - w(-h)) - (w(2 * h) - w(-2 * h))) / (12 * h);
      const second = (16 * (w(h) + w(-h)) - (w(2 * h) + w(-2 * h)) - 30 * w(0)) / (12 * h * h);
      expect(Math.abs(first - cell(row, 'dw_dk')), JSON.stringify(row)).toBeLessThan((1e-7 * w(0)) / bend);
      expect(Math.abs(second - cell(row, 'd2w_dk2')), JSON.stringify(row)).toBeLessThan((1e-6 * w(0)) / (bend * bend));
    }
  });

  test('the sufficient condition, and the lowest g', () => {
    const slices = bySlice();
    expect(slices.length).toBeGreaterThan(60);
    let freeAlthoughNotSufficient = 0;
    for (const [row, slice] of slices) {
      const free = row['slice_butterfly_ok'] === '1';
      expect(butterflySufficient(slice), JSON.stringify(row)).toBe(row['slice_sufficient'] === '1');
      const lowest = lowestG(slice);
      expect(lowest >= 0, JSON.stringify(row)).toBe(free);
      expect(Math.abs(lowest - cell(row, 'slice_g_min'))).toBeLessThan(2e-4 * (1 + Math.abs(lowest)));
      if (free && !butterflySufficient(slice)) freeAlthoughNotSufficient += 1;
    }
    expect(freeAlthoughNotSufficient).toBe(4);
  });

  test('the calendar condition holds on a surface exactly where every pair passes', () => {
    const surfaces = new Map<string, { flag: string | undefined; slices: Slice[] }>();
    for (const [row, slice] of bySlice()) {
      const key = row['set'] ?? '';
      const surface = surfaces.get(key) ?? { flag: row['surface_calendar_ok'], slices: [] };
      surface.slices.push(slice);
      surfaces.set(key, surface);
    }
    expect(surfaces.size).toBe(18);
    for (const [name, { flag, slices }] of surfaces) {
      const passes = slices.every((far, i) => {
        const near = slices[i - 1];
        return near === undefined || calendarSufficient(near, far);
      });
      expect(passes, name).toBe(flag === '1');
    }
  });
});

test('a steep power law fails at low variance, as g shows', () => {
  // ρ = −0.7, η = 1.176, γ = 0.7 at θ = 1e-4: η(1+|ρ|) ≤ 2 holds, yet γ > ½ lets ψ²/θ grow without bound as θ falls.
  const theta = 1e-4;
  const slice = { theta, rho: -0.7, psi: 1.176 * Math.exp(0.3 * Math.log(theta / (1 + theta))) };
  expect(butterflySufficient(slice)).toBe(false);
  expect(lowestG(slice)).toBeLessThan(-3);
});

test('the largest surely free ψ attains one of the two bounds', () => {
  expect(psiMaximum(0.04, -0.5)).toBeCloseTo(Math.sqrt((4 * 0.04) / 1.5), 15);
  expect(psiMaximum(9, 0.25) * 1.25).toBeLessThan(4);
  expect(psiMaximum(9, 0.25) * 1.25).toBeGreaterThan(4 - 1e-9);
});

test('the vol of a slice: at the money √(θ/T), and the skew of Gatheral and Jacquier', () => {
  const slice = { theta: 0.04 * 0.25, rho: -0.6, psi: 0.02 };
  expect(sliceVol(slice, 0, 0.25)).toBeCloseTo(0.2, 15);
  const h = 1e-5;
  const skew = (sliceVol(slice, h, 0.25) - sliceVol(slice, -h, 0.25)) / (2 * h);
  expect(skew).toBeCloseTo((-0.6 * slice.psi) / (2 * Math.sqrt(slice.theta * 0.25)), 8);
});

describe('repair', () => {
  const slice = fc.record({
    theta: fc.double({ min: -0.01, max: 4, noNaN: true }),
    rho: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    psi: fc.double({ min: -0.1, max: 5, noNaN: true }),
  });
  const surface = fc.array(
    fc.oneof(
      slice,
      slice.map((s) => ({ theta: s.theta * 1e-3, rho: s.rho, psi: s.psi * 1e-2 })),
    ),
    { minLength: 1, maxLength: 8 },
  );
  const copy = (slices: readonly Slice[]): Slice[] => slices.map((s) => ({ ...s }));
  const commonGrid = Array.from({ length: 121 }, (_, i) => Math.sinh((i - 60) / 12));

  test('leaves no butterfly: g ≥ 0 far into the wings', () => {
    fc.assert(
      fc.property(surface, (slices) => {
        repairSlices(slices);
        for (const one of slices) {
          expect(butterflySufficient(one), JSON.stringify(one)).toBe(true);
          // The bound ψ²(1+|ρ|) = 4θ may be attained, where g touches zero up to rounding.
          expect(lowestG(one), JSON.stringify(one)).toBeGreaterThan(-1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('leaves no calendar spread: total variance never falls with expiry', () => {
    fc.assert(
      fc.property(surface, (slices) => {
        repairSlices(slices);
        slices.forEach((far, i) => {
          const near = slices[i - 1];
          if (near === undefined) return;
          expect(calendarSufficient(near, far), JSON.stringify([near, far])).toBe(true);
          const crossed = commonGrid.filter((k) => totalVariance(far, k) < totalVariance(near, k) * (1 - 1e-12));
          expect(crossed, JSON.stringify([near, far])).toEqual([]);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('is idempotent, and counts what it changed', () => {
    fc.assert(
      fc.property(surface, (slices) => {
        const before = copy(slices);
        const repairs = repairSlices(slices);
        const changed = slices.filter((s, i) => JSON.stringify(s) !== JSON.stringify(before[i])).length;
        expect(repairs).toBe(changed);
        const once = copy(slices);
        expect(repairSlices(slices)).toBe(0);
        expect(slices).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });

  test('does not touch what is free', () => {
    // Power law with γ ≤ ½ and η(1+|ρ|) ≤ 2, one ρ: free by Gatheral and Jacquier, remark 4.4.
    const unit = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -0.97, max: 0.97, noNaN: true }),
        unit,
        unit,
        fc.array(unit, { minLength: 1, maxLength: 8 }),
        (rho, scale, half, steps) => {
          const eta = (2 * scale) / (1 + Math.abs(rho));
          const gamma = half / 2;
          let theta = 1e-4;
          const slices = steps.map((step) => {
            theta *= 1 + step;
            return { theta, rho, psi: eta * Math.exp((1 - gamma) * Math.log(theta / (1 + theta))) };
          });
          const before = copy(slices);
          expect(repairSlices(slices)).toBe(0);
          expect(slices).toEqual(before);
        },
      ),
    );
  });

  test('moves a slice no further than it must', () => {
    const steep = { theta: 0.04, rho: -0.5, psi: 1 };
    repairSlices([steep]);
    expect(steep).toEqual({ theta: 0.04, rho: -0.5, psi: psiMaximum(0.04, -0.5) });

    const surfaceOfTwo = [
      { theta: 0.04, rho: -0.5, psi: 0.1 },
      { theta: 0.03, rho: -0.5, psi: 0.05 },
    ];
    expect(repairSlices(surfaceOfTwo)).toBe(1);
    expect(surfaceOfTwo[1]).toEqual(surfaceOfTwo[0]);
  });
});
