import { memory, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { streams } from '../../../src/core/rng.ts';
import type { TrainingSequences } from '../../../src/forecast/lstm/sequences.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { Batches } from '../../../src/forecast/lstm/train/batches.ts';
import type { FitState } from '../../../src/forecast/lstm/train/fit-state.ts';
import { outputsFor, restoreWeights, untrainedNet, weightCopies } from '../../../src/forecast/lstm/train/net.ts';
import { trainLstm } from '../../../src/forecast/lstm/train/train.ts';
import type { TrainingOptions } from '../../../src/forecast/lstm/train/training-options.ts';
import { learnableSequences } from './example-data.ts';

const OPTIONS: TrainingOptions = {
  units: 4,
  epochs: 4,
  batch: 8,
  learningRate: 0.02,
  dropout: 0,
  l2: 0,
  seed: '1',
  backend: 'cpu',
  patience: 10,
  burnIn: 16,
};
const small = learnableSequences('1', { count: 12, steps: 24 });
const bytesOf = async (data: TrainingSequences, change: Partial<TrainingOptions> = {}) => {
  const { modelJson, weightsBin } = await trainLstm(data, { ...OPTIONS, epochs: 2, ...change });
  return { modelJson, weights: [...weightsBin] };
};

beforeAll(async () => {
  await selectBackend('cpu');
});

describe('training', () => {
  test('finds the signal, claims none where there is none, and calibrates both', async () => {
    const data = learnableSequences('2', { count: 96, steps: 32 });
    const trained = await trainLstm(data, { ...OPTIONS, epochs: 8, learningRate: 0.05, validationShare: 0.25, l2: 1e-5 });
    const [level, walk] = trained.metrics;
    console.log(
      `R2 against the random walk: ${level?.r2VsRandomWalk.toFixed(3)} of the signal, ${walk?.r2VsRandomWalk.toFixed(3)} of the walk`,
    );
    // The last row explains 0.48 of the variance at most, the Kalman filter, which remembers, 0.62, the hidden state itself 0.84.
    expect(level?.r2VsRandomWalk).toBeGreaterThan(0.56);
    expect(level?.r2Low).toBeGreaterThan(0.48);
    expect(level?.r2High).toBeLessThan(0.84);
    expect(Math.abs(walk?.r2VsRandomWalk ?? 1)).toBeLessThan(0.05);
    expect(trained.bestEpoch).toBeGreaterThan(3);
    expect(trained.validationLoss).toHaveLength(trained.epochs + 1);
    // 384 outcomes per output, each half judged with a multiplier from 192: standard errors of 0.020 and 0.029, less than four together.
    for (const { coverage80 } of trained.metrics) expect(Math.abs(coverage80 - 0.8)).toBeLessThan(0.12);
    expect(trained.metrics.map(({ factor, horizonSeconds }) => [factor, horizonSeconds])).toEqual([
      ['level', 30],
      ['walk', 30],
      ['level', 60],
      ['walk', 60],
    ]);
  });

  test('holds features that never move at 0, and names them', async () => {
    const rows = small.rows.map((value, i) => (i % 3 === 1 ? 7 : value));
    const trained = await trainLstm({ ...small, rows }, OPTIONS);
    expect(trained.constantFeatures).toEqual(['feature1']);
    expect([trained.inputScaler.mean[1], trained.inputScaler.sd[1]]).toEqual([7, 1]);
    expect((await trainLstm(small, OPTIONS)).constantFeatures).toEqual([]);
  });

  test('starts at the random walk, and stays there when it is stopped at once', async () => {
    let asked = 0;
    const shouldStop = (): boolean => {
      asked += 1;
      return true;
    };
    const trained = await trainLstm(small, { ...OPTIONS, shouldStop });
    expect(trained).toMatchObject({ bestEpoch: 0, epochs: 0, endedBy: 'stop', trainLoss: [] });
    expect(asked).toBe(1);
    expect(trained.validationLoss).toHaveLength(1);
    expect([...trained.validation.change].every((change) => change === 0)).toBe(true);
    trained.validation.scale.forEach((scale, i) => {
      expect(scale).toBe(Math.fround(trained.targetScale[i % 4] ?? 0));
    });
    for (const { r2VsRandomWalk } of trained.metrics) expect(r2VsRandomWalk).toBe(0);
  });

  test('stopped later keeps the best epoch so far', async () => {
    let epochs = 0;
    const trained = await trainLstm(small, { ...OPTIONS, onProgress: () => (epochs += 1), shouldStop: () => epochs === 2 });
    const whole = await trainLstm(small, OPTIONS);
    expect(trained).toMatchObject({ epochs: 2, endedBy: 'stop' });
    expect(trained.validationLoss).toEqual(whole.validationLoss.slice(0, 3));
  });

  test('goes on from any epoch to the same bytes', async () => {
    const options = { ...OPTIONS, epochs: 5, dropout: 0.2, recurrentDropout: 0.2, l2: 1e-3, schedule: 'plateau' as const };
    const states: FitState[] = [];
    const whole = await trainLstm(small, { ...options, onState: (state) => states.push(structuredClone(state)) });
    expect(states).toHaveLength(5);
    for (const state of [states[0], states[3], states[4]]) {
      const resumed = await trainLstm(small, options, state);
      expect(resumed.weightsBin).toEqual(whole.weightsBin);
      expect([resumed.trainLoss, resumed.validationLoss]).toEqual([whole.trainLoss, whole.validationLoss]);
    }
  });

  test.each(['student', 'quantile'] as const)('with the head %s finds the signal too, and calibrates', async (head) => {
    const data = learnableSequences('2', { count: 96, steps: 32 });
    const trained = await trainLstm(data, { ...OPTIONS, head, epochs: 8, learningRate: 0.05, validationShare: 0.25, l2: 1e-5 });
    expect(trained.metrics[0]?.r2VsRandomWalk).toBeGreaterThan(0.52);
    expect(Math.abs(trained.metrics[1]?.r2VsRandomWalk ?? 1)).toBeLessThan(0.08);
    for (const { coverage80 } of trained.metrics) expect(Math.abs(coverage80 - 0.8)).toBeLessThan(0.12);
  });

  test('with realised volatility and shocks in the data, forecasts them too', async () => {
    const chance = streams('extras').stream('test');
    const data = learnableSequences('2', { count: 64, steps: 32 });
    // The second feature says which half of the rows is wild.
    const wild = Array.from({ length: 64 * 32 }, (_, i) => (data.rows[i * 3 + 1] ?? 0) > 0);
    const extras = {
      variance: Float32Array.from({ length: 64 * 32 * 2 }, (_, i) => (wild[i >> 1] ? 0.9 : 0.1)),
      shock: Float32Array.from({ length: 64 * 32 * 2 }, (_, i) => (chance.uniform() < (wild[i >> 1] ? 0.8 : 0.1) ? 1 : 0)),
      shockMeaning: 'a test',
    };
    const trained = await trainLstm(
      { ...data, extras },
      { ...OPTIONS, epochs: 10, learningRate: 0.05, lossWeights: { volatility: 1, shock: 1 } },
    );
    expect(trained.varianceScale[0]).toBeCloseTo(0.5, 1);
    for (const { qlike, qlikeOfMean, brier, brierOfMean } of trained.extraMetrics) {
      expect(qlike).toBeLessThan(0.5 * qlikeOfMean);
      expect(brier).toBeLessThan(0.75 * brierOfMean);
    }
    expect(trained.metrics[0]?.r2VsRandomWalk).toBeGreaterThan(0.4);
  });

  test('gives the same bytes for the same seed, and others for another', async () => {
    const first = await bytesOf(small, { dropout: 0.2, l2: 1e-3 });
    expect(await bytesOf(small, { dropout: 0.2, l2: 1e-3 })).toEqual(first);
    expect((await bytesOf(small, { dropout: 0.2, l2: 1e-3, seed: '2' })).weights).not.toEqual(first.weights);
    expect((await bytesOf(small, { dropout: 0.1, l2: 1e-3 })).weights).not.toEqual(first.weights);
    expect((await bytesOf(small, { dropout: 0.2, l2: 1e-2 })).weights).not.toEqual(first.weights);
  });

  test('keeps no tensor from one epoch to the next, nor after the last', async () => {
    const before = memory().numTensors;
    const counts: number[] = [];
    await trainLstm(small, { ...OPTIONS, epochs: 5, dropout: 0.1, l2: 1e-4, onProgress: () => counts.push(memory().numTensors) });
    expect(new Set(counts).size).toBe(1);
    expect(memory().numTensors).toBe(before);
  });

  test('gives back the weights of the best epoch when patience ends', async () => {
    const trained = await trainLstm(small, { ...OPTIONS, epochs: 60, learningRate: 0.1, patience: 2 });
    expect(trained.endedBy).toBe('patience');
    expect(trained.epochs).toBe(trained.bestEpoch + 2);
    expect(trained.validationLoss[trained.bestEpoch]).toBe(Math.min(...trained.validationLoss));
    // The loss of the forecasts handed out is the loss of that epoch.
    const { change, data, scale, sequences } = trained.validation;
    const losses = sequences.flatMap((sequence, place) =>
      Array.from({ length: 8 * 4 }, (_, i) => {
        const inSequence = 16 * 4 + i;
        const unit = trained.targetScale[i % 4] ?? 0;
        const at = place * 24 * 4 + inSequence;
        const target = Math.max(-6, Math.min(6, (data.targets[sequence * 24 * 4 + inSequence] ?? 0) / unit));
        const error = target - (change[at] ?? 0) / unit;
        const spread = (scale[at] ?? 0) / unit;
        return Math.log(spread) + (0.5 * error * error) / (spread * spread);
      }),
    );
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(mean).toBeCloseTo(trained.validationLoss[trained.bestEpoch] ?? 0, 5);
  });

  test('moves slowly while the learning rate rises', async () => {
    const firstLoss = async (epochs: number): Promise<number> => {
      let done = 0;
      const { validationLoss } = await trainLstm(small, {
        ...OPTIONS,
        epochs,
        patience: 99,
        onProgress: () => (done += 1),
        shouldStop: () => done === 1,
      });
      return (validationLoss[0] ?? 0) - (validationLoss[1] ?? 0);
    };
    // Two steps an epoch: the rate is full at once in 4 epochs, and at a sixth and a third in 60.
    expect(Math.abs(await firstLoss(60))).toBeLessThan(0.5 * Math.abs(await firstLoss(4)));
  });

  test('sees neither the validation part nor the targets of the burn-in', async () => {
    const trained = await trainLstm(small, OPTIONS);
    const spoilt = { ...small, rows: small.rows.slice(), targets: small.targets.slice() };
    for (const sequence of trained.split.validation) {
      spoilt.rows.fill(50, sequence * 24 * 3, (sequence + 1) * 24 * 3);
      spoilt.targets.fill(-1, sequence * 24 * 4, (sequence + 1) * 24 * 4);
    }
    for (let sequence = 0; sequence < 12; sequence += 1) spoilt.targets.fill(9, sequence * 24 * 4, (sequence * 24 + 16) * 4);
    const other = await trainLstm(spoilt, OPTIONS);
    expect(other.trainLoss).toEqual(trained.trainLoss);
    expect(other.inputScaler).toEqual(trained.inputScaler);
    expect(other.targetScale).toEqual(trained.targetScale);
    expect(other.validationLoss).not.toEqual(trained.validationLoss);
  });

  test('takes unknown targets as if they were not there', async () => {
    const holes = { ...small, targets: small.targets.map((target, i) => (i % 7 === 3 ? Number.NaN : target)) };
    const trained = await trainLstm(holes, OPTIONS);
    expect([...trained.trainLoss, ...trained.validationLoss, ...trained.calibration].every(Number.isFinite)).toBe(true);
    expect(trained.trainLoss).not.toEqual((await trainLstm(small, OPTIONS)).trainLoss);
  });

  test('says so when the loss explodes, and leaves no tensor', async () => {
    const before = memory().numTensors;
    await expect(trainLstm(small, { ...OPTIONS, learningRate: 1e6 })).rejects.toThrow(InputError);
    await expect(trainLstm(small, { ...OPTIONS, learningRate: 1e30 })).rejects.toThrow(
      /^training {2}loss {2}became .* lower learningRate \(now 1e\+30\)/,
    );
    expect(memory().numTensors).toBe(before);
  });

  test('refuses options out of range, all at once', async () => {
    const wrong = { ...OPTIONS, units: 0, epochs: 1.5, learningRate: Number.NaN, dropout: 1, l2: -1, seed: '', validationShare: 0 };
    const error = await trainLstm(small, wrong).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).issues.map(({ path }) => path)).toEqual([
      'units',
      'epochs',
      'learningRate',
      'dropout',
      'l2',
      'seed',
      'validationShare',
    ]);
  });

  test('refuses a backend asked for by name that is absent', async () => {
    await expect(trainLstm(small, { ...OPTIONS, backend: 'node' })).rejects.toThrow(
      /^--backend {2}node: @tensorflow\/tfjs-node cannot be loaded/,
    );
  });
});

test('the untrained net is 0 for any rows, and its states are not', () => {
  const net = untrainedNet(3, 4, 8, '1');
  const rows = tensor3d(
    Float32Array.from({ length: 60 }, (_, i) => Math.sin(i)),
    [2, 10, 3],
  );
  const outputs = () => [...tidy(() => outputsFor(net, rows, rows).dataSync())];
  expect(outputs()).toEqual(new Array(160).fill(0));
  const [kernel, recurrent, bias, head] = weightCopies(net);
  restoreWeights(net, [
    kernel,
    recurrent,
    bias,
    (head ?? new Float32Array()).map((_, i) => (i < 32 ? 1 : 0)),
    new Float32Array(8),
  ] as Float32Array[]);
  expect(new Set(outputs().map((value) => value.toFixed(6))).size).toBe(20);
  rows.dispose();
  net.dispose();
});

describe('a batch', () => {
  const batches = new Batches(small, { mean: [100, 0, 0], sd: [5, 1, 0.001] }, [0.01, 3, 0.02, 1e-3]);

  test('holds standardised, clipped inputs and scaled, clipped targets of its sequences', () => {
    const batch = batches.batch([7, 2]);
    const inputs = batch.skip.dataSync();
    const targets = batch.targets.dataSync();
    expect(batch.rows).toBe(batch.skip);
    expect(batch.skip.shape).toEqual([2, 24, 3]);
    expect(batch.targets.shape).toEqual([2, 8, 4]);
    expect(inputs[24 * 3]).toBeCloseTo(((small.rows[2 * 24 * 3] ?? 0) - 100) / 5, 5);
    expect(Math.max(...inputs)).toBe(5);
    expect(targets[0]).toBeCloseTo((small.targets[(7 * 24 + 16) * 4] ?? 0) / 0.01, 5);
    expect(Math.min(...targets)).toBe(-6);
    expect(batch.knownCount).toBe(64);
    batch.dispose();
  });

  test('marks and counts the targets that are known', () => {
    const targets = small.targets.map((target, i) => (i % 5 === 2 ? Number.NaN : target));
    const batch = new Batches({ ...small, targets }, { mean: [0, 0, 0], sd: [1, 1, 1] }, [1, 1, 1, 1]).batch([3]);
    const cut = [...targets.subarray((3 * 24 + 16) * 4, 4 * 24 * 4)];
    expect([...batch.known.dataSync()]).toEqual(cut.map((target) => (Number.isNaN(target) ? 0 : 1)));
    expect([...batch.targets.dataSync()]).toEqual(cut.map((target) => (Number.isNaN(target) ? 0 : Math.max(-6, Math.min(6, target)))));
    expect(batch.knownCount).toBe(cut.filter((target) => !Number.isNaN(target)).length);
    batch.dispose();
  });

  test('drops inputs of the LSTM for whole sequences, from the seed alone, and never those of the skip', () => {
    const sequences = Array.from({ length: 12 }, (_, i) => i);
    const dropout = () => ({ inputs: 0.25, recurrent: 0, units: 3, rng: streams('5').stream('test/dropout') });
    const read = (rule = dropout()) => {
      const batch = batches.batch(sequences, rule);
      const result = { rows: [...batch.rows.dataSync()], skip: [...batch.skip.dataSync()] };
      batch.dispose();
      return result;
    };
    const { rows, skip } = read();
    const factors = new Map<string, Set<number>>();
    skip.forEach((value, i) => {
      const key = `${Math.floor(i / 72)}/${i % 3}`;
      factors.set(key, (factors.get(key) ?? new Set()).add(Math.round((1000 * (rows[i] ?? 0)) / value) / 1000));
    });
    expect([...factors.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set([...factors.values()].flatMap((set) => [...set]))).toEqual(new Set([0, 1.333]));
    // Each feature has its own fate: some sequence loses one and keeps another.
    expect(
      sequences.some((sequence) => new Set([0, 1, 2].map((feature) => [...(factors.get(`${sequence}/${feature}`) ?? [])][0])).size === 2),
    ).toBe(true);
    expect(read()).toEqual({ rows, skip });
    const plain = batches.batch(sequences);
    expect([...plain.skip.dataSync()]).toEqual(skip);
    plain.dispose();

    let dropped = 0;
    const rule = dropout();
    for (let i = 0; i < 50; i += 1) {
      const values = read(rule).rows;
      for (let series = 0; series < 36; series += 1) dropped += values[Math.floor(series / 3) * 72 + (series % 3)] === 0 ? 1 : 0;
    }
    // 1,800 draws: standard error 0.0102.
    expect(Math.abs(dropped / 1800 - 0.25)).toBeLessThan(0.041);
  });
});
