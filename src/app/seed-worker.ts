/** A worker thread of the pool: one seed at a time. */
export { runSeed as run } from './seed-run.ts';
