import { InputError } from '../core/assert.ts';
import { ewmaModel, type ForecastGrid, randomWalkModel } from '../forecast/baselines.ts';
import { FEATURES } from '../forecast/features.ts';
import type { ForecasterModel } from '../forecast/forecaster.ts';
import { FORECASTER_KINDS, ORACLE_KINDS } from '../forecast/forecaster-kinds.ts';
import type { OracleLaw } from './oracles/oracle-law.ts';
import { type HiddenView, oracleModel } from './oracles/oracle-models.ts';

/** Finds forecasters by kind. */
export interface ForecasterCatalog {
  /**
   * @param view the hidden state of the run that asks, for kinds that see it.
   * @throws InputError when there is none of that kind, or it does not fit the scenario.
   */
  model(kind: string, view?: HiddenView): ForecasterModel;
}

/**
 * The baselines on a scenario's grid, plus the models given (a trained `lstm`, a user's own), each checked against the
 * scenario's step, horizons and features.
 *
 * @param oracles what the kinds `filter` and `state` know; without it there are none.
 */
export function forecasterCatalog(grid: ForecastGrid, trained: readonly ForecasterModel[], oracles?: OracleLaw): ForecasterCatalog {
  const models = [randomWalkModel(grid), ewmaModel(grid), ...trained];
  return {
    model(kind, view) {
      const oracle = ORACLE_KINDS.find((one) => one === kind);
      const isKnown = oracle !== undefined && oracles !== undefined && view !== undefined;
      const model = isKnown ? oracleModel(oracle, oracles, view) : models.find((candidate) => candidate.kind === kind);
      if (model === undefined && oracle !== undefined) {
        const message = 'knows the law of its market, which volpit evaluate and volpit compare fit first; here there is none';
        throw new InputError('forecaster', [{ path: kind, message }]);
      }
      if (model === undefined) {
        const known = [...new Set([...FORECASTER_KINDS, ...models.map((candidate) => candidate.kind)])].join(', ');
        throw new InputError('forecaster', [{ path: kind, message: `there is no forecaster "${kind}"; expected one of ${known}` }]);
      }
      checkFit(model, grid);
      return model;
    },
  };
}

function checkFit(model: ForecasterModel, grid: ForecastGrid): void {
  const issues: { path: string; message: string }[] = [];
  const expect = (path: string, found: string, wanted: string): void => {
    if (found !== wanted) issues.push({ path, message: `the ${model.kind} model has ${found}, the scenario ${wanted}` });
  };
  expect('stepSeconds', String(model.stepSeconds), String(grid.stepSeconds));
  expect('horizons', model.horizonsSeconds.join(', '), grid.horizonsSteps.map((steps) => steps * grid.stepSeconds).join(', '));
  if (model.features.length > 0 && model.features.join() !== FEATURES.join())
    issues.push({ path: 'features', message: `the ${model.kind} model has ${unlike(model.features)}: train it again (volpit train)` });
  if (issues.length > 0) throw new InputError(`model ${model.kind}`, issues);
}

/** How features differ from those of this version; the first three names of a kind will do. */
function unlike(features: readonly string[]): string {
  const some = (names: readonly string[]): string =>
    names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} others` : '');
  const lacks = FEATURES.filter((name) => !features.includes(name));
  const adds = features.filter((name) => !FEATURES.includes(name));
  const parts = [lacks.length > 0 ? `lacks ${some(lacks)}` : '', adds.length > 0 ? `knows ${some(adds)}` : ''].filter(
    (part) => part !== '',
  );
  return `features of another version${parts.length > 0 ? ` (${parts.join('; ')})` : ', in another order'}`;
}
