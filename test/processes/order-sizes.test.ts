import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { OrderSizes } from '../../src/processes/order-sizes.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { expectMean } from '../support/moments.ts';

const drawn = (sizes: OrderSizes, count: number): Float64Array => {
  const rng = streams('sizes').stream('marks');
  return Float64Array.from({ length: count }, () => sizes.draw(rng));
};

test('bitcoin: orders in each bucket as the mixture has them, near the prints of a tape', () => {
  const values = drawn(new OrderSizes(WORLD_PRESETS.btc.flow.sizes, 1, 1e9), 100_000);
  // Of 2.1 million prints 78.6, 15.4, 5.7 and 0.28 %: orders are smaller, as one that meets two makers is two prints.
  for (const [low, high, share] of [
    [0, 1, 0.8036],
    [1, 5, 0.1367],
    [5, 25, 0.0568],
    [25, 100, 0.0029],
  ] as const) {
    expectMean(
      values.map((size) => (size >= low && size < high ? 1 : 0)),
      share,
      `${low} to ${high} contracts`,
    );
  }
});

test('parts are drawn by their shares, scaled, and cut', () => {
  const parts = [
    { share: 3, median: 10, logSd: 0 },
    { share: 1, median: 50, logSd: 0 },
  ];
  const values = drawn(new OrderSizes(parts, 2, 70), 20_000);
  expect([...new Set(values)].sort((a, b) => a - b)).toEqual([20, 70]);
  expectMean(
    values.map((size) => (size === 20 ? 1 : 0)),
    0.75,
    'share of the first part',
  );
});
