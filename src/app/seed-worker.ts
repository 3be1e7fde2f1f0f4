import { InputError } from '../core/assert.ts';
import { agentCatalog } from './plugins.ts';
import { runSeed, type SeedOutcome, type SeedRun } from './seed-run.ts';

/** A worker thread of the pool: one seed at a time, with plugins of its own, which are imported once. */
export async function run(task: SeedRun): Promise<SeedOutcome> {
  try {
    return runSeed(task, await agentCatalog(task.plugins));
  } catch (error) {
    // An error that crosses to another thread is no longer of its class.
    if (!(error instanceof InputError)) throw error;
    return { kind: 'bad-input', source: error.source, issues: error.issues };
  }
}
