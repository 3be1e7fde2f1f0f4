import { assert as check, constantFrom, double, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import {
  checkSpace,
  type Dimension,
  decoded,
  encoded,
  initialParameters,
  parametersKey,
  type SearchSpace,
  surrogateInputs,
} from '../../../src/study/search/search-space.ts';

const SPACE: SearchSpace = [
  { kind: 'real', name: 'rate', minimum: 3e-4, maximum: 1e-2, scale: 'log', initial: 2e-3 },
  { kind: 'real', name: 'dropout', minimum: 0, maximum: 0.3, scale: 'linear', initial: 0.1 },
  { kind: 'whole', name: 'layers', minimum: 1, maximum: 4, scale: 'linear', initial: 1 },
  { kind: 'whole', name: 'batch', minimum: 4, maximum: 64, scale: 'log', initial: 16 },
  { kind: 'choice', name: 'units', choices: [8, 16, 24, 32, 48], ordered: true, initial: 24 },
  { kind: 'choice', name: 'head', choices: ['gauss', 't', 'quantile'], ordered: false, initial: 'gauss' },
];
const unit = double({ min: 0, max: 1, noNaN: true });
const point = tuple(unit, unit, unit, unit, unit, unit);

describe('a search space', () => {
  test('is entered and left through the unit cube without loss', () => {
    check(
      property(point, (at) => {
        const parameters = decoded(SPACE, at);
        const again = encoded(SPACE, parameters);
        expect(again.every((coordinate) => coordinate >= 0 && coordinate <= 1)).toBe(true);
        expect(decoded(SPACE, again)).toEqual(parameters);
        expect(parametersKey(SPACE, decoded(SPACE, again))).toBe(parametersKey(SPACE, parameters));
        expect(parameters['rate']).toBeGreaterThanOrEqual(3e-4);
        expect(parameters['rate']).toBeLessThanOrEqual(1e-2);
      }),
    );
    expect(decoded(SPACE, encoded(SPACE, initialParameters(SPACE)))).toEqual(initialParameters(SPACE));
  });

  test.each(['layers', 'units', 'head'])('reaches every value of %s, each from an equal share of the cube', (name) => {
    const i = SPACE.findIndex((dimension) => dimension.name === name);
    const counts = new Map<unknown, number>();
    for (let n = 0; n < 6000; n += 1) {
      const at = SPACE.map(() => 0.5);
      at[i] = (n + 0.5) / 6000;
      const value = decoded(SPACE, at)[name];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const dimension = SPACE[i] as Dimension;
    const values = dimension.kind === 'choice' ? dimension.choices.length : 4;
    expect(counts.size).toBe(values);
    for (const count of counts.values()) expect(Math.abs(count - 6000 / values)).toBeLessThanOrEqual(1);
  });

  test('shows a surrogate numbers in order, and words at equal distances', () => {
    const inputs = (head: string) => surrogateInputs(SPACE, { ...initialParameters(SPACE), head });
    expect(inputs('t')).toHaveLength(5 + 3);
    const apart = (a: string, b: string) => Math.hypot(...inputs(a).map((value, i) => value - (inputs(b)[i] ?? 0)));
    expect(apart('gauss', 't')).toBeCloseTo(1, 12);
    expect(apart('gauss', 'quantile')).toBeCloseTo(1, 12);
    expect(apart('t', 'quantile')).toBeCloseTo(1, 12);
  });

  const number = { kind: 'real', name: 'x', minimum: 0, maximum: 1, scale: 'linear', initial: 0.5 } as const;
  const choice = { kind: 'choice', name: 'x', choices: [1, 2], ordered: true, initial: 1 } as const;
  test.each<[string, SearchSpace, RegExp]>([
    ['nothing to search', [], /space {2}expected 1 to 12 parameters to search over, found 0/],
    ['reversed bounds', [{ ...number, minimum: 2 }], /space {2}x {2}expected a minimum below the maximum, found 2 and 1/],
    ['a logarithm of 0', [{ ...number, scale: 'log' }], /x {2}expected a minimum above 0 for a logarithmic scale, found 0/],
    ['an initial value outside', [{ ...number, initial: 3 }], /x {2}expected an initial value from 0 to 1, found 3/],
    ['numbers that are none', [{ ...number, maximum: Number.NaN }], /x {2}expected finite numbers, found 0, NaN, 0.5/],
    ['parts for whole', [{ ...number, kind: 'whole' }], /x {2}expected whole numbers, found 0, 1, 0.5/],
    ['no choice', [{ ...choice, choices: [] }], /x {2}expected at least one choice, found none/],
    ['a choice twice', [{ ...choice, choices: [1, 1] }], /x {2}expected choices that differ, found 1, 1/],
    ['a strange initial choice', [{ ...choice, initial: 7 }], /x {2}expected an initial value among 1, 2, found 7/],
    ['a name twice', [number, choice], /x {2}is there twice/],
  ])('is refused with %s', (_name, space, says) => {
    expect(() => checkSpace('space', space)).toThrow(InputError);
    expect(() => checkSpace('space', space)).toThrow(says);
  });

  test('takes a single choice, which fixes a value', () => {
    check(
      property(constantFrom(8, 'gauss'), unit, (value, at) => {
        const space: SearchSpace = [{ kind: 'choice', name: 'x', choices: [value], ordered: true, initial: value }];
        expect(() => checkSpace('space', space)).not.toThrow();
        expect(decoded(space, [at])).toEqual({ x: value });
      }),
    );
  });
});
