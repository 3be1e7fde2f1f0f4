import { type InstrumentId, type Lots, lots, type OrderId } from '../core/units.ts';
import type { Report, Side } from '../market/order.ts';

/** An order as its desk knows it. `open` counts until a report says that it is filled or gone. */
interface KnownOrder {
  readonly instrument: InstrumentId;
  readonly side: Side;
  open: number;
}

/**
 * What one desk knows of its position, its orders and their open lots, as far as reports have come; and its hard position limit, which holds
 * even if everything open on a side were to fill.
 */
export class OwnOrders {
  readonly #positions: Float64Array;
  readonly #openBuy: Float64Array;
  readonly #openSell: Float64Array;
  readonly #limits: Float64Array;
  readonly #orders = new Map<OrderId, KnownOrder>();
  /** Orders of each mass quote under way: a refusal names the message only. */
  readonly #messages = new Map<OrderId, readonly OrderId[]>();
  readonly #settledIn = new Set<InstrumentId>();

  /** @param limits lots per instrument, ≥ 0. */
  constructor(limits: Float64Array) {
    this.#limits = limits;
    this.#positions = new Float64Array(limits.length);
    this.#openBuy = new Float64Array(limits.length);
    this.#openSell = new Float64Array(limits.length);
  }

  position(instrument: InstrumentId): Lots {
    return lots(this.#positions[instrument] ?? 0);
  }

  openLots(instrument: InstrumentId, side: Side): Lots {
    return lots(this.#open(side)[instrument] ?? 0);
  }

  limit(instrument: InstrumentId): number {
    return this.#limits[instrument] ?? 0;
  }

  find(order: OrderId): Readonly<KnownOrder> | undefined {
    return this.#orders.get(order);
  }

  /** Visits orders that may still be alive, oldest first. */
  forEach(visit: (order: OrderId, instrument: InstrumentId, side: Side) => void): void {
    for (const [order, { instrument, side }] of this.#orders) visit(order, instrument, side);
  }

  /** True when one more order of this size would keep to the position limit. */
  allows(instrument: InstrumentId, side: Side, size: Lots): boolean {
    const towards = (side === 'buy' ? 1 : -1) * (this.#positions[instrument] ?? 0);
    return towards + (this.#open(side)[instrument] ?? 0) + size <= (this.#limits[instrument] ?? 0);
  }

  /** An order has been sent. */
  sent(order: OrderId, instrument: InstrumentId, side: Side, size: Lots): void {
    // The exchange refuses a size below 0; until then it must not widen the limit.
    const counted = Math.max(0, size);
    this.#orders.set(order, { instrument, side, open: counted });
    const open = this.#open(side);
    open[instrument] = (open[instrument] ?? 0) + counted;
  }

  /** A mass quote has been sent, whose orders were sent each by itself. */
  quoted(message: OrderId, orders: readonly OrderId[]): void {
    this.#messages.set(message, orders);
  }

  /** Takes in a report, and completes it: the exchange does not know the instrument of an order that it refused to find; its sender does. */
  hear(report: Report): void {
    const message = this.#messages.get(report.order);
    if (message !== undefined) {
      this.#messages.delete(report.order);
      if (report.kind === 'rejected') for (const order of message) this.#gone(order);
      return;
    }
    const order = this.#orders.get(report.order);
    if (order === undefined) return;
    report.instrument = order.instrument;
    report.side = order.side;
    if (report.kind === 'fill') {
      const signed = order.side === 'buy' ? report.lots : -report.lots;
      // News of a fill may arrive after the settlement that has paid it out already.
      if (!this.#settledIn.has(order.instrument)) this.#positions[order.instrument] = (this.#positions[order.instrument] ?? 0) + signed;
      this.#release(order, report.lots);
    } else if (report.kind === 'removed') this.#release(order, report.lots);
    else if (report.kind === 'rejected' && report.lots > 0) this.#release(order, order.open);
    if (order.open === 0) this.#orders.delete(report.order);
  }

  /** Takes note that a settlement closed the position. */
  settled(instrument: InstrumentId): void {
    this.#positions[instrument] = 0;
    this.#settledIn.add(instrument);
  }

  #open(side: Side): Float64Array {
    return side === 'buy' ? this.#openBuy : this.#openSell;
  }

  #gone(id: OrderId): void {
    const order = this.#orders.get(id);
    if (order === undefined) return;
    this.#release(order, order.open);
    this.#orders.delete(id);
  }

  #release(order: KnownOrder, size: number): void {
    const released = Math.min(size, order.open);
    order.open -= released;
    const open = this.#open(order.side);
    open[order.instrument] = (open[order.instrument] ?? 0) - released;
  }
}
