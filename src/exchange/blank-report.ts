import { agentId, instrumentId, lots, money, orderId, ticks } from '../core/units.ts';
import type { Match, Report } from '../market/order.ts';

/** No order: what trace records carry that are of none. */
export const NO_ORDER = orderId(0);

/** What stands in the fields of a report on an order of which the exchange knows nothing, or may say nothing. */
export const UNKNOWN = { instrument: instrumentId(0), side: 'buy', price: ticks(0), lots: lots(0) } as const;

/** A report to be filled in, again and again. */
export function blankReport(): Report {
  return { ...UNKNOWN, kind: 'rejected', order: NO_ORDER, remaining: lots(0), liquidity: 'taker', fee: money(0), reason: undefined };
}

/** A match to be filled in, again and again. */
export function blankMatch(): { -readonly [K in keyof Match]: Match[K] } {
  const nobody = {
    taker: agentId(0),
    takerOrder: NO_ORDER,
    takerSide: 'buy',
    maker: agentId(0),
    makerOrder: NO_ORDER,
    cause: 'touch',
  } as const;
  return { instrument: UNKNOWN.instrument, price: UNKNOWN.price, lots: UNKNOWN.lots, ...nobody };
}
