import type { TargetForecasts } from '../evaluation/forecast-table.ts';
import { autoregression, heterogeneous, heterogeneousExogenous, VectorAutoregression } from './linear-models.ts';
import { ewmaModel, LocalLevelModel } from './local-level.ts';
import type { RowForecasts } from './mixtures.ts';
import { errorScale } from './online-scale.ts';
import { type HistoryPanel, outcomesOf } from './panel.ts';
import { prequential, type RowModel } from './prequential.ts';
import type { HistoryPreset } from './presets.ts';
import { ewmaVarianceModel, GarchModel, LogVarianceModel, RealisedVariance } from './variance-models.ts';

/** A target before the nets: outcome at each row, and the baselines' forecasts at each row that they speak of. */
export interface TargetBaselines {
  readonly target: string;
  readonly horizon: { readonly steps: number; readonly label: string };
  readonly unit: string;
  readonly kind: TargetForecasts['kind'];
  readonly outcomes: Readonly<Float64Array>;
  /** By model, in the order of tables. */
  readonly models: ReadonlyMap<string, RowForecasts>;
  /** Place of the target among the nets' outputs; undefined where they do not forecast it. */
  readonly output?: number;
}

/** The baselines of all targets of a panel, each fitted only on what was known. */
export function historyBaselines(panel: HistoryPanel, preset: HistoryPreset): TargetBaselines[] {
  const { horizons, states } = panel.definition;
  const changes = states.flatMap(({ name, unit }, state) =>
    horizons.map((horizon, h): TargetBaselines => {
      const outcomes = outcomesOf(panel, state, horizon.steps);
      const models: readonly (readonly [string, RowModel])[] = [
        ['ewma', ewmaModel(panel, state)],
        ['local-level', new LocalLevelModel(panel, state)],
        ['ar1', autoregression(panel, state)],
        ['var', new VectorAutoregression(panel, state, horizon.steps)],
        ['har', heterogeneous(panel, state)],
        ['har-x', heterogeneousExogenous(panel, state)],
      ];
      return {
        ...{ target: name, horizon, unit, kind: 'change', outcomes, output: h * states.length + state },
        models: baselineForecasts(panel, preset, horizon.steps, outcomes, models),
      };
    }),
  );
  return [...changes, ...varianceBaselines(panel, preset)];
}

/** Forecasts of row models with the scale of their errors so far, after the random walk's. */
function baselineForecasts(
  panel: HistoryPanel,
  preset: HistoryPreset,
  steps: number,
  outcomes: Readonly<Float64Array>,
  models: readonly (readonly [string, RowModel])[],
): Map<string, RowForecasts> {
  const walk = new Float64Array(panel.seconds.length);
  const said = models.map(([name, model]) => [name, prequential(panel, steps, outcomes, model, preset.linear)] as const);
  return new Map(
    [['rw', walk] as const, ...said].map(([name, change]) => [name, { change, scale: errorScale(panel, steps, outcomes, change) }]),
  );
}

/** Realised variance over the longest horizon, where there is a price: how much the underlying moves, for which GARCH is made. */
function varianceBaselines(panel: HistoryPanel, preset: HistoryPreset): TargetBaselines[] {
  const horizon = panel.definition.horizons.at(-1);
  if (panel.logPrice === undefined || horizon === undefined) return [];
  const realised = new RealisedVariance(panel, panel.logPrice);
  const outcomes = realised.outcomes(horizon.steps);
  const models: readonly (readonly [string, RowModel])[] = [
    ['ewma', ewmaVarianceModel(realised)],
    ['garch', new GarchModel(panel, realised, horizon.steps)],
    ['har', new LogVarianceModel(panel, realised, [])],
    ['har-x', new LogVarianceModel(panel, realised, panel.states.filter((_, i) => panel.definition.states[i]?.unit === 'log').slice(0, 2))],
  ];
  const forecasts = baselineForecasts(panel, preset, horizon.steps, outcomes, models);
  return [{ target: 'realised variance', horizon, unit: 'log', kind: 'variance', outcomes, models: forecasts }];
}
