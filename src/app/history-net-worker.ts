import { fitHistoryNet, type HistoryFitOutcome, type HistoryFitTask } from './history-fit.ts';
import { type HistoryNetOutcome, type HistoryNetTask, runHistoryNet } from './history-net.ts';

/** A worker thread of the pool: one net through history at a time. */
export function run(task: HistoryNetTask): Promise<HistoryNetOutcome> {
  return runHistoryNet(task);
}

/** The same, for a net that is kept. */
export function fit(task: HistoryFitTask): Promise<HistoryFitOutcome> {
  return fitHistoryNet(task);
}
