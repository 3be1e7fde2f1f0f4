import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { LstmCell } from '../../../src/forecast/lstm/cell.ts';
import { LinearHead } from '../../../src/forecast/lstm/head.ts';
import { standardised } from '../../../src/forecast/lstm/scaling.ts';
import type { TrainingSequences } from '../../../src/forecast/lstm/sequences.ts';
import { selectBackend } from '../../../src/forecast/lstm/train/backend.ts';
import { fitWindows, type WindowFitOptions, windowForecasts } from '../../../src/forecast/lstm/train/window-net.ts';

const STEPS = 5;
const OPTIONS: WindowFitOptions = { units: 3, epochs: 6, batch: 16, learningRate: 0.05, dropout: 0.1, l2: 1e-5, patience: 6, seed: 'a' };

/** Windows of a series whose next move is minus half of the mean of the last three moves, and noise of its own size. */
function windows(count: number, seed = 'windows'): TrainingSequences {
  const rng = streams(seed).stream('test/windows');
  const moves = Array.from({ length: count + STEPS }, () => normal(rng));
  const rows = new Float32Array(count * STEPS * 2);
  const targets = new Float32Array(count * STEPS).fill(Number.NaN);
  for (let w = 0; w < count; w += 1) {
    for (let step = 0; step < STEPS; step += 1) {
      rows[(w * STEPS + step) * 2] = 20 + 3 * (moves[w + step] ?? 0);
      rows[(w * STEPS + step) * 2 + 1] = normal(rng);
    }
    const last = w + STEPS - 1;
    targets[w * STEPS + STEPS - 1] = 0.01 * (-((moves[last] ?? 0) + (moves[last - 1] ?? 0) + (moves[last - 2] ?? 0)) / 1.7 + normal(rng));
  }
  return {
    features: ['move', 'noise'],
    factors: ['level'],
    horizonsSeconds: [86_400],
    stepSeconds: 86_400,
    steps: STEPS,
    burnIn: STEPS - 1,
    count,
    rows,
    targets,
  };
}

const range = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, i) => first + i);

beforeAll(async () => {
  await selectBackend('cpu');
});

describe('a net on windows', () => {
  const data = windows(320);
  const split = { training: range(0, 160), validation: range(160, 200) };

  test('learns what the last rows say, and more with more training', async () => {
    const first = await fitWindows(data, split, OPTIONS);
    const more = await fitWindows(data, split, { ...OPTIONS, epochs: 4, learningRate: 0.02, constantRate: true }, first.net);
    expect(more.history.validationLoss[0]).toBeCloseTo(first.history.validationLoss[first.history.bestEpoch] ?? 0, 6);
    const { change } = windowForecasts(more.net, data, range(200, 320));
    let [walk, error] = [0, 0];
    change.forEach((said, i) => {
      const target = data.targets[(200 + i) * STEPS + STEPS - 1] ?? Number.NaN;
      walk += target * target;
      error += (target - said) * (target - said);
    });
    console.log(`R2 of a net on windows: ${(1 - error / walk).toFixed(3)}, the last row alone explains 0.17, three rows 0.51`);
    expect(1 - error / walk).toBeGreaterThan(0.3);
  });

  test('says what the streaming cell says from a zero state', async () => {
    const { net } = await fitWindows(data, split, { ...OPTIONS, epochs: 1 });
    const [kernel, recurrentKernel, bias, headKernel, headBias] = net.weights as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const cell = new LstmCell({ features: 2, units: 3, kernel, recurrentKernel, bias });
    const head = new LinearHead({ inputs: 5, outputs: 2, kernel: headKernel, bias: headBias });
    const chosen = [7, 301];
    const { change, scale } = windowForecasts(net, data, chosen);
    chosen.forEach((w, place) => {
      cell.reset();
      let row = new Float64Array(2);
      for (let step = 0; step < STEPS; step += 1) {
        row = Float64Array.from([0, 1], (f) =>
          standardised(data.rows[(w * STEPS + step) * 2 + f] ?? 0, net.inputScaler.mean[f] ?? 0, net.inputScaler.sd[f] ?? 1),
        );
        cell.step(row);
      }
      head.apply(cell.hidden, row);
      expect(change[place]).toBeCloseTo((head.output[0] ?? 0) * (net.targetScale[0] ?? 0), 8);
      expect(scale[place]).toBeCloseTo(Math.exp(head.output[1] ?? 0) * (net.targetScale[0] ?? 0), 8);
    });
  });

  test('equal seeds give equal weights, and windows outside of the split are never seen', async () => {
    const spoilt = { ...data, rows: data.rows.slice(), targets: data.targets.slice() };
    spoilt.rows.fill(1e3, 200 * STEPS * 2);
    spoilt.targets.fill(1e3, 200 * STEPS);
    const [one, two, other] = await Promise.all([
      fitWindows(data, split, { ...OPTIONS, epochs: 2 }),
      fitWindows(spoilt, split, { ...OPTIONS, epochs: 2 }),
      fitWindows(data, split, { ...OPTIONS, epochs: 2, seed: 'b' }),
    ]);
    expect(two.net).toEqual(one.net);
    expect(other.net.weights).not.toEqual(one.net.weights);
  });

  test('refuses weights of another shape', async () => {
    const { net } = await fitWindows(data, split, { ...OPTIONS, epochs: 1 });
    const wider = { ...data, features: ['move'], rows: data.rows.filter((_, i) => i % 2 === 0) };
    expect(() => windowForecasts(net, wider, [0])).toThrow(InputError);
    await expect(fitWindows(wider, split, OPTIONS, net)).rejects.toThrow(/columns, the targets or the units/);
  });
});
