import type { MessagePort } from 'node:worker_threads';
import { InputError, type Issue } from '../../core/assert.ts';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { FitState } from '../../forecast/lstm/train/fit-state.ts';
import type { Preparation, TrainedNet } from '../../forecast/lstm/train/trained-net.ts';
import type { TrainingOptions, TrainingProgress } from '../../forecast/lstm/train/training-options.ts';
import type { ObservationModel } from '../../study/observation-model.ts';
import { type SequenceOrigin, trainingSequences } from '../../study/training-data.ts';
import { changes, checkedScenario } from '../run-setup.ts';

/** Scenarios and what was measured on them, as plain data. */
export interface PlainSource {
  readonly source: string;
  readonly text: string;
  readonly changes: readonly string[];
  readonly observation: ObservationModel;
}

/** Makes some of the sequences of a training. */
export interface SequencesJob {
  readonly kind: 'sequences';
  readonly sources: readonly PlainSource[];
  readonly seed: string;
  readonly first: number;
  readonly count: number;
  readonly steps: number;
  readonly origin: SequenceOrigin;
}

/** Trains one net of an ensemble. Arrays of the data lie in shared memory, so that no worker has a copy. */
export interface NetJob {
  readonly kind: 'net';
  readonly data: TrainingSequences;
  readonly preparation: Preparation;
  readonly options: Omit<TrainingOptions, 'onProgress' | 'onState' | 'shouldStop'>;
  readonly from: FitState | undefined;
  /** 1 in its first element asks all workers to stop with the best weights so far. */
  readonly stop: Int32Array;
  /** Gets {@link NetNews}. */
  readonly port: MessagePort;
}

/** What a net says while it is trained. */
export type NetNews = { readonly progress: TrainingProgress } | { readonly state: FitState };

/** What comes back. */
export type JobOutcome =
  | { readonly kind: 'sequences'; readonly data: TrainingSequences }
  | { readonly kind: 'net'; readonly net: TrainedNet }
  | { readonly kind: 'bad-input'; readonly source: string; readonly issues: readonly Issue[] };

/** The sequences of a job; the same on every thread. Yields how many are made. */
export function* sequencesOfJob({ sources, seed, first, count, steps, origin }: SequencesJob): Generator<number, TrainingSequences> {
  const loaded = sources.map(({ source, text, changes: texts, observation }) => ({
    scenario: checkedScenario({ source, text }, changes(texts)).scenario,
    observation,
  }));
  return yield* trainingSequences(loaded, seed, count, steps, first, origin);
}

/** Runs a job to its end. An error of the user's comes back as data: one that crosses to another thread is no longer of its class. */
export async function runJob(job: SequencesJob | NetJob): Promise<JobOutcome> {
  try {
    if (job.kind === 'sequences') {
      const work = sequencesOfJob(job);
      for (;;) {
        const slice = work.next();
        if (slice.done === true) return { kind: 'sequences', data: slice.value };
      }
    }
    return { kind: 'net', net: await netOfJob(job) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'bad-input', source: error.source, issues: error.issues };
  }
}

async function netOfJob({ data, preparation, options, from, stop, port }: NetJob): Promise<TrainedNet> {
  const { trainedNet } = await import('../../forecast/lstm/train/train.ts');
  const tell = (news: NetNews): void => port.postMessage(news);
  return trainedNet(
    data,
    preparation,
    {
      ...options,
      onProgress: (progress) => tell({ progress }),
      onState: (state) => tell({ state }),
      shouldStop: () => Atomics.load(stop, 0) === 1,
    },
    from,
  );
}
