import { type AgentId, type InstrumentId, type OrderId, type Ticks, ticks } from '../core/units.ts';
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
  /** Messages judged so far, and in which of them each series was named last. */
  #messages = 0;
  readonly #namedIn: Float64Array;
  readonly #request: { -readonly [K in keyof OrderRequest]: OrderRequest[K] } = { ...UNKNOWN, type: 'limit' };

  constructor(books: Books, agents: number) {
    this.#books = books;
    this.#instruments = books.chain.instruments.length;
    this.#namedIn = new Float64Array(this.#instruments);
    this.#orders = new Float64Array(2 * agents * this.#instruments).fill(NO_ORDER);
  }

  /** Why a mass quote must be refused, or undefined when all of it may go on. */
  refusal(agent: AgentId, quotes: readonly SeriesQuote[]): RejectReason | undefined {
    if (this.#namesTwice(quotes)) return 'series-quoted-twice';
    // All old sides go before the first new one comes.
    let open = this.#books.open.count(agent) - this.#going(agent, quotes);
    for (const quote of quotes) {
      if (this.#crosses(agent, quote)) return 'quote-crosses-itself';
      for (const side of ['buy', 'sell'] as const) {
        const wanted = side === 'buy' ? quote.bid : quote.ask;
        if (wanted === undefined || wanted === 'keep') continue;
        const reason = this.#books.refusal(this.#asked(quote, side, wanted), open);
        if (reason !== undefined) return reason;
        open += 1;
      }
    }
    return undefined;
  }

  #namesTwice(quotes: readonly SeriesQuote[]): boolean {
    this.#messages += 1;
    for (const { instrument } of quotes) {
      if (this.#namedIn[instrument] === this.#messages) return true;
      this.#namedIn[instrument] = this.#messages;
    }
    return false;
  }

  /** How many of the agent's orders a mass quote withdraws. */
  #going(agent: AgentId, quotes: readonly SeriesQuote[]): number {
    let going = 0;
    for (const quote of quotes) {
      if (quote.bid !== 'keep' && this.#resting(agent, quote, 'buy') !== undefined) going += 1;
      if (quote.ask !== 'keep' && this.#resting(agent, quote, 'sell') !== undefined) going += 1;
    }
    return going;
  }

  /** True when a new side would trade with the other one, new or kept. */
  #crosses(agent: AgentId, quote: SeriesQuote): boolean {
    if ((quote.bid ?? 'keep') === 'keep' && (quote.ask ?? 'keep') === 'keep') return false;
    const bid = this.#priceOf(agent, quote, 'buy', quote.bid);
    const ask = this.#priceOf(agent, quote, 'sell', quote.ask);
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  /** The price of a side as the message leaves it. */
  #priceOf(agent: AgentId, quote: SeriesQuote, side: 'buy' | 'sell', wanted: SeriesQuote['bid']): Ticks | undefined {
    if (wanted !== 'keep') return wanted?.price;
    const kept = this.#resting(agent, quote, side);
    return kept === undefined ? undefined : this.#books.of(quote.instrument).priceOf(kept);
  }

  /** Takes note that a replacement has taken the place of a quote: it is the quote from now on. */
  replaced(agent: AgentId, instrument: InstrumentId, side: 'buy' | 'sell', order: OrderId): void {
    this.#orders[this.#at(agent, { instrument }, side)] = order;
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

  #at(agent: AgentId, { instrument }: Pick<SeriesQuote, 'instrument'>, side: 'buy' | 'sell'): number {
    return 2 * (agent * this.#instruments + instrument) + (side === 'buy' ? 0 : 1);
  }
}
