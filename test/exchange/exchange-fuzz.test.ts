import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { EVERYTHING_TOLD, fuzzed } from '../support/exchange-fuzz.ts';

const VARIANTS = Array.from({ length: 12 }, (_, variant) => variant);
const met = new Set<string>();

test.each(VARIANTS)('the exchange and the naive one agree after every command, rules %i', (variant) => {
  const result = fuzzed(variant, streams('exchange-fuzz').stream(`rules ${variant}`), 2_000, 20);
  expect(result.matches).toBeGreaterThan(60);
  for (const word of result.met.keys()) met.add(word);
});

test('and there was nothing that an exchange can tell that it did not tell', () => {
  expect([...met].sort()).toEqual(EVERYTHING_TOLD);
});
