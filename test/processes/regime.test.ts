import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { RegimeChain } from '../../src/processes/regime.ts';

describe.each(Object.entries(WORLD_PRESETS))('the chain of preset %s', (name, preset) => {
  test('leaves each regime at its rates, and stays for its dwell times', () => {
    const speed = 500;
    const days = 0.001;
    const steps = 1_600_000;
    const rates = preset.transitionsPerDay;
    const chain = new RegimeChain(1, rates, speed);
    const rng = streams('0').stream(`regime ${name}`);
    const time = rates.map(() => 0);
    const moves = rates.map(() => rates.map(() => 0));
    for (let s = 0; s < steps; s += 1) {
      const from = chain.current;
      const to = chain.step(days, rng);
      time[from] = (time[from] ?? 0) + days;
      const row = moves[from];
      if (to !== from && row !== undefined) row[to] = (row[to] ?? 0) + 1;
    }
    rates.forEach((row, from) => {
      row.forEach((rate, to) => {
        const count = moves[from]?.[to] ?? 0;
        const expected = rate * speed * (time[from] ?? 0);
        // A Poisson count, up to what a step of this length misses (1.5 % at most).
        expect(Math.abs(count - expected), `${from} to ${to}`).toBeLessThan(4 * Math.sqrt(expected) + 0.015 * expected + 1e-9);
        if (rate > 0) expect(count).toBeGreaterThan(2000);
      });
      const left = (moves[from] ?? []).reduce((sum, count) => sum + count, 0);
      const dwell = 1 / (speed * row.reduce((sum, rate) => sum + rate, 0));
      expect(Math.abs((time[from] ?? 0) / left / dwell - 1), `dwell in ${from}`).toBeLessThan(4 / Math.sqrt(left) + 0.015);
    });
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
