import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rng, streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { RegimeChain, transitionMatrix } from '../../src/processes/regime.ts';
import { fittedRates, logLikelihood, type Square, uniformised } from '../support/markov-fit.ts';
import { expectMean, expectShare } from '../support/moments.ts';

const PRESETS = Object.entries(WORLD_PRESETS);

/** How often a chain that is looked at every `days` was found to have gone from row to column. */
function counted(rates: Square, days: number, looks: number, name: string): number[][] {
  const chain = new RegimeChain(1, rates, 1);
  const rng = streams('0').stream(name);
  const counts = rates.map((row) => row.map(() => 0));
  for (let s = 0; s < looks; s += 1) {
    const row = counts[chain.current] ?? [];
    const to = chain.step(days, rng);
    row[to] = (row[to] ?? 0) + 1;
  }
  return counts;
}

const totalOf = (row: readonly number[]): number => row.reduce((sum, value) => sum + value, 0);

describe('transition probabilities', () => {
  test('of two states have a closed form', () => {
    for (const [up, down, days] of [
      [0.02, 0.05, 1e-9],
      [0.02, 0.05, 3],
      [4, 9, 700],
    ] as const) {
      const [there, back] = transitionMatrix(
        [
          [0, up],
          [down, 0],
        ],
        days,
      );
      const share = -Math.expm1(-(up + down) * days) / (up + down);
      expect((there?.[1] ?? 0) / (up * share)).toBeCloseTo(1, 12);
      expect((back?.[0] ?? 0) / (down * share)).toBeCloseTo(1, 12);
    }
  });

  const rate = fc.double({ min: 0, max: 2, noNaN: true });
  const generator = fc.array(fc.array(rate, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 });

  test('are those of an independent series, sum to 1, and follow upon each other', () => {
    fc.assert(
      fc.property(generator, fc.double({ min: 1e-6, max: 20, noNaN: true }), (rates, days) => {
        const whole = transitionMatrix(rates, days);
        const series = uniformised(rates, days);
        const half = transitionMatrix(rates, days / 2);
        whole.forEach((row, i) => {
          expect(totalOf(row)).toBeCloseTo(1, 12);
          row.forEach((probability, j) => {
            expect(probability).toBeGreaterThanOrEqual(0);
            if (totalOf(rates.flat()) > 0) expect(probability).toBeCloseTo(series[i]?.[j] ?? 0, 11);
            const twice = half.reduce((sum, _, k) => sum + (half[i]?.[k] ?? 0) * (half[k]?.[j] ?? 0), 0);
            expect(probability).toBeCloseTo(twice, 11);
          });
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(PRESETS)('the chain of preset %s', (name, preset) => {
  const rates = preset.transitionsPerDay;

  test.each([0.5, 20, 300])('looked at every %d days goes where theory says', (days) => {
    const counts = counted(rates, days, 40_000, `${name} ${days}`);
    const probabilities = uniformised(rates, days);
    counts.forEach((row, from) => {
      row.forEach((count, to) => {
        expectShare(count, totalOf(row), probabilities[from]?.[to] ?? 0, `${from} to ${to} in ${days} days`);
      });
    });
  });

  test('stays for its dwell times, which are exponential', () => {
    const chain = new RegimeChain(1, rates, 1);
    const rng = streams('0').stream(`dwell ${name}`);
    const step = 0.1;
    const dwells = rates.map((): number[] => []);
    let since = 0;
    for (let s = 1; s <= 1_500_000; s += 1) {
      const from = chain.current;
      if (chain.step(step, rng) === from) continue;
      dwells[from]?.push((s - since) * step);
      since = s;
    }
    rates.forEach((row, from) => {
      const dwell = 1 / totalOf(row);
      const stays = dwells[from] ?? [];
      expect(stays.length).toBeGreaterThan(500);
      // On the grid a stay lasts (1 - e^(-step/dwell))^-1 steps on average: half a step more.
      expectMean(stays, step / -Math.expm1(-step / dwell), `dwell in ${from}`);
      expectShare(stays.filter((stay) => stay > dwell).length, stays.length, Math.exp(-1), `stays in ${from} above the mean`);
    });
  });

  test('is in each regime for its share of the time, wherever it began', () => {
    const shares = [0, 1, 2].map(() => 0);
    const rng = streams('0').stream(`shares ${name}`);
    const count = 6000;
    for (let n = 0; n < count; n += 1) {
      const at = new RegimeChain(n % 3, rates, 1).step(3000, rng);
      shares[at] = (shares[at] ?? 0) + 1;
    }
    // A birth-death chain: each state to the next as the rates there and back.
    const [calm, normal] = [rates[0]?.[1] ?? 0, rates[1] ?? []];
    const ratios = [1, calm / (normal[0] ?? 1), ((calm / (normal[0] ?? 1)) * (normal[2] ?? 0)) / (rates[2]?.[1] ?? 1)];
    const law = ratios.map((ratio) => ratio / totalOf(ratios));
    // Models 4a: 31/36/32 % of the time.
    expect(law.map((share) => Math.round(100 * share))).toEqual([31, 36, 32]);
    shares.forEach((share, regime) => {
      expectShare(share, count, law[regime] ?? 0, `regime ${regime}`);
    });
  });
});

describe.each([1, 20])('the generator, fitted by maximum likelihood to a path seen every %d days', (days) => {
  const rates = WORLD_PRESETS.index.transitionsPerDay;
  const counts = counted(rates, days, 40_000, `fit ${days}`);
  // Off by a third to a half everywhere, so that the fit has to find the way.
  const start = rates.map((row, i) => row.map((rate, j) => rate * (i < j ? 1.5 : 0.7)));
  const fitted = fittedRates(counts, start, days);
  const top = logLikelihood(counts, fitted, days);
  /** Twice the log of how much likelier the fit is than these rates. */
  const deviance = (other: Square): number => 2 * (top - logLikelihood(counts, other, days));

  test('holds the true rates within its joint interval', () => {
    // 99.99 % of chi-squared with four degrees of freedom.
    expect(deviance(rates)).toBeGreaterThanOrEqual(0);
    expect(deviance(rates)).toBeLessThan(23.51);
    expect(deviance(start)).toBeGreaterThan(100);
  });

  test.each([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
  ])('and each of them, %d to %d, within its own', (from, to) => {
    const profile = (factor: number): number => {
      const held = rates.map((row, i) => row.map((rate, j) => (i === from && j === to ? factor * rate : rate)));
      return deviance(fittedRates(counts, held, days, [from, to]));
    };
    // Four standard errors; and the interval says something.
    expect(profile(1)).toBeLessThan(16);
    expect(profile(1.5)).toBeGreaterThan(16);
    expect(profile(0.6)).toBeGreaterThan(16);
  });
});

test('takes one draw per step, whether or not it moves', () => {
  for (const u of [1e-12, 0.5, 1 - 1e-12]) {
    let draws = 0;
    const rng = {
      uniform: () => {
        draws += 1;
        return u;
      },
    };
    const chain = new RegimeChain(
      0,
      [
        [0, 1],
        [1, 0],
      ],
      1,
    );
    for (let s = 0; s < 5; s += 1) chain.step(0.1, rng);
    expect(draws).toBe(5);
  }
});

test('goes by speed times days, and notices when a step has another length', () => {
  const rates = WORLD_PRESETS.btc.transitionsPerDay;
  const [fast, slow] = [30, 1].map((speed) => new RegimeChain(1, rates, speed)) as [RegimeChain, RegimeChain];
  const [a, b] = [1, 2].map(() => streams('0').stream('speed')) as [Rng, Rng];
  for (let s = 0; s < 400; s += 1) {
    const days = s % 2 === 0 ? 0.5 : 2;
    expect(fast.step(days, a)).toBe(slow.step(30 * days, b));
  }
});

test('at speed 0 it stays, and goes where it is put', () => {
  const chain = new RegimeChain(
    0,
    [
      [0, 1e9, 0],
      [1e9, 0, 0],
      [0, 0, 0],
    ],
    0,
  );
  const rng = { uniform: () => 1e-300 };
  expect(chain.step(1000, rng)).toBe(0);
  chain.force(2);
  expect([chain.step(1000, rng), chain.current]).toEqual([2, 2]);
});

test('the diagonal is not read', () => {
  const chain = new RegimeChain(
    0,
    [
      [1e9, 0],
      [0, 1e9],
    ],
    1,
  );
  expect(chain.step(1, { uniform: () => 1e-12 })).toBe(0);
});
