import { expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { normal } from '../../src/core/distributions.ts';
import { LinearRegression } from '../../src/core/linear-regression.ts';
import { streams } from '../../src/core/rng.ts';

function rows(count: number, name = 'rows') {
  const rng = streams('regression').stream(name);
  return Array.from({ length: count }, () => {
    const a = normal(rng);
    const b = 0.5 * a + normal(rng);
    return { a, b, y: 1.5 + 2 * a - 0.7 * b + 0.3 * normal(rng) };
  });
}

function fitted(of: readonly { readonly x: readonly number[]; readonly y: number }[], regressors: number): LinearRegression {
  const regression = new LinearRegression(regressors);
  for (const { x, y } of of) regression.add(x, y);
  return regression;
}

test('one regressor: Σxy/Σx²', () => {
  const regression = fitted(
    [
      { x: [1], y: 2 },
      { x: [2], y: 3 },
      { x: [-1], y: 0 },
    ],
    1,
  );
  expect(regression.coefficients()[0]).toBeCloseTo(8 / 6, 14);
  expect(regression.squares()).toEqual({ residual: expect.closeTo(13 - 64 / 6, 12), total: 13 });
  expect(regression.count).toBe(3);
});

test('a line: slope is covariance over variance, and the line goes through the means', () => {
  const data = rows(50);
  const mean = (of: (row: (typeof data)[number]) => number): number => data.reduce((sum, row) => sum + of(row), 0) / 50;
  const [meanA, meanY] = [mean(({ a }) => a), mean(({ y }) => y)];
  const slope = mean(({ a, y }) => (a - meanA) * (y - meanY)) / mean(({ a }) => (a - meanA) * (a - meanA));
  const [constant, found] = fitted(
    data.map(({ a, y }) => ({ x: [1, a], y })),
    2,
  ).coefficients();
  expect(found).toBeCloseTo(slope, 12);
  expect(constant).toBeCloseTo(meanY - slope * meanA, 12);
});

test('residuals are orthogonal to every regressor, and their squares are those it says', () => {
  const data = rows(200).map(({ a, b, y }) => ({ x: [1, a, b], y }));
  const regression = fitted(data, 3);
  const beta = regression.coefficients();
  const residuals = data.map(({ x, y }) => y - x.reduce((sum, value, i) => sum + value * (beta[i] ?? 0), 0));
  for (const i of [0, 1, 2]) {
    expect(Math.abs(residuals.reduce((sum, residual, n) => sum + residual * (data[n]?.x[i] ?? 0), 0))).toBeLessThan(1e-9);
  }
  expect(regression.squares().residual).toBeCloseTo(
    residuals.reduce((sum, residual) => sum + residual * residual, 0),
    9,
  );
  expect([...beta].map((value, i) => Math.abs(value - ([1.5, 2, -0.7][i] ?? 0)) < 0.15)).toEqual([true, true, true]);
});

test('an exact law is found exactly', () => {
  const beta = fitted(
    rows(30).map(({ a, b }) => ({ x: [a, b], y: 3 * a - 4 * b })),
    2,
  ).coefficients();
  expect([...beta]).toEqual([expect.closeTo(3, 12), expect.closeTo(-4, 12)]);
});

test('a regressor that is a sum of others, or nothing, gets 0 and takes nothing away', () => {
  const data = rows(100);
  const plain = fitted(
    data.map(({ a, b, y }) => ({ x: [a, b], y })),
    2,
  );
  const collinear = fitted(
    data.map(({ a, b, y }) => ({ x: [a, b, 2 * a - b, 0], y })),
    4,
  );
  const [first, second, third, fourth] = collinear.coefficients();
  expect([third, fourth]).toEqual([0, 0]);
  expect(first).toBeCloseTo(plain.coefficients()[0] ?? 0, 9);
  expect(second).toBeCloseTo(plain.coefficients()[1] ?? 0, 9);
  expect(collinear.squares().residual).toBeCloseTo(plain.squares().residual, 9);
});

test('scales of 1e-6 and 1e6 side by side are no collinearity', () => {
  const beta = fitted(
    rows(100).map(({ a, b }) => ({ x: [1e-6 * a, 1e6 * b], y: a + b })),
    2,
  ).coefficients();
  expect((beta[0] ?? 0) / 1e6).toBeCloseTo(1, 8);
  expect((beta[1] ?? 0) * 1e6).toBeCloseTo(1, 8);
});

test('needs rows', () => {
  expect(() => new LinearRegression(2).squares()).toThrow(InvariantError);
});

test('penalties shrink as rows with that regressor alone would, and leave the constant free', () => {
  const penalised = new LinearRegression(3);
  const extended = new LinearRegression(3);
  for (const { a, b, y } of rows(200)) {
    penalised.add([1, a, b], y);
    extended.add([1, a, b], y);
  }
  extended.add([0, Math.sqrt(50), 0], 0);
  extended.add([0, 0, Math.sqrt(20)], 0);
  const ridge = penalised.coefficients([0, 50, 20]);
  for (const [i, coefficient] of extended.coefficients().entries()) expect(ridge[i]).toBeCloseTo(coefficient, 12);
  expect(Math.abs(ridge[1] ?? 0)).toBeLessThan(Math.abs(penalised.coefficients()[1] ?? 0));
});
