import { InvariantError, invariant } from '../core/assert.ts';
import type { Nanos } from '../core/units.ts';
import { EventQueue } from './event-queue.ts';

/** Something that events are addressed to. What a code and a payload mean is between the target and who schedules it. */
export interface Target {
  on(code: number, payload: number): void;
}

/**
 * The only clock: a queue of events, each delivered to one target at its own time.
 *
 * Events run in the order of (time, tie, sequence of scheduling); time never goes back. The kernel knows nothing of what
 * it runs, and `advance` may be cut into any slices without a difference to the run.
 */
export class Kernel {
  readonly #seed: string;
  readonly #queue: EventQueue;
  readonly #targets: Target[] = [];
  #hook: ((now: Nanos) => void) | undefined;
  /** Now, in an array of one: a field would hold an object of its own for each new time. */
  readonly #clock = new Float64Array(1);
  #processed = 0;
  #running = false;

  /** `seed` only labels errors; `queueCapacity` is the scenario's `limits.queue`. */
  constructor(options: { readonly seed: string; readonly queueCapacity: number }) {
    this.#seed = options.seed;
    this.#queue = new EventQueue(options.queueCapacity);
  }

  /** Time of the event under way, or up to which the run has advanced. */
  get now(): Nanos {
    return (this.#clock[0] ?? 0) as Nanos;
  }

  /** Number of events begun so far; the event under way has this number, counted from 1. */
  get events(): number {
    return this.#processed;
  }

  /** Number of events scheduled and not yet begun. */
  get pending(): number {
    return this.#queue.size;
  }

  /** Time of the earliest pending event, or undefined when none is. */
  get next(): Nanos | undefined {
    return this.#queue.peekTime();
  }

  /** Makes a target known; returns the number by which events are addressed to it. */
  register(target: Target): number {
    this.#targets.push(target);
    return this.#targets.length - 1;
  }

  /**
   * Delivers `code` and `payload` to a target at a time that is not before `now`. Of events at one time those of smaller
   * `tie` (unsigned 32 bits) come first, then those scheduled earlier.
   * @throws InvariantError on a time in the past, or an unknown target.
   * @throws InputError when the queue is at its limit.
   */
  schedule(at: Nanos, target: number, code: number, payload: number, tie = 0): void {
    // Written so that NaN fails; the message is built only then, as this is called for every event.
    if (!(at >= this.now)) throw new InvariantError(`event scheduled at ${at} ns, before now (${this.now} ns)`);
    if (target >= this.#targets.length || target < 0) throw new InvariantError(`event for target ${target}, which is not registered`);
    if (tie >>> 0 !== tie) throw new InvariantError(`tie ${tie} is not an unsigned 32-bit number`);
    this.#queue.push(at, tie, target, code, payload);
  }

  /**
   * Processes all events up to and including `until`, at most `eventsMaximum` of them. Once none is left up to `until`,
   * `now` is `until`; after a stop by number `now` is the time of the last event.
   * @returns the number of events processed.
   * @throws InvariantError when called by a target, or for a time in the past. One that a target throws is completed with
   *   the event's number and the seed.
   */
  advance(until: Nanos, eventsMaximum = Number.POSITIVE_INFINITY): number {
    invariant(!this.#running, 'advance called while an event is under way');
    invariant(until >= this.now, () => `advance to ${until} ns, before now (${this.now} ns)`);
    const before = this.#processed;
    this.#running = true;
    try {
      this.#run(until, before + eventsMaximum);
    } catch (error) {
      if (error instanceof InvariantError) {
        error.event ??= this.#processed;
        error.seed ??= this.#seed;
      }
      throw error;
    } finally {
      this.#running = false;
    }
    return this.#processed - before;
  }

  /** Calls `hook` after each event, for checks that must hold at all times; undefined takes it away. */
  onEvent(hook: ((now: Nanos) => void) | undefined): void {
    this.#hook = hook;
  }

  #run(until: Nanos, processedMaximum: number): void {
    const queue = this.#queue;
    const targets = this.#targets;
    while (queue.due(until)) {
      if (this.#processed >= processedMaximum) return;
      queue.pop();
      this.#clock[0] = queue.time;
      this.#processed += 1;
      targets[queue.target]?.on(queue.code, queue.payload);
      this.#hook?.(this.now);
    }
    this.#clock[0] = until;
  }
}
