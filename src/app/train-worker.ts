import { type JobOutcome, type NetJob, runJob, type SequencesJob } from './training/jobs.ts';

/** A worker thread that makes training data or trains a net: one job at a time, with a backend of TensorFlow.js of its own. */
export async function run(job: SequencesJob | NetJob): Promise<JobOutcome> {
  return runJob(job);
}
