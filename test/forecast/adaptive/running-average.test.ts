import { describe, expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { averageModel } from '../../../src/forecast/adaptive/average-model.ts';
import type { Forecast, Forecaster } from '../../../src/forecast/forecaster.ts';
import type { LstmModel } from '../../../src/forecast/lstm/lstm-model.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { fakeNet, HORIZONS } from './fake-net.ts';

/**
 * Factors that move by a signal seen one step before, times a response, plus noise: the move of the next step and of the next ten has that mean.
 * Calls back after each step with the forecast and what will come of it in ten steps.
 */
function market(
  forecaster: Forecaster,
  steps: number,
  response: (t: number) => number,
  noise: (t: number) => number,
  each: (t: number, forecast: Forecast, signal: number) => void = () => {},
): void {
  const rng = streams('7').stream('average');
  const factors = new Float64Array(FACTOR_COUNT);
  const row = new Float64Array(FACTOR_COUNT);
  for (let t = 0; t < steps; t += 1) {
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      factors[f] = (factors[f] ?? 0) + response(t) * (row[f] ?? 0) + noise(t) * normal(rng);
      row[f] = normal(rng);
    }
    forecaster.observe(factors, row);
    const forecast = forecaster.forecast();
    if (forecast !== undefined) each(t, forecast, row[0] ?? 0);
  }
}

test('before any outcome says the average of net and linear model', () => {
  const linear: LstmModel = fakeNet(3, 1);
  const forecaster = averageModel('average', fakeNet(1, 1), linear).start();
  market(
    forecaster,
    3,
    () => 0,
    () => 1,
    (t, forecast, signal) => {
      if (t === 1) expect(forecast.change[0]).toBeCloseTo(2 * signal, 12);
      if (t === 1) expect(forecast.scale[0]).toBeCloseTo(1, 1);
    },
  );
});

describe.each(['average', 'adaptive'] as const)('%s', (kind) => {
  test('has no forecast while the net has none, also after a fault', () => {
    const forecaster = averageModel(kind, fakeNet(1, 1), undefined).start();
    const factors = new Float64Array(FACTOR_COUNT);
    const row = new Float64Array(FACTOR_COUNT);
    forecaster.observe(factors, row);
    expect(forecaster.forecast()).toBeUndefined();
    for (let t = 0; t < 30; t += 1) forecaster.observe(factors, row);
    expect(forecaster.forecast()).toBeDefined();
    forecaster.observe(factors, new Float64Array(FACTOR_COUNT).fill(Number.NaN));
    expect(forecaster.forecast()).toBeUndefined();
    for (let t = 0; t < 30; t += 1) forecaster.observe(factors, row);
    expect([...(forecaster.forecast()?.change ?? [Number.NaN]), ...(forecaster.forecast()?.scale ?? [])].every(Number.isFinite)).toBe(true);
  });

  test('gives the same bits for the same rows, each run afresh', () => {
    const model = averageModel(kind, fakeNet(0.5, 1), fakeNet(0.2, 1));
    const said = [0, 1].map(() => {
      const list: number[] = [];
      market(
        model.start(),
        400,
        () => 0.5,
        () => 1,
        (_t, { change, scale }) => list.push(...change, ...scale),
      );
      return list;
    });
    expect(said[0]).toEqual(said[1]);
  });

  test('believes a net that is wrong less and less', () => {
    const forecaster = averageModel(kind, fakeNet(-0.6, 3.3), undefined).start();
    const parts: number[] = [];
    market(
      forecaster,
      3000,
      () => 0.6,
      () => 1,
      (_t, { change }, signal) => parts.push((change[FACTOR_COUNT] ?? 0) / (-0.6 * signal)),
    );
    const median = (list: number[]): number => list.sort((one, other) => one - other)[Math.floor(list.length / 2)] ?? Number.NaN;
    // The average by its slope alone, over days; the updated head even turns round.
    if (kind === 'average') expect(median(parts.slice(0, 20))).toBeGreaterThan(0.99);
    expect(median(parts.slice(-20))).toBeLessThan(kind === 'average' ? 0.85 : 0);
  });

  test('holds 80 % of outcomes after the noise has doubled', () => {
    const forecaster = averageModel(kind, fakeNet(0, 1), undefined).start();
    const scales: number[] = [];
    market(
      forecaster,
      3000,
      () => 0,
      (t) => (t < 1000 ? 1 : 2) / Math.sqrt(10),
      (_t, forecast) => scales.push(forecast.scale[FACTOR_COUNT] ?? 0),
    );
    expect(scales[990]).toBeGreaterThan(0.8);
    expect(scales[990]).toBeLessThan(1.25);
    expect(scales.at(-1)).toBeGreaterThan(1.6);
    expect(scales.at(-1)).toBeLessThan(2.5);
  });
});

test('adaptive turns its head when the response changes sign, and says what that saved', () => {
  const forecaster = averageModel('adaptive', fakeNet(0.5, 3.3), undefined).start();
  const errors = { frozen: 0, own: 0 };
  market(
    forecaster,
    3000,
    (t) => (t < 1000 ? 0.5 : -0.5),
    () => 1,
    (t, forecast, signal) => {
      if (t < 2000) return;
      // The expected move over ten steps is −0.5 of the signal.
      errors.frozen += (0.5 * signal + 0.5 * signal) ** 2;
      errors.own += ((forecast.change[FACTOR_COUNT] ?? 0) + 0.5 * signal) ** 2;
    },
  );
  expect(errors.own).toBeLessThan(0.5 * errors.frozen);
  const report = forecaster.report?.();
  expect(report?.experts).toEqual(['rw', 'lstm', 'updated']);
  expect(report?.updates?.lossSaved).toBeGreaterThan(0);
  expect(report?.updates?.scheduled).toBeGreaterThan(500);
  expect(HORIZONS).toHaveLength(2);
});

test('an alarm widens the scale at once, by half, for twenty steps', () => {
  const forecaster = averageModel('adaptive', fakeNet(0, 1), undefined).start();
  const widths: number[] = [];
  let alarmed: number | undefined;
  market(
    forecaster,
    900,
    () => 0,
    (t) => (t < 600 ? 1 : 5) / Math.sqrt(10),
    (t, forecast) => {
      const { drift } = forecaster.report?.() ?? {};
      if (alarmed === undefined && t >= 600 && (drift?.alarms ?? 0) > 0) alarmed = widths.length;
      widths.push(forecast.scale[FACTOR_COUNT] ?? 0);
    },
  );
  expect(alarmed).toBeDefined();
  const at = alarmed ?? 0;
  expect((widths[at] ?? 0) / (widths[at - 1] ?? 1)).toBeGreaterThan(1.4);
});

test('scales what net and linear model say in equal parts by the slope of what happened on it, slowly', () => {
  const slopes = [0.25, 1].map((response) => {
    const forecaster = averageModel('average', fakeNet(0.7, 3.3), fakeNet(0.3, 3.3)).start();
    market(
      forecaster,
      2400,
      () => 0.5 * response,
      () => 1,
      (_t, { change }, signal) => {
        const { experts, gateWeights, slopes } = forecaster.report?.() ?? {};
        expect([experts, gateWeights?.[FACTOR_COUNT]]).toEqual([
          ['linear', 'lstm'],
          [0.5, 0.5],
        ]);
        expect(change[FACTOR_COUNT]).toBeCloseTo((slopes?.[1] ?? Number.NaN) * 0.5 * signal, 10);
      },
    );
    return forecaster.report?.().slopes[1] ?? Number.NaN;
  });
  // The forecast is four times too bold in the first market, right in the second.
  expect(slopes[0]).toBeLessThan(0.95);
  expect(slopes[0]).toBeGreaterThan(0.75);
  expect(slopes[1]).toBeGreaterThan(0.98);
  expect(slopes[1]).toBeLessThan(1.02);
});

test('refuses a linear model of another grid', () => {
  expect(() => averageModel('average', fakeNet(1, 1), { ...fakeNet(1, 1), horizonsSeconds: [30] })).toThrow('expected the net');
});
