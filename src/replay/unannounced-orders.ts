import { type Lots, lots, type Ticks } from '../core/units.ts';
import type { BitstampEvent } from '../data/bitstamp-orders.ts';
import type { Side } from '../market/order.ts';

/** An order that was there before its first event. */
export interface UnannouncedOrder {
  readonly order: number;
  readonly side: Side;
  readonly price: Ticks;
  readonly volume: Lots;
}

/** Both reports of one fill lie so near to each other. */
const ROWS_APART = 4;
const MILLIS_APART = 100;

/**
 * The orders whose first event is not `created`: most of them rested before the first row. Their size is what the first event leaves
 * of them, or says was cancelled; where it is a fill, the report of the other side says how many lots it took. In the order of arrival.
 */
export function unannouncedOrders(events: readonly BitstampEvent[]): UnannouncedOrder[] {
  const left = new Map<number, Lots>();
  const firsts: number[] = [];
  /** Lots that each event reports as traded, as far as the event before of its order tells. */
  const traded = events.map(({ order, action, volume }, row) => {
    const before = left.get(order);
    if (before === undefined && action !== 'created') firsts.push(row);
    left.set(order, volume);
    const isCancelled = action === 'deleted' && volume > 0;
    return before === undefined || action === 'created' || isCancelled ? 0 : before - volume;
  });
  const orders = firsts.flatMap((row): UnannouncedOrder[] => {
    const event = events[row];
    if (event === undefined) return [];
    const { order, side, price, action, volume } = event;
    const isFilled = action === 'changed' || volume === 0;
    const size = volume + (isFilled ? otherSide(events, traded, row) : 0);
    return size > 0 ? [{ order, side, price, volume: lots(size) }] : [];
  });
  return orders.sort((a, b) => a.order - b.order);
}

/** Lots of the nearest fill of the other side; 0 when there is none. */
function otherSide(events: readonly BitstampEvent[], traded: readonly number[], row: number): number {
  const event = events[row];
  for (let apart = 1; apart <= ROWS_APART; apart += 1) {
    const near = [row - apart, row + apart].flatMap((place) => {
      const other = events[place];
      const size = traded[place] ?? 0;
      if (event === undefined || other === undefined || other.side === event.side || size <= 0) return [];
      const millis = Math.abs(other.receivedMillis - event.receivedMillis);
      return millis <= MILLIS_APART ? [{ millis, size }] : [];
    });
    const nearest = near.sort((a, b) => a.millis - b.millis)[0];
    if (nearest !== undefined) return nearest.size;
  }
  return 0;
}
