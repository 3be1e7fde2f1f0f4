import { InvariantError } from '../core/assert.ts';
import { type AgentId, agentId, type InstrumentId, type Lots, lots, type Money, money, type OrderId, type Ticks } from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import type { Instrument } from '../market/instrument.ts';
import { type OrderRequest, opposite, type RejectReason, type Side } from '../market/order.ts';
import { blankMatch, blankReport, NO_ORDER, UNKNOWN } from './blank-report.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import { type FeeSchedule, feePerLot } from './rules.ts';
import { REMOVAL, type RemovalCause, rejectCode, submitCode } from './trace-codes.ts';

/** One thing that happened to one order. */
interface Outcome {
  /** `matched`: the order is the maker's. */
  kind: 'matched' | 'accepted' | 'removed';
  agent: AgentId;
  order: OrderId;
  instrument: InstrumentId;
  side: Side;
  price: Ticks;
  /** Traded, resting or unfilled, by kind. */
  lots: Lots;
  /** What a matched or reduced order has left. */
  remaining: Lots;
  cause: RemovalCause;
}

/**
 * What one request came to: collected while the books change, told to the sinks when they have changed, in the same order.
 *
 * For each match: its trace record, the match, the taker's fill, the maker's fill. Outcomes, report and match are objects
 * that are filled anew each time: none is made per request once the longest list has been met.
 */
export class Outcomes {
  readonly #instruments: readonly Instrument[];
  readonly #fees: FeeSchedule;
  readonly #sinks: ExchangeSinks;
  readonly #report = blankReport();
  readonly #match = blankMatch();
  readonly #list: Outcome[] = [];
  #count = 0;
  /** Instruments whose books have changed, in that order, and which those are. An array that is emptied would be allocated anew. */
  readonly #touched: InstrumentId[] = [];
  #touches = 0;
  readonly #isTouched: boolean[];
  #takerLots = lots(0);
  #indexDollars: number | undefined;

  constructor(instruments: readonly Instrument[], fees: FeeSchedule, sinks: ExchangeSinks) {
    this.#instruments = instruments;
    this.#fees = fees;
    this.#sinks = sinks;
    this.#isTouched = instruments.map(() => false);
  }

  /** Index price of the underlying from now on, for fees of options. */
  setIndex(dollars: number): void {
    if (!(dollars > 0 && Number.isFinite(dollars))) throw new InvariantError(`index price ${dollars} is not positive`);
    this.#indexDollars = dollars;
  }

  /** Says whose order the coming matches are of; a request has at most one such order. */
  taking(agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, size: Lots): void {
    const match = this.#match;
    match.instrument = instrument;
    match.taker = agent;
    match.takerOrder = order;
    match.takerSide = side;
    this.#takerLots = size;
  }

  /** The taker's order met a resting one, which has `remaining` lots left. */
  matched(maker: AgentId, order: OrderId, price: Ticks, size: Lots, remaining: Lots): void {
    const { instrument, takerSide } = this.#match;
    const outcome = this.#add('matched', maker, order, instrument, opposite(takerSide), price, size);
    outcome.remaining = remaining;
    this.#touch(instrument);
  }

  /** The taker's own resting order was removed instead of trading with it. */
  prevented(order: OrderId, price: Ticks, remaining: Lots): void {
    const { taker, instrument, takerSide } = this.#match;
    this.removed(REMOVAL.prevented, taker, order, instrument, opposite(takerSide), price, remaining);
  }

  /** An order rests. */
  accepted(agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, price: Ticks, resting: Lots): void {
    this.#add('accepted', agent, order, instrument, side, price, resting);
    this.#touch(instrument);
  }

  /** An order is gone, from its book unless it was `dropped` before it came there; where lots of it are `left`, these rest on. */
  removed(
    cause: RemovalCause,
    agent: AgentId,
    order: OrderId,
    instrument: InstrumentId,
    side: Side,
    price: Ticks,
    unfilled: Lots,
    left = lots(0),
  ): void {
    const outcome = this.#add('removed', agent, order, instrument, side, price, unfilled);
    outcome.cause = cause;
    outcome.remaining = left;
    if (cause !== REMOVAL.dropped) this.#touch(instrument);
  }

  /** Tells at once that a new order has arrived. */
  tellSubmitted(agent: AgentId, order: OrderId, request: OrderRequest): void {
    this.#sinks.record(TRACE.submitted, request.instrument, agent, order, request.price, request.lots, submitCode(request));
  }

  /** Tells of all that was collected, in order, and forgets it. */
  tell(): void {
    let open: number = this.#takerLots;
    for (let i = 0; i < this.#count; i += 1) {
      const outcome = this.#list[i];
      if (outcome === undefined) break;
      if (outcome.kind === 'matched') {
        open -= outcome.lots;
        this.#tellMatch(outcome, open as Lots);
      } else if (outcome.kind === 'accepted') {
        this.#record(TRACE.accepted, outcome, outcome.side === 'sell' ? 1 : 0);
        this.#tellOwner('accepted', outcome, outcome.lots);
      } else {
        this.#record(TRACE.removed, outcome, outcome.cause);
        this.#tellOwner('removed', outcome, outcome.remaining);
      }
    }
    this.#count = 0;
  }

  /** Tells which books have changed since the last call. */
  tellChanges(): void {
    for (let i = 0; i < this.#touches; i += 1) {
      const instrument = this.#touched[i];
      if (instrument === undefined) break;
      this.#isTouched[instrument] = false;
      this.#sinks.changed(instrument);
    }
    this.#touches = 0;
  }

  /** Tells at once that a request was refused; nothing else comes of it. */
  tellRejected(reason: RejectReason, agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, price: Ticks, size: Lots): void {
    this.#sinks.record(TRACE.rejected, instrument, agent, order, price, size, rejectCode(reason));
    const report = this.#report;
    report.kind = 'rejected';
    report.order = order;
    report.instrument = instrument;
    report.side = side;
    report.price = price;
    report.lots = size;
    report.remaining = lots(0);
    report.liquidity = 'taker';
    report.fee = money(0);
    report.reason = reason;
    this.#sinks.report(agent, report);
  }

  #tellMatch(maker: Outcome, takerOpen: Lots): void {
    const match = this.#match;
    const report = this.#report;
    match.price = maker.price;
    match.lots = maker.lots;
    match.maker = maker.agent;
    match.makerOrder = maker.order;
    const makerFee = this.#fee(maker, 'maker');
    const takerFee = this.#fee(maker, 'taker');
    this.#sinks.record(TRACE.filled, maker.instrument, match.taker, match.takerOrder, maker.price, maker.lots, maker.order);
    this.#sinks.match(match, makerFee, takerFee);
    report.kind = 'fill';
    report.order = match.takerOrder;
    report.instrument = maker.instrument;
    report.side = match.takerSide;
    report.price = maker.price;
    report.lots = maker.lots;
    report.remaining = takerOpen;
    report.liquidity = 'taker';
    report.fee = takerFee;
    report.reason = undefined;
    this.#sinks.report(match.taker, report);
    report.order = maker.order;
    report.side = maker.side;
    report.remaining = maker.remaining;
    report.liquidity = 'maker';
    report.fee = makerFee;
    this.#sinks.report(maker.agent, report);
  }

  #fee(maker: Outcome, liquidity: 'maker' | 'taker'): Money {
    const instrument = this.#instruments[maker.instrument];
    const index = this.#indexDollars;
    if (instrument === undefined || index === undefined) throw new InvariantError('a match before the first index price');
    return money(feePerLot(instrument, maker.price, liquidity, index, this.#fees) * maker.lots);
  }

  #record(kind: number, outcome: Outcome, extra: number): void {
    this.#sinks.record(kind, outcome.instrument, outcome.agent, outcome.order, outcome.price, outcome.lots, extra);
  }

  #tellOwner(kind: 'accepted' | 'removed', outcome: Outcome, remaining: Lots): void {
    const report = this.#report;
    report.kind = kind;
    report.order = outcome.order;
    report.instrument = outcome.instrument;
    report.side = outcome.side;
    report.price = outcome.price;
    report.lots = outcome.lots;
    report.remaining = remaining;
    report.liquidity = 'maker';
    report.fee = money(0);
    report.reason = undefined;
    this.#sinks.report(outcome.agent, report);
  }

  #touch(instrument: InstrumentId): void {
    if (this.#isTouched[instrument] === true) return;
    this.#isTouched[instrument] = true;
    this.#touched[this.#touches] = instrument;
    this.#touches += 1;
  }

  #add(kind: Outcome['kind'], agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, price: Ticks, size: Lots): Outcome {
    const outcome = this.#list[this.#count] ?? this.#lengthened();
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

  #lengthened(): Outcome {
    const blank = { agent: agentId(0), order: NO_ORDER, remaining: lots(0), cause: REMOVAL.cancelled };
    const outcome: Outcome = { ...UNKNOWN, ...blank, kind: 'accepted' };
    this.#list.push(outcome);
    return outcome;
  }
}
