import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Checkpoints, checkpointFile } from '../../../src/app/training/checkpoint.ts';
import { InputError } from '../../../src/core/assert.ts';
import type { FitState } from '../../../src/forecast/lstm/train/fit-state.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const STATE: FitState = {
  weights: [Float32Array.of(1, 2.5), Float32Array.of(-3)],
  best: [Float32Array.of(1, 2), Float32Array.of(-4)],
  bestEpoch: 1,
  adam: { steps: 12, first: [Float64Array.of(0.1, 1e-300), Float64Array.of(2)], second: [Float64Array.of(1, 2), Float64Array.of(3)] },
  trainLoss: [0.5, 0.4],
  validationLoss: [0.6, 0.5, 0.55],
};

test('a state comes back to the bit, from the folder that it made, until it is cleared', () => {
  const folder = join(tempFolder(), 'models', 'mine');
  const checkpoints = new Checkpoints(folder, 'key');
  expect(checkpoints.read(1)).toBeUndefined();
  checkpoints.write(1, { ...STATE, bestEpoch: 0 });
  checkpoints.write(1, STATE);
  expect(checkpoints.read(1)).toEqual(STATE);
  expect(checkpoints.read(0)).toBeUndefined();
  checkpoints.clear(2);
  expect(existsSync(join(folder, checkpointFile(1)))).toBe(false);
});

test('a state of other data or options, or a damaged one, is refused', () => {
  const folder = tempFolder();
  new Checkpoints(folder, 'key').write(0, STATE);
  expect(() => new Checkpoints(folder, 'other').read(0)).toThrow(/other data or options/);
  const path = join(folder, checkpointFile(0));
  const sound = readFileSync(path);
  for (const bytes of [sound.subarray(0, sound.length - 1), Buffer.alloc(0), Buffer.from('hello\nworld')]) {
    writeFileSync(path, bytes);
    expect(() => new Checkpoints(folder, 'key').read(0)).toThrow(InputError);
    expect(() => new Checkpoints(folder, 'key').read(0)).toThrow(/is damaged/);
  }
});
