import { type AgentId, agentId, type InstrumentId, type Lots, type OrderId, type Ticks } from '../core/units.ts';
import { type OrderRequest, opposite, type Side } from '../market/order.ts';
import type { Announcer } from './announcer.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import { blankOutcome, type Outcome } from './outcome.ts';
import { REMOVAL, type RemovalCause } from './trace-codes.ts';

/**
 * What one request came to: collected while the books change, announced when they have changed, in the same order. Outcomes are objects
 * that are filled anew each time: none is made per request once the longest list has been met.
 */
export class Outcomes {
  readonly #announcer: Announcer;
  readonly #changed: (instrument: InstrumentId) => void;
  readonly #list: Outcome[] = [];
  #count = 0;
  /** Instruments whose books have changed, in that order, and which those are. An array that is emptied would be allocated anew. */
  readonly #touched: InstrumentId[] = [];
  #touches = 0;
  readonly #isTouched: boolean[];
  /** The order that is being matched: whose, what of it is open, its limit, and the best price that it found. */
  #taker: AgentId = agentId(0);
  #takerOrder: OrderId = NO_ORDER;
  #takerSide: Side = 'buy';
  #instrument: InstrumentId = UNKNOWN.instrument;
  #open = 0;
  #limit: number | undefined;
  #best: number | undefined;

  constructor(announcer: Announcer, instruments: number, changed: (instrument: InstrumentId) => void) {
    this.#announcer = announcer;
    this.#changed = changed;
    this.#isTouched = new Array<boolean>(instruments).fill(false);
  }

  /** Says whose order the coming matches are of, its limit (undefined: any price), and the best price on the other side. */
  taking(agent: AgentId, order: OrderId, request: OrderRequest, limit: Ticks | undefined, best: Ticks | undefined): void {
    this.#taker = agent;
    this.#takerOrder = order;
    this.#takerSide = request.side;
    this.#instrument = request.instrument;
    this.#open = request.lots;
    this.#limit = limit;
    this.#best = best;
  }

  /** What of the order that was being matched has not traded. */
  get open(): Lots {
    return this.#open as Lots;
  }

  /** The taker's order met a resting one, which has `remaining` lots left. */
  matched(maker: AgentId, order: OrderId, price: Ticks, size: Lots, remaining: Lots): void {
    const outcome = this.#add('matched', maker, order, this.#instrument, opposite(this.#takerSide), price, size);
    this.#open -= size;
    outcome.remaining = remaining;
    const { taker } = outcome;
    taker.agent = this.#taker;
    taker.order = this.#takerOrder;
    taker.remaining = this.#open as Lots;
    taker.cause = price !== this.#best ? 'swept' : this.#limit === price ? 'touch' : 'crossed';
    this.#touch(this.#instrument);
  }

  /** The taker's own resting order was removed instead of trading with it. */
  prevented(order: OrderId, price: Ticks, remaining: Lots): void {
    this.removed(REMOVAL.prevented, this.#taker, order, this.#instrument, opposite(this.#takerSide), price, remaining);
  }

  /** An order rests. */
  accepted(agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, price: Ticks, resting: Lots): void {
    this.#add('accepted', agent, order, instrument, side, price, resting);
    this.#touch(instrument);
  }

  /** An order is gone, from its book or before it came there; where it was reduced, `remaining` lots of it rest on. */
  removed(
    cause: RemovalCause,
    agent: AgentId,
    order: OrderId,
    instrument: InstrumentId,
    side: Side,
    price: Ticks,
    unfilled: Lots,
    remaining: Lots = UNKNOWN.lots,
  ): void {
    const outcome = this.#add('removed', agent, order, instrument, side, price, unfilled);
    outcome.cause = cause;
    outcome.remaining = remaining;
    if (cause !== REMOVAL.dropped && cause !== REMOVAL.stopped) this.#touch(instrument);
  }

  /** Tells of all that was collected, in order, and forgets it. */
  tell(): void {
    for (let i = 0; i < this.#count; i += 1) {
      const outcome = this.#list[i];
      if (outcome === undefined) break;
      this.#announcer.outcome(outcome);
    }
    this.#count = 0;
  }

  /** Tells which books have changed since the last call. */
  tellChanges(): void {
    for (let i = 0; i < this.#touches; i += 1) {
      const instrument = this.#touched[i];
      if (instrument === undefined) break;
      this.#isTouched[instrument] = false;
      this.#changed(instrument);
    }
    this.#touches = 0;
  }

  #touch(instrument: InstrumentId): void {
    if (this.#isTouched[instrument] === true) return;
    this.#isTouched[instrument] = true;
    this.#touched[this.#touches] = instrument;
    this.#touches += 1;
  }

  #add(kind: Outcome['kind'], agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, price: Ticks, size: Lots): Outcome {
    let outcome = this.#list[this.#count];
    if (outcome === undefined) {
      outcome = blankOutcome();
      this.#list.push(outcome);
    }
    this.#count += 1;
    outcome.kind = kind;
    outcome.agent = agent;
    outcome.order = order;
    outcome.instrument = instrument;
    outcome.side = side;
    outcome.price = price;
    outcome.lots = size;
    return outcome;
  }
}
