import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LeastSquares, leastSquaresMinimum, NormalEquations } from '../../src/calibration/levenberg-marquardt.ts';

/** Rosenbrock's valley as residuals 10(y − x²) and 1 − x: the minimum is at (1, 1), behind a bend. */
const valley: LeastSquares = {
  dimension: 2,
  accumulate([x = 0, y = 0], into) {
    into.add(10 * (y - x * x), [0, 1], [-20 * x, 10]);
    into.add(1 - x, [0], [-1]);
  },
};

/** A line through points, in parameters (intercept, slope). */
function line(points: readonly (readonly [number, number])[], threshold?: number): LeastSquares {
  return {
    dimension: 2,
    accumulate([a = 0, b = 0], into) {
      for (const [x, y] of points) into.add(a + b * x - y, [0, 1], [1, x], threshold);
    },
  };
}

test("finds the end of Rosenbrock's valley from the usual start", () => {
  const { parameters, cost, converged } = leastSquaresMinimum(valley, [-1.2, 1]);
  expect(converged).toBe(true);
  expect(cost).toBeLessThan(1e-20);
  expect([...parameters]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
});

test('a linear problem takes the regression of the textbook', () => {
  // Means 2 and 4; Sxy = 8, Sxx = 5 … slope 8/5, intercept 0.8.
  const { parameters, iterations } = leastSquaresMinimum(
    line([
      [0.5, 2],
      [1.5, 3],
      [2.5, 4],
      [3.5, 7],
    ]),
    [0, 0],
  );
  expect(parameters[1]).toBeCloseTo(1.6, 8);
  expect(parameters[0]).toBeCloseTo(0.8, 8);
  expect(iterations).toBeLessThan(12);
});

test('under a threshold one wild point cannot bend a line', () => {
  const points = Array.from({ length: 21 }, (_, i): [number, number] => [i / 10, 1 + i / 5 + (i === 17 ? 500 : 0)]);
  const robust = leastSquaresMinimum(line(points, 1e-3), [0, 0]).parameters;
  const plain = leastSquaresMinimum(line(points), [0, 0]).parameters;
  expect(robust[1]).toBeCloseTo(2, 2);
  expect(Math.abs((plain[1] ?? 0) - 2)).toBeGreaterThan(10);
});

test("Huber's loss is r² up to the threshold and 2c|r| − c² beyond, and its gradient follows", () => {
  const equations = new NormalEquations(1);
  equations.add(0.5, [0], [2], 1);
  expect([equations.cost, equations.gradient[0], equations.matrix[0]]).toEqual([0.25, 1, 4]);
  equations.clear();
  equations.add(-3, [0], [2], 1);
  expect([equations.cost, equations.gradient[0]]).toEqual([5, -2]);
});

test('never ends above its start, and a parameter that nothing depends on stays', () => {
  fc.assert(
    fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }), (x, y) => {
      const idle: LeastSquares = { dimension: 3, accumulate: (at, into) => valley.accumulate(at, into) };
      const before = new NormalEquations(3);
      idle.accumulate(Float64Array.of(x, y, 7), before);
      const { cost, parameters } = leastSquaresMinimum(idle, [x, y, 7]);
      expect(cost).toBeLessThanOrEqual(before.cost);
      expect(cost).toBeLessThan(1e-12);
      expect(parameters[2]).toBe(7);
    }),
    { numRuns: 100 },
  );
});

test('steps where the problem has no value are not taken', () => {
  // ln x with a start whose first full step would cross 0.
  const log: LeastSquares = { dimension: 1, accumulate: ([x = 0], into) => into.add(Math.log(x), [0], [1 / x]) };
  expect(leastSquaresMinimum(log, [20]).parameters[0]).toBeCloseTo(1, 8);
});

test('a start without a finite cost, or of another dimension, is a bug of the caller', () => {
  const log: LeastSquares = { dimension: 1, accumulate: ([x = 0], into) => into.add(Math.log(x), [0], [1 / x]) };
  expect(() => leastSquaresMinimum(log, [-1])).toThrow('without a finite cost');
  expect(() => leastSquaresMinimum(log, [1, 2])).toThrow('start has 2 parameters');
});
