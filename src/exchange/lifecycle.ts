import { invariant } from '../core/assert.ts';
import { type AgentId, agentId, type InstrumentId, type Money } from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import { NO_ORDER } from './blank-report.ts';
import type { Books } from './books.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import { FLAG } from './order-flags.ts';
import type { Outcomes } from './outcomes.ts';
import type { RequestFrame } from './request-frame.ts';
import { REQUESTS } from './requests.ts';
import type { SettlementTerms } from './settlement.ts';
import { REMOVAL } from './trace-codes.ts';

/**
 * What the venue does by itself: a series is listed, trades, and expires; the market closes and opens, days end; a participant's connection
 * is lost and found; the perpetual is funded.
 */
export class Lifecycle {
  readonly #books: Books;
  readonly #outcomes: Outcomes;
  readonly #frame: RequestFrame;
  readonly #sinks: ExchangeSinks;
  readonly #connected: boolean[];
  #isOpen = true;

  constructor(agents: number, books: Books, outcomes: Outcomes, frame: RequestFrame, sinks: ExchangeSinks) {
    this.#books = books;
    this.#outcomes = outcomes;
    this.#frame = frame;
    this.#sinks = sinks;
    this.#connected = new Array<boolean>(agents).fill(true);
  }

  /** True while the instrument takes orders. */
  listed(instrument: InstrumentId): boolean {
    return this.#books.phase(instrument) === 'listed';
  }

  /** True once the instrument's expiry has passed: it takes no more orders. */
  expired(instrument: InstrumentId): boolean {
    return this.#books.phase(instrument) === 'closed';
  }

  /** False between two sessions: nothing is taken that adds an order. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  connected(agent: AgentId): boolean {
    return this.#connected[agent] === true;
  }

  /** Withholds series from trading, before the first request: they take no orders until they are listed. */
  withhold(instruments: readonly InstrumentId[]): void {
    for (const instrument of instruments) {
      REQUESTS.withhold.tell(this.#sinks, instrument);
      this.#books.setPhase(instrument, 'unlisted');
    }
  }

  /** Opens withheld series for trading. @throws InvariantError when one is open or has been. */
  list(instruments: readonly InstrumentId[]): void {
    this.#frame.begin();
    for (const instrument of instruments) {
      invariant(this.#books.phase(instrument) === 'unlisted', () => `instrument ${instrument} is ${this.#books.phase(instrument)}`);
      REQUESTS.list.tell(this.#sinks, instrument);
      this.#books.setPhase(instrument, 'listed');
    }
    this.#frame.end();
  }

  /** Ends the venue's day: all orders that were sent for the day are taken out, by agent and age. */
  endDay(): void {
    this.#frame.begin();
    REQUESTS.endDay.tell(this.#sinks);
    this.#takeOut(FLAG.day);
    this.#frame.end();
  }

  /**
   * Ends a session: all orders for the day and all quotes of mass quotes are taken out, by agent and age. Until {@link open}, what would add
   * an order is refused, and nothing trades; other orders rest on, and may be reduced and cancelled.
   */
  close(): void {
    this.#frame.begin();
    REQUESTS.close.tell(this.#sinks);
    this.#isOpen = false;
    this.#takeOut(FLAG.day | FLAG.quote);
    this.#frame.end();
  }

  open(): void {
    this.#frame.begin();
    REQUESTS.open.tell(this.#sinks);
    this.#isOpen = true;
    this.#frame.end();
  }

  /** Takes out everybody's orders that have one of these flags, by agent and age. */
  #takeOut(flags: number): void {
    for (let agent = 0; agent < this.#connected.length; agent += 1) {
      this.#books.withdrawAll(agentId(agent), REMOVAL.dayEnded, {}, flags);
    }
  }

  /** Funds the perpetual: calls `pay` with what each of its long lots pays, and each short one gets. */
  fund(moneyPerLot: Money, pay: (instrument: InstrumentId, moneyPerLot: Money) => void): void {
    this.#frame.begin();
    REQUESTS.fund.tell(this.#sinks, moneyPerLot);
    pay(this.#books.chain.underlying.id, moneyPerLot);
    this.#frame.end();
  }

  /** The agent's connection is lost: all its orders are taken out, and requests for new ones refused until {@link connect}. */
  disconnect(agent: AgentId): void {
    this.#frame.begin(agent);
    REQUESTS.disconnect.tell(this.#sinks, agent);
    this.#connected[agent] = false;
    this.#books.withdrawAll(agent, REMOVAL.disconnected);
    this.#frame.end();
  }

  connect(agent: AgentId): void {
    this.#frame.begin(agent);
    REQUESTS.connect.tell(this.#sinks, agent);
    this.#connected[agent] = true;
    this.#frame.end();
  }

  /**
   * The barrier at an expiry: removes all orders of its series and reports them, then calls `settle` for each series with
   * its terms at this index price in dollars, in the order of ids. From then on its orders are refused. Between two requests, or not at all.
   * @throws InvariantError when the expiry does not exist or has been settled before.
   */
  expire(
    expiryIndex: number,
    indexDollars: number,
    termsOf: (instrument: InstrumentId) => SettlementTerms,
    settle: (instrument: InstrumentId, terms: SettlementTerms) => void,
  ): void {
    const series = this.#books.chain.options.filter((option) => option.expiry === expiryIndex);
    invariant(series.length > 0 && !series.some(({ id }) => this.expired(id)), () => `expiry ${expiryIndex} is unknown or settled`);
    this.#frame.begin();
    REQUESTS.expire.tell(this.#sinks, expiryIndex, indexDollars);
    for (const { id } of series) {
      this.#books.setPhase(id, 'closed');
      this.#books.clear(id, REMOVAL.expired);
    }
    this.#outcomes.tell();
    for (const { id } of series) {
      const terms = termsOf(id);
      this.#sinks.record(TRACE.settled, id, undefined, NO_ORDER, 0, terms.feePerLot, terms.moneyPerLot);
      settle(id, terms);
    }
    this.#frame.end();
  }
}
