import type { ForecastTable, ModelForecasts, TargetForecasts } from '../evaluation/forecast-table.ts';
import type { TargetBaselines } from './baselines.ts';
import { averaged, gated, type RowForecasts } from './mixtures.ts';
import { conformalScale } from './online-scale.ts';
import type { HistoryPanel } from './panel.ts';
import type { HistoryPreset } from './presets.ts';

/** What an ensemble of nets said at the served origins: origin by origin, output by output, in the layout of windows. */
export interface EnsembleForecasts {
  readonly change: Readonly<Float64Array>;
  readonly scale: Readonly<Float64Array>;
}

/**
 * The table of one ensemble: baselines, the ensemble, its average with the linear partners, and the gate over walk, linear models and ensemble. Scales
 * are conformal, calm and stressed apart.
 *
 * @param served panel rows of the ensemble's origins.
 */
export function historyTable(
  title: string,
  panel: HistoryPanel,
  preset: HistoryPreset,
  baselines: readonly TargetBaselines[],
  served: Readonly<Int32Array>,
  ensemble: EnsembleForecasts,
): ForecastTable {
  const targets = baselines.map((baseline): TargetForecasts => {
    const { horizon, kind, outcomes, target, unit } = baseline;
    const models = withEnsemble(panel, preset, baseline, served, ensemble);
    const rows = [...served]
      .filter(
        (row) =>
          Number.isFinite(outcomes[row]) &&
          [...models.values()].every(({ change, scale }) => Number.isFinite(change[row]) && Number.isFinite(scale[row])),
      )
      .sort((a, b) => a - b);
    const at = (values: Readonly<Float64Array>): Float64Array => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
    const stressed = Uint8Array.from(rows, (row) => panel.stressed[row] ?? 0);
    return {
      ...{ target, horizon: horizon.label, horizonSteps: horizon.steps, unit, kind },
      block: Int32Array.from(rows, (row) => panel.segment[row] ?? 0),
      seconds: at(panel.seconds),
      ...(panel.assets.length > 1 ? ({ isSimultaneous: true } as const) : {}),
      outcome: at(outcomes),
      groups: [
        { name: 'calm', member: stressed.map((one) => 1 - one) },
        { name: 'stressed', member: stressed },
      ],
      models: [...models].map(([model, { change, scale }]): ModelForecasts => {
        return { model, change: at(change), scale: at(conformalScale(panel, horizon.steps, outcomes, change, scale)) };
      }),
    };
  });
  return { title, targets: targets.filter(({ outcome }) => outcome.length > 0) };
}

/** The models of a target, those that need the nets included where they forecast it. */
function withEnsemble(
  panel: HistoryPanel,
  preset: HistoryPreset,
  { horizon, models, outcomes, output }: TargetBaselines,
  served: Readonly<Int32Array>,
  ensemble: EnsembleForecasts,
): Map<string, RowForecasts> {
  const all = new Map(models);
  if (output === undefined) return all;
  const outputs = ensemble.change.length / served.length;
  const spread = (values: Readonly<Float64Array>): Float64Array => {
    const rows = new Float64Array(panel.seconds.length).fill(Number.NaN);
    served.forEach((row, place) => {
      rows[row] = values[place * outputs + output] ?? Number.NaN;
    });
    return rows;
  };
  const lstm = { change: spread(ensemble.change), scale: spread(ensemble.scale) };
  const partners = preset.partners.flatMap((name) => models.get(name) ?? []);
  const walk = models.get('rw');
  const experts = ['rw', 'har', 'har-x'].flatMap((name) => models.get(name)?.change ?? []);
  all.set('lstm', lstm);
  all.set('average', averaged([lstm, ...partners]));
  if (walk !== undefined) {
    const change = gated(panel, horizon.steps, outcomes, [...experts, lstm.change], walk.scale);
    all.set('gate', { change, scale: walk.scale.map((value, row) => (Number.isFinite(change[row]) ? value : Number.NaN)) });
  }
  return all;
}
