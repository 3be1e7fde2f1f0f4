import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledModelPath } from '../../src/app/model-folder.ts';
import { parseModelCard } from '../../src/forecast/lstm/model-card.ts';
import type { ObservationModel } from '../../src/study/observation-model.ts';
import { trainingDataText, trainingResultText } from '../../src/study/training-text.ts';
import { tinyScenario } from '../support/tiny.ts';

const OBSERVATION: ObservationModel = {
  persistence: [0.1, 0.2, 0.3, 0.4],
  lag: [0.5, 0.6, 0.7, 0.8],
  noiseSd: [0.001, 0.002, 0.003, 0.004],
  errorSd: [0.0011, 0.0022, 0.0033, 0.0044],
  printRatio: 1,
  printContracts: 4,
  steps: 118,
};

test('what was measured: one table of views and one of what can be known, per scenario', () => {
  const rows = ['all', 'normal'].flatMap((regime) =>
    [1, 5].map((horizonSteps) => ({
      factor: 'level',
      horizonSteps,
      regime,
      r2: horizonSteps / 100,
      changeSd: 1,
      predictableSd: 0.1,
      origins: regime === 'all' ? 900 : 700,
    })),
  );
  const text = trainingDataText([{ scenario: tinyScenario(), observation: OBSERVATION }], [{ scenario: 'tiny', rows }]);
  const lines = text.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
  expect(lines[0]).toBe("tiny: the tracker's error per forecast step of 10 s, over 118 steps of full runs");
  expect(lines).toContain('level 1.10e-3 0.10 0.50 1.00e-3');
  expect(lines).toContain('curvature 4.40e-3 0.40 0.80 4.00e-3');
  expect(lines).toContain('factor, regime 1 5 origins');
  expect(lines).toContain('level, all 0.010 0.050 900');
  expect(lines).toContain('level, normal 0.010 0.050 700');
});

test('the outcome: what it took, every output’s skill on the part held out, and where it lies', () => {
  const path = join(bundledModelPath(), 'card.json');
  const card = parseModelCard(path, readFileSync(path, 'utf8'));
  const text = trainingResultText(
    card,
    { backendReason: ['node: not installed', 'wasm: in use'], endedBy: ['patience', 'epochs'], seconds: 12 },
    'models/mine',
  );
  const { training, metrics } = card;
  expect(text).toContain(`backend ${card.backend} (node: not installed; wasm: in use)`);
  expect(text).toContain(`${training.parameters} parameters, ${training.sequences} sequences of ${training.steps} steps`);
  expect(text).toContain(`net 1: ${training.epochs} epochs in `);
  expect(text).toContain(`best ${training.bestEpoch}, ended by patience`);
  expect(text).toContain('not an out-of-sample result');
  expect(text.match(/^(level|slope|skew|curvature) .*%$/gm)).toHaveLength(metrics.length);
  expect(text.split('\n').at(-1)).toBe('written to models/mine');
  expect(text).not.toMatch(/NaN|undefined/);
});
