import { InputError } from '../../core/assert.ts';
import { interruption } from '../interruption.ts';
import type { JobOutcome, NetJob, SequencesJob } from './jobs.ts';

/** Threads for the jobs of a training. */
export interface WorkerPool {
  /** @throws InputError when the job refuses its input. */
  run<K extends JobOutcome['kind']>(job: SequencesJob | NetJob, kind: K, signal?: AbortSignal): Promise<Extract<JobOutcome, { kind: K }>>;
  destroy(): Promise<void>;
}

/** A pool of so many threads at most. */
export async function workerPool(workers: number): Promise<WorkerPool> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: new URL('./train-worker.js', import.meta.url).href,
    name: 'run',
    minThreads: 1,
    maxThreads: workers,
  });
  return {
    async run(job, kind, signal) {
      const options = { ...(signal === undefined ? {} : { signal }), ...(job.kind === 'net' ? { transferList: [job.port] } : {}) };
      let outcome: JobOutcome;
      try {
        outcome = (await pool.run(job, options)) as JobOutcome;
      } catch (error) {
        // The pool's own abort error says less than the signal that caused it.
        signal?.throwIfAborted();
        throw error;
      }
      if (outcome.kind === 'bad-input') throw new InputError(outcome.source, outcome.issues);
      if (outcome.kind !== kind) throw new Error(`a job of kind ${kind} gave ${outcome.kind}`);
      return outcome as Extract<JobOutcome, { kind: typeof kind }>;
    },
    destroy: () => pool.destroy(),
  };
}

/** Signal by which making data is given up; training goes on to its best weights instead. */
export const givingUp = (): AbortSignal => interruption();
