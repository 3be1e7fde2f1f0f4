import type { ForecasterModel } from '../../forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { MarketRecord } from '../../sim/oracles/market-record.ts';

/** What one model said at each step of a record; index `step · outputs + horizon · factors + factor`, NaN where it gave no forecast. */
export interface ReplayedForecasts {
  readonly change: Float64Array;
  /** Absent of a model that gives points only. */
  readonly scale?: Float64Array;
}

/** Lets a forecaster see a record as it would have in the run, and keeps what it said. */
export function replayedForecasts(model: ForecasterModel, record: MarketRecord): ReplayedForecasts {
  const outputs = model.horizonsSeconds.length * FACTOR_COUNT;
  const change = new Float64Array(record.steps * outputs).fill(Number.NaN);
  const scale = new Float64Array(record.steps * outputs).fill(Number.NaN);
  const forecaster = model.start();
  for (let step = 0; step < record.steps; step += 1) {
    if (record.seen[step] !== 1) continue;
    forecaster.observe(
      record.tracked.subarray(step * FACTOR_COUNT, (step + 1) * FACTOR_COUNT),
      record.rows.subarray(step * record.width, (step + 1) * record.width),
    );
    const forecast = forecaster.forecast();
    if (forecast === undefined) continue;
    change.set(forecast.change, step * outputs);
    scale.set(forecast.scale, step * outputs);
  }
  return { change, scale };
}
