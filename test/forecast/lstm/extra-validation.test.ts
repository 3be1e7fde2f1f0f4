import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { logistic, pooled } from '../../../src/forecast/lstm/ensemble.ts';
import { calibrated, extraMetrics, plattFit } from '../../../src/forecast/lstm/extra-validation.ts';
import type { TrainingSequences } from '../../../src/forecast/lstm/sequences.ts';

const [COUNT, STEPS] = [40, 66];
const rng = streams('extras').stream('test');
/** Shocks with known probabilities, and variances with known means, over one horizon. */
const truths = Array.from({ length: COUNT * STEPS }, () => ({ logit: 1.5 * normal(rng) - 1, log: 0.5 * normal(rng) }));
const data: TrainingSequences = {
  features: ['x'],
  factors: ['level'],
  horizonsSeconds: [30],
  stepSeconds: 30,
  steps: STEPS,
  count: COUNT,
  rows: new Float32Array(COUNT * STEPS),
  targets: new Float32Array(COUNT * STEPS),
  extras: {
    variance: Float32Array.from(truths, ({ log }) => 0.25 * Math.exp(log + 0.3 * normal(rng))),
    shock: Float32Array.from(truths, ({ logit }) => (rng.uniform() < logistic(logit) ? 1 : 0)),
    shockMeaning: 'a test',
  },
};
const sequences = Array.from({ length: COUNT }, (_, n) => n);
/** Twice too sure, and too often yes. */
const overconfident = Float32Array.from(truths, ({ logit }) => logistic(2 * logit + 1));
const [metrics] = extraMetrics({
  data,
  sequences,
  variance: Float32Array.from(truths, ({ log }) => 3 * Math.exp(log)),
  shock: overconfident,
  varianceScale: [0.25],
});

describe('probabilities', () => {
  test('are put right by a line in logits, fitted on the other half for the scores', () => {
    expect(metrics?.platt.slope).toBeCloseTo(0.5, 1);
    expect(metrics?.platt.intercept).toBeCloseTo(-0.5, 0);
    expect(metrics?.brier).toBeLessThan(metrics?.brierOfMean ?? 0);
    for (const { forecast, happened, count } of metrics?.reliability ?? []) {
      // Four standard errors of a share.
      expect(Math.abs(forecast - happened)).toBeLessThan(4 * Math.sqrt((forecast * (1 - forecast)) / count));
    }
    expect(calibrated(logistic(3), { slope: 0.5, intercept: -0.5 })).toBeCloseTo(logistic(1), 12);
  });

  test('outcomes that never differ, or are told apart fully, leave finite corrections', () => {
    for (const rows of [[], [{ p: 0.2, happened: 0 }], [0.1, 0.2, 0.8, 0.9].map((p) => ({ p, happened: p > 0.5 ? 1 : 0 }))]) {
      const { slope, intercept } = plattFit(rows);
      expect([Number.isFinite(slope), Number.isFinite(intercept)]).toEqual([true, true]);
    }
    expect(plattFit([])).toEqual({ slope: 1, intercept: 0 });
  });
});

test('a variance that is three times too large is put right in the mean, and beats the mean as a forecast', () => {
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const said = mean(truths.map(({ log }, i) => (i % STEPS >= 16 ? 3 * Math.exp(log) : 0)));
  const was = mean(Array.from(data.extras?.variance ?? [], (value, i) => (i % STEPS >= 16 ? value / 0.25 : 0)));
  expect(metrics?.varianceFactor).toBeCloseTo(was / said, 6);
  expect(metrics?.qlike).toBeLessThan(metrics?.qlikeOfMean ?? 0);
});

describe('several nets', () => {
  test('forecast the moments of their mixture', () => {
    const [change, scale] = [new Float64Array(2), new Float64Array(2)];
    pooled(
      [
        { change: [1, 0], scale: [1, 2] },
        { change: [3, 0], scale: [2, 2] },
      ],
      change,
      scale,
    );
    expect([...change]).toEqual([2, 0]);
    // Mean variance (1 + 4)/2 and variance of the means 1.
    expect(scale[0]).toBeCloseTo(Math.sqrt(3.5), 12);
    expect(scale[1]).toBeCloseTo(2, 12);
  });

  test('one net forecasts what it says, to the bit; what is no number stays none', () => {
    const [change, scale] = [new Float64Array(1), new Float64Array(1)];
    pooled([{ change: [0.1], scale: [0.3] }], change, scale);
    expect([change[0], scale[0]]).toEqual([0.1, 0.3]);
    pooled(
      [
        { change: [0.1], scale: [0.3] },
        { change: [Number.NaN], scale: [1] },
      ],
      change,
      scale,
    );
    expect(Number.isNaN(change[0] ?? 0)).toBe(true);
  });
});
