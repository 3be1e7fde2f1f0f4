import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { type ModelCard, parseModelCard } from '../../../src/forecast/lstm/model-card.ts';
import type { TrainingSequences } from '../../../src/forecast/lstm/sequences.ts';
import type { LstmWeights } from '../../../src/forecast/lstm/weights.ts';

/**
 * A hidden first-order autoregression seen through noise, next to features of pure noise. One factor follows the hidden state, the
 * other is a random walk. The noise is so large that the last row alone is a poor guide; the units are far from 1 on purpose.
 */
export function learnableSequences(seed: string, { count = 48, steps = 40, features = 3 } = {}): TrainingSequences {
  const rng = streams(seed).stream('test/lstm');
  const rows = new Float32Array(count * steps * features);
  const targets = new Float32Array(count * steps * 4);
  for (let row = 0, hidden = 0; row < count * steps; row += 1) {
    hidden = row % steps === 0 ? 0 : 0.9 * hidden + normal(rng);
    rows[row * features] = 100 + 5 * (hidden + 2 * normal(rng));
    for (let feature = 1; feature < features; feature += 1) rows[row * features + feature] = normal(rng);
    targets[row * 4] = 0.01 * (0.5 * hidden + 0.5 * normal(rng));
    targets[row * 4 + 1] = 3 * normal(rng);
    targets[row * 4 + 2] = 0.02 * (0.5 * hidden + 0.5 * normal(rng));
    targets[row * 4 + 3] = 6 * normal(rng);
  }
  const names = Array.from({ length: features }, (_, i) => `feature${i}`);
  return { features: names, factors: ['level', 'walk'], horizonsSeconds: [30, 60], stepSeconds: 30, steps, count, rows, targets };
}

/** A card that fits these weights: outputs are one horizon of as many factors as they allow. */
export function cardDocument({ features, outputs, parameters, units }: Pick<LstmWeights, 'features' | 'outputs' | 'parameters' | 'units'>) {
  const factors = Array.from({ length: outputs / 2 }, (_, i) => `factor${i}`);
  return {
    format: 'volpit.model/2',
    volpit: '0.1.0',
    command: 'volpit train calm.yaml --seed 7',
    backend: 'cpu',
    seed: '7',
    createdFrom: [{ scenario: 'calm', hash: 'ab12' }],
    stepSeconds: 30,
    horizonsSeconds: [300],
    factors,
    features: Array.from({ length: features }, (_, i) => `feature${i}`),
    inputScaler: { mean: Array.from({ length: features }, () => 0), sd: Array.from({ length: features }, () => 1) },
    targetScale: factors.map(() => 1),
    calibration: factors.map(() => 1),
    units,
    head: 'gaussian',
    constantFeatures: [],
    extras: null,
    members: [],
    training: {
      sequences: 10,
      steps: 96,
      epochs: 2,
      bestEpoch: 1,
      seconds: 1.5,
      dataSeconds: 0.5,
      parameters,
      trainLoss: [0.45, 0.4],
      validationLoss: [0.5, 0.42, 0.43],
    },
    metrics: factors.map((factor) => ({
      factor,
      horizonSeconds: 300,
      r2VsRandomWalk: 0.1,
      r2Low: 0.05,
      r2High: 0.15,
      coverage80: 0.8,
      samples: 40,
    })),
    weightsSha256: '0'.repeat(64),
    modelSha256: 'f'.repeat(64),
  };
}

export const cardFor = (weights: LstmWeights, change: object = {}): ModelCard =>
  parseModelCard('card.json', JSON.stringify({ ...cardDocument(weights), ...change }));
