import type { AgentId, InstrumentId, Money, OrderId } from '../core/units.ts';
import type { Match, Report } from '../market/order.ts';

/**
 * Who hears of what happens at an exchange. All calls come after a request has had its full effect, so what a listener
 * reads is settled; a listener must not call the exchange back at the same instant. Objects are borrowed: copy what is kept.
 */
export interface ExchangeSinks {
  /** Private news of an order, for its owner alone. */
  report(agent: AgentId, report: Readonly<Report>): void;
  /** One match, before the two fills are reported. Fees are for all its lots; negative for a rebate. */
  match(match: Readonly<Match>, makerFee: Money, takerFee: Money): void;
  /** The book of an instrument is not what it was: once per request and instrument, after all reports. */
  changed(instrument: InstrumentId): void;
  /** A trace record (`TRACE` of the kernel); `agent` is undefined where none is concerned. */
  record(
    kind: number,
    instrument: InstrumentId,
    agent: AgentId | undefined,
    order: OrderId,
    price: number,
    lots: number,
    extra: number,
  ): void;
}
