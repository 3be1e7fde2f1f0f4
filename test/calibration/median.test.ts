import { expect, test } from 'vitest';
import { median, weightedMedian } from '../../src/calibration/median.ts';

test.each([
  [[3], 3],
  [[3, 1], 2],
  [[9, 1, 2], 2],
  [[10, 9, 2, 1], 5.5],
  [[], Number.NaN],
])('median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('the weighted median is the value at which half of the weight is reached', () => {
  const values = [
    { value: 30, weight: 1 },
    { value: 10, weight: 5 },
    { value: 20, weight: 3 },
  ];
  expect(weightedMedian(values)).toBe(10);
  expect(weightedMedian(values.map(({ value }) => ({ value, weight: 1 })))).toBe(20);
  expect(weightedMedian([])).toBeNaN();
});
