import type { Scenario } from '../scenario/scenario.ts';
import { hiddenPath } from '../sim/oracles/hidden-path.ts';
import type { HiddenPath, MarketRecord } from '../sim/oracles/market-record.ts';
import { fitOracleLaw, type OracleLaw } from '../sim/oracles/oracle-law.ts';
import { breath, interruption } from './interruption.ts';
import type { Progress } from './progress.ts';

/** On how much the law of the oracles is fitted. */
export interface OracleFitTerms {
  readonly fitRuns: number;
  readonly fitWorlds: number;
}

/** Fits the law of a scenario's oracles, at seeds of training that no user can spell. @throws Interruption on a signal. */
export async function oracleLaw(
  scenario: Scenario,
  { fitRuns, fitWorlds }: OracleFitTerms,
  record: (seeds: readonly string[], bar: Progress) => Promise<MarketRecord[]>,
  progress: (title: string) => Progress,
): Promise<OracleLaw> {
  const runs = progress('recording runs that the oracles learn from');
  const records = await record(seedsOf('train/oracle', fitRuns), runs).finally(() => runs.end());
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
