import type { InstrumentId } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Chain } from '../market/chain.ts';
import type { AgentDesk } from './desk.ts';

/**
 * Marks of one agent's positions as a screen would give them: the mid of the two-sided book without its own orders, else the last such mid (decision 11).
 * No quote of the agent enters its own mark.
 */
export class ScreenMarks {
  readonly #chain: Chain;
  readonly #exchange: Exchange;
  readonly #desk: AgentDesk;
  readonly #last: Float64Array;

  constructor(chain: Chain, exchange: Exchange, desk: AgentDesk) {
    this.#chain = chain;
    this.#exchange = exchange;
    this.#desk = desk;
    this.#last = new Float64Array(chain.instruments.length).fill(Number.NaN);
  }

  /** Looks at the books of what is held. */
  step(): void {
    for (const listing of this.#chain.instruments) if (this.#desk.position(listing.id) !== 0) this.#look(listing.id);
  }

  #look(instrument: InstrumentId): void {
    const book = this.#exchange.book(instrument);
    const bid = book.bestExcluding('buy', this.#desk.id);
    const ask = book.bestExcluding('sell', this.#desk.id);
    if (bid !== undefined && ask !== undefined)
      this.#last[instrument] = ((bid + ask) / 2) * (this.#chain.instruments[instrument]?.tickSize ?? 0);
  }

  /** Dollars per unit, or `otherwise` when no such mid was ever seen. */
  mark(instrument: InstrumentId, otherwise: number): number {
    const last = this.#last[instrument] ?? Number.NaN;
    return Number.isNaN(last) ? otherwise : last;
  }
}
