import { availableParallelism } from 'node:os';
import type { AgentKind } from '../agents/agent.ts';
import { InputError, invariant } from '../core/assert.ts';
import type { MarketRecord } from '../sim/oracles/market-record.ts';
import type { OptionSpec } from './command.ts';
import { interruption } from './interruption.ts';
import type { Progress } from './progress.ts';
import { type SeedOutcome, type SeedRun, seedSlices } from './seed-run.ts';
import { inSlices } from './slices.ts';

const WORKERS_MAXIMUM = 256;

/** `--workers <auto|n>` */
export function workersOption(): OptionSpec<number> {
  return {
    flags: '--workers <auto|n>',
    about: 'runs at the same time; auto: one per processor. The result is the same with any number',
    initial: availableParallelism(),
    initialText: 'auto',
    read(text) {
      if (text === 'auto') return availableParallelism();
      const count = Number(text);
      if (/^\d+$/.test(text) && count >= 1 && count <= WORKERS_MAXIMUM) return count;
      throw new InputError('--workers', [
        { path: '', message: `found "${text}", expected auto or a whole number from 1 to ${WORKERS_MAXIMUM}` },
      ]);
    },
  };
}

/** A run that came to its end. */
export type FinishedRun = Extract<SeedOutcome, { kind: 'done' }>;
type Outcome = Exclude<SeedOutcome, { kind: 'bad-input' }>;

/**
 * Runs all tasks on `workers` threads and gives the outcomes in the order of the tasks.
 * @param kinds the catalogue that the plugins of the tasks make; other threads make it again.
 * @throws InputError when a run refuses its input; Interruption on a signal. Nothing is left running.
 */
export async function runAll(
  tasks: readonly SeedRun[],
  kinds: readonly AgentKind[],
  workers: number,
  progress: Progress,
): Promise<FinishedRun[]> {
  const outcomes = await outcomesOf(tasks, kinds, workers, progress);
  return outcomes.map((outcome) => {
    invariant(outcome.kind === 'done', 'a run that was to be reported has been recorded');
    return outcome;
  });
}

/** The same for tasks that are to be recorded. */
export async function recordAll(
  tasks: readonly SeedRun[],
  kinds: readonly AgentKind[],
  workers: number,
  progress: Progress,
): Promise<MarketRecord[]> {
  const outcomes = await outcomesOf(
    tasks.map((task) => ({ ...task, record: true })),
    kinds,
    workers,
    progress,
  );
  return outcomes.map((outcome) => {
    invariant(outcome.kind === 'recorded', 'a run that was to be recorded has been reported');
    return outcome.record;
  });
}

async function outcomesOf(tasks: readonly SeedRun[], kinds: readonly AgentKind[], workers: number, progress: Progress): Promise<Outcome[]> {
  const signal = interruption();
  let done = 0;
  const finished = (outcome: SeedOutcome): Outcome => {
    if (outcome.kind === 'bad-input') throw new InputError(outcome.source, outcome.issues);
    done += 1;
    progress.update(done, tasks.length);
    return outcome;
  };
  if (workers === 1) {
    const outcomes: Outcome[] = [];
    for (const task of tasks) {
      const slices = seedSlices(task, kinds);
      outcomes.push(finished(await inSlices(slices, (share) => progress.update(done + share, tasks.length))));
    }
    return outcomes;
  }
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: new URL('./seed-worker.js', import.meta.url).href,
    name: 'run',
    minThreads: 1,
    maxThreads: Math.min(workers, tasks.length),
  });
  try {
    return await Promise.all(tasks.map(async (task) => finished((await pool.run(task, { signal })) as SeedOutcome)));
  } catch (error) {
    // The pool's own abort error says less than the signal that caused it.
    signal.throwIfAborted();
    throw error;
  } finally {
    await pool.destroy();
  }
}
