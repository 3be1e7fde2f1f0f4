import { assert as check, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { streams } from '../../../src/core/rng.ts';
import { cutSequences } from '../../../src/study/search/cut-sequences.ts';
import { sequenceFolds } from '../../../src/study/search/folds.ts';
import { learnableSequences } from '../../forecast/lstm/example-data.ts';

describe('folds of sequences', () => {
  const folds = (count: number, of: number, seed = '1') => sequenceFolds(count, of, streams(seed).stream('test/folds'));

  test('hold each sequence out once, train on all others, and differ in size by one at most', () => {
    check(
      property(integer({ min: 2, max: 8 }), integer({ min: 0, max: 40 }), (of, more) => {
        const count = 2 * of + more;
        const made = folds(count, of);
        expect(made.flatMap(({ heldOut }) => heldOut).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        for (const { heldOut, training } of made) {
          expect([...heldOut, ...training].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
          expect(heldOut.length - Math.floor(count / of)).toBeLessThanOrEqual(1);
          expect(heldOut).toEqual([...heldOut].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('are drawn: the same for a seed, others for another', () => {
    expect(folds(40, 4)).toEqual(folds(40, 4));
    expect(folds(40, 4)).not.toEqual(folds(40, 4, '2'));
  });

  test('are refused where they would be too small to be scored', () => {
    expect(() => folds(7, 4)).toThrow(InputError);
    expect(() => folds(7, 4)).toThrow(/--folds {2}expected from 2 to 3, at least 2 of the 7 sequences in each, found 4/);
  });
});

test('sequences are cut into pieces whose rows and targets stay together', () => {
  const data = learnableSequences('1', { count: 5, steps: 40 });
  const cut = cutSequences(data, [1, 3], 18);
  expect([cut.count, cut.steps, cut.rows.length, cut.targets.length]).toEqual([4, 18, 4 * 18 * 3, 4 * 18 * 4]);
  // Second piece of the second sequence, its fifth row.
  const row = 3 * 40 + 18 + 4;
  expect([...cut.rows.slice((3 * 18 + 4) * 3, (3 * 18 + 5) * 3)]).toEqual([...data.rows.slice(row * 3, (row + 1) * 3)]);
  expect([...cut.targets.slice((3 * 18 + 4) * 4, (3 * 18 + 5) * 4)]).toEqual([...data.targets.slice(row * 4, (row + 1) * 4)]);
  expect(cutSequences(data, [0, 1, 2, 3, 4], 40)).toEqual(data);
});
