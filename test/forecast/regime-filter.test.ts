import { expect, test } from 'vitest';
import { normal, poisson } from '../../src/core/distributions.ts';
import { streams } from '../../src/core/rng.ts';
import { RegimeFilter } from '../../src/forecast/regime-filter.ts';

/** A market that is quiet and busy in turn, for 60 steps each. */
function market(steps: number): { readonly prints: number; readonly move: number; readonly busy: boolean }[] {
  const rng = streams('regimes').stream('test');
  return Array.from({ length: steps }, (_, n) => {
    const busy = Math.floor(n / 60) % 2 === 1;
    return { busy, prints: poisson(rng, busy ? 24 : 6), move: (busy ? 1.7 : 0.6) * normal(rng) };
  });
}

test('probabilities add up to one, and tell quiet from busy', () => {
  const filter = new RegimeFilter();
  let right = 0;
  let count = 0;
  market(2400).forEach(({ prints, move, busy }, n) => {
    filter.step(prints, move);
    const [quiet = 0, usual = 0, isBusy = 0] = filter.probabilities;
    expect(quiet + usual + isBusy).toBeCloseTo(1, 12);
    // The first two spells teach what is usual; a change takes some steps to be believed.
    if (n < 120 || n % 60 < 10) return;
    count += 1;
    if (busy ? isBusy > quiet : quiet > isBusy) right += 1;
  });
  expect(right / count).toBeGreaterThan(0.9);
});

test('nothing later than the step enters', () => {
  const seen = market(300);
  const [a, b] = [new RegimeFilter(), new RegimeFilter()];
  seen.forEach(({ prints, move }, n) => {
    a.step(prints, move);
    if (n < 150) {
      b.step(prints, move);
      expect([...b.probabilities]).toEqual([...a.probabilities]);
    }
  });
});

test('a silent market, a wild count and a jump leave numbers', () => {
  const filter = new RegimeFilter();
  for (const [prints, move] of [
    [0, 0],
    [0, 0],
    [100_000, 0],
    [0, 1e6],
    [0, 0],
  ] as const) {
    filter.step(prints, move);
    expect([...filter.probabilities].every((p) => p > 0 && p < 1)).toBe(true);
  }
  // One jump is one event.
  expect(filter.probabilities[2]).toBeLessThan(0.9);
});
