import { type LstmSettings, settingsOf } from '../study/search/lstm-space.ts';
import type { AskedTrial, TrialOutcome } from '../study/search/trial.ts';
import { interruption } from './interruption.ts';
import { type FoldJob, type FoldOutcome, type FoldSetup, trainedFold } from './search-fold.ts';

/** Trains trials in all folds. */
export interface TrialTrainer {
  /** @throws Interruption on a signal. */
  outcome(trial: AskedTrial): Promise<TrialOutcome>;
  /** Ends all threads. To be called once, also after an error. */
  end(): Promise<void>;
}

/**
 * Trains in this thread, one fold after the other, or on several threads at once: folds of one trial too, so that a strategy that asks for one trial
 * at a time keeps two processors busy. The data are shared, not copied.
 * @param settings of the trials, where their parameters do not say.
 */
export async function trialTrainer(setup: FoldSetup, settings: LstmSettings, workers: number): Promise<TrialTrainer> {
  const signal = interruption();
  const lane = workers === 1 ? ownThread(setup) : await threads(setup, workers);
  return {
    end: lane.end,
    async outcome({ epochs, parameters }) {
      const jobs = setup.folds.map((_, fold): FoldJob => ({ settings: settingsOf(settings, parameters), epochs, fold }));
      try {
        return joined(await Promise.all(jobs.map((job) => lane.train(job))));
      } finally {
        // What a signal cut short is no result.
        signal.throwIfAborted();
      }
    },
  };
}

interface Lane {
  train(job: FoldJob): Promise<FoldOutcome>;
  end(): Promise<void>;
}

function ownThread(setup: FoldSetup): Lane {
  const signal = interruption();
  let last: Promise<unknown> = Promise.resolve();
  return {
    train(job) {
      const own = last.then(() => {
        signal.throwIfAborted();
        return trainedFold(setup, job, () => signal.aborted);
      });
      last = own.catch(() => undefined);
      return own;
    },
    end: async () => {},
  };
}

async function threads(setup: FoldSetup, workers: number): Promise<Lane> {
  const signal = interruption();
  const { Piscina } = await import('piscina');
  const { data } = setup;
  const pool = new Piscina({
    filename: new URL('./search-worker.js', import.meta.url).href,
    name: 'run',
    minThreads: 1,
    maxThreads: workers,
    workerData: { ...setup, data: { ...data, rows: shared(data.rows), targets: shared(data.targets) } },
  });
  return {
    train: async (job) => (await pool.run(job, { signal })) as FoldOutcome,
    end: () => pool.destroy(),
  };
}

/** The same values in memory that threads share. */
function shared(values: Readonly<Float32Array>): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** The first fold that failed speaks for the trial, whichever ended first. */
function joined(outcomes: readonly FoldOutcome[]): TrialOutcome {
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  const losses: number[] = [];
  const epochsDone: number[] = [];
  for (const [fold, outcome] of outcomes.entries()) {
    if (outcome.status === 'failed') return { status: 'failed', reason: `fold ${fold + 1}: ${outcome.reason}`, seconds };
    losses.push(outcome.loss);
    epochsDone.push(outcome.epochs);
  }
  return { status: 'done', losses, epochsDone, seconds };
}
