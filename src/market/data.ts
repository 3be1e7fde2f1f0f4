import type { InstrumentId, Lots, Nanos, Ticks } from '../core/units.ts';
import type { Side } from './order.ts';

/** Best bid and offer. A side without orders is `undefined`, with 0 lots. Borrowed by the reader until its next read. */
export interface Bbo {
  bid: Ticks | undefined;
  bidLots: Lots;
  ask: Ticks | undefined;
  askLots: Lots;
}

/** A public print. `aggressor` is the side of the order that crossed. Borrowed by the hearer until it returns. */
export interface Trade {
  instrument: InstrumentId;
  price: Ticks;
  lots: Lots;
  aggressor: Side;
  at: Nanos;
}

/** Mid price in ticks (may be a half), or undefined when a side is missing: no value is invented (decision 10). */
export function midTicks(bbo: Readonly<Bbo>): number | undefined {
  return bbo.bid === undefined || bbo.ask === undefined ? undefined : (bbo.bid + bbo.ask) / 2;
}
