import type { Agent, Desk } from '../agents/agent.ts';
import {
  type AgentId,
  type InstrumentId,
  type Lots,
  lots,
  type Nanos,
  nanos,
  type OrderId,
  type Ticks,
  yearsFromNanos,
} from '../core/units.ts';
import type { Feed } from '../exchange/feed.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_DELIVERY } from '../kernel/ties.ts';
import type { Bbo, Trade } from '../market/data.ts';
import type { OrderRequest, Report, Side } from '../market/order.ts';
import type { OrderGateway } from './order-gateway.ts';
import type { Addressee } from './report-courier.ts';

/** An order as its desk knows it. `open` counts until a report says that it is filled or gone. */
interface DeskOrder {
  readonly instrument: InstrumentId;
  readonly side: Side;
  open: number;
}

/** What all desks of one run share. */
export interface DeskServices {
  readonly kernel: Kernel;
  readonly gateway: () => OrderGateway;
  readonly feed: () => Feed;
  nextOrder(): OrderId;
}

/**
 * One agent's access to the market: numbers its orders, knows its position and open lots as far as reports have come, shows
 * it delayed books, and holds its hard position limit.
 */
export class AgentDesk implements Desk, Addressee, Target {
  readonly id: AgentId;
  readonly name: string;
  readonly agent: Agent;
  /** Orders that the position limit kept back. */
  withheld = 0;
  readonly #services: DeskServices;
  readonly #target: number;
  readonly #positions: Float64Array;
  readonly #openBuy: Float64Array;
  readonly #openSell: Float64Array;
  readonly #limits: Float64Array;
  readonly #orders = new Map<OrderId, DeskOrder>();
  readonly #settledIn = new Set<InstrumentId>();
  /** Instruments whose prints it asked for; undefined: all. */
  #printsOf: Set<InstrumentId> | undefined;

  /** @param positionLimits lots per instrument, ≥ 0: |position| may not exceed it even if all open orders of a side fill. */
  constructor(id: AgentId, name: string, agent: Agent, positionLimits: Float64Array, services: DeskServices) {
    this.id = id;
    this.name = name;
    this.agent = agent;
    this.#services = services;
    this.#target = services.kernel.register(this);
    this.#positions = new Float64Array(positionLimits.length);
    this.#openBuy = new Float64Array(positionLimits.length);
    this.#openSell = new Float64Array(positionLimits.length);
    this.#limits = positionLimits;
  }

  get now(): Nanos {
    return this.#services.kernel.now;
  }

  get nowYears(): number {
    return yearsFromNanos(this.now);
  }

  position(instrument: InstrumentId): Lots {
    return lots(this.#positions[instrument] ?? 0);
  }

  openLots(instrument: InstrumentId, side: Side): Lots {
    return lots(this.#open(side)[instrument] ?? 0);
  }

  /** Lots of position limit in an instrument; Infinity where it has none. */
  positionLimit(instrument: InstrumentId): number {
    return this.#limits[instrument] ?? 0;
  }

  /** Visits its orders that may still be alive, oldest first. */
  forEachOrder(visit: (order: OrderId, instrument: InstrumentId, side: Side) => void): void {
    for (const [order, { instrument, side }] of this.#orders) visit(order, instrument, side);
  }

  bbo(instrument: InstrumentId): Readonly<Bbo> {
    return this.#services.feed().view(this.id, instrument);
  }

  watch(instrument: InstrumentId): void {
    this.#services.feed().subscribe(this.id, instrument, true);
  }

  watchQuietly(instrument: InstrumentId): void {
    this.#services.feed().subscribe(this.id, instrument, false);
  }

  depth(instrument: InstrumentId, side: Side, visit: (price: Ticks, size: Lots) => void): void {
    this.#services.feed().depth(this.id, instrument, side, visit);
  }

  watchDepth(instrument: InstrumentId, levels: number): void {
    this.#services.feed().subscribe(this.id, instrument, true, levels);
  }

  watchTrades(instrument: InstrumentId): void {
    this.#printsOf ??= new Set();
    this.#printsOf.add(instrument);
  }

  hearsTradesIn(instrument: InstrumentId): boolean {
    return this.agent.onTrade !== undefined && this.#printsOf?.has(instrument) !== false;
  }

  submit(request: OrderRequest): OrderId | undefined {
    if (!this.#allows(request.instrument, request.side, request.lots)) return undefined;
    const order = this.#services.nextOrder();
    this.#track(order, request.instrument, request.side, request.lots);
    this.#services.gateway().send({ kind: 'submit', agent: this.id, order, ...request });
    return order;
  }

  cancel(order: OrderId): void {
    if (this.#orders.has(order)) this.#services.gateway().send({ kind: 'cancel', agent: this.id, order });
  }

  replace(order: OrderId, price: Ticks, size: Lots): OrderId | undefined {
    const old = this.#orders.get(order);
    // Both may trade until the report of the old one's end: both count.
    if (old === undefined || !this.#allows(old.instrument, old.side, size)) return undefined;
    const newOrder = this.#services.nextOrder();
    this.#track(newOrder, old.instrument, old.side, size);
    this.#services.gateway().send({ kind: 'replace', agent: this.id, order, newOrder, price, lots: size });
    return newOrder;
  }

  wakeAt(at: Nanos): void {
    this.#services.kernel.schedule(nanos(Math.max(at, this.now)), this.#target, 0, 0, TIE_DELIVERY);
  }

  on(): void {
    this.agent.onWake?.(this);
  }

  deliverReport(report: Report): void {
    const order = this.#orders.get(report.order);
    if (order !== undefined) {
      // The exchange does not know the instrument of an order that it refused to find; its sender does.
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
    this.agent.onReport?.(report, this);
  }

  deliverTrade(trade: Readonly<Trade>): void {
    this.agent.onTrade?.(trade, this);
  }

  /** Takes note that a settlement closed the position. */
  settled(instrument: InstrumentId): void {
    this.#positions[instrument] = 0;
    this.#settledIn.add(instrument);
  }

  #open(side: Side): Float64Array {
    return side === 'buy' ? this.#openBuy : this.#openSell;
  }

  #allows(instrument: InstrumentId, side: Side, size: Lots): boolean {
    const towards = (side === 'buy' ? 1 : -1) * (this.#positions[instrument] ?? 0);
    const allowed = towards + (this.#open(side)[instrument] ?? 0) + size <= (this.#limits[instrument] ?? 0);
    if (!allowed) this.withheld += 1;
    return allowed;
  }

  #track(order: OrderId, instrument: InstrumentId, side: Side, size: Lots): void {
    // The exchange refuses a size below 0; until then it must not widen the limit.
    const counted = Math.max(0, size);
    this.#orders.set(order, { instrument, side, open: counted });
    const open = this.#open(side);
    open[instrument] = (open[instrument] ?? 0) + counted;
  }

  #release(order: DeskOrder, size: number): void {
    const released = Math.min(size, order.open);
    order.open -= released;
    const open = this.#open(order.side);
    open[order.instrument] = (open[order.instrument] ?? 0) - released;
  }
}
