import { describe, expect, test } from 'vitest';
import { decimalsFor, fixed, signedPercent, textTable, wrapped } from '../../src/core/text-table.ts';

describe('text table', () => {
  test('first column flush left, others flush right, no trailing space', () => {
    expect(
      textTable([
        ['name', 'mean', 'n'],
        ['a', '1.25', '30'],
        ['longer', '-10.00', ''],
      ]),
    ).toBe(['name      mean   n', 'a         1.25  30', 'longer  -10.00'].join('\n'));
    expect(textTable([])).toBe('');
  });
});

describe('wrapped text', () => {
  test('breaks at words, keeps breaks, and lets a long word stand', () => {
    expect(wrapped('one two three', 7)).toBe('one two\nthree');
    expect(wrapped('a\n\nbb cc', 2)).toBe('a\n\nbb\ncc');
    expect(wrapped('unbreakable x', 4)).toBe('unbreakable\nx');
  });
});

describe('numbers', () => {
  test.each([
    [123.4, 3, 0],
    [12.34, 3, 1],
    [0.001234, 3, 5],
    [-9.99, 2, 1],
    [1e9, 3, 0],
    [1e-30, 3, 9],
    [0, 3, 0],
    [Infinity, 3, 0],
  ])('decimalsFor(%f, %i) is %i', (size, digits, decimals) => {
    expect(decimalsFor(size, digits)).toBe(decimals);
  });

  test('zero has no sign', () => {
    expect([fixed(-0.001, 2), fixed(-0.006, 2), fixed(1.005, 1), fixed(-0, 0)]).toEqual(['0.00', '-0.01', '1.0', '0']);
  });

  test('percent with a sign and no needless decimals', () => {
    expect([0.25, -0.041, 0, -1e-9, 1, 0.0833333].map(signedPercent)).toEqual(['+25 %', '-4.1 %', '0 %', '0 %', '+100 %', '+8.33 %']);
  });
});
