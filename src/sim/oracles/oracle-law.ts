import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { HiddenPath, MarketRecord } from './market-record.ts';
import { PathLaw } from './path-law.ts';
import { FilterReplay, StateReplay } from './replay.ts';
import { signalSteps } from './signal.ts';
import { fitSurfaceLaw, type SurfaceLaw } from './surface-law.ts';
import { afterJumps } from './surface-state.ts';

/** Everything that the oracles of one scenario know. Plain data: it goes to workers as it is. */
export interface OracleLaw {
  readonly stepSeconds: number;
  readonly horizonsSteps: readonly number[];
  readonly surface: SurfaceLaw;
  /** Names of the law's regimes. */
  readonly regimes: readonly string[];
  /** Scale of the error by output (`horizon · factors + factor`): 80 % of it lies within ±1.2816. By regime of the next step, in the order of the law. */
  readonly filterScale: readonly (readonly number[])[];
  readonly stateScale: readonly (readonly number[])[];
}

/** Half-width of a normal's 80 % interval in standard deviations. */
const EIGHTY = 1.2816;
/** Records that the scales are measured on, the last of all. */
const SCALE_RECORDS = 24;
/** Errors that a scale of a regime needs; with fewer it is that of all regimes. */
const ERRORS_MINIMUM = 50;

/** Fits the law of a scenario on worlds and full runs at seeds of training, and measures the oracles' errors on the latter. */
export function fitOracleLaw(scenario: Scenario, worlds: readonly HiddenPath[], records: readonly MarketRecord[]): OracleLaw {
  const { forecast, world } = scenario;
  const kept = world.regimes.map(({ demand }) => Math.exp((-Math.LN2 * forecast.stepSeconds) / (60 * demand.pressureHalfLifeMinutes)));
  const ahead = (signalSteps(scenario) * world.stepMillis) / (1000 * forecast.stepSeconds);
  const surface = fitSurfaceLaw(worlds, records, kept, ahead);
  const path = new PathLaw(surface, forecast.horizonsSteps);
  const tested = records.slice(-SCALE_RECORDS);
  return {
    stepSeconds: forecast.stepSeconds,
    horizonsSteps: forecast.horizonsSteps,
    surface,
    regimes: surface.regimes.map(({ regime }) => world.regimes[regime]?.name ?? ''),
    filterScale: scales(
      tested,
      forecast.horizonsSteps,
      surface,
      (record) => new FilterReplay(surface, path, forecast.horizonsSteps.length, record),
    ),
    stateScale: scales(
      tested,
      forecast.horizonsSteps,
      surface,
      (record) => new StateReplay(surface, path, forecast.horizonsSteps.length, record),
    ),
  };
}

function scales(
  records: readonly MarketRecord[],
  horizonsSteps: readonly number[],
  surface: SurfaceLaw,
  replay: (record: MarketRecord) => FilterReplay | StateReplay,
): number[][] {
  const outputs = horizonsSteps.length * FACTOR_COUNT;
  const errors = surface.regimes.map(() => Array.from({ length: outputs }, (): number[] => []));
  for (const record of records) {
    const run = replay(record);
    const disturbed = afterJumps(record);
    for (let step = 0; step < record.steps; step += 1) {
      if (!run.see(step)) continue;
      for (const [h, ahead] of horizonsSteps.entries()) {
        if (step + ahead > record.steps || disturbed[Math.min(step + ahead, record.steps - 1)] === 1) continue;
        for (let f = 0; f < FACTOR_COUNT; f += 1) {
          const outcome = (record.truth[(step + ahead) * FACTOR_COUNT + f] ?? 0) - (record.tracked[step * FACTOR_COUNT + f] ?? 0);
          errors[run.regime]?.[h * FACTOR_COUNT + f]?.push(Math.abs(outcome - (run.change[h * FACTOR_COUNT + f] ?? 0)));
        }
      }
    }
  }
  const all = Array.from({ length: outputs }, (_, output) => errors.flatMap((of) => of[output] ?? []));
  return errors.map((of) =>
    of.map((own, output) => {
      const used = (own.length >= ERRORS_MINIMUM ? own : (all[output] ?? [])).sort((a, b) => a - b);
      return Math.max(1e-9, (used[Math.floor(0.8 * used.length)] ?? 1) / EIGHTY);
    }),
  );
}
