import { InvariantError } from '../core/assert.ts';
import type { AgentId } from '../core/units.ts';
import type { Announcer } from './announcer.ts';
import type { Books } from './books.ts';
import type { Outcomes } from './outcomes.ts';
import type { Protection } from './protection.ts';
import { REMOVAL } from './trace-codes.ts';

/** What begins and ends every request: one at a time; at its end all is told, and quotes whose protection was exceeded are taken out. */
export class RequestFrame {
  readonly #agents: number;
  readonly #books: Books;
  readonly #outcomes: Outcomes;
  readonly #announcer: Announcer;
  readonly #protection: Protection;
  #busy = false;

  constructor(agents: number, books: Books, outcomes: Outcomes, announcer: Announcer, protection: Protection) {
    this.#agents = agents;
    this.#books = books;
    this.#outcomes = outcomes;
    this.#announcer = announcer;
    this.#protection = protection;
  }

  /** @throws InvariantError inside another request, or for an agent that does not exist. */
  begin(agent?: AgentId): void {
    if (this.#busy) throw new InvariantError('the exchange was called while it told of another request');
    if (agent !== undefined && !(agent >= 0 && agent < this.#agents)) throw new InvariantError(`agent ${agent} does not exist`);
    this.#busy = true;
  }

  end(): void {
    this.#outcomes.tell();
    for (let agent = this.#protection.nextTripped(); agent !== undefined; agent = this.#protection.nextTripped()) {
      this.#books.withdrawAll(agent, REMOVAL.protected, { quotes: true });
      this.#outcomes.tell();
      this.#announcer.frozen(agent);
    }
    this.#outcomes.tellChanges();
    this.#busy = false;
  }
}
