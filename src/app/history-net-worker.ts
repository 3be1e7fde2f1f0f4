import { type HistoryNetOutcome, type HistoryNetTask, runHistoryNet } from './history-net.ts';

/** A worker thread of the pool: one net at a time. */
export function run(task: HistoryNetTask): Promise<HistoryNetOutcome> {
  return runHistoryNet(task);
}
