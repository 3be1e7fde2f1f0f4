import { beforeAll, describe, expect, test } from 'vitest';
import { InputError, InvariantError } from '../../../src/core/assert.ts';
import { lstmForecasterModel } from '../../../src/forecast/lstm/lstm-model.ts';
import { type TrainedModel, trainLstm } from '../../../src/forecast/lstm/train/train.ts';
import { type LstmWeights, readLayersModel } from '../../../src/forecast/lstm/weights.ts';
import { cardDocument, cardFor, learnableSequences } from './example-data.ts';

const NO_FACTORS = new Float64Array(2);
const data = learnableSequences('3', { count: 16, steps: 40 });
let trained: TrainedModel;
let weights: LstmWeights;

beforeAll(async () => {
  trained = await trainLstm(data, {
    units: 4,
    epochs: 3,
    batch: 4,
    learningRate: 0.02,
    dropout: 0,
    l2: 0,
    seed: '1',
    backend: 'cpu',
    patience: 9,
    burnIn: 16,
  });
  weights = readLayersModel('model.json', trained.modelJson, trained.weightsBin);
});

/** The card of the trained net. */
const card = () => {
  const { factors, horizonsSeconds, stepSeconds } = data;
  const { calibration, inputScaler, metrics, targetScale } = trained;
  return cardFor(weights, { factors, horizonsSeconds, stepSeconds, inputScaler, targetScale, calibration, metrics });
};
const row = (sequence: number, step: number): Float64Array => {
  const first = (sequence * data.steps + step) * 3;
  return Float64Array.from(data.rows.subarray(first, first + 3));
};

test('forecasts in a market what the net forecast in training', () => {
  const model = lstmForecasterModel([weights], card());
  expect(trained.bestEpoch).toBeGreaterThan(0);
  const { change, scale, sequences } = trained.validation;
  let compared = 0;
  sequences.forEach((sequence, place) => {
    const forecaster = model.start();
    for (let step = 0; step < data.steps; step += 1) {
      forecaster.observe(NO_FACTORS, row(sequence, step));
      const forecast = forecaster.forecast();
      expect(forecast === undefined).toBe(step < 16);
      if (forecast === undefined) continue;
      for (let output = 0; output < 4; output += 1) {
        const unit = trained.targetScale[output] ?? 0;
        const at = (place * data.steps + step) * 4 + output;
        expect(Math.abs((forecast.change[output] ?? Number.NaN) - (change[at] ?? 0))).toBeLessThan(2e-6 * unit);
        const served = (forecast.scale[output] ?? Number.NaN) / (trained.calibration[output] ?? 0);
        expect(Math.abs(served - (scale[at] ?? 0))).toBeLessThan(2e-6 * unit);
        compared += 1;
      }
    }
  });
  expect(compared).toBe(sequences.length * 24 * 4);
});

test('shows the input of its head: the forecast is linear in it', () => {
  const model = lstmForecasterModel([weights], card());
  const forecaster = model.start();
  expect(model.headInputs).toBe(weights.head.inputs);
  for (let step = 0; step < 20; step += 1) forecaster.observe(NO_FACTORS, row(0, step));
  const input = [...forecaster.hidden, ...forecaster.input];
  expect(input).toHaveLength(model.headInputs);
  const { bias, kernel, outputs } = weights.head;
  model.targetScale.forEach((unit, output) => {
    const sum = input.reduce((total, value, i) => total + value * (kernel[i * outputs + output] ?? 0), bias[output] ?? 0);
    expect(forecaster.forecast()?.change[output]).toBeCloseTo(sum * unit, 12);
  });
});

test('several nets forecast as one, with all their states for a head; one that is not finite silences all', () => {
  const other = { ...weights, head: { ...weights.head, bias: weights.head.bias.map((bias, i) => (i === 0 ? bias + 1 : bias)) } };
  const member = { seed: '1/2', model: 'model-2.json', modelSha256: '0'.repeat(64), weightsSha256: '0'.repeat(64) };
  const figures = { epochs: 1, bestEpoch: 1, seconds: 1, trainLoss: [0.4], validationLoss: [0.5, 0.4] };
  const both = lstmForecasterModel([weights, other], { ...card(), members: [{ ...member, ...figures }] });
  expect(both.headInputs).toBe(4 + 4 + 3);
  const [one, two] = [lstmForecasterModel([weights], card()).start(), both.start()];
  for (let step = 0; step < 20; step += 1) for (const each of [one, two]) each.observe(NO_FACTORS, row(1, step));
  expect([...two.hidden]).toEqual([...one.hidden, ...one.hidden]);
  const [alone, pooled] = [one.forecast(), two.forecast()];
  const unit = trained.targetScale[0] ?? 0;
  const calibration = trained.calibration[0] ?? 1;
  // The bias is a 32-bit number.
  expect(pooled?.change[0]).toBeCloseTo((alone?.change[0] ?? Number.NaN) + 0.5 * unit, 8);
  expect(pooled?.change[1]).toBeCloseTo(alone?.change[1] ?? Number.NaN, 12);
  // The means differ by one unit: a variance of a quarter on top.
  const variance = (scale = 0): number => (scale * scale) / (unit * unit * calibration * calibration);
  expect(variance(pooled?.scale[0]) - variance(alone?.scale[0])).toBeCloseTo(0.25, 5);
  two.observe(NO_FACTORS, Float64Array.of(Number.NaN, 0, 0));
  expect([two.faults, two.forecast(), [...two.hidden].every((value) => value === 0)]).toEqual([1, undefined, true]);
});

test('clips inputs at five deviations', () => {
  const forecasts = [6, 600].map((deviations) => {
    const forecaster = lstmForecasterModel([weights], card()).start();
    const { mean, sd } = trained.inputScaler;
    for (let step = 0; step < 20; step += 1)
      forecaster.observe(
        NO_FACTORS,
        Float64Array.from(mean, (value, i) => value + deviations * (sd[i] ?? 0)),
      );
    return [...(forecaster.forecast()?.change ?? [])];
  });
  expect(forecasts[0]).toHaveLength(4);
  expect(forecasts[0]).toEqual(forecasts[1]);
});

test('clips log-scales at three, and calibrates', () => {
  // A head of biases only: mean 2, log-scale 7.
  const bias = Float32Array.of(2, 7);
  const constant = { ...weights, outputs: 2, parameters: 1, head: { inputs: 7, outputs: 2, kernel: new Float32Array(14), bias } };
  const forecaster = lstmForecasterModel([constant], cardFor(constant, { targetScale: [10], calibration: [0.5] })).start();
  for (let step = 0; step < 17; step += 1) forecaster.observe(NO_FACTORS, row(0, step));
  expect(forecaster.forecast()?.change[0]).toBe(20);
  expect(forecaster.forecast()?.scale[0]).toBeCloseTo(Math.exp(3) * 10 * 0.5, 12);
});

test('after an input that is not a number it is silent for a burn-in, then as good as new', () => {
  const model = lstmForecasterModel([weights], card());
  const faulty = model.start();
  const fresh = model.start();
  for (let step = 0; step < 18; step += 1) faulty.observe(NO_FACTORS, row(0, step));
  expect(faulty.forecast()).toBeDefined();
  faulty.observe(NO_FACTORS, Float64Array.of(1, Number.NaN, 1));
  expect(faulty.faults).toBe(1);
  for (let step = 0; step < 20; step += 1) {
    expect(faulty.forecast() === undefined).toBe(step < 17);
    faulty.observe(NO_FACTORS, row(1, step));
    fresh.observe(NO_FACTORS, row(1, step));
  }
  expect(faulty.forecast()).toEqual(fresh.forecast());
  expect([faulty.faults, fresh.faults]).toEqual([1, 0]);
});

test('markets that share a model share no state', () => {
  const model = lstmForecasterModel([weights], card());
  const alone = model.start();
  const [one, other] = [model.start(), model.start()];
  for (let step = 0; step < 30; step += 1) {
    alone.observe(NO_FACTORS, row(0, step));
    one.observe(NO_FACTORS, row(0, step));
    other.observe(NO_FACTORS, row(1, step));
  }
  expect(one.forecast()).toEqual(alone.forecast());
  expect(other.forecast()).not.toEqual(alone.forecast());
});

test('a row of another length is a bug of ours', () => {
  expect(() => lstmForecasterModel([weights], card()).start().observe(NO_FACTORS, new Float64Array(4))).toThrow(InvariantError);
});

describe('refuses a card of another net', () => {
  test.each<[string, () => object, string]>([
    [
      'features',
      () => ({ features: ['a', 'b'], inputScaler: { mean: [0, 0], sd: [1, 1] } }),
      'features  expected 2 as the model card says, found 3',
    ],
    ['units', () => ({ units: 5 }), 'units  expected 5 as the model card says, found 4'],
    [
      'parameters',
      () => ({ training: { ...cardDocument(weights).training, parameters: 7 } }),
      'parameters  expected 7 as the model card says',
    ],
    ['outputs', () => cardDocument({ ...weights, outputs: 6 }), 'outputs  expected 6 as the model card says, found 8'],
  ])('%s', (_, change, message) => {
    const other = cardFor(weights, change());
    expect(() => lstmForecasterModel([weights], other)).toThrow(InputError);
    expect(() => lstmForecasterModel([weights], other)).toThrow(message);
  });
});
