import { InputError } from '../../core/assert.ts';
import type { LinearKind } from './linear-document.ts';
import { type Regressor, regressorKey } from './regressors.ts';

/** Steps over which past changes and past flow are taken. */
const LAG_STEPS = [1, 2, 3, 5, 10, 20, 40] as const;
/** Averages of HAR in steps, besides the last value: a day, a week and a month of its author. */
const HAR_STEPS = [5, 22] as const;
/** Lags of the vector autoregression of changes. */
const VAR_LAGS = [0, 1, 2, 3, 4] as const;

/** Name of the feature that holds a factor's change over the last step. */
const changeOf = (factor: string): string => `${factor}Change`;

/** Which regressors each output of a kind may use. */
export interface KindPlan {
  readonly kind: LinearKind;
  /** By factor. */
  readonly regressors: readonly (readonly Regressor[])[];
}

/**
 * What each kind looks at. `linear`: every feature, the factors' changes over all of {@link LAG_STEPS}, and each flow (a feature with `Flow` and its
 * memory in its name; of several memories the shortest) as it was so many steps ago: then no net has an input that it lacks, but for lags beyond 40.
 *
 * @throws InputError when the features lack a factor's change over a step.
 */
export function kindPlans(source: string, features: readonly string[], factors: readonly string[]): KindPlan[] {
  const missing = factors.map(changeOf).filter((feature) => !features.includes(feature));
  if (missing.length > 0)
    throw new InputError(source, [{ path: 'features', message: `expected ${missing.join(', ')}: linear models look at past changes` }]);
  const value = (feature: string, steps = 0): Regressor => ({ feature, form: 'value', steps });
  const lags = (factor: string): Regressor[] => LAG_STEPS.map((steps) => ({ feature: changeOf(factor), form: 'sum', steps }));
  const all = unique([
    ...features.map((feature) => value(feature)),
    ...factors.flatMap((factor) => lags(factor).filter(({ steps }) => steps > 1)),
    ...shortestFlows(features).flatMap((feature) => LAG_STEPS.map((steps) => value(feature, steps))),
  ]);
  const each = (of: (factor: string) => Regressor[]): Regressor[][] => factors.map(of);
  return [
    { kind: 'linear', regressors: factors.map(() => all) },
    { kind: 'own-lags', regressors: each(lags) },
    {
      kind: 'har',
      regressors: each((factor) => [
        value(changeOf(factor)),
        ...HAR_STEPS.map((steps): Regressor => ({ feature: changeOf(factor), form: 'gap', steps })),
      ]),
    },
    { kind: 'ar1', regressors: each((factor) => [value(changeOf(factor))]) },
    { kind: 'var', regressors: each(() => factors.flatMap((factor) => VAR_LAGS.map((lag) => value(changeOf(factor), lag)))) },
  ];
}

/** A factor's distance from an exponential average of weight `gain`. */
export const smoothOf = (factor: string, gain: number): Regressor => ({ feature: changeOf(factor), form: 'smooth', steps: gain });

/** Each once, in order. */
export function unique(regressors: readonly Regressor[]): Regressor[] {
  return [...new Map(regressors.map((regressor) => [regressorKey(regressor), regressor])).values()];
}

/** Features like `levelFlow10`, of each name before the number that with the smallest. */
function shortestFlows(features: readonly string[]): string[] {
  const shortest = new Map<string, { readonly feature: string; readonly memory: number }>();
  for (const feature of features) {
    const [, stem, digits] = /^(.*Flow.*?)(\d*)$/.exec(feature) ?? [];
    if (stem === undefined) continue;
    const memory = Number(digits === '' ? 0 : digits);
    if (memory < (shortest.get(stem)?.memory ?? Number.POSITIVE_INFINITY)) shortest.set(stem, { feature, memory });
  }
  return [...shortest.values()].map(({ feature }) => feature);
}
