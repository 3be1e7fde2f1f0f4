import { type AgentId, agentId, type InstrumentId, type Lots, lots, type OrderId, type Ticks } from '../core/units.ts';
import type { FillCause, Side } from '../market/order.ts';
import { NO_ORDER, UNKNOWN } from './blank-report.ts';
import { REMOVAL, type RemovalCause } from './trace-codes.ts';

/** One thing that happened to one order. */
export interface Outcome {
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
  /** Of a match: the order that came, what of it had not traded yet, and how it came to this one. */
  readonly taker: { agent: AgentId; order: OrderId; remaining: Lots; cause: FillCause };
}

/** An outcome to be filled in, again and again. */
export function blankOutcome(): Outcome {
  const taker = { agent: agentId(0), order: NO_ORDER, remaining: lots(0), cause: 'touch' as const };
  return { ...UNKNOWN, kind: 'accepted', agent: agentId(0), order: NO_ORDER, remaining: lots(0), cause: REMOVAL.cancelled, taker };
}
