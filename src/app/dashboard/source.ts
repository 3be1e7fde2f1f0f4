import type { InstrumentId } from '../../core/units.ts';
import type { Snapshot } from '../../sim/snapshot.ts';

/**
 * A run, as far as the dashboard can reach it: it may ask for a picture and for time to pass, and nothing else. How time is
 * cut into calls of `advance` cannot change the run.
 */
export interface SnapshotSource {
  /** The run as it stands, with the book of the selected instrument. */
  snapshot(selected: InstrumentId): Snapshot;
  /** Runs the simulation on by that much simulated time, or to its end; synchronous. */
  advance(seconds: number): void;
  /** Runs exactly one event; does nothing once done. */
  step(): void;
  /** The horizon is reached, or the run has stopped for another reason. */
  readonly done: boolean;
}
