import { FEATURES } from '../../forecast/features.ts';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { SequenceOrigin } from '../../study/training-data.ts';
import type { Progress } from '../progress.ts';
import { inSlices } from '../slices.ts';
import { type PlainSource, type SequencesJob, sequencesOfJob } from './jobs.ts';
import { givingUp, workerPool } from './worker-pool.ts';

/** Sequences per job: small enough that threads end together, whole rounds of up to four scenarios. */
const JOB_SEQUENCES = 48;

export interface SequencesWanted {
  readonly sources: readonly PlainSource[];
  readonly seed: string;
  readonly count: number;
  readonly steps: number;
  readonly origin: SequenceOrigin;
}

/**
 * The sequences of a training, made on `workers` threads; the same with any number. Their arrays lie in shared memory.
 * @throws Interruption on a signal.
 */
export async function madeSequences(wanted: SequencesWanted, workers: number, progress: Progress): Promise<TrainingSequences> {
  const { count, seed, sources, steps, origin } = wanted;
  const job = (first: number): SequencesJob => ({
    kind: 'sequences',
    sources,
    seed,
    first,
    count: Math.min(JOB_SEQUENCES, count - first),
    steps,
    origin,
  });
  const firsts = Array.from({ length: Math.ceil(count / JOB_SEQUENCES) }, (_, n) => n * JOB_SEQUENCES);
  let whole: TrainingSequences | undefined;
  const keep = (first: number, part: TrainingSequences): void => {
    whole ??= sharedLike(part, count);
    copyInto(whole, part, first);
  };
  if (workers === 1) {
    for (const first of firsts) {
      keep(first, await inSlices(sequencesOfJob(job(first)), (made) => progress.update(first + made, count)));
    }
  } else {
    const pool = await workerPool(Math.min(workers, firsts.length));
    let done = 0;
    try {
      await Promise.all(
        firsts.map(async (first) => {
          const { data } = await pool.run(job(first), 'sequences', givingUp());
          keep(first, data);
          done += data.count;
          progress.update(done, count);
        }),
      );
    } finally {
      await pool.destroy();
    }
  }
  if (whole === undefined) throw new Error('a training has sequences');
  return whole;
}

const shared = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));

/** Room for `count` sequences like these. */
export function sharedLike(part: TrainingSequences, count: number): TrainingSequences {
  const sized = (values: Readonly<Float32Array>): Float32Array => shared((values.length / part.count) * count);
  const { extras } = part;
  return {
    ...part,
    count,
    features: FEATURES,
    rows: sized(part.rows),
    targets: sized(part.targets),
    ...(extras === undefined ? {} : { extras: { ...extras, variance: sized(extras.variance), shock: sized(extras.shock) } }),
  };
}

/** Copies a part to its place in the whole. */
function copyInto(whole: TrainingSequences, part: TrainingSequences, first: number): void {
  const put = (into: Readonly<Float32Array> | undefined, from: Readonly<Float32Array> | undefined): void => {
    if (into === undefined || from === undefined) return;
    (into as Float32Array).set(from, (from.length / part.count) * first);
  };
  put(whole.rows, part.rows);
  put(whole.targets, part.targets);
  put(whole.extras?.variance, part.extras?.variance);
  put(whole.extras?.shock, part.extras?.shock);
}
