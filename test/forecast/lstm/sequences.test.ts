import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { streams } from '../../../src/core/rng.ts';
import { BURN_IN_ROWS } from '../../../src/forecast/lstm/scaling.ts';
import {
  checkSequences,
  fitScaler,
  fitTargetScale,
  permutation,
  splitSequences,
  type TrainingSequences,
} from '../../../src/forecast/lstm/sequences.ts';
import { learnableSequences } from './example-data.ts';

const rng = (seed: string) => streams(seed).stream('test/split');

describe('the split', () => {
  test('puts each sequence into exactly one part, by the seed alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.string({ minLength: 1 }),
        (count, share, seed) => {
          const { training, validation } = splitSequences(count, share, rng(seed));
          expect([...training, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
          expect(Math.min(training.length, validation.length)).toBeGreaterThanOrEqual(2);
          expect(splitSequences(count, share, rng(seed))).toEqual({ training, validation });
        },
      ),
    );
  });

  test('takes the share asked for, elsewhere for another seed', () => {
    const split = splitSequences(200, 0.15, rng('1'));
    expect(split.validation).toHaveLength(30);
    expect(splitSequences(200, 0.15, rng('2')).validation).not.toEqual(split.validation);
  });
});

test('a permutation is uniform', () => {
  const stream = rng('1');
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i += 1) {
    const order = permutation(4, stream).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // Chi-squared with 23 degrees of freedom: 49.7 is exceeded once in 1,000 seeds.
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + ((count - 1000) * (count - 1000)) / 1000, 0);
  expect(chiSquared).toBeLessThan(49.7);
});

describe('scalings', () => {
  const data = learnableSequences('1', { count: 6, steps: 20 });

  test('are moments of the training part, whatever the rest holds', () => {
    const part = [0, 2, 5];
    const { mean, sd } = fitScaler(data, part);
    const values = part.flatMap((sequence) => Array.from({ length: 20 }, (_, step) => data.rows[(sequence * 20 + step) * 3] ?? Number.NaN));
    const average = values.reduce((sum, value) => sum + value, 0) / 60;
    expect(mean[0]).toBeCloseTo(average, 12);
    expect(sd[0]).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - average) * (value - average), 0) / 60), 12);

    const spoilt = { ...data, rows: data.rows.slice(), targets: data.targets.slice() };
    for (const sequence of [1, 3, 4]) {
      spoilt.rows.fill(1e9, sequence * 60, (sequence + 1) * 60);
      spoilt.targets.fill(1e9, sequence * 80, (sequence + 1) * 80);
    }
    expect(fitScaler(spoilt, part)).toEqual({ mean, sd });
    expect(fitTargetScale('data', spoilt, part)).toEqual(fitTargetScale('data', data, part));
    expect(fitScaler(spoilt, [0, 1]).mean).not.toEqual(fitScaler(data, [0, 1]).mean);
  });

  test('give a feature that never moves the deviation 1', () => {
    for (const value of [0, 1, 0.1, 12_345.678]) {
      const rows = data.rows.map((old, i) => (i % 3 === 1 ? value : old));
      const { mean, sd } = fitScaler({ ...data, rows }, [0, 1, 2]);
      expect(mean[1]).toBeCloseTo(Math.fround(value), 9);
      expect(sd[1]).toBe(1);
    }
    // Nor does one that moves by the rounding of a 32-bit float.
    const rounding = data.rows.map((old, i) => (i % 3 === 1 ? 1 + (i % 2) * 1.19e-7 : old));
    expect(fitScaler({ ...data, rows: rounding }, [0, 1, 2]).sd[1]).toBe(1);
  });

  test('of targets leave out the burn-in and what is not known', () => {
    const targets = new Float32Array(data.targets.length).fill(2);
    const width = 4;
    for (let step = 0; step < BURN_IN_ROWS; step += 1) targets.fill(1e6, step * width, (step + 1) * width);
    for (let output = 0; output < width; output += 1) targets[(BURN_IN_ROWS + 1) * width + output] = Number.NaN;
    targets[(BURN_IN_ROWS + 2) * width] = 4;
    const [first, second] = fitTargetScale('data', { ...data, targets }, [0]);
    expect(first).toBeCloseTo(Math.sqrt((4 + 16 + 4) / 3), 12);
    expect(second).toBe(2);
  });

  test('refuse an output without targets, by its name', () => {
    const unknown = data.targets.map((target, i) => (i % 4 === 1 ? Number.NaN : i % 4 === 2 ? 0 : target));
    expect(() => fitTargetScale('data', { ...data, targets: unknown }, [0, 1])).toThrow(
      /walk in 30 s {2}expected targets other than 0 after the burn-in, but none is known\n.*level in 60 s .*but all 8 are 0/,
    );
  });
});

describe('the check refuses', () => {
  const data = learnableSequences('1', { count: 6, steps: 20 });
  const at = (values: Readonly<Float32Array>, index: number, value: number) => values.map((old, i) => (i === index ? value : old));

  test.each<[string, Partial<TrainingSequences>, string]>([
    ['rows cut off', { rows: data.rows.subarray(1) }, 'rows  expected 360 values, sequences x steps x features, found 359'],
    ['targets left over', { targets: new Float32Array(481) }, 'targets  expected 480 values, sequences x steps x outputs, found 481'],
    ['no factor', { factors: [], targets: new Float32Array(0) }, 'factors  expected at least one, all different'],
    ['a feature twice', { features: ['a', 'b', 'a'] }, 'features  expected at least one, all different'],
    ['a horizon between steps', { horizonsSeconds: [30, 50] }, 'horizonsSeconds.1  expected a multiple of stepSeconds 30, found 50'],
    ['sequences of burn-in only', { steps: 16 }, 'steps  expected more than the 16 rows of burn-in, found 16'],
    ['too few sequences', { count: 3 }, 'count  expected at least 4 sequences, found 3'],
    [
      'an input that is not a number',
      { rows: at(data.rows, 64, Number.NaN) },
      'rows.64  expected a finite input, found NaN in sequence 1, step 1',
    ],
    [
      'an infinite target',
      { targets: at(data.targets, 5, Number.NEGATIVE_INFINITY) },
      'targets.5  expected a finite target, or NaN for an unknown one, found -Infinity in sequence 0, step 1',
    ],
  ])('%s', (_, change, message) => {
    expect(() => checkSequences('data', { ...data, ...change })).toThrow(InputError);
    expect(() => checkSequences('data', { ...data, ...change })).toThrow(message);
  });

  test('nothing of sound data, unknown targets included', () => {
    checkSequences('data', { ...data, targets: at(data.targets, 7, Number.NaN) });
  });
});
