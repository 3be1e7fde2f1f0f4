import type { AgentId, Nanos } from '../core/units.ts';
import type { Line } from '../kernel/line.ts';

/** One price of the index on its way, or the last that has come. */
interface Published {
  readonly arrival: Nanos;
  readonly dollars: number;
}

/**
 * The index as the venue publishes it, late by each agent's data line, which it shares with books and prints. Only who asks for it is sent it,
 * so that nobody else's line is drawn from.
 */
export class IndexFeed {
  readonly #now: () => Nanos;
  readonly #lines: readonly Line[];
  /** By agent: what has come last, and behind it what is under way; undefined where it was not asked for. */
  readonly #sent: (Published[] | undefined)[];
  #dollars: number | undefined;

  /** @param lines from the exchange, by agent. */
  constructor(now: () => Nanos, lines: readonly Line[]) {
    this.#now = now;
    this.#lines = lines;
    this.#sent = lines.map(() => undefined);
  }

  /** A new price of the index. */
  publish(dollars: number): void {
    this.#dollars = dollars;
    this.#sent.forEach((sent, agent) => {
      if (sent !== undefined) this.#send(agent, sent, dollars);
    });
  }

  /** Sends an agent the present price, and from now on each that is published. */
  watch(agent: AgentId): void {
    if (this.#sent[agent] !== undefined) return;
    const sent: Published[] = [];
    this.#sent[agent] = sent;
    if (this.#dollars !== undefined) this.#send(agent, sent, this.#dollars);
  }

  /** Dollars as an agent knows them now; undefined when none has come. */
  view(agent: AgentId): number | undefined {
    const sent = this.#sent[agent];
    if (sent === undefined) return undefined;
    const now = this.#now();
    while (sent[1] !== undefined && sent[1].arrival <= now) sent.shift();
    return sent[0] !== undefined && sent[0].arrival <= now ? sent[0].dollars : undefined;
  }

  #send(agent: number, sent: Published[], dollars: number): void {
    const line = this.#lines[agent];
    if (line === undefined) return;
    const now = this.#now();
    // Of what has come by now only the last can still be read.
    while (sent[1] !== undefined && sent[1].arrival <= now) sent.shift();
    sent.push({ arrival: line.arrival(now), dollars });
  }
}
