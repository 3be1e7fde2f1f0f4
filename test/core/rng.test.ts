import { describe, expect, test, vi } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { correlation, expectMean } from '../support/moments.ts';

const draws = (seed: string, path: string, count: number): Float64Array => {
  const rng = streams(seed).stream(path);
  return Float64Array.from({ length: count }, () => rng.uniform());
};

describe('streams', () => {
  test('one name, one sequence, wherever it was asked for and however often', () => {
    const chance = streams('7');
    const first = chance.stream('world/spot');
    const head = Array.from({ length: 5 }, () => first.uniform());
    const again = chance.stream('world/spot');
    expect(Array.from({ length: 5 }, () => again.uniform())).toEqual(head);
    expect(draws('7', 'world/spot', 5)).toEqual(Float64Array.from(head));
  });

  test('one more stream, drawn from in between, moves no other', () => {
    const alone = draws('7', 'agents/a/errors', 50);
    const chance = streams('7');
    const watched = chance.stream('agents/a/errors');
    const mixed = Float64Array.from({ length: 50 }, (_, i) => {
      const other = chance.stream(`agents/b${i}/errors`);
      other.uniform();
      const value = watched.uniform();
      other.uniform();
      return value;
    });
    expect(mixed).toEqual(alone);
  });

  test.each([
    ['two roles', ['1', 'world/spot'], ['1', 'world/factors']],
    ['names that differ in their last letter', ['1', 'agents/a'], ['1', 'agents/b']],
    ['neighbouring seeds', ['1', 'world/spot'], ['2', 'world/spot']],
    ['seeds 0 and 1', ['0', 'world/spot'], ['1', 'world/spot']],
    ['the empty seed and 0', ['', 'world/spot'], ['0', 'world/spot']],
    ['a digit that moves from seed to name', ['1', '1x'], ['11', 'x']],
  ] as const)('uncorrelated: %s, also one draw later', (_what, [seedA, pathA], [seedB, pathB]) => {
    const n = 20_000;
    const a = draws(seedA, pathA, n + 1);
    const b = draws(seedB, pathB, n + 1);
    for (const [x, y] of [
      [a.subarray(0, n), b.subarray(0, n)],
      [a.subarray(1), b.subarray(0, n)],
      [a.subarray(0, n), b.subarray(1)],
    ] as const) {
      expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(n));
    }
  });

  test('uniform: mean, variance, lag and the share of each sixteenth', () => {
    const n = 100_000;
    const u = draws('0', 'test', n);
    expectMean(u, 0.5, 'u');
    expectMean(
      u.map((x) => (x - 0.5) * (x - 0.5)),
      1 / 12,
      '(u − ½)²',
    );
    expect(Math.abs(correlation(u.subarray(1), u.subarray(0, n - 1)))).toBeLessThan(4 / Math.sqrt(n));
    for (let part = 0; part < 16; part += 1) {
      expectMean(
        u.map((x) => (Math.floor(16 * x) === part ? 1 : 0)),
        1 / 16,
        `sixteenth ${part}`,
      );
    }
  });

  test('has all 53 bits', () => {
    const low = draws('0', 'bits', 4000).map((x) => (Math.floor(x * 9_007_199_254_740_992) % 1024) / 1024);
    expectMean(low, 0.5 - 1 / 2048, 'the ten lowest bits');
  });

  test('stays below 1 and above 0 at both ends of the generator', async () => {
    vi.resetModules();
    const ends = [1 - 2 ** -53, 2 ** -53];
    vi.doMock('seedrandom', () => ({ default: { tychei: () => ({ double: () => ends.shift() }) } }));
    const mocked = await import('../../src/core/rng.ts');
    const rng = mocked.streams('0').stream('x');
    const high = rng.uniform();
    const low = rng.uniform();
    // Files share their modules: none may meet the one that was made from these ends.
    vi.doUnmock('seedrandom');
    vi.resetModules();
    expect(high).toBeLessThan(1);
    expect(high).toBeGreaterThan(0.999_999_999_999);
    expect(low).toBeGreaterThan(0);
  });
});
