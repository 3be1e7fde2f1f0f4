import { LinearRegression } from '../../core/linear-regression.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { HiddenPath, MarketRecord } from './market-record.ts';
import { PathLaw } from './path-law.ts';
import { type FilterGains, FilterReplay, StateReplay } from './replay.ts';
import { fitSurfaceLaw, type SurfaceLaw } from './surface-law.ts';
import { afterJumps } from './surface-state.ts';

/** Everything that the oracles of one scenario know. Plain data: it goes to workers as it is. */
export interface OracleLaw {
  readonly stepSeconds: number;
  readonly horizonsSteps: readonly number[];
  readonly surface: SurfaceLaw;
  readonly filterGains: FilterGains;
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
  const surface = fitSurfaceLaw(worlds, records, kept);
  const path = new PathLaw(surface, forecast.horizonsSteps);
  const tested = records.slice(-SCALE_RECORDS);
  const horizons = forecast.horizonsSteps.length;
  const filterGains = gainsOf(records, forecast.horizonsSteps, (record) => new FilterReplay(surface, path, horizons, record));
  const filter = (record: MarketRecord): FilterReplay => new FilterReplay(surface, path, horizons, record, filterGains);
  return {
    stepSeconds: forecast.stepSeconds,
    horizonsSteps: forecast.horizonsSteps,
    surface,
    filterGains,
    regimes: surface.regimes.map(({ regime }) => world.regimes[regime]?.name ?? ''),
    filterScale: scales(tested, forecast.horizonsSteps, surface, filter),
    stateScale: scales(tested, forecast.horizonsSteps, surface, (record) => new StateReplay(surface, path, horizons, record)),
  };
}

/** Slopes of outcomes on what the filter says of the present and of what is to come, by output. */
function gainsOf(
  records: readonly MarketRecord[],
  horizonsSteps: readonly number[],
  replay: (record: MarketRecord) => FilterReplay,
): (readonly [number, number])[] {
  const fits = Array.from({ length: horizonsSteps.length * FACTOR_COUNT }, () => new LinearRegression(2));
  for (const record of records) {
    const run = replay(record);
    eachOutcome(record, horizonsSteps, run, (output, outcome) => {
      const factor = output % FACTOR_COUNT;
      fits[output]?.add([run.filter.nowcast(factor), run.filter.change(Math.floor(output / FACTOR_COUNT), factor)], outcome);
    });
  }
  return fits.map((fit) => {
    const [now = 1, path = 1] = fit.coefficients();
    return [now, path];
  });
}

/** Lets a replay see a record, and gives each outcome that is known and not near a jump, while the replay stands at its origin. */
function eachOutcome(
  record: MarketRecord,
  horizonsSteps: readonly number[],
  run: FilterReplay | StateReplay,
  visit: (output: number, outcome: number) => void,
): void {
  const disturbed = afterJumps(record);
  for (let step = 0; step < record.steps; step += 1) {
    if (!run.see(step) || disturbed[step] === 1) continue;
    for (const [h, ahead] of horizonsSteps.entries()) {
      if (step + ahead > record.steps || disturbed[Math.min(step + ahead, record.steps - 1)] === 1) continue;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const outcome = (record.truth[(step + ahead) * FACTOR_COUNT + f] ?? 0) - (record.tracked[step * FACTOR_COUNT + f] ?? 0);
        visit(h * FACTOR_COUNT + f, outcome);
      }
    }
  }
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
    eachOutcome(record, horizonsSteps, run, (output, outcome) =>
      errors[run.regime]?.[output]?.push(Math.abs(outcome - (run.change[output] ?? 0))),
    );
  }
  const all = Array.from({ length: outputs }, (_, output) => errors.flatMap((of) => of[output] ?? []));
  return errors.map((of) =>
    of.map((own, output) => {
      const used = (own.length >= ERRORS_MINIMUM ? own : (all[output] ?? [])).sort((a, b) => a - b);
      return Math.max(1e-9, (used[Math.floor(0.8 * used.length)] ?? 1) / EIGHTY);
    }),
  );
}
