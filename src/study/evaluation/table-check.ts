import { InputError, type Issue, invariant } from '../../core/assert.ts';
import type { ForecastTable, ModelForecasts, TargetForecasts } from './forecast-table.ts';

/**
 * Looks at all of a table before anything is made of it.
 * @throws InputError naming each model whose forecasts are not finite, or whose scales are negative: nothing is scored then.
 * @throws InvariantError where arrays differ in length, an outcome is not finite, or a name comes twice: a bug of the table's maker.
 */
export function checkTable(table: ForecastTable): void {
  const issues: Issue[] = [];
  for (const target of table.targets) {
    const where = `${target.target} ${target.horizon}`;
    const n = target.outcome.length;
    invariant(n > 0, () => `${where} has no origins`);
    const lengths = [target.block, target.seconds, ...target.groups.map((group) => group.member)];
    invariant(
      lengths.every((array) => array.length === n),
      () => `${where} has arrays of different lengths`,
    );
    invariant(target.outcome.every(Number.isFinite), () => `${where} has an outcome that is not finite`);
    const names = target.models.map((model) => model.model);
    invariant(new Set(names).size === names.length, () => `${where} has two models of one name`);
    issues.push(...target.models.flatMap((model) => faults(model, target, where)));
  }
  if (issues.length > 0) throw new InputError(table.title, issues);
}

function faults({ model, change, scale }: ModelForecasts, { outcome }: TargetForecasts, where: string): Issue[] {
  invariant(
    change.length === outcome.length && (scale === undefined || scale.length === outcome.length),
    () => `${model} of ${where} does not forecast at each origin`,
  );
  const path = `${where} ${model}`;
  const bad = change.findIndex((value) => !Number.isFinite(value));
  const off = scale?.findIndex((value) => !(Number.isFinite(value) && value >= 0)) ?? -1;
  return [
    ...(bad < 0
      ? []
      : [{ path, message: `forecasts a change of ${change[bad]} at origin ${bad + 1} of ${outcome.length}, expected a finite number` }]),
    ...(off < 0
      ? []
      : [{ path, message: `forecasts a scale of ${scale?.[off]} at origin ${off + 1} of ${outcome.length}, expected a number from 0` }]),
  ];
}
