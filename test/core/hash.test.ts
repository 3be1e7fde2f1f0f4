import { describe, expect, test } from 'vitest';
import { combineHash, hashText, mix32 } from '../../src/core/hash.ts';
import { streams } from '../../src/core/rng.ts';

const rng = streams('0').stream('hash test');
const word = (): number => Math.floor(rng.uniform() * 4_294_967_296);
const bits = (value: number): number => {
  let count = 0;
  for (let rest = value >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
};
/** Per input bit: mean share of output bits that a flip of it flips; ½ is best. */
function avalanche(inputs: number, bit: (input: number, index: number) => number, hash: (input: number) => number, input: () => number) {
  const shares: number[] = [];
  const trials = 600;
  for (let index = 0; index < inputs; index += 1) {
    let flips = 0;
    for (let n = 0; n < trials; n += 1) {
      const value = input();
      flips += bits(hash(value) ^ hash(bit(value, index)));
    }
    shares.push(flips / (32 * trials));
  }
  return shares;
}
const flipped = (value: number, index: number): number => {
  const unit = 2 ** index;
  return Math.floor(value / unit) % 2 === 1 ? value - unit : value + unit;
};
/** Four standard errors of the mean of 600 · 32 fair coins, and a little for their dependence. */
const TOLERANCE = 0.03;

describe('avalanche: each input bit moves half of the output bits', () => {
  test('mix32', () => {
    for (const share of avalanche(32, flipped, mix32, word)) expect(Math.abs(share - 0.5)).toBeLessThan(TOLERANCE);
  });

  test('combineHash, in the hash', () => {
    for (const share of avalanche(32, flipped, (hash) => combineHash(hash, 12_345_678_901), word)) {
      expect(Math.abs(share - 0.5)).toBeLessThan(TOLERANCE);
    }
  });

  test('combineHash, in all 53 bits of the value', () => {
    const wide = (): number => Math.floor(rng.uniform() * 9_007_199_254_740_992);
    for (const share of avalanche(53, flipped, (value) => combineHash(99, value), wide)) {
      expect(Math.abs(share - 0.5)).toBeLessThan(TOLERANCE);
    }
  });
});

test('combineHash is not symmetric, and its result is an unsigned 32-bit number', () => {
  for (let n = 0; n < 200; n += 1) {
    const [a, b] = [word(), word()];
    expect(combineHash(a, b)).not.toBe(combineHash(b, a));
    expect(combineHash(a, b) >>> 0).toBe(combineHash(a, b));
  }
});

test('names have hashes of their own, near ones too', () => {
  const names = new Set<string>();
  for (let n = 0; n < 20_000; n += 1) names.add(`agent-${n}`);
  for (const name of ['', 'a', 'b', 'ab', 'ba', 'maker', 'makes', 'Maker', '\u0000', '\u0100']) names.add(name);
  const hashes = new Set([...names].map(hashText));
  // 20,000 of 2^32 values meet by chance in 0.05 pairs.
  expect(hashes.size).toBe(names.size);
});

test('the hashes of names enter traces: they never change', () => {
  expect(['maker', 'rivals', ''].map(hashText)).toMatchInlineSnapshot(`
    [
      1353609719,
      2833773878,
      2872998923,
    ]
  `);
  expect(combineHash(hashText('1'), 0)).toMatchInlineSnapshot(`3781683416`);
});
