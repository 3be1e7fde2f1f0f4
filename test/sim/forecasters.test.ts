import { expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { FEATURES } from '../../src/forecast/features.ts';
import type { ForecasterModel } from '../../src/forecast/forecaster.ts';
import { forecasterCatalog } from '../../src/sim/forecasters.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { tinyScenario } from '../support/tiny.ts';

const GRID = { stepSeconds: 30, horizonsSteps: [1, 10] };

const model = (changes: Partial<ForecasterModel> = {}): ForecasterModel => ({
  kind: 'lstm',
  stepSeconds: 30,
  horizonsSeconds: [30, 300],
  features: FEATURES,
  warmupSteps: 1,
  start: () => ({ observe: () => {}, forecast: () => undefined }),
  ...changes,
});

function refusal(kind: string, ...trained: readonly ForecasterModel[]): string[] {
  try {
    forecasterCatalog(GRID, trained).model(kind);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

test('the baselines are there on any grid, and a model that fits is found by its kind', () => {
  const fitting = model();
  const own = model({ kind: 'own', features: [] });
  const catalog = forecasterCatalog(GRID, [fitting, own]);
  expect(catalog.model('rw')).toMatchObject({ kind: 'rw', stepSeconds: 30, horizonsSeconds: [30, 300] });
  expect(catalog.model('ewma').kind).toBe('ewma');
  expect(catalog.model('lstm')).toBe(fitting);
  expect(catalog.model('own')).toBe(own);
});

test('another step, other horizons and other features are refused, all at once', () => {
  expect(refusal('lstm', model({ stepSeconds: 10 }))).toEqual(['stepSeconds: the lstm model has 10, the scenario 30']);
  expect(refusal('lstm', model({ horizonsSeconds: [30, 600] }))).toEqual(['horizons: the lstm model has 30, 600, the scenario 30, 300']);
  expect(refusal('lstm', model({ horizonsSeconds: [30] }))).toEqual(['horizons: the lstm model has 30, the scenario 30, 300']);
  const [first, second, third] = FEATURES;
  for (const [features, unlike] of [
    [FEATURES.slice(1), ` (lacks ${first})`],
    [FEATURES.slice(5), ` (lacks ${first}, ${second}, ${third} and 2 others)`],
    [[...FEATURES].reverse(), ', in another order'],
    [[...FEATURES.slice(1), 'tomorrow'], ` (lacks ${first}; knows tomorrow)`],
  ] as const) {
    expect(refusal('lstm', model({ features }))).toEqual([
      `features: the lstm model has features of another version${unlike}: train it again (volpit train)`,
    ]);
  }
  expect(refusal('lstm', model({ stepSeconds: 1, horizonsSeconds: [1], features: ['x'] }))).toHaveLength(3);
});

test('a model that does not fit is in nobody’s way who does not ask for it', () => {
  expect(refusal('rw', model({ stepSeconds: 10 }))).toEqual([]);
});

test('an unknown kind is refused with the ones that there are', () => {
  expect(refusal('lstn', model(), model({ kind: 'own' }))).toEqual([
    'lstn: there is no forecaster "lstn"; expected one of rw, ewma, lstm, linear, own-lags, har, ar1, var, local-level, average, adaptive, filter, state, own',
  ]);
  expect(refusal('lstm')).toEqual([
    'lstm: there is no forecaster "lstm"; expected one of rw, ewma, lstm, linear, own-lags, har, ar1, var, local-level, average, adaptive, filter, state',
  ]);
});

test('a simulation is not begun without the forecaster that its maker asks for', () => {
  const scenario = tinyScenario(['agents.maker.forecaster=lstm']);
  const unfit = forecasterCatalog(scenario.forecast, [model()]);
  expect(() => new Simulation(scenario, { seed: '1', forecasters: unfit })).toThrow(
    /stepSeconds {2}the lstm model has 30, the scenario 10/,
  );
});
