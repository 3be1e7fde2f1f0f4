import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { fittedGarch, garchFilter, garchMean } from '../../../src/study/history/garch.ts';
import { fittedRatio, steadyGain } from '../../../src/study/history/local-level.ts';
import { RidgeModel } from '../../../src/study/history/ridge-model.ts';
import { logRealisedVol, trailingMean, trailingMedian } from '../../../src/study/history/rolling.ts';

const rng = (path: string) => streams('models').stream(`test/${path}`);

const isTiny = (value: number): boolean => Math.abs(value) < 1e-12;

describe('figures that look back', () => {
  const draw = rng('rolling');
  const values = Array.from({ length: 60 }, () => normal(draw));

  test('equal their naive twins', () => {
    values.forEach((_, i) => {
      const last = (count: number): number[] => values.slice(Math.max(0, i - count + 1), i + 1);
      const mean = i < 6 ? Number.NaN : last(7).reduce((sum, value) => sum + value, 0) / 7;
      expect((trailingMean(values, 7)[i] ?? 0) - mean).toSatisfy(i < 6 ? Number.isNaN : isTiny);
      const window = last(11).sort((a, b) => a - b);
      const half = (window.length - 1) / 2;
      const median = window.length < 4 ? Number.NaN : ((window[Math.floor(half)] ?? 0) + (window[Math.ceil(half)] ?? 0)) / 2;
      expect((trailingMedian(values, 11, 4)[i] ?? 0) - median).toSatisfy(i < 3 ? Number.isNaN : isTiny);
    });
    const squares = values.slice(0, 5).reduce((sum, value) => sum + value * value, 0);
    expect(logRealisedVol(values, 5)[4]).toBeCloseTo(0.5 * Math.log(squares / 5), 12);
    expect(logRealisedVol([0, 0, 0], 2)[2]).toBeCloseTo(Math.log(1e-5), 12);
  });
});

describe('ridge', () => {
  test('equals a fit from scratch on standardised regressors', () => {
    const draw = rng('ridge');
    const rows = Array.from({ length: 80 }, () => [3 + 2 * normal(draw), 0.01 * normal(draw)] as const);
    const y = rows.map(([a, b]) => 0.5 * a + 40 * b + normal(draw));
    const model = new RidgeModel((row) => [1, ...(rows[row] ?? [])], 3, 1, 25);
    y.forEach((outcome, row) => {
      model.learn(row, outcome);
    });
    model.refit();
    // Two regressors z about their mean, of variance 1: (Z'Z + 25) b = Z'y, solved by Cramer's rule.
    const n = rows.length;
    const moments = [0, 1].map((k) => {
      const mean = rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / n;
      const sd = Math.sqrt(rows.reduce((sum, row) => sum + ((row[k] ?? 0) - mean) ** 2, 0) / n);
      return { mean, sd };
    });
    const z = rows.map((row) => moments.map(({ mean, sd }, k) => ((row[k] ?? 0) - mean) / sd));
    const centre = y.reduce((sum, value) => sum + value, 0) / n;
    const dot = (f: (i: number) => number, g: (i: number) => number): number => z.reduce((sum, _, i) => sum + f(i) * g(i), 0);
    const z0 = (i: number): number => z[i]?.[0] ?? 0;
    const z1 = (i: number): number => z[i]?.[1] ?? 0;
    const yc = (i: number): number => (y[i] ?? 0) - centre;
    const [a, b, d] = [dot(z0, z0) + 25, dot(z0, z1), dot(z1, z1) + 25];
    const [p, q] = [dot(z0, yc), dot(z1, yc)];
    const beta = [(p * d - q * b) / (a * d - b * b), (q * a - p * b) / (a * d - b * b)];
    expect(model.predict(11)).toBeCloseTo(centre + (beta[0] ?? 0) * z0(11) + (beta[1] ?? 0) * z1(11), 9);
  });
});

describe('a local level', () => {
  test.each([
    [0.05, 0.25],
    [1, 0.25],
  ])('gives back a variance ratio of %f', (ratio, tolerance) => {
    const draw = rng(`level/${ratio}`);
    let level = 0;
    const series = Array.from({ length: 4000 }, () => {
      level += Math.sqrt(ratio) * normal(draw);
      return level + normal(draw);
    });
    // Four standard errors of the log ratio at 4,000 rows (Fisher information of the two variances, by simulation: .05 and .06).
    expect(Math.abs(Math.log(fittedRatio([series]) / ratio))).toBeLessThan(tolerance);
  });

  test('of a random walk takes over all of a surprise, and the gain is the fixed point of the filter', () => {
    const draw = rng('walk');
    let level = 0;
    const walk = Array.from({ length: 2000 }, () => (level += normal(draw)));
    expect(steadyGain(fittedRatio([walk]))).toBeGreaterThan(0.9);
    for (const ratio of [0.01, 0.5, 3]) {
      let variance = 1;
      for (let i = 0; i < 5000; i += 1) variance = (variance + ratio) / (variance + ratio + 1);
      expect(steadyGain(ratio)).toBeCloseTo(variance, 9);
    }
  });
});

describe('GARCH(1,1)', () => {
  const simulated = (length: number): Float64Array => {
    const draw = rng('garch');
    let variance = 1e-4;
    return Float64Array.from({ length }, () => {
      const value = Math.sqrt(variance) * normal(draw);
      variance = 0.05 * 1e-4 + 0.1 * value * value + 0.85 * variance;
      return value;
    });
  };

  test('gives back the law that made the returns', () => {
    const law = fittedGarch([simulated(6000)]);
    // Standard errors at 6,000 returns: about .009 of the reaction and .010 of the persistence.
    expect(Math.abs(law.reaction - 0.1)).toBeLessThan(0.036);
    expect(Math.abs(law.persistence - 0.95)).toBeLessThan(0.04);
    expect(law.variance).toBeGreaterThan(0.7e-4);
    expect(law.variance).toBeLessThan(1.4e-4);
  });

  test('expects over several steps what its recursion does', () => {
    const law = { variance: 2, persistence: 0.9, reaction: 0.1 };
    const next = garchFilter([3, -1], law);
    expect(next).toBeCloseTo(0.2 + 0.1 * 1 + 0.8 * (0.2 + 0.1 * 9 + 0.8 * 2), 12);
    const path = [next, 0.2 + 0.9 * next, 0.2 + 0.9 * (0.2 + 0.9 * next)];
    expect(garchMean(law, next, 3)).toBeCloseTo(path.reduce((sum, value) => sum + value, 0) / 3, 12);
  });
});
