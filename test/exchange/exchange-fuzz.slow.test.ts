import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { EVERYTHING_TOLD, fuzzed } from '../support/exchange-fuzz.ts';

const COMMANDS = 90_000;
const VARIANTS = Array.from({ length: 12 }, (_, variant) => variant);

test(`the exchange and the naive one agree after each of ${VARIANTS.length * COMMANDS} commands, under twelve sets of rules`, () => {
  const met = new Set<string>();
  let matches = 0;
  for (const variant of VARIANTS) {
    const result = fuzzed(variant, streams('exchange-fuzz-slow').stream(`rules ${variant}`), COMMANDS, 50);
    matches += result.matches;
    for (const word of result.met.keys()) met.add(word);
  }
  expect(matches).toBeGreaterThan(60_000);
  expect([...met].sort()).toEqual(EVERYTHING_TOLD);
});
