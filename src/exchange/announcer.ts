import { InvariantError } from '../core/assert.ts';
import { type AgentId, type InstrumentId, type Lots, lots, type Money, money, type OrderId, type Ticks } from '../core/units.ts';
import { TRACE } from '../kernel/trace.ts';
import type { Instrument } from '../market/instrument.ts';
import { type Liquidity, opposite, type RejectReason, type Report, type Side } from '../market/order.ts';
import { blankMatch, blankReport, NO_ORDER, UNKNOWN } from './blank-report.ts';
import type { ExchangeSinks } from './exchange-sinks.ts';
import type { Outcome } from './outcome.ts';
import { REQUESTS } from './requests.ts';
import { type FeeSchedule, feePerLot } from './rules.ts';
import { causeCode, rejectCode } from './trace-codes.ts';

/**
 * Puts what happens at the exchange into records, matches with their fees, and reports. For each match: its two trace records, the match,
 * the taker's fill, the maker's fill. There is one report and one match, filled anew each time: nothing is allocated per request.
 */
export class Announcer {
  readonly #instruments: readonly Instrument[];
  readonly #fees: FeeSchedule;
  readonly #sinks: ExchangeSinks;
  readonly #report = blankReport();
  readonly #match = blankMatch();
  #indexDollars: number | undefined;

  constructor(instruments: readonly Instrument[], fees: FeeSchedule, sinks: ExchangeSinks) {
    this.#instruments = instruments;
    this.#fees = fees;
    this.#sinks = sinks;
  }

  /** Index price of the underlying from now on, for fees of options. */
  setIndex(dollars: number): void {
    if (!(dollars > 0 && Number.isFinite(dollars))) throw new InvariantError(`index price ${dollars} is not positive`);
    REQUESTS.setIndex.tell(this.#sinks, dollars);
    this.#indexDollars = dollars;
  }

  /** An agent's quotes have been taken out by its protection. */
  frozen(agent: AgentId): void {
    this.#sinks.record(TRACE.frozen, UNKNOWN.instrument, agent, NO_ORDER, 0, 0, 0);
    this.news('frozen', agent, NO_ORDER, lots(0));
  }

  /** A request was refused; nothing else comes of it. */
  rejected(reason: RejectReason, agent: AgentId, order: OrderId, instrument: InstrumentId, side: Side, price: Ticks, size: Lots): void {
    this.#sinks.record(TRACE.rejected, instrument, agent, order, price, size, rejectCode(reason));
    this.#fill('rejected', order, instrument, side, price, size, lots(0), 'taker', money(0));
    this.#report.reason = reason;
    this.#sinks.report(agent, this.#report);
  }

  /** Something that concerns an agent as a whole. */
  news(kind: Report['kind'], agent: AgentId, order: OrderId, size: Lots): void {
    this.#fill(kind, order, UNKNOWN.instrument, UNKNOWN.side, UNKNOWN.price, size, lots(0), 'maker', money(0));
    this.#sinks.report(agent, this.#report);
  }

  outcome(outcome: Outcome): void {
    if (outcome.kind === 'matched') this.#matched(outcome);
    else if (outcome.kind === 'accepted') this.#told(outcome, TRACE.accepted, outcome.side === 'sell' ? 1 : 0, outcome.lots);
    else this.#told(outcome, TRACE.removed, outcome.cause, outcome.remaining);
  }

  #told(outcome: Outcome, kind: number, extra: number, remaining: Lots): void {
    const { agent, order, instrument, side, price, lots: size } = outcome;
    this.#sinks.record(kind, instrument, agent, order, price, size, extra);
    this.#fill(kind === TRACE.accepted ? 'accepted' : 'removed', order, instrument, side, price, size, remaining, 'maker', money(0));
    this.#sinks.report(agent, this.#report);
  }

  #matched(maker: Outcome): void {
    const { taker, instrument, price, lots: size } = maker;
    const match = this.#match;
    match.instrument = instrument;
    match.price = price;
    match.lots = size;
    match.taker = taker.agent;
    match.takerOrder = taker.order;
    match.takerSide = opposite(maker.side);
    match.maker = maker.agent;
    match.makerOrder = maker.order;
    match.cause = taker.cause;
    const makerFee = this.#fee(maker, 'maker');
    const takerFee = this.#fee(maker, 'taker');
    this.#sinks.record(TRACE.filled, instrument, taker.agent, taker.order, price, size, maker.order);
    this.#sinks.record(TRACE.hit, instrument, maker.agent, maker.order, price, size, causeCode(taker.cause));
    this.#sinks.match(match, makerFee, takerFee);
    this.#fill('fill', taker.order, instrument, match.takerSide, price, size, taker.remaining, 'taker', takerFee);
    this.#sinks.report(taker.agent, this.#report);
    this.#fill('fill', maker.order, instrument, maker.side, price, size, maker.remaining, 'maker', makerFee);
    this.#sinks.report(maker.agent, this.#report);
  }

  #fee(maker: Outcome, liquidity: Liquidity): Money {
    const instrument = this.#instruments[maker.instrument];
    const index = this.#indexDollars;
    if (instrument === undefined || index === undefined) throw new InvariantError('a match before the first index price');
    return money(feePerLot(instrument, maker.price, liquidity, index, this.#fees) * maker.lots);
  }

  #fill(
    kind: Report['kind'],
    order: OrderId,
    instrument: InstrumentId,
    side: Side,
    price: Ticks,
    size: Lots,
    remaining: Lots,
    liquidity: Liquidity,
    fee: Money,
  ): void {
    const report = this.#report;
    report.kind = kind;
    report.order = order;
    report.instrument = instrument;
    report.side = side;
    report.price = price;
    report.lots = size;
    report.remaining = remaining;
    report.liquidity = liquidity;
    report.fee = fee;
    report.reason = undefined;
  }
}
