import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { studentInterval } from '../../../src/study/bootstrap.ts';
import { jackknife } from '../../../src/study/predictability/jackknife.ts';

test("of a mean it is Student's interval", () => {
  const values = [3, 1, 4, 1, 5, 9];
  const estimate = jackknife(
    values.map((value) => Float64Array.of(value, 1)),
    ([sum = 0, count = 0]) => sum / count,
  );
  const [low, high] = studentInterval(values, 0.95);
  expect(estimate?.value).toBeCloseTo(23 / 6, 14);
  expect(estimate?.ci95[0]).toBeCloseTo(low, 12);
  expect(estimate?.ci95[1]).toBeCloseTo(high, 12);
});

test('95 % intervals of a ratio hold the truth in 95 % of 600 repeats, within four standard errors', () => {
  const rng = streams('jackknife').stream('ratio');
  let hits = 0;
  for (let repeat = 0; repeat < 600; repeat += 1) {
    const runs = Array.from({ length: 24 }, () => {
      const x = 1 + 0.3 * normal(rng);
      return Float64Array.of(0.5 * x + 0.2 * normal(rng), x);
    });
    const [low, high] = jackknife(runs, ([a = 0, b = 0]) => a / b)?.ci95 ?? [0, 0];
    if (low < 0.5 && high > 0.5) hits += 1;
  }
  expect(Math.abs(hits / 600 - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 600));
});

test('a figure that needs a certain run has no interval; equal runs have one without width', () => {
  const runs = [Float64Array.of(1), Float64Array.of(0)];
  expect(jackknife(runs, ([sum = 0]) => (sum > 0 ? sum : undefined))).toBeUndefined();
  expect(jackknife([Float64Array.of(2, 1), Float64Array.of(2, 1)], ([a = 0, b = 0]) => a / b)).toEqual({ value: 2, ci95: [2, 2] });
  expect(() => jackknife([Float64Array.of(1)], () => 1)).toThrow(RangeError);
});
