import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { LinearRegression } from '../../../src/core/linear-regression.ts';
import { streams } from '../../../src/core/rng.ts';
import { RecursiveLeastSquares } from '../../../src/forecast/adaptive/recursive-least-squares.ts';

const TRUE = [0.7, -0.3, 0.1];

function rows(count: number, seed: string): { x: Float64Array; y: number }[] {
  const rng = streams(seed).stream('rls');
  return Array.from({ length: count }, () => {
    const common = normal(rng);
    const x = Float64Array.from(TRUE, () => normal(rng) + common);
    return { x, y: x.reduce((sum, value, i) => sum + value * (TRUE[i] ?? 0), 0) + normal(rng) };
  });
}

test('is ridge regression on all rows where nothing is forgotten', () => {
  const ridge = [2, 5, 0.5];
  const own = new RecursiveLeastSquares({ ridge, memory: Number.POSITIVE_INFINITY });
  const batch = new LinearRegression(3);
  for (const { x, y } of rows(300, '1')) {
    own.add(x, y);
    batch.add(x, y);
  }
  own.solve();
  batch.coefficients(ridge).forEach((value, i) => {
    expect(own.coefficients[i]).toBeCloseTo(value, 11);
  });
});

test('weighs rows by age and by weight as the batch does, and never forgets its pull', () => {
  const [memory, ridge] = [40, [3, 3, 3]];
  const own = new RecursiveLeastSquares({ ridge, memory });
  const list = rows(200, '2');
  const weight = (n: number): number => 0.5 + (n % 3);
  for (const [n, { x, y }] of list.entries()) own.add(x, y, weight(n));
  own.solve();
  const batch = new LinearRegression(3);
  for (const [n, { x, y }] of list.entries()) {
    const root = Math.sqrt(weight(n) * Math.exp(-(list.length - 1 - n) / memory));
    batch.add(
      x.map((value) => root * value),
      root * y,
    );
  }
  batch.coefficients(ridge).forEach((value, i) => {
    expect(own.coefficients[i]).toBeCloseTo(value, 11);
  });
});

test('after a million rows is still the solution of the last thousands, and goes back to 0 without news', () => {
  const memory = 300;
  const own = new RecursiveLeastSquares({ ridge: [1, 1, 1, 1e-3], memory });
  const rng = streams('3').stream('rls');
  const x = new Float64Array(4);
  const tail: { x: Float64Array; y: number }[] = [];
  for (let n = 0; n < 1_000_000; n += 1) {
    for (let i = 0; i < 3; i += 1) x[i] = normal(rng);
    // Nearly collinear: what breaks recursions of the inverse.
    x[3] = (x[0] ?? 0) + 1e-6 * normal(rng);
    const y = 0.5 * (x[0] ?? 0) - (x[1] ?? 0) + normal(rng);
    own.add(x, y);
    if (n >= 988_000) tail.push({ x: x.slice(), y });
  }
  own.solve();
  const batch = new LinearRegression(4);
  for (const [n, row] of tail.entries()) {
    const root = Math.exp(-(tail.length - 1 - n) / (2 * memory));
    batch.add(
      row.x.map((value) => root * value),
      root * row.y,
    );
  }
  batch.coefficients([1, 1, 1, 1e-3]).forEach((value, i) => {
    expect(Math.abs((own.coefficients[i] ?? 0) - value)).toBeLessThan(1e-9);
  });
  for (let n = 0; n < 20_000; n += 1) own.add(new Float64Array(4), 0);
  own.solve();
  for (const value of own.coefficients) expect(Math.abs(value)).toBeLessThan(1e-12);
});

test('at an alarm forgets the given share at once', () => {
  const one = new RecursiveLeastSquares({ ridge: [1], memory: Number.POSITIVE_INFINITY });
  for (let n = 0; n < 90; n += 1) one.add(Float64Array.of(1), 1);
  one.forget(0.1);
  for (let n = 0; n < 10; n += 1) one.add(Float64Array.of(1), -1);
  one.solve();
  // (9 − 10)/(9 + 10 + 1).
  expect(one.coefficients[0]).toBeCloseTo(-0.05, 12);
  expect(one.value(Float64Array.of(2))).toBeCloseTo(-0.1, 12);
});

test('a row that is not finite only ages the others', () => {
  const one = new RecursiveLeastSquares({ ridge: [1], memory: 10 });
  one.add(Float64Array.of(1), 2);
  one.add(Float64Array.of(Number.NaN), 1);
  one.add(Float64Array.of(1), Number.POSITIVE_INFINITY);
  one.solve();
  const kept = Math.exp(-0.2);
  expect(one.coefficients[0]).toBeCloseTo((2 * kept) / (kept + 1), 12);
});

test('refuses a ridge of 0 and a memory of none', () => {
  expect(() => new RecursiveLeastSquares({ ridge: [0], memory: 1 })).toThrow('ridge above 0');
  expect(() => new RecursiveLeastSquares({ ridge: [1], memory: 0 })).toThrow('memory');
});
