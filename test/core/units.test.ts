import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, InvariantError, invariant } from '../../src/core/assert.ts';
import {
  dollarsFromMoney,
  lots,
  money,
  NANOS_PER_YEAR,
  nanos,
  nanosFromMillis,
  nanosFromSeconds,
  secondsFromNanos,
  ticks,
  yearsFromNanos,
} from '../../src/core/units.ts';

describe('whole numbers', () => {
  test.each([nanos, ticks, lots, money])('refuse what is not whole or not exact', (made) => {
    for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)]) expect(() => made(bad)).toThrow(RangeError);
    for (const good of [0, -1, 2 ** 53 - 1]) expect(made(good)).toBe(good);
  });

  test('convert to the nearest, and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 104 * 86_400_000 }), (millis) => {
        const time = nanosFromMillis(millis);
        // Seconds as a double are exact to half a nanosecond at 104 days.
        expect(Math.abs(nanosFromSeconds(millis / 1000) - time)).toBeLessThanOrEqual(1);
        expect(secondsFromNanos(time)).toBe(millis / 1000);
      }),
    );
    expect(nanosFromMillis(0.000_000_6)).toBe(1);
    expect(yearsFromNanos(nanos(NANOS_PER_YEAR / 5))).toBe(0.2);
    expect(dollarsFromMoney(money(-1_500_000))).toBe(-1.5);
  });
});

describe('errors', () => {
  test('an invariant builds its message only when it fails', () => {
    let built = 0;
    const message = (): string => {
      built += 1;
      return 'never mind';
    };
    invariant(true, message);
    expect(built).toBe(0);
    expect(() => invariant(false, message)).toThrow(new InvariantError('never mind'));
  });

  test('an input error names every issue with its place', () => {
    const error = new InputError('a.yaml', [
      { path: 'world.spot', message: 'found 0', line: 3, column: 9 },
      { path: '', message: 'empty' },
      { path: 'x', message: 'odd', line: 7 },
    ]);
    expect(error.message).toBe('a.yaml:3:9  world.spot  found 0\na.yaml  empty\na.yaml:7:1  x  odd');
  });
});
