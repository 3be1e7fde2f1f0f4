import { type AgentId, NANOS_PER_SECOND, type Nanos } from '../core/units.ts';
import type { OrderLimits } from './rules.ts';

/** How many requests each agent may still send: a bucket that fills at `perSecond` up to `burst`, and loses one with each request. */
export class RequestRate {
  readonly #perNano: number;
  readonly #burst: number;
  readonly #left: Float64Array;
  readonly #at: Float64Array;

  constructor(rate: NonNullable<OrderLimits['requestRate']>, agents: number) {
    this.#perNano = rate.perSecond / NANOS_PER_SECOND;
    this.#burst = rate.burst;
    this.#left = new Float64Array(agents).fill(rate.burst);
    this.#at = new Float64Array(agents);
  }

  /** Takes one request out of the agent's bucket; false, and nothing taken, when there is none in it. */
  takes(agent: AgentId, now: Nanos): boolean {
    const filled = Math.min(this.#burst, (this.#left[agent] ?? 0) + (now - (this.#at[agent] ?? 0)) * this.#perNano);
    this.#at[agent] = now;
    const granted = filled >= 1;
    this.#left[agent] = granted ? filled - 1 : filled;
    return granted;
  }
}
