import type { AgentKind } from '../agents/agent.ts';
import { InputError } from '../core/assert.ts';
import { COMBINED_KINDS, FORECASTER_KINDS, ORACLE_KINDS, type OracleKind } from '../forecast/forecaster-kinds.ts';
import type { ModelCard } from '../forecast/lstm/model-card.ts';
import { BURN_IN_ROWS } from '../forecast/lstm/scaling.ts';
import type { Override } from '../scenario/overrides.ts';
import { didYouMean } from '../scenario/suggestion.ts';
import type { MarketRecord } from '../sim/oracles/market-record.ts';
import { type Evaluation, evaluation } from '../study/evaluation/evaluation.ts';
import type { ForecastTable } from '../study/evaluation/forecast-table.ts';
import { pathWeights } from '../study/predictability/predictability.ts';
import { type CeilingShare, ceilingShares } from '../study/simulated/ceiling-shares.ts';
import { oracleForecasts } from '../study/simulated/oracle-forecasts.ts';
import { type ReplayedForecasts, replayedForecasts } from '../study/simulated/replayed-forecasts.ts';
import { type SimulatedModel, simulatedTable } from '../study/simulated/simulated-table.ts';
import { disturbedSteps } from '../study/simulated/undisturbed.ts';
import { breath } from './interruption.ts';
import { bundledModelPath, readModelFolder } from './model-folder.ts';
import { oracleLaw, recordable } from './oracle-fit.ts';
import type { Progress } from './progress.ts';
import { forecasterModels } from './run-setup.ts';
import { recordAll } from './seed-pool.ts';

/** What `volpit evaluate` is asked about a scenario. */
export interface ScenarioQuestion {
  readonly scenario: string;
  readonly overrides: readonly Override[];
  readonly kinds: readonly AgentKind[];
  readonly plugins: readonly string[];
  /** The bundled one for the scenario's preset if undefined. */
  readonly modelPath: string | undefined;
  /** Kinds of forecasters, `rw` among them. */
  readonly models: readonly string[];
  readonly seeds: readonly string[];
  readonly fitRuns: number;
  readonly fitWorlds: number;
  readonly halfLifeMinutes: number;
  readonly workers: number;
}

/** What came out. */
export interface ScenarioEvaluation {
  readonly scenario: string;
  readonly table: ForecastTable;
  readonly evaluation: Evaluation;
  readonly shares: readonly CeilingShare[];
  /** Steps of all runs that were left out: within reach of a jump of the spot. */
  readonly disturbedSteps: number;
  /** Of the net; absent where no model has it. */
  readonly card?: ModelCard;
}

const LINEAR = 'linear';
/** Kinds that the net speaks in. */
const NET_KINDS: readonly string[] = ['lstm', ...COMBINED_KINDS];

/** Kinds that are scored unless the user names others. */
export const EVALUATED_KINDS: readonly string[] = FORECASTER_KINDS;

/**
 * Records full runs whose subject forecasts with the random walk, lets every model see the same records, and scores what they said against the true
 * surface. With an oracle among the models its law is fitted first, on full runs and worlds at seeds of training.
 *
 * @throws InputError on a model that is missing or does not fit; Interruption on a signal.
 */
export async function evaluateScenario(question: ScenarioQuestion, progress: (title: string) => Progress): Promise<ScenarioEvaluation> {
  const { kinds, models, seeds, workers } = question;
  checkKinds(models);
  const recorded = recordable(question);
  const { scenario } = recorded;
  const trained = forecasterModels(scenario, models, question.modelPath);
  const withNet = models.filter((kind) => NET_KINDS.includes(kind));
  const card = withNet.length === 0 ? undefined : readModelFolder(question.modelPath ?? bundledModelPath(scenario.preset)).card;
  const trials = card?.search?.trials;
  const oracles = models.filter((kind): kind is OracleKind => ORACLE_KINDS.some((one) => one === kind));
  const law = oracles.length === 0 ? undefined : await oracleLaw(recorded, question, progress);
  const bar = progress('recording runs');
  const records = await recordAll(seeds.map(recorded.task), kinds, workers, bar).finally(() => bar.end());
  const oracle = law === undefined ? undefined : oracleForecasts(law, records);
  const scored: SimulatedModel[] = [];
  for (const kind of models) {
    await breath();
    const known = ORACLE_KINDS.find((one) => one === kind);
    const forecasts = known === undefined ? replayed(trained.model(kind), records) : (oracle?.[known] ?? []);
    scored.push({
      model: kind,
      forecasts,
      ...(known === undefined ? {} : { isCeiling: true }),
      ...(trials !== undefined && withNet.includes(kind) ? { trials } : {}),
    });
  }
  const { stepSeconds, horizonsSteps } = scenario.forecast;
  const halfLifeSteps = Math.max(1, Math.round((question.halfLifeMinutes * 60) / stepSeconds));
  const table = simulatedTable({
    title: `${scenario.name}, ${seeds.length} seeds with full books`,
    records,
    models: scored,
    groups: oracle?.groups ?? [],
    stepSeconds,
    horizonsSteps,
    pathWeights: pathWeights(scenario, horizonsSteps, halfLifeSteps),
  });
  if (table.targets.length === 0) {
    const message = `no forecast has an outcome inside its run: the first ${BURN_IN_ROWS} steps are not scored, and runs have ${records[0]?.steps ?? 0}`;
    throw new InputError(scenario.name, [{ path: 'duration', message }]);
  }
  const hasLinear = models.includes(LINEAR);
  return {
    scenario: scenario.name,
    table,
    evaluation: evaluation(table, hasLinear ? { reference: LINEAR } : {}),
    shares: ceilingShares(table),
    disturbedSteps: disturbedSteps(records),
    ...(card === undefined ? {} : { card }),
  };
}

function checkKinds(models: readonly string[]): void {
  for (const kind of models) {
    if (FORECASTER_KINDS.includes(kind)) continue;
    const near = didYouMean(kind, FORECASTER_KINDS);
    throw new InputError('--models', [{ path: kind, message: `is no forecaster${near || `; known: ${FORECASTER_KINDS.join(', ')}`}` }]);
  }
}

const replayed = (model: Parameters<typeof replayedForecasts>[0], records: readonly MarketRecord[]): ReplayedForecasts[] =>
  records.map((record) => replayedForecasts(model, record));
