import type { AgentKind } from '../agents/agent.ts';
import { ORACLE_KINDS } from '../forecast/forecaster-kinds.ts';
import type { Override } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { hiddenPath } from '../sim/oracles/hidden-path.ts';
import type { HiddenPath } from '../sim/oracles/market-record.ts';
import { fitOracleLaw, type OracleLaw } from '../sim/oracles/oracle-law.ts';
import { RECORDED_WALK } from '../study/simulated/recorded-run.ts';
import { breath, interruption } from './interruption.ts';
import type { Progress } from './progress.ts';
import { changes, loadScenario } from './run-setup.ts';
import { recordAll } from './seed-pool.ts';
import type { SeedRun } from './seed-run.ts';

/** A scenario to be recorded, by name, with its changes. */
export interface RecordedScenario {
  readonly scenario: string;
  readonly overrides: readonly Override[];
  readonly kinds: readonly AgentKind[];
  readonly plugins: readonly string[];
}

/** On how much the law of the oracles is fitted. */
export interface OracleFitTerms {
  readonly fitRuns: number;
  readonly fitWorlds: number;
  readonly kinds: readonly AgentKind[];
  readonly workers: number;
}

/** Enough for R2 of the filter within a few thousandths. */
export const FIT = { runs: 60, worlds: 800 } as const;

/** Whether an agent of a scenario asks for an oracle. */
export function wantsOracle({ agents }: Scenario): boolean {
  return agents.some(({ kind, params }) => ORACLE_KINDS.some((oracle) => oracle === kind.forecasterKind(params)));
}

/** The scenario with a subject that is recorded, and its runs as tasks. */
export function recordable({ scenario: name, overrides, kinds, plugins }: RecordedScenario) {
  const { subject } = loadScenario(name, overrides, kinds).scenario;
  const texts = [...overrides.map((override) => override.text), `agents.${subject}.forecaster=${RECORDED_WALK}`];
  const { scenario, source, text } = loadScenario(name, changes(texts), kinds);
  const task = (seed: string): SeedRun => ({ source, text, changes: texts, seed, modelPath: undefined, plugins });
  return { scenario, task };
}

/** Fits the law of a scenario's oracles, at seeds of training that no user can spell. @throws Interruption on a signal. */
export async function oracleLaw(
  { scenario, task }: ReturnType<typeof recordable>,
  { fitRuns, fitWorlds, kinds, workers }: OracleFitTerms,
  progress: (title: string) => Progress,
): Promise<OracleLaw> {
  const runs = progress('recording runs that the oracles learn from');
  const tasks = seedsOf('train/oracle', fitRuns).map(task);
  const records = await recordAll(tasks, kinds, workers, runs).finally(() => runs.end());
  const bar = progress('worlds that the oracles learn from');
  const worlds: HiddenPath[] = [];
  try {
    for (const seed of seedsOf('train/oracle-world', fitWorlds)) {
      worlds.push(hiddenPath(scenario, seed));
      bar.update(worlds.length, fitWorlds);
      await breath();
      interruption().throwIfAborted();
    }
  } finally {
    bar.end();
  }
  return fitOracleLaw(scenario, worlds, records);
}

const seedsOf = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}/${i + 1}`);
