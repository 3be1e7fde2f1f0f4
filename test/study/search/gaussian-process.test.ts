import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { GaussianProcess, type GaussianProcessParameters, type Observations } from '../../../src/study/search/gaussian-process.ts';
import { minimum } from '../../../src/study/search/quasi-newton.ts';
import { fittedProcess } from '../../../src/study/search/surrogate.ts';

/** Matérn 5/2 as in Rasmussen and Williams (2006), equation 4.17, at distance r. */
const matern = (r: number): number => (1 + Math.sqrt(5) * r + (5 * r * r) / 3) * Math.exp(-Math.sqrt(5) * r);

describe('a Gaussian process', () => {
  test('equals the posterior of two values worked out by hand', () => {
    const parameters = { lengthScales: [0.5, 2], signalVariance: 1.7, noiseVariance: 0.03 };
    const points = [
      [0.1, 0.4],
      [0.8, 0.3],
    ];
    const process = new GaussianProcess({ points, values: [1.2, -0.4], errorVariances: [0.01, 0.2] }, parameters);
    const k = (a: readonly number[], b: readonly number[]): number =>
      1.7 * matern(Math.hypot(((a[0] ?? 0) - (b[0] ?? 0)) / 0.5, ((a[1] ?? 0) - (b[1] ?? 0)) / 2));
    const at = [0.35, 0.9];
    const jitter = 1.7e-8;
    const [a, b, c] = [1.7 + jitter + 0.03 + 0.01, k(points[0] ?? [], points[1] ?? []), 1.7 + jitter + 0.03 + 0.2];
    const determinant = a * c - b * b;
    const [p, q] = [k(at, points[0] ?? []), k(at, points[1] ?? [])];
    const mean = (p * (c * 1.2 - b * -0.4) + q * (-b * 1.2 + a * -0.4)) / determinant;
    const variance = 1.7 - (p * (c * p - b * q) + q * (-b * p + a * q)) / determinant;
    expect(process.at(at).mean).toBeCloseTo(mean, 12);
    expect(process.at(at).variance).toBeCloseTo(variance, 12);
    const quadratic = (1.2 * (c * 1.2 - b * -0.4) + -0.4 * (-b * 1.2 + a * -0.4)) / determinant;
    expect(process.logLikelihood()).toBeCloseTo(-0.5 * quadratic - 0.5 * Math.log(determinant) - Math.log(2 * Math.PI), 12);
  });

  test('goes through values without error, and knows nothing far away', () => {
    const process = new GaussianProcess(
      { points: [[0], [0.3], [1]], values: [1, -1, 0.5], errorVariances: [0, 0, 0] },
      { lengthScales: [0.2], signalVariance: 1, noiseVariance: 1e-12 },
    );
    expect(process.at([0.3]).mean).toBeCloseTo(-1, 5);
    expect(process.at([0.3]).variance).toBeLessThan(1e-6);
    expect(process.at([50]).mean).toBeCloseTo(0, 9);
    expect(process.at([50]).variance).toBeCloseTo(1, 9);
  });

  test('has the derivatives of its likelihood that differences give', () => {
    const data = sample('1', 12, 3, 0.2);
    const logs = [-0.7, 0.2, 0.9, 0.3, -2.1];
    const parametersAt = (at: readonly number[]): GaussianProcessParameters => ({
      lengthScales: at.slice(0, 3).map(Math.exp),
      signalVariance: Math.exp(at[3] ?? 0),
      noiseVariance: Math.exp(at[4] ?? 0),
    });
    const likelihood = (at: readonly number[]): number => new GaussianProcess(data, parametersAt(at)).logLikelihood();
    const gradient = new GaussianProcess(data, parametersAt(logs)).logLikelihoodGradient();
    logs.forEach((_, i) => {
      // Central differences: error of order h² of the third derivative, and 1e-15/h of rounding.
      const moved = (by: number): number => likelihood(logs.map((log, j) => (j === i ? log + by : log)));
      const difference = (moved(1e-4) - moved(-1e-4)) / 2e-4;
      expect(Math.abs((gradient[i] ?? 0) - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
    });
  });

  test('fitted to values finds which input matters, and how noisy they are', () => {
    const rng = streams('2').stream('test/process');
    const points = Array.from({ length: 40 }, () => [rng.uniform(), rng.uniform()]);
    const values = points.map((point) => Math.SQRT2 * Math.sin(2 * Math.PI * (point[0] ?? 0)) + 0.05 * normal(rng));
    const process = fittedProcess({ points, values, errorVariances: points.map(() => 0) });
    const error = (y: number): number =>
      Math.max(...[0.2, 0.4, 0.6, 0.8].map((x) => Math.abs(process.at([x, y]).mean - Math.SQRT2 * Math.sin(2 * Math.PI * x))));
    // Far beyond the noise of 0.05 on 40 values, far below the function's own range of 2.8.
    expect(error(0.2)).toBeLessThan(0.15);
    expect(error(0.8)).toBeLessThan(0.15);
  });

  test('fitted to equal values or to two stays finite', () => {
    for (const values of [
      [0, 0, 0, 0],
      [1, -1, 1, -1],
    ]) {
      const belief = fittedProcess({ points: [[0.1], [0.1], [0.7], [0.9]], values, errorVariances: values.map(() => 0) }).at([0.4]);
      expect(Number.isFinite(belief.mean) && belief.variance >= 0).toBe(true);
    }
  });
});

test("goes down Rosenbrock's valley to its end, and never up", () => {
  const of = (at: Readonly<Float64Array>) => {
    const [x, y] = [at[0] ?? 0, at[1] ?? 0];
    const value = (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x);
    return { value, gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)) };
  };
  const end = minimum(of, [-1.2, 1], 200);
  expect(end[0]).toBeCloseTo(1, 4);
  expect(end[1]).toBeCloseTo(1, 4);
  for (let steps = 0; steps < 20; steps += 1)
    expect(of(minimum(of, [-1.2, 1], steps + 1)).value).toBeLessThanOrEqual(of(minimum(of, [-1.2, 1], steps)).value);
});

function sample(seed: string, count: number, inputs: number, noise: number): Observations {
  const rng = streams(seed).stream('test/process');
  const points = Array.from({ length: count }, () => Array.from({ length: inputs }, () => rng.uniform()));
  const values = points.map((point) => Math.sin(3 * (point[0] ?? 0)) + (point[1] ?? 0) + noise * normal(rng));
  return { points, values, errorVariances: points.map((_, i) => 0.01 * (i % 3)) };
}
