import { InputError, type Issue } from '../core/assert.ts';
import { interruption } from './interruption.ts';
import type { Progress } from './progress.ts';

/** What a net came to: done, or an error that has crossed from another thread. */
type Outcome = { readonly kind: 'done' } | { readonly kind: 'bad-input'; readonly source: string; readonly issues: readonly Issue[] };

/**
 * Trains all nets on `workers` threads; outcomes in the order of the tasks.
 * @param name of the worker's function (`history-net-worker.ts`).
 * @param here the same function, for one worker: this thread.
 * @throws InputError when a net refuses its input; Interruption on a signal.
 */
export async function trainedNets<T, O extends Outcome>(
  tasks: readonly T[],
  workers: number,
  name: 'run' | 'fit',
  here: (task: T) => Promise<O>,
  progress: Progress,
): Promise<Extract<O, { kind: 'done' }>[]> {
  const signal = interruption();
  let done = 0;
  const finished = (outcome: O): Extract<O, { kind: 'done' }> => {
    if (outcome.kind === 'bad-input') throw new InputError(outcome.source, outcome.issues);
    done += 1;
    progress.update(done, tasks.length);
    return outcome as Extract<O, { kind: 'done' }>;
  };
  if (workers === 1) {
    const outcomes: Extract<O, { kind: 'done' }>[] = [];
    for (const task of tasks) {
      signal.throwIfAborted();
      outcomes.push(finished(await here(task)));
    }
    return outcomes;
  }
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: new URL('./history-net-worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: Math.min(workers, tasks.length),
    name,
  });
  try {
    return await Promise.all(tasks.map(async (task) => finished((await pool.run(task, { signal })) as O)));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await pool.destroy();
  }
}
