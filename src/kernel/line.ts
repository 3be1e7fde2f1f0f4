import type { Rng } from '../core/rng.ts';
import { type Nanos, nanos } from '../core/units.ts';
import { type LatencyDraw, type LatencyLaw, latencyDraw } from './latency.ts';

/**
 * A one-way connection between an agent and the exchange. Messages arrive in the order in which they are sent, as over TCP: one that is
 * quicker than the one before it waits for it, and both arrive at the same nanosecond. So arrival = max(arrival before, now + latency).
 */
export class Line {
  readonly #constantNanos: number;
  readonly #draw: LatencyDraw | undefined;
  #last = 0;

  /** @param stream opened only where the law draws: a constant latency takes nothing from chance. */
  constructor(law: LatencyLaw, stream: () => Rng) {
    this.#constantNanos = law.kind === 'constant' ? law.nanos : 0;
    this.#draw = law.kind === 'constant' ? undefined : latencyDraw(law, stream());
  }

  /** When a message that is sent now arrives. One draw: to be asked once per message, in the order of sending. */
  arrival(now: Nanos): Nanos {
    if (this.#draw === undefined) return nanos(now + this.#constantNanos);
    this.#last = Math.max(this.#last, now + this.#draw());
    return nanos(this.#last);
  }
}
