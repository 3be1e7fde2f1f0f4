import { Piscina } from 'piscina';
import { type FoldJob, type FoldOutcome, type FoldSetup, trainedFold } from './search-fold.ts';

/** A worker thread of a search: one training at a time, with a backend of TensorFlow.js of its own. */
export function run(job: FoldJob): Promise<FoldOutcome> {
  return trainedFold(Piscina.workerData as FoldSetup, job, () => false);
}
