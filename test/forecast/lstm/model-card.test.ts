import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { parseModelCard } from '../../../src/forecast/lstm/model-card.ts';
import { cardDocument } from './example-data.ts';

const sound = cardDocument({ features: 2, units: 3, outputs: 4, parameters: 96 });
const parsed = (change: object) => parseModelCard('card.json', JSON.stringify({ ...sound, ...change }));

test('keeps every entry of a sound card', () => {
  expect(parsed({})).toEqual(sound);
});

describe('refuses', () => {
  test('what is not JSON, at every length', () => {
    const text = JSON.stringify(sound);
    for (let length = 0; length < text.length; length += 1) {
      expect(() => parseModelCard('card.json', text.slice(0, length))).toThrow(/^card\.json {2}is not JSON/);
    }
  });

  test.each<[string, object, string]>([
    ['a future version', { format: 'volpit.model/3', more: 1 }, 'format  expected volpit.model/2, found "volpit.model/3"'],
    ['no version', { format: undefined }, 'format  expected volpit.model/2, found none'],
    ['a version that is not text', { format: { a: 1 } }, 'found {"a":1}'],
    ['an unknown key', { extra: 1 }, 'Unrecognized key: "extra"'],
    ['a missing scaler', { inputScaler: undefined }, 'inputScaler'],
    ['a deviation of 0', { inputScaler: { mean: [0, 0], sd: [1, 0] } }, 'inputScaler.sd.1  Too small: expected number to be >0, found 0'],
    ['a missing deviation', { inputScaler: { mean: [0, 0], sd: [1] } }, 'inputScaler.sd  expected 2 entries, one per feature, found 1'],
    ['a mean that is not a number', { inputScaler: { mean: [0, null], sd: [1, 1] } }, 'inputScaler.mean.1'],
    ['a negative scale', { targetScale: [1, -1] }, 'targetScale.1'],
    ['a calibration of 0', { calibration: [0, 1] }, 'calibration.0'],
    ['too few calibrations', { calibration: [1] }, 'calibration  expected 2 entries, one per factor and horizon, found 1'],
    ['a feature twice', { features: ['a', 'a'] }, 'features.1  expected names that differ, found a again'],
    ['no horizon', { horizonsSeconds: [] }, 'horizonsSeconds'],
    ['a horizon between steps', { horizonsSeconds: [45] }, 'horizonsSeconds.0  expected a multiple of stepSeconds 30, found 45'],
    ['falling horizons', { horizonsSeconds: [60, 30] }, 'horizonsSeconds.1  expected increasing horizons, found 30'],
    ['metrics in another order', { metrics: [...sound.metrics].reverse() }, 'metrics.0.factor  expected factor0, found factor1'],
    [
      'a best epoch that was not done',
      { training: { ...sound.training, bestEpoch: 3 } },
      'training.bestEpoch  expected at most 2, found 3',
    ],
    [
      'losses missing',
      { training: { ...sound.training, trainLoss: [0.4] } },
      'training.trainLoss  expected 2 entries, one per epoch, found 1',
    ],
    ['an unknown backend', { backend: 'webgl' }, 'backend'],
    ['a hash that is none', { weightsSha256: 'ABC' }, 'weightsSha256  expected 64 lower-case hexadecimal digits, found "ABC"'],
  ])('%s', (_, change, message) => {
    expect(() => parsed(change)).toThrow(InputError);
    expect(() => parsed(change)).toThrow(message);
  });

  test('all faults at once', () => {
    expect(() => parsed({ units: 0, seed: '', calibration: [1] })).toThrow(/seed[\s\S]*units/);
  });

  test.each(['null', '[]', '3', '"volpit.model/2"'])('the document %s', (text) => {
    expect(() => parseModelCard('card.json', text)).toThrow('format  expected volpit.model/2, found none');
  });
});
