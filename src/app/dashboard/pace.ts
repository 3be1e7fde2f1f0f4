import type { SnapshotSource } from './source.ts';

/** Real time between two pictures: 10 a second. */
export const FRAME_MILLIS = 100;
/** Real time that one frame may give to the simulation; the rest belongs to drawing and to keys. */
export const WORK_MILLIS = 60;

/** One slice of work should take about this long: short enough that the budget is kept to within a few milliseconds. */
const SLICE_MILLIS = 4;
const SLICE_SECONDS_MIN = 1e-6;
const SLICE_SECONDS_MAX = 3600;
/** Real time that is made up for at most; a laptop that slept does not run hours at once. */
const ELAPSED_SECONDS_MAX = 0.5;
/** Weight of the newest frame in the reached speed. */
const FRESH = 0.25;

/** Advances a source at a given speed, in slices, within a budget of real time per frame. */
export class Pace {
  readonly #now: () => number;
  #slice = 0.01;
  #owed = 0;
  #reached: number | undefined;

  /** @param now real milliseconds of a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Simulated seconds per real second of late; undefined before the first frame. */
  get reached(): number | undefined {
    return this.#reached;
  }

  /** Forgets what is owed and what was reached: after a pause, or a change of speed. */
  restart(): void {
    this.#owed = 0;
    this.#reached = undefined;
  }

  /**
   * Runs the source on by `speed` times the real time since the last frame, or for as long as the budget lasts. What is not
   * reached is owed to the next frame, up to one frame's worth; the rest is dropped, so that a slow machine runs slower and
   * never stalls. A speed of Infinity uses the whole budget.
   */
  advance(source: SnapshotSource, speed: number, elapsedSeconds: number): void {
    const elapsed = Math.min(elapsedSeconds, ELAPSED_SECONDS_MAX);
    const fresh = speed * elapsed;
    const wanted = Number.isFinite(speed) ? fresh + Math.min(this.#owed, fresh) : Number.POSITIVE_INFINITY;
    const start = this.#now();
    let done = 0;
    while (!source.done && done < wanted) {
      const before = this.#now();
      if (before - start >= WORK_MILLIS) break;
      const slice = Math.min(this.#slice, wanted - done);
      source.advance(slice);
      done += slice;
      this.#resize(this.#now() - before, slice);
    }
    this.#owed = Number.isFinite(wanted) ? wanted - done : 0;
    const reached = elapsed > 0 ? done / elapsed : 0;
    this.#reached = this.#reached === undefined ? reached : this.#reached + FRESH * (reached - this.#reached);
  }

  /** A slice that was cut short by the frame's end says nothing about a full one that was fast. */
  #resize(millis: number, seconds: number): void {
    if (millis > SLICE_MILLIS) this.#slice = Math.max(SLICE_SECONDS_MIN, (seconds * SLICE_MILLIS) / millis);
    else if (millis < SLICE_MILLIS / 2 && seconds >= this.#slice) this.#slice = Math.min(SLICE_SECONDS_MAX, this.#slice * 2);
  }
}
