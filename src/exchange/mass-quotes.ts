import { type AgentId, type OrderId, ticks } from '../core/units.ts';
import type { OrderRequest, QuoteSide, RejectReason, SeriesQuote } from '../market/order.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import type { Books } from './books.ts';
import { FLAG } from './order-flags.ts';
import { REMOVAL } from './trace-codes.ts';

/**
 * Mass quotes: both sides of many series in one message. An agent has at most one quote per series and side. A message is judged as a whole
 * before any of it takes effect: it is carried out in full, or refused and nothing changes. First the old sides of all its series go, then
 * the new ones come, series by series, the bid before the ask; a side that is `kept` stays where it is in the queue.
 */
export class MassQuotes {
  readonly #books: Books;
  readonly #instruments: number;
  /** The order of each (agent, series, side) that was quoted last; it may be gone by now. */
  readonly #orders: Float64Array;
  readonly #request: { -readonly [K in keyof OrderRequest]: OrderRequest[K] } = { ...UNKNOWN, type: 'limit' };

  constructor(books: Books, agents: number) {
    this.#books = books;
    this.#instruments = books.chain.instruments.length;
    this.#orders = new Float64Array(2 * agents * this.#instruments).fill(NO_ORDER);
  }

  /** Why a mass quote must be refused, or undefined when all of it may go on. */
  refusal(agent: AgentId, quotes: readonly SeriesQuote[]): RejectReason | undefined {
    let added = 0;
    for (const [i, quote] of quotes.entries()) {
      if (quotes.findIndex(({ instrument }) => instrument === quote.instrument) !== i) return 'series-quoted-twice';
      const { bid, ask } = quote;
      if (bid !== undefined && bid !== 'keep' && ask !== undefined && ask !== 'keep' && bid.price >= ask.price)
        return 'quote-crosses-itself';
      for (const side of ['buy', 'sell'] as const) {
        const wanted = side === 'buy' ? bid : ask;
        if (wanted === 'keep') continue;
        if (this.#resting(agent, quote, side) !== undefined) added -= 1;
        if (wanted === undefined) continue;
        const reason = this.#books.refusal(this.#asked(quote, side, wanted), this.#books.open.count(agent) + added);
        if (reason !== undefined) return reason;
        added += 1;
      }
    }
    return undefined;
  }

  /** Carries out a mass quote that may go on. Returns how many sides it leaves the agent, of the series named. */
  place(agent: AgentId, quotes: readonly SeriesQuote[]): number {
    for (const quote of quotes) {
      for (const side of ['buy', 'sell'] as const) {
        const old = this.#resting(agent, quote, side);
        if (old !== undefined && (side === 'buy' ? quote.bid : quote.ask) !== 'keep') this.#books.withdraw(old, REMOVAL.replaced);
      }
    }
    let sides = 0;
    for (const quote of quotes) {
      for (const side of ['buy', 'sell'] as const) {
        const wanted = side === 'buy' ? quote.bid : quote.ask;
        if (wanted !== undefined && wanted !== 'keep') {
          this.#orders[this.#at(agent, quote, side)] = wanted.order;
          this.#books.execute(agent, wanted.order, this.#asked(quote, side, wanted), FLAG.quote);
        }
        if (this.#resting(agent, quote, side) !== undefined) sides += 1;
      }
    }
    return sides;
  }

  #asked(quote: SeriesQuote, side: 'buy' | 'sell', wanted: QuoteSide): OrderRequest {
    const request = this.#request;
    request.instrument = quote.instrument;
    request.side = side;
    request.price = ticks(wanted.price);
    request.lots = wanted.lots;
    return request;
  }

  /** The order that the agent's quote of a series has on a side, while it rests. */
  #resting(agent: AgentId, quote: SeriesQuote, side: 'buy' | 'sell'): OrderId | undefined {
    const order = this.#orders[this.#at(agent, quote, side)] as OrderId;
    return order !== NO_ORDER && this.#books.open.agentOf(order) === agent ? order : undefined;
  }

  #at(agent: AgentId, { instrument }: SeriesQuote, side: 'buy' | 'sell'): number {
    return 2 * (agent * this.#instruments + instrument) + (side === 'buy' ? 0 : 1);
  }
}
