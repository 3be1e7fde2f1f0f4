import type { AgentKind } from '../agents/agent.ts';
import { BUILT_IN_AGENTS } from '../agents/built-in.ts';
import { InputError, type Issue } from '../core/assert.ts';
import type { ErrorSeries } from '../sim/forecast-record.ts';
import type { ForecasterCatalog } from '../sim/forecasters.ts';
import type { MarketRecord } from '../sim/oracles/market-record.ts';
import type { OracleLaw } from '../sim/oracles/oracle-law.ts';
import { Simulation } from '../sim/simulation.ts';
import { type FactValues, factValues } from '../study/realism/facts.ts';
import { MarketWatch } from '../study/realism/market-watch.ts';
import { type RunCurves, runCurves } from '../study/realism/run-curves.ts';
import { type RunReport, runReport } from '../study/run-report.ts';
import { recordedRun } from '../study/simulated/recorded-run.ts';
import { changes, checkedScenario, forecastersFor, type LoadedScenario } from './run-setup.ts';

/** One run of a study, as plain data: what is sent to a worker. */
export interface SeedRun {
  readonly source: string;
  readonly text: string;
  /** Changes as `path=value`, in order. */
  readonly changes: readonly string[];
  readonly seed: string;
  readonly modelPath: string | undefined;
  /** Absolute paths of the modules that the catalogue has kinds from. */
  readonly plugins: readonly string[];
  /** Measure the stylised facts too. */
  readonly realism?: true;
  /** Give the record of what its subject saw, and of what was true, and no report; the subject's forecaster must be the recorded walk. */
  readonly record?: true;
  /** What the oracles among the forecasters know. */
  readonly oracles?: OracleLaw;
}

/** What comes back. */
export type SeedOutcome =
  | {
      readonly kind: 'done';
      readonly report: RunReport;
      readonly forecasts: readonly ErrorSeries[];
      /** Of a run that was measured for them. */
      readonly facts?: FactValues;
      /** What is drawn of it. */
      readonly curves?: RunCurves;
    }
  | { readonly kind: 'recorded'; readonly record: MarketRecord }
  | { readonly kind: 'bad-input'; readonly source: string; readonly issues: readonly Issue[] };

/** Scenarios are the same for all seeds of a variant: the last few are kept. */
const KEPT = 8;
const known = new Map<string, { readonly loaded: LoadedScenario; readonly forecasters: ForecasterCatalog }>();

/** Simulated seconds between two pauses. */
const SLICE_SECONDS = 20;

/**
 * Runs one seed to its end. The same task gives the same outcome wherever it runs.
 * @param kinds the catalogue that the plugins of the task make.
 */
export function runSeed(task: SeedRun, kinds: readonly AgentKind[] = BUILT_IN_AGENTS): SeedOutcome {
  const slices = seedSlices(task, kinds);
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

/** The same in slices, for a thread that has signals to hear: yields which share of the run is done. */
export function* seedSlices(task: SeedRun, kinds: readonly AgentKind[] = BUILT_IN_AGENTS): Generator<number, SeedOutcome> {
  try {
    const key = JSON.stringify([task.source, task.text, task.changes, task.modelPath, task.plugins, task.oracles !== undefined]);
    const parts = known.get(key) ?? prepared(task, kinds);
    if (known.size >= KEPT) known.clear();
    known.set(key, parts);
    const { scenario } = parts.loaded;
    if (task.record === true) return { kind: 'recorded', record: yield* recordedRun(scenario, task.seed) };
    const options = { seed: task.seed, forecasters: parts.forecasters };
    const watch = task.realism === true ? new MarketWatch(scenario, options) : undefined;
    const simulation = watch?.simulation ?? new Simulation(scenario, options);
    while (!simulation.done) {
      (watch ?? simulation).advance(simulation.nowSeconds + SLICE_SECONDS);
      yield simulation.nowSeconds / scenario.durationSeconds;
    }
    const samples = watch?.samples();
    const measured = samples === undefined ? {} : { facts: factValues(samples), curves: runCurves(samples) };
    return { kind: 'done', report: runReport(simulation), forecasts: simulation.records.forecasts.series, ...measured };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'bad-input', source: error.source, issues: error.issues };
  }
}

function prepared(task: SeedRun, kinds: readonly AgentKind[]): { loaded: LoadedScenario; forecasters: ForecasterCatalog } {
  const loaded = checkedScenario(task, changes(task.changes), kinds);
  return { loaded, forecasters: forecastersFor(loaded.scenario, task.modelPath, task.oracles) };
}
