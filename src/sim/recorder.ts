import type { InstrumentId } from '../core/units.ts';
import type { Side } from '../market/order.ts';
import type { LogLine } from './snapshot.ts';

/** A print as the records keep it, in dollars and units. */
export interface Print {
  readonly instrument: InstrumentId;
  readonly seconds: number;
  readonly price: number;
  readonly size: number;
  readonly aggressor: Side;
}

const LOG_LINES = 400;
const PRINTS_KEPT = 400;
const HISTORY_SAMPLES = 480;

/** What is kept of a run for its reader: counts, the last lines and prints, the subject's PnL line, everybody's drawdown. It changes nothing. */
export class Recorder {
  /** Prints in option series, and the units they came to. */
  prints = 0;
  volume = 0;
  readonly log: LogLine[] = [];
  readonly lastPrints: Print[] = [];
  readonly history: { seconds: number; total: number }[] = [];
  readonly #peaks: Float64Array;
  readonly #drawdowns: Float64Array;
  readonly #equities: Float64Array;
  readonly #everySteps: number;
  #squares = 0;
  #moves = 0;
  #spot: number | undefined;
  #step = 0;

  constructor(agents: number, steps: number) {
    this.#peaks = new Float64Array(agents);
    this.#drawdowns = new Float64Array(agents);
    this.#equities = new Float64Array(agents);
    this.#everySteps = Math.max(1, Math.ceil(steps / HISTORY_SAMPLES));
  }

  line(seconds: number, kind: LogLine['kind'], text: string): void {
    this.log.push({ seconds, kind, text });
    if (this.log.length > LOG_LINES) this.log.splice(0, this.log.length - LOG_LINES / 2);
  }

  print(print: Print, isOption: boolean): void {
    if (isOption) {
      this.prints += 1;
      this.volume += print.size;
    }
    this.lastPrints.push(print);
    if (this.lastPrints.length > PRINTS_KEPT) this.lastPrints.splice(0, this.lastPrints.length - PRINTS_KEPT / 2);
  }

  /** Samples one world step. `totalOf` gives an agent's profit and loss. */
  step(seconds: number, spot: number, subject: number, totalOf: (agent: number) => number): void {
    this.#step += 1;
    if (this.#spot !== undefined) {
      const move = Math.log(spot / this.#spot);
      this.#squares += move * move;
      this.#moves += 1;
    }
    this.#spot = spot;
    for (let agent = 0; agent < this.#peaks.length; agent += 1) {
      const total = totalOf(agent);
      this.#equities[agent] = total;
      this.#peaks[agent] = Math.max(this.#peaks[agent] ?? 0, total);
      this.#drawdowns[agent] = Math.max(this.#drawdowns[agent] ?? 0, (this.#peaks[agent] ?? 0) - total);
    }
    if (this.#step % this.#everySteps === 0) this.history.push({ seconds, total: this.#equities[subject] ?? 0 });
  }

  /** Largest fall of an agent's profit and loss from its peak so far (at least 0), in dollars. */
  maxDrawdown(agent: number): number {
    return this.#drawdowns[agent] ?? 0;
  }

  /** Annualised vol of the spot over the run so far, from its moves per step. */
  realisedVol(stepSeconds: number): number | undefined {
    return this.#moves === 0 ? undefined : Math.sqrt((this.#squares / this.#moves) * (31_536_000 / stepSeconds));
  }
}
