import { describe, expect, test } from 'vitest';
import { seedOption, seedsOption } from '../../src/app/options.ts';
import { InputError, InvariantError } from '../../src/core/assert.ts';
import { FEATURES } from '../../src/forecast/features.ts';
import { FACTOR_COUNT, FACTORS } from '../../src/pricing/factors.ts';
import type { ObservationModel } from '../../src/study/observation-model.ts';
import { observedPath } from '../../src/study/observed-path.ts';
import { RECORDED_WALK, recordedRun } from '../../src/study/simulated/recorded-run.ts';
import { gridText, type TrainingSource, trainingSequences } from '../../src/study/training-data.ts';
import { ended } from '../support/generators.ts';
import { tinyScenario } from '../support/tiny.ts';

const OBSERVATION: ObservationModel = {
  persistence: [0.5, 0.5, 0.5, 0.5],
  lag: [0.7, 0.7, 0.7, 0.7],
  noiseSd: [0.002, 0.001, 0.002, 0.003],
  errorSd: [0.003, 0.001, 0.003, 0.004],
  printRatio: 0.8,
  printContracts: 4,
  steps: 1,
};
const CALMER = tinyScenario(['flow.rate=600']);
const SOURCES: readonly TrainingSource[] = [
  { scenario: tinyScenario(), observation: OBSERVATION },
  { scenario: CALMER, observation: { ...OBSERVATION, printContracts: 2 } },
];
const STEPS = 20;
const HORIZONS = [1, 5];
const OUTPUTS = HORIZONS.length * FACTOR_COUNT;

const DATA = ended(trainingSequences(SOURCES, '3', 5, STEPS));

test('have the shape that they say', () => {
  expect(DATA).toMatchObject({ features: FEATURES, factors: FACTORS, horizonsSeconds: [10, 50], stepSeconds: 10, steps: STEPS, count: 5 });
  expect([DATA.rows.length, DATA.targets.length]).toEqual([5 * STEPS * FEATURES.length, 5 * STEPS * OUTPUTS]);
  expect(DATA.rows.every(Number.isFinite)).toBe(true);
  expect(DATA.targets.every(Number.isFinite)).toBe(true);
});

test('rows and targets are those of the worlds train/<seed>/<n>, scenarios in turn', () => {
  for (let n = 0; n < 5; n += 1) {
    const { scenario, observation } = SOURCES[n % 2] as TrainingSource;
    const truth: number[][] = [];
    const tracked: number[][] = [];
    observedPath(scenario, `train/3/${n}`, observation, STEPS + 5, (step, row, view, world) => {
      truth.push(Array.from({ length: FACTOR_COUNT }, (_, f) => world.factor(f)));
      tracked.push([...view]);
      if (step >= STEPS) return;
      const at = (n * STEPS + step) * FEATURES.length;
      expect(DATA.rows.slice(at, at + FEATURES.length)).toEqual(Float32Array.from(row));
    });
    for (let step = 0; step < STEPS; step += 1) {
      HORIZONS.forEach((ahead, h) => {
        for (let f = 0; f < FACTOR_COUNT; f += 1) {
          const target = DATA.targets[(n * STEPS + step) * OUTPUTS + h * FACTOR_COUNT + f];
          expect(target).toBe(Math.fround((truth[step + ahead]?.[f] ?? 0) - (tracked[step]?.[f] ?? 0)));
        }
      });
    }
  }
});

test('from full runs they are what the subject was given, and unknown where it saw no surface', () => {
  // Nothing reaches it for the first fifteen seconds.
  const late = 'agents.maker.latency={ orderMillis: 1, dataMillis: 15000 }';
  const recorded = tinyScenario([`agents.maker.forecaster=${RECORDED_WALK}`, late]);
  const data = ended(trainingSequences([{ scenario: recorded, observation: OBSERVATION }], '3', 2, STEPS, 0, 'books'));
  for (let n = 0; n < 2; n += 1) {
    const record = ended(recordedRun({ ...recorded, durationSeconds: (STEPS + 5) * 10 }, `train/3/${n}`));
    expect(record.seen.some((seen) => seen === 0)).toBe(true);
    for (let step = 0; step < STEPS; step += 1) {
      const at = (n * STEPS + step) * FEATURES.length;
      expect(data.rows.slice(at, at + FEATURES.length)).toEqual(
        Float32Array.from(record.rows.subarray(step * FEATURES.length, (step + 1) * FEATURES.length)),
      );
      HORIZONS.forEach((ahead, h) => {
        const target = data.targets[(n * STEPS + step) * OUTPUTS + h * FACTOR_COUNT];
        const change = (record.truth[(step + ahead) * FACTOR_COUNT] ?? 0) - (record.tracked[step * FACTOR_COUNT] ?? 0);
        expect(target).toBe(record.seen[step] === 1 ? Math.fround(change) : Number.NaN);
      });
    }
  }
  expect(data.extras?.variance.every((variance) => variance > 0)).toBe(true);
});

test('yields how many are made', () => {
  expect([...trainingSequences(SOURCES, '3', 4, 5)]).toEqual([1, 2, 3, 4]);
});

test('another seed gives other worlds', () => {
  expect(ended(trainingSequences(SOURCES, '4', 2, STEPS)).targets).not.toEqual(DATA.targets.slice(0, 2 * STEPS * OUTPUTS));
});

describe('no seed of a user reaches a world of training', () => {
  test.each(['train/3/0', 'train/observation/1', 'a/b', '3/stream/x'])('%s is no seed', (text) => {
    expect(() => seedOption().read?.(text, '1')).toThrow(InputError);
    expect(() => seedsOption('1..2').read?.(text, [])).toThrow(InputError);
  });
});

describe('scenarios of one training', () => {
  const finer: TrainingSource = { scenario: tinyScenario(['forecast.stepSeconds=5']), observation: OBSERVATION };
  const further: TrainingSource = { scenario: tinyScenario(['forecast.horizonsSteps=[1, 6]']), observation: OBSERVATION };

  test.each([finer, further])('must have one forecast grid', (other) => {
    expect(() => ended(trainingSequences([...SOURCES, other], '1', 3, 5))).toThrow(InvariantError);
  });

  test('say what theirs is', () => {
    expect(gridText(finer.scenario)).toBe('every 5 s, 1, 5 steps ahead');
  });
});
