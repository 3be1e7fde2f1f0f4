import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { Excitation } from '../../src/processes/excitation.ts';
import { expectMean } from '../support/moments.ts';

const PARTS = [
  { share: 3, meanSeconds: 1 },
  { share: 1, meanSeconds: 20 },
];

test('delays are a mixture of exponentials', () => {
  const rng = streams('delays').stream('draws');
  const excitation = new Excitation(PARTS);
  const delays = Float64Array.from({ length: 40_000 }, () => excitation.delay(rng));
  expectMean(delays, 0.75 * 1 + 0.25 * 20, 'mean');
  for (const seconds of [0.5, 5, 40]) {
    expectMean(
      delays.map((delay) => (delay > seconds ? 1 : 0)),
      0.75 * Math.exp(-seconds) + 0.25 * Math.exp(-seconds / 20),
      `beyond ${seconds} s`,
    );
  }
});

test('what is expected is what has not come yet, in the mean', () => {
  const excitation = new Excitation(PARTS);
  excitation.add(2);
  expect(excitation.expected).toBeCloseTo(2, 14);
  excitation.decay(5);
  expect(excitation.expected).toBeCloseTo(2 * (0.75 * Math.exp(-5) + 0.25 * Math.exp(-0.25)), 14);
  excitation.add(-1);
  expect(excitation.expected).toBeCloseTo(2 * (0.75 * Math.exp(-5) + 0.25 * Math.exp(-0.25)) - 1, 14);
});
