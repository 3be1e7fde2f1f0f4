import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { calibrationMultipliers, outputMetrics, type ScoredSequences } from '../../../src/forecast/lstm/validation.ts';

/** One factor at two horizons; targets are a known signal plus noise of standard deviation 2. */
function scored(forecastOf: (signal: number) => number, { count = 200, steps = 56, scale = 1, stepSeconds = 30 } = {}): ScoredSequences {
  const rng = streams('1').stream('test/validation');
  const targets = new Float32Array(count * steps * 2);
  const change = new Float32Array(targets.length);
  for (let i = 0; i < targets.length; i += 1) {
    const signal = normal(rng);
    targets[i] = signal + 2 * normal(rng);
    change[i] = forecastOf(signal);
  }
  const data = {
    features: [],
    factors: ['level'],
    horizonsSeconds: [30, 300],
    stepSeconds,
    steps,
    count,
    rows: new Float32Array(0),
    targets,
  };
  return { data, sequences: Array.from({ length: count }, (_, i) => i), change, scale: new Float32Array(targets.length).fill(scale) };
}

test('the random walk has no skill, the signal the share it explains', () => {
  expect(outputMetrics(scored(() => 0))[0]).toMatchObject({ factor: 'level', horizonSeconds: 30, r2VsRandomWalk: 0, r2Low: 0, r2High: 0 });
  const [exact] = outputMetrics(scored((signal) => signal));
  // 1 of 5 parts of the variance; 8,000 outcomes give a standard error of 0.009.
  expect(exact?.r2VsRandomWalk).toBeGreaterThan(0.17);
  expect(exact?.r2VsRandomWalk).toBeLessThan(0.23);
  expect(outputMetrics(scored((signal) => -signal))[0]?.r2VsRandomWalk).toBeLessThan(-0.5);
});

test('the interval is as wide as independent sequences differ', () => {
  const halves = [0, 1].flatMap((half) =>
    Array.from({ length: 20 }, (_, block) => {
      const all = scored((signal) => signal);
      const sequences = all.sequences.slice(half * 100 + block * 5, half * 100 + block * 5 + 5);
      const width = all.data.steps * 2;
      const first = (sequences[0] ?? 0) * width;
      const part = {
        ...all,
        sequences,
        change: all.change.subarray(first, first + 5 * width),
        scale: all.scale.subarray(first, first + 5 * width),
      };
      return outputMetrics(part)[0];
    }),
  );
  const covering = halves.filter((metrics) => (metrics?.r2Low ?? 1) <= 0.2 && (metrics?.r2High ?? 0) >= 0.2).length;
  // 95 % less what five sequences lose to the normal quantile (88 % with four degrees of freedom): 35 of 40, four standard errors 8.
  expect(covering).toBeGreaterThanOrEqual(27);
  const widths = halves.map((metrics) => (metrics?.r2High ?? 0) - (metrics?.r2Low ?? 0));
  expect(Math.max(...widths)).toBeLessThan(0.4);
});

describe('calibration', () => {
  test('makes 80 % of normal errors fall within 1.2816 scales', () => {
    // Errors have standard deviation 2 and the scale says 1, or 4.
    for (const [scale, multiplier] of [
      [1, 2],
      [4, 0.5],
    ] as const) {
      const [first] = calibrationMultipliers(scored((signal) => signal, { scale }));
      expect((first ?? 0) / multiplier).toBeGreaterThan(0.96);
      expect((first ?? 0) / multiplier).toBeLessThan(1.04);
      const coverage = outputMetrics(scored((signal) => signal, { scale }))[0]?.coverage80 ?? 0;
      expect(Math.abs(coverage - 0.8)).toBeLessThan(0.02);
    }
  });

  test('is judged on the half that it was not made from', () => {
    const all = scored((signal) => signal, { count: 2 });
    // The second sequence misses by far more than the first: its own multiplier would cover it.
    const change = all.change.map((value, i) => (i >= all.change.length / 2 ? value + 1000 : value));
    expect(outputMetrics({ ...all, change })[0]?.coverage80).toBeCloseTo(0.5, 12);
  });

  test('of errors that are all 0 stays above 0', () => {
    const all = scored(() => 0);
    expect(calibrationMultipliers({ ...all, change: all.data.targets })[0]).toBe(1e-3);
  });
});

test('counts only samples whose horizons do not overlap, and only known ones', () => {
  const all = scored(() => 0, { count: 3 });
  // Steps 16 to 55: 40 of one step, 4 of ten.
  expect(outputMetrics(all).map(({ samples }) => samples)).toEqual([120, 12]);
  const targets = all.data.targets.map((target, i) => (i >= 112 * 2 || i % 2 === 0 ? target : Number.NaN));
  expect(outputMetrics({ ...all, data: { ...all.data, targets } }).map(({ samples }) => samples)).toEqual([120, 4]);
});
