import type { WorldSessions } from './world-spec.ts';

/** The market's own time on the grid of the world: what moves by itself does so at its pace, and customers come while it is open. */
export class MarketTime {
  readonly #sessions: WorldSessions | undefined;
  readonly #stepMillis: number;

  /** @param sessions undefined: always open, and as fast as the clock. */
  constructor(sessions: WorldSessions | undefined, stepMillis: number) {
    this.#sessions = sessions;
    this.#stepMillis = stepMillis;
  }

  /** Whether the market is open at the start of a step. */
  isOpen(step: number): boolean {
    return this.#sessions?.calendar.isOpen((step * this.#stepMillis) / 1000) ?? true;
  }

  /** Market time per clock time on the way to a step, as it is in the middle of that way. */
  pace(step: number): number {
    return this.#sessions?.calendar.pace(((step - 0.5) * this.#stepMillis) / 1000, this.#sessions.overnightShare) ?? 1;
  }
}
