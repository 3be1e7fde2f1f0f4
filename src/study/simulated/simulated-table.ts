import { BURN_IN_ROWS } from '../../forecast/lstm/scaling.ts';
import { FACTOR_COUNT, FACTORS } from '../../pricing/factors.ts';
import type { MarketRecord } from '../../sim/oracles/market-record.ts';
import type { ForecastTable, ModelForecasts, OriginGroup, TargetForecasts } from '../evaluation/forecast-table.ts';
import type { ReplayedForecasts } from './replayed-forecasts.ts';
import { usableOrigins } from './undisturbed.ts';

/** One model on all records. */
export interface SimulatedModel {
  readonly model: string;
  /** In the order of the records. */
  readonly forecasts: readonly ReplayedForecasts[];
  /** It knows what no forecaster can. */
  readonly isCeiling?: true;
  /** Settings that a search tried before this one was chosen. */
  readonly trials?: number;
}

/** What a table is made of. */
export interface SimulatedRuns {
  readonly title: string;
  readonly records: readonly MarketRecord[];
  readonly models: readonly SimulatedModel[];
  /** Groups of steps by what was known at them: by record, 1 where a step belongs. */
  readonly groups: readonly { readonly name: string; readonly members: readonly Readonly<Uint8Array>[] }[];
  readonly stepSeconds: number;
  readonly horizonsSteps: readonly number[];
  /** Weight of each horizon in a maker's lean: one more horizon, `path`, is the forecast path so discounted; points only. */
  readonly pathWeights: readonly number[];
}

/** In what each factor is measured. */
const UNITS = ['log', 'vol', '1', 'log'] as const;

/**
 * The table of all models on the same origins: steps from the end of the burn-in on that were seen, have an outcome inside the run, are not near a jump ({@link usableOrigins}), and at which every
 * model gave a forecast; targets without origins are left out. Outcomes are true factors less the tracked ones now (decision 13). Blocks are runs.
 */
export function simulatedTable(runs: SimulatedRuns): ForecastTable {
  return {
    title: runs.title,
    targets: FACTORS.flatMap((_, factor) => [
      ...runs.horizonsSteps.map((steps, h) => target(runs, factor, steps, inWords(steps * runs.stepSeconds), unit(h))),
      target(runs, factor, Math.max(...runs.horizonsSteps), 'path', runs.pathWeights),
    ]).filter(({ outcome }) => outcome.length > 0),
  };
}

const unit = (h: number): number[] => Array.from({ length: h + 1 }, (_, i) => (i === h ? 1 : 0));

/** One factor, at one horizon or at several weighed together. */
function target(runs: SimulatedRuns, factor: number, ahead: number, horizon: string, weights: readonly number[]): TargetForecasts {
  const { records, models, groups, stepSeconds, horizonsSteps } = runs;
  const outputs = horizonsSteps.length * FACTOR_COUNT;
  const weighed = (of: (h: number) => number): number => weights.reduce((sum, weight, h) => (weight === 0 ? sum : sum + weight * of(h)), 0);
  /** What a model said of it: not a number where it gave no forecast. */
  const said = (values: Readonly<Float64Array> | undefined, step: number): number =>
    weighed((h) => values?.[step * outputs + h * FACTOR_COUNT + factor] ?? Number.NaN);
  const isSingle = weights.filter((weight) => weight !== 0).length === 1;
  const usable = records.map((record) => usableOrigins(record, ahead));
  const origins = records.flatMap((record, run) =>
    Array.from({ length: Math.max(0, record.steps - ahead - BURN_IN_ROWS + 1) }, (_, i) => ({ run, step: BURN_IN_ROWS + i })).filter(
      ({ step }) =>
        record.seen[step] === 1 &&
        usable[run]?.[step] === 1 &&
        models.every(({ forecasts }) => !Number.isNaN(said(forecasts[run]?.change, step))),
    ),
  );
  const read = (of: (run: number, step: number) => number): Float64Array => Float64Array.from(origins, ({ run, step }) => of(run, step));
  return {
    target: FACTORS[factor] ?? '',
    horizonSteps: ahead,
    horizon,
    unit: UNITS[factor] ?? '1',
    kind: 'change',
    block: Int32Array.from(origins, ({ run }) => run),
    seconds: read((_, step) => step * stepSeconds),
    outcome: read((run, step) => {
      const record = records[run];
      const now = record?.tracked[step * FACTOR_COUNT + factor] ?? 0;
      return weighed((h) => (record?.truth[(step + (horizonsSteps[h] ?? 0)) * FACTOR_COUNT + factor] ?? 0) - now);
    }),
    groups: groups.map(
      ({ name, members }): OriginGroup => ({ name, member: Uint8Array.from(origins, ({ run, step }) => members[run]?.[step] ?? 0) }),
    ),
    models: models.map(({ model, forecasts, isCeiling, trials }): ModelForecasts => {
      const hasScale = isSingle && forecasts.every(({ scale }) => scale !== undefined);
      return {
        model,
        change: read((run, step) => said(forecasts[run]?.change, step)),
        ...(hasScale ? { scale: read((run, step) => said(forecasts[run]?.scale, step)) } : {}),
        ...(isCeiling === undefined ? {} : { isCeiling }),
        ...(trials === undefined ? {} : { trials }),
      };
    }),
  };
}

/** Seconds in words: `30 s`, `5 min`, `2 h`. */
function inWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 7200 ? `${Number((seconds / 60).toFixed(1))} min` : `${Number((seconds / 3600).toFixed(1))} h`;
}
