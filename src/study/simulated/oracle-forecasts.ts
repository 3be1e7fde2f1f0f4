import type { MarketRecord } from '../../sim/oracles/market-record.ts';
import type { OracleLaw } from '../../sim/oracles/oracle-law.ts';
import { PathLaw } from '../../sim/oracles/path-law.ts';
import { FilterReplay, StateReplay } from '../../sim/oracles/replay.ts';
import type { ReplayedForecasts } from './replayed-forecasts.ts';

/** Groups of steps, by record; 1 where a step belongs. */
export interface StepGroup {
  readonly name: string;
  readonly members: readonly Readonly<Uint8Array>[];
}

/** What the oracles said of each record, and in what group the filter puts each step. */
export interface OracleForecasts {
  readonly filter: readonly ReplayedForecasts[];
  readonly state: readonly ReplayedForecasts[];
  /** By the regime that the filter thinks most likely at the step; `after-shift` for {@link SHIFT_STEPS} steps from when it has changed its mind. */
  readonly groups: readonly StepGroup[];
}

/** Steps after a change of the most likely regime that count as after a shift. */
export const SHIFT_STEPS = 20;
const AFTER_SHIFT = 'after-shift';

/** Lets both oracles see records. */
export function oracleForecasts(law: OracleLaw, records: readonly MarketRecord[]): OracleForecasts {
  const path = new PathLaw(law.surface, law.horizonsSteps);
  const horizons = law.horizonsSteps.length;
  const filters = records.map((record) => replayed(record, new FilterReplay(law.surface, path, horizons, record), law.filterScale));
  const states = records.map((record) => replayed(record, new StateReplay(law.surface, path, horizons, record), law.stateScale));
  const groups = [
    ...law.regimes.map((name, place) => ({
      name,
      members: filters.map(({ regimes }) => Uint8Array.from(regimes, (regime) => (regime === place ? 1 : 0))),
    })),
    { name: AFTER_SHIFT, members: filters.map(({ regimes }) => afterShift(regimes)) },
  ];
  return { filter: filters, state: states, groups: law.regimes.length > 1 ? groups : [] };
}

function replayed(
  record: MarketRecord,
  replay: FilterReplay | StateReplay,
  scales: readonly (readonly number[])[],
): ReplayedForecasts & { readonly regimes: Int32Array } {
  const outputs = replay.change.length;
  const change = new Float64Array(record.steps * outputs).fill(Number.NaN);
  const scale = new Float64Array(record.steps * outputs).fill(Number.NaN);
  const regimes = new Int32Array(record.steps).fill(-1);
  for (let step = 0; step < record.steps; step += 1) {
    if (!replay.see(step)) continue;
    change.set(replay.change, step * outputs);
    scale.set(scales[replay.regime] ?? [], step * outputs);
    regimes[step] = replay.regime;
  }
  return { change, scale, regimes };
}

function afterShift(regimes: Readonly<Int32Array>): Uint8Array {
  const members = new Uint8Array(regimes.length);
  for (let step = 1; step < regimes.length; step += 1) {
    const [before, now] = [regimes[step - 1] ?? -1, regimes[step] ?? -1];
    if (before >= 0 && now >= 0 && now !== before) members.fill(1, step, step + SHIFT_STEPS);
  }
  return members;
}
