import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { FixedShareGate } from '../../../src/forecast/adaptive/fixed-share-gate.ts';

const START = [0.1, 0.45, 0.45];

test('starts at the given weights, scaled', () => {
  expect([...new FixedShareGate({ start: [2, 1, 1], horizonSteps: 1 }).weights]).toEqual([0.5, 0.25, 0.25]);
});

test('has the weights of Bayes where nothing is shared', () => {
  // Normal errors of deviation 1 under three means: posterior ∝ prior × likelihood, whatever the order.
  const gate = new FixedShareGate({ start: START, horizonSteps: 1, rate: 0.5, share: 0 });
  const means = [0, 0.3, -0.3];
  const seen = [0.4, -0.2, 1.1, 0.7];
  for (const y of seen)
    gate.learnOutcome(
      2 * y,
      2,
      Float64Array.from(means, (mean) => 2 * mean),
    );
  const posterior = means.map((mean, i) => (START[i] ?? 0) * Math.exp(-0.5 * seen.reduce((sum, y) => sum + (y - mean) * (y - mean), 0)));
  const total = posterior.reduce((sum, value) => sum + value, 0);
  posterior.forEach((value, i) => {
    expect(gate.weights[i]).toBeCloseTo(value / total, 12);
  });
});

test('counts an outcome ten steps ahead as a tenth', () => {
  const near = new FixedShareGate({ start: START, horizonSteps: 1, share: 0 });
  const far = new FixedShareGate({ start: START, horizonSteps: 10, share: 0 });
  near.learn([1, 0, 3]);
  for (let n = 0; n < 10; n += 1) far.learn([1, 0, 3]);
  near.weights.forEach((weight, i) => {
    expect(far.weights[i]).toBeCloseTo(weight, 12);
  });
});

test('combines as its weights say, at an offset and a stride', () => {
  const gate = new FixedShareGate({ start: [1, 3], horizonSteps: 1 });
  expect(gate.combined([9, 4, 9, 8, 9], 1, 2)).toBeCloseTo(0.25 * 4 + 0.75 * 8, 14);
});

describe('the regret', () => {
  /** Losses in which the best expert changes every 100 steps, hidden in noise, and with one shock a hundred times as large. */
  const losses = (seed: string): number[][] => {
    const rng = streams(seed).stream('gate');
    return Array.from({ length: 600 }, (_, t) =>
      START.map((_, i) => (Math.floor(t / 100) % 3 === i ? 0.5 : 1) + 0.3 * normal(rng) + (t === 350 && i === 0 ? 100 : 0)),
    );
  };

  test.each(['1', '2', '3'])('of the mix loss is within the bound for every schedule of experts, seed %s', (seed) => {
    const [rate, share] = [0.5, 0.01];
    const gate = new FixedShareGate({ start: START, horizonSteps: 1, rate, share });
    const path = losses(seed);
    let mix = 0;
    for (const loss of path) {
      mix -= Math.log(loss.reduce((sum, l, i) => sum + (gate.weights[i] ?? 0) * Math.exp(-rate * l), 0)) / rate;
      gate.learn(loss);
    }
    const cost = (length: number): { total: number; regret: number } => {
      // The best expert of each stretch of that many steps.
      let total = 0;
      let regret = 0;
      let before = -1;
      for (let from = 0; from < path.length; from += length) {
        const sums = START.map((_, i) => path.slice(from, from + length).reduce((sum, loss) => sum + (loss[i] ?? 0), 0));
        const best = sums.indexOf(Math.min(...sums));
        total += sums[best] ?? 0;
        const stays = Math.log(1 / (1 - share));
        if (before < 0) regret += Math.log(1 / (START[best] ?? 0));
        else regret += before === best ? stays : Math.log(1 / (share * (START[best] ?? 0)));
        regret += (Math.min(length, path.length - from) - 1) * stays;
        before = best;
      }
      return { total, regret: regret / rate };
    };
    for (const length of [600, 300, 100, 50]) {
      const { total, regret } = cost(length);
      expect(mix - total).toBeLessThanOrEqual(regret);
    }
    // The schedule that made the losses is what the bound is for: without sharing the gate would not meet it.
    const stuck = new FixedShareGate({ start: START, horizonSteps: 1, rate, share: 0 });
    let stuckMix = 0;
    for (const loss of path) {
      stuckMix -= Math.log(loss.reduce((sum, l, i) => sum + (stuck.weights[i] ?? 0) * Math.exp(-rate * l), 0)) / rate;
      stuck.learn(loss);
    }
    expect(stuckMix - cost(100).total).toBeGreaterThan(cost(100).regret);
  });

  test('of the weighted mean is within the bound of the mix loss where squared errors are exp-concave', () => {
    // Outcomes and forecasts in [-1, 1]: exp-concave for η <= 1/8 (Kivinen and Warmuth 1999).
    const rng = streams('9').stream('gate');
    const gate = new FixedShareGate({ start: START, horizonSteps: 1, rate: 1 / 8, share: 0.01 });
    let own = 0;
    let mix = 0;
    for (let t = 0; t < 500; t += 1) {
      const y = 2 * rng.uniform() - 1;
      const said = START.map(() => 2 * rng.uniform() - 1);
      const error = y - gate.combined(said);
      own += error * error;
      const loss = said.map((value) => (y - value) * (y - value));
      mix -= 8 * Math.log(loss.reduce((sum, l, i) => sum + (gate.weights[i] ?? 0) * Math.exp(-l / 8), 0));
      gate.learn(loss);
    }
    expect(own).toBeLessThanOrEqual(mix + 1e-9);
  });
});

test('no expert dies, and one that was wrong for long comes back', () => {
  const gate = new FixedShareGate({ start: START, horizonSteps: 1 });
  for (let t = 0; t < 5000; t += 1) gate.learn([4, 0, 1]);
  expect(gate.weights[0]).toBeGreaterThanOrEqual(0.01 * 0.1);
  for (let t = 0; t < 60; t += 1) gate.learn([0, 1, 1]);
  expect(gate.weights[0]).toBeGreaterThan(0.9);
  expect([...gate.weights].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

test('does not let one outcome decide, nor one that is not a number', () => {
  const gate = new FixedShareGate({ start: START, horizonSteps: 1 });
  gate.learnOutcome(1e9, 1, [0, 0.1, -0.1]);
  expect(gate.weights[2]).toBeGreaterThan(0.2);
  const before = [...gate.weights];
  gate.learnOutcome(Number.NaN, 1, [0, 0.1, -0.1]);
  gate.learnOutcome(1, 0, [0, 0.1, -0.1]);
  expect([...gate.weights]).toEqual(before);
});

test('goes back to its start in part, when an alarm tells it to', () => {
  const gate = new FixedShareGate({ start: [0.2, 0.8], horizonSteps: 1, share: 0 });
  gate.learn([0, 1000]);
  gate.restart(0.5);
  expect(gate.weights[0]).toBeCloseTo(0.6, 14);
  expect(gate.weights[1]).toBeCloseTo(0.4, 14);
});

test.each([
  { start: [0.5, 0], horizonSteps: 1 },
  { start: [], horizonSteps: 1 },
  { start: [1], horizonSteps: 0 },
  { start: [1], horizonSteps: 1, share: 1 },
])('refuses %j', (terms) => {
  expect(() => new FixedShareGate(terms)).toThrow();
});
