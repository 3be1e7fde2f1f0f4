import { createHash } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { FitState } from '../../forecast/lstm/train/fit-state.ts';
import type { Preparation, TrainedNet } from '../../forecast/lstm/train/trained-net.ts';
import type { TrainingOptions, TrainingProgress } from '../../forecast/lstm/train/training-options.ts';
import { interruption } from '../interruption.ts';
import type { Progress } from '../progress.ts';
import { memberWeights } from './card.ts';
import { Checkpoints } from './checkpoint.ts';
import type { NetJob, NetNews } from './jobs.ts';
import { workerPool } from './worker-pool.ts';

/** Options of a training that make a difference to its nets, and so are plain data. */
export type NetOptions = NetJob['options'];

export interface MembersWanted {
  readonly data: TrainingSequences;
  readonly preparation: Preparation;
  readonly options: NetOptions;
  readonly members: number;
  readonly workers: number;
  /** Where checkpoints are written, and whether to go on from those that are there. */
  readonly folder: string;
  readonly resume: boolean;
  /** What the data are known by. */
  readonly dataKey: string;
}

/** Seed of a member, counted from 0: that of the training, then that with a number. */
export const memberSeed = (seed: string, member: number): string => (member === 0 ? seed : `${seed}/${member + 1}`);

/**
 * Trains the nets of an ensemble side by side, each with a backend of its own; the same with any number of workers. A signal ends all of them
 * with their best weights so far, and leaves the checkpoints.
 * @throws InputError when a checkpoint does not fit, or a loss explodes.
 */
export async function trainedMembers(wanted: MembersWanted, progress: Progress): Promise<TrainedNet[]> {
  const { data, folder, members, options, preparation, resume, workers } = wanted;
  const checkpoints = new Checkpoints(folder, keyOf(wanted));
  const from = Array.from({ length: members }, (_, member) => (resume ? checkpoints.read(member) : undefined));
  const board = new ProgressBoard(members, options.epochs, from, progress);
  const signal = interruption();
  const optionsOf = (member: number): NetOptions => ({
    ...options,
    seed: memberSeed(options.seed, member),
    splitSeed: options.splitSeed ?? options.seed,
    weightsFile: memberWeights(member + 1),
  });
  const heard = (member: number, news: NetNews): void => {
    if ('state' in news) checkpoints.write(member, news.state);
    else board.update(member, news.progress);
  };
  let nets: TrainedNet[];
  if (Math.min(workers, members) === 1) {
    const { trainedNet } = await import('../../forecast/lstm/train/train.ts');
    nets = [];
    for (let member = 0; member < members; member += 1) {
      const told: TrainingOptions = {
        ...optionsOf(member),
        onProgress: (news) => heard(member, { progress: news }),
        onState: (state) => heard(member, { state }),
        // Ctrl-C ends training, not the program: the best weights so far are still worth writing.
        shouldStop: () => signal.aborted,
      };
      nets.push(await trainedNet(data, preparation, told, from[member]));
    }
  } else {
    const pool = await workerPool(Math.min(workers, members));
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const stopAll = (): void => {
      Atomics.store(stop, 0, 1);
    };
    signal.addEventListener('abort', stopAll);
    if (signal.aborted) stopAll();
    const ports: MessageChannel[] = [];
    try {
      nets = await Promise.all(
        from.map(async (state, member) => {
          const channel = new MessageChannel();
          ports.push(channel);
          channel.port1.on('message', (news: NetNews) => heard(member, news));
          const job: NetJob = { kind: 'net', data, preparation, options: optionsOf(member), from: state, stop, port: channel.port2 };
          return (await pool.run(job, 'net')).net;
        }),
      );
    } finally {
      for (const { port1 } of ports) port1.close();
      signal.removeEventListener('abort', stopAll);
      await pool.destroy();
    }
  }
  if (!signal.aborted) checkpoints.clear(members);
  return nets;
}

/** What a checkpoint must be of. The number of members and workers is not in it: more nets may be added to those that are there. */
function keyOf({ dataKey, options }: MembersWanted): string {
  return createHash('sha256')
    .update(JSON.stringify([dataKey, options]))
    .digest('hex');
}

/** Epochs of all nets together, with the loss of the one that spoke last and the rate of all that are at work. */
class ProgressBoard {
  readonly #epochs: number;
  readonly #done: number[];
  readonly #rates: number[];
  readonly #progress: Progress;

  constructor(members: number, epochs: number, from: readonly (FitState | undefined)[], progress: Progress) {
    this.#epochs = epochs;
    this.#done = from.map((state) => state?.trainLoss.length ?? 0);
    this.#rates = new Array(members).fill(0);
    this.#progress = progress;
  }

  update(member: number, { epoch, trainLoss, validationLoss, bestEpoch, sequencesPerSecond }: TrainingProgress): void {
    this.#done[member] = epoch;
    this.#rates[member] = epoch === this.#epochs ? 0 : sequencesPerSecond;
    const rate = this.#rates.reduce((sum, value) => sum + value, 0);
    const net = this.#done.length === 1 ? '' : `net ${member + 1}: `;
    const losses = `loss ${trainLoss.toFixed(4)}, held out ${validationLoss.toFixed(4)}, best epoch ${bestEpoch}`;
    const speed = rate > 0 ? `, ${rate.toFixed(0)} sequences/s` : '';
    this.#progress.update(
      this.#done.reduce((sum, epochs) => sum + epochs, 0),
      this.#done.length * this.#epochs,
      `${net}${losses}${speed}`,
    );
  }
}
