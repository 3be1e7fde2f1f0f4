import { type Lots, lots, type Ticks, ticks } from '../core/units.ts';
import type { Side } from '../market/order.ts';
import { refuse } from './csv-table.ts';
import { NumberRows } from './number-rows.ts';

const COLUMNS = ['id', 'timestamp', 'exchange.timestamp', 'price', 'volume', 'action', 'direction'] as const;
const ACTIONS = ['created', 'changed', 'deleted'] as const;
/** What separates the cents: prices have at most two decimals. */
const PRICE = /^(\d{1,12})(?:\.(\d{1,2}))?$/;

/** One event of the life of an order on Bitstamp. */
export interface BitstampEvent {
  readonly order: number;
  /** When it was received, in milliseconds since 1970. */
  readonly receivedMillis: number;
  readonly action: (typeof ACTIONS)[number];
  readonly side: Side;
  /** In cents. */
  readonly price: Ticks;
  /**
   * In units of 1e-8 coins: what the order has left. A `deleted` order has 0 when its last lots traded, and what it still had when it
   * was cancelled.
   */
  readonly volume: Lots;
}

/**
 * Reads order events of Bitstamp as the R package ob-analytics keeps them: `id`, `timestamp` (receipt, milliseconds),
 * `exchange.timestamp` (milliseconds, in whole seconds; checked and not used), `price` in dollars, `volume` in 1e-8 coins, `action`,
 * `direction`. Columns may come in any order under a header; without one they come in this order. Rows are in the order of receipt.
 * @throws InputError naming line and column of what is wrong: the first 20 faults.
 */
export function readBitstampOrders(source: string, text: string): BitstampEvent[] {
  const rows = new NumberRows(source, COLUMNS);
  const events: BitstampEvent[] = [];
  let last = 0;
  const header = (cells: readonly string[], line: number): readonly number[] => {
    const names = cells.map((name) => name.trim().replace(/^"|"$/g, ''));
    const missing = COLUMNS.filter((column) => names.filter((name) => name === column).length !== 1);
    if (missing.length > 0 || names.length !== COLUMNS.length) {
      refuse(source, `has the header '${names.join(',').slice(0, 80)}', expected the columns ${COLUMNS.join(', ')}`, line);
    }
    return COLUMNS.map((column) => names.indexOf(column));
  };
  rows.each(text, header, () => {
    if (!rows.hasWidth(COLUMNS.length)) return;
    const order = rows.whole(0, 1);
    const receivedMillis = rows.number(1, `milliseconds, not before those of the row above (${last})`, (value) => {
      return Number.isSafeInteger(value) && value >= last;
    });
    rows.whole(2, 1);
    const [, dollars, cents = ''] = PRICE.exec(rows.text(3)) ?? [];
    if (dollars === undefined) rows.fault(3, 'a price in dollars with at most two decimals');
    const price = Number(dollars) * 100 + Number(cents.padEnd(2, '0'));
    if (price === 0) rows.fault(3, 'a price above 0');
    const action = ACTIONS.find((name) => name === rows.text(5));
    if (action === undefined) rows.fault(5, ACTIONS.join(', '));
    const volume = rows.whole(4, action === 'deleted' ? 0 : 1);
    const direction = rows.text(6);
    if (direction !== 'bid' && direction !== 'ask') rows.fault(6, 'bid or ask');
    if (!(price > 0) || action === undefined || Number.isNaN(order + receivedMillis + volume)) return;
    last = receivedMillis;
    events.push({ order, receivedMillis, action, side: direction === 'bid' ? 'buy' : 'sell', price: ticks(price), volume: lots(volume) });
  });
  rows.end(events.length);
  return events;
}
