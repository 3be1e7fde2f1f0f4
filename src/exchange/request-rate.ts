import { type AgentId, NANOS_PER_SECOND, type Nanos } from '../core/units.ts';
import type { OrderLimits } from './rules.ts';

/**
 * How many requests each agent may still send: a bucket that fills at `perSecond` up to `burst`, and loses one with each request. It is
 * counted in requests times nanoseconds: for a whole number per second all sums are exact, and the next request is due to the nanosecond.
 */
export class RequestRate {
  readonly #perSecond: number;
  readonly #full: number;
  readonly #left: Float64Array;
  readonly #at: Float64Array;

  constructor(rate: NonNullable<OrderLimits['requestRate']>, agents: number) {
    this.#perSecond = rate.perSecond;
    this.#full = rate.burst * NANOS_PER_SECOND;
    this.#left = new Float64Array(agents).fill(this.#full);
    this.#at = new Float64Array(agents);
  }

  /** Takes one request out of the agent's bucket; false, and nothing noted, when there is none in it. */
  takes(agent: AgentId, now: Nanos): boolean {
    const filled = Math.min(this.#full, (this.#left[agent] ?? 0) + (now - (this.#at[agent] ?? 0)) * this.#perSecond);
    if (filled < NANOS_PER_SECOND) return false;
    this.#at[agent] = now;
    this.#left[agent] = filled - NANOS_PER_SECOND;
    return true;
  }
}
