import { type Tensor3D, tensor3d, tidy, variable, variableGrads } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HeadKind } from '../../../src/forecast/lstm/outputs.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { clipTogether } from '../../../src/forecast/lstm/train/fit.ts';
import { extrasLoss, targetLoss } from '../../../src/forecast/lstm/train/loss.ts';
import { plateaus, rateShare } from '../../../src/forecast/lstm/train/schedule.ts';

beforeAll(async () => {
  await selectBackend('cpu');
});

const TARGETS = [1.5, 2, -6, 0];

interface Result {
  readonly loss: number;
  readonly gradient: number[];
}

/** Loss and gradient of outputs for three steps, of which the last two are scored. */
function lossOf(outputs: number[], known: number[], values = TARGETS, head: HeadKind = 'gaussian', varianceWeight = 0): Result {
  return tidy(() => {
    const weights = variable(tensor3d(outputs, [1, 3, outputs.length / 3]));
    const masked = { targets: tensor3d(values, [1, 2, 2]), known: tensor3d(known, [1, 2, 2]) };
    const { grads, value } = variableGrads(() => targetLoss(weights as Tensor3D, masked, head, varianceWeight), [weights]);
    const result = { loss: value.dataSync()[0] ?? 0, gradient: [...(grads[weights.name]?.dataSync() ?? [])] };
    weights.dispose();
    return result;
  });
}

describe('the loss of the targets', () => {
  const outputs = [9, 9, 9, 9, 0.5, -1, 0.25, -5, 1, 2, 0, 4];
  const density = (target: number, mean: number, logScale: number): number => {
    const error = (target - mean) / Math.exp(logScale);
    return logScale + 0.5 * error * error;
  };

  test('is the negative logarithm of the normal density, log-scales clipped at three, steps before the targets left out', () => {
    const expected = density(1.5, 0.5, 0.25) + density(2, -1, -3) + density(-6, 1, 0) + density(0, 2, 3);
    expect(lossOf(outputs, [1, 1, 1, 1]).loss / expected).toBeCloseTo(1, 6);
    expect(lossOf(outputs, [1, 1, 1, 1]).gradient.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  test('has neither value nor gradient where the target is not known', () => {
    const { gradient, loss } = lossOf(outputs, [1, 0, 0, 1]);
    expect(loss).toBeCloseTo(density(1.5, 0.5, 0.25) + density(0, 2, 3), 5);
    expect([gradient[5], gradient[7], gradient[8], gradient[10]]).toEqual([0, 0, 0, 0]);
    expect(gradient[4]).not.toBe(0);
    expect(lossOf(outputs, [1, 0, 0, 1], [1.5, 1e6, -1e6, 0])).toEqual({ gradient, loss });
  });

  test('of a Student t with five degrees of freedom, a jump pulls less the further away it is', () => {
    const tail = (target: number, mean: number, s: number): number =>
      s + 3 * Math.log1p(((target - mean) * (target - mean)) / Math.exp(2 * s) / 5);
    const expected = tail(1.5, 0.5, 0.25) + tail(2, -1, -3) + tail(-6, 1, 0) + tail(0, 2, 3);
    expect(lossOf(outputs, [1, 1, 1, 1], TARGETS, 'student').loss).toBeCloseTo(expected, 4);
    const pull = (target: number): number =>
      Math.abs(lossOf(new Array(12).fill(0), [1, 0, 0, 0], [target, 0, 0, 0], 'student').gradient[4] ?? 0);
    expect(pull(2)).toBeGreaterThan(pull(1));
    expect(pull(6)).toBeLessThan(pull(3));
  });

  test('weighed by the variance that is said pulls means as squared errors do at 1, and log-scales by the same weight', () => {
    const known = [1, 0, 1, 1];
    const plain = lossOf(outputs, known);
    for (const beta of [0.5, 1]) {
      const { gradient, loss } = lossOf(outputs, known, TARGETS, 'gaussian', beta);
      const weights = [0.25, 0].map((s) => Math.exp(2 * beta * s));
      // Outputs of a step: two means, then two log-scales; those of the first target.
      for (const [step, weight] of weights.entries()) {
        for (const part of [0, 2]) {
          const at = 4 * (step + 1) + part;
          expect(gradient[at]).toBeCloseTo(weight * (plain.gradient[at] ?? Number.NaN), 4);
        }
      }
      expect(loss).not.toBeCloseTo(plain.loss, 2);
    }
    // The pull of a mean by squared errors is the error itself.
    expect(lossOf(outputs, known, TARGETS, 'gaussian', 1).gradient[4]).toBeCloseTo(0.5 - 1.5, 5);
  });

  test('of quantiles is the sum of their pinball losses, widths being softplus', () => {
    // One target per scored step; of the second target nothing is known.
    const raw = [0.3, 0, -1, 0, 0.5, 0, 1, 0, -2, 0];
    const soft = (x: number): number => Math.log1p(Math.exp(x));
    const lower = 0.5 - soft(-1);
    const upper = 0.5 + soft(1);
    const quantiles = [lower - soft(0.3), lower, 0.5, upper, upper + soft(-2)];
    const levels = [0.1, 0.25, 0.5, 0.75, 0.9];
    const pinball = (y: number): number =>
      quantiles.reduce((sum, q, n) => sum + Math.max((levels[n] ?? 0) * (y - q), ((levels[n] ?? 0) - 1) * (y - q)), 0);
    for (const y of [-3, 0.6, 4]) {
      expect(lossOf([...new Array(10).fill(7), ...raw, ...raw], [1, 0, 0, 0], [y, 0, 0, 0], 'quantile').loss).toBeCloseTo(pinball(y), 5);
    }
  });
});

describe('the loss of volatility and shocks', () => {
  const layout = { head: 'gaussian', targets: 1, horizons: 2, extras: true } as const;
  const value = (log: number, logit: number, variance: number, shock: number, weights = { volatility: 1, shock: 1 }): number =>
    tidy(() => {
      const outputs = tensor3d([0, 0, log, log, logit, logit], [1, 1, 6]);
      const none = tensor3d([0], [1, 1, 1]);
      const extras = { variance: tensor3d([variance, variance], [1, 1, 2]), shock: tensor3d([shock, shock], [1, 1, 2]) };
      return extrasLoss(outputs, { targets: none, known: none, ...extras }, layout, weights).dataSync()[0] ?? Number.NaN;
    });

  test('is QLIKE and logistic, each with its weight', () => {
    const logistic = (x: number, y: number): number => Math.log1p(Math.exp(x)) - y * x;
    expect(value(0.5, 1.2, 2, 1)).toBeCloseTo(2 * Math.exp(-0.5) + 0.5 + logistic(1.2, 1), 5);
    expect(value(0.5, -1.2, 2, 0, { volatility: 0, shock: 3 })).toBeCloseTo(3 * logistic(-1.2, 0), 5);
    expect(value(0, 80, 1, 0, { volatility: 0, shock: 1 })).toBeCloseTo(80, 4);
  });

  test('QLIKE is least at the truth', () => {
    const at = (log: number): number => value(log, 0, 2, 0, { volatility: 1, shock: 0 });
    expect(at(Math.LN2)).toBeLessThan(at(Math.LN2 + 0.1));
    expect(at(Math.LN2)).toBeLessThan(at(Math.LN2 - 0.1));
  });
});

test('gradients are cut to the norm together, and left alone below it', () => {
  const clip = (...parts: number[][]): number[] => {
    const gradients = parts.map((part) => Float64Array.from(part));
    clipTogether(gradients, 1);
    return gradients.flatMap((gradient) => [...gradient]);
  };
  expect(clip([3], [0, 4]).map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.6, 0, 0.8]);
  expect(clip([0.5], [0.25, 0])).toEqual([0.5, 0.25, 0]);
  expect(clip([0], [0, 0])).toEqual([0, 0, 0]);
});

describe('the learning rate', () => {
  test('rises over a twentieth of the steps, then falls on a cosine to a twentieth', () => {
    const rates = Array.from({ length: 200 }, (_, step) => rateShare('cosine', step, 200, []));
    expect(rates[0]).toBeCloseTo(0.1, 12);
    expect(rates[9]).toBe(1);
    expect(rates[10]).toBe(1);
    expect(rates[105]).toBeCloseTo(0.525, 12);
    expect(rates[199]).toBeCloseTo(0.05, 3);
    for (let step = 11; step < 200; step += 1) expect(rates[step]).toBeLessThan(rates[step - 1] ?? 0);
    expect(rateShare('cosine', 0, 1, [])).toBe(1);
  });

  test('halves on a plateau, each after three epochs without a better loss', () => {
    expect(plateaus([9, 8, 7, 6])).toBe(0);
    expect(plateaus([5, 6, 6])).toBe(0);
    expect(plateaus([5, 6, 6, 5])).toBe(1);
    expect(plateaus([5, 6, 6, 4, 4, 4, 4])).toBe(1);
    expect(plateaus([5, 6, 6, 6, 6, 6, 6, 6])).toBe(2);
    expect(rateShare('plateau', 150, 200, [5, 6, 6, 6])).toBeCloseTo(0.5, 12);
  });

  test('may stay', () => {
    expect(rateShare('constant', 0, 100, [])).toBe(1);
  });
});
