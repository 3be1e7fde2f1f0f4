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
import { DeskOrders } from './desk-orders.ts';
import type { OrderGateway } from './order-gateway.ts';
import type { Addressee } from './report-courier.ts';

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
  readonly hearsTrades: boolean;
  /** Orders that the position limit kept back. */
  withheld = 0;
  readonly #services: DeskServices;
  readonly #target: number;
  readonly #positions: Float64Array;
  readonly #openBuy: Float64Array;
  readonly #openSell: Float64Array;
  readonly #limits: Float64Array;
  readonly #orders = new DeskOrders();
  readonly #settledIn = new Set<InstrumentId>();

  /** @param positionLimits lots per instrument, ≥ 0: |position| may not exceed it even if all open orders of a side fill. */
  constructor(id: AgentId, name: string, agent: Agent, positionLimits: Float64Array, services: DeskServices) {
    this.id = id;
    this.name = name;
    this.agent = agent;
    this.hearsTrades = agent.onTrade !== undefined;
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
    this.#orders.forEach(visit);
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

  submit(request: OrderRequest): OrderId | undefined {
    if (!this.#allows(request.instrument, request.side, request.lots)) return undefined;
    const order = this.#services.nextOrder();
    this.#track(order, request.instrument, request.side, request.lots);
    this.#services.gateway().submit(this.id, order, request);
    return order;
  }

  cancel(order: OrderId): void {
    if (this.#orders.find(order) !== undefined) this.#services.gateway().cancel(this.id, order);
  }

  replace(order: OrderId, price: Ticks, size: Lots): OrderId | undefined {
    const old = this.#orders.find(order);
    if (old === undefined) return undefined;
    const instrument = this.#orders.instrument(old);
    const side = this.#orders.side(old);
    // Both may trade until the report of the old one's end: both count.
    if (!this.#allows(instrument, side, size)) return undefined;
    const newOrder = this.#services.nextOrder();
    this.#track(newOrder, instrument, side, size);
    this.#services.gateway().replace(this.id, order, newOrder, price, size);
    return newOrder;
  }

  wakeAt(at: Nanos): void {
    this.#services.kernel.schedule(nanos(Math.max(at, this.now)), this.#target, 0, 0, TIE_DELIVERY);
  }

  on(): void {
    this.agent.onWake?.(this);
  }

  deliverReport(report: Report): void {
    const slot = this.#orders.find(report.order);
    if (slot !== undefined) this.#take(report, slot);
    this.agent.onReport?.(report, this);
  }

  /** Takes note of what a report says of an order that may be alive. */
  #take(report: Report, slot: number): void {
    const orders = this.#orders;
    const instrument = orders.instrument(slot);
    const side = orders.side(slot);
    // The exchange does not know the instrument of an order that it refused to find; its sender does.
    report.instrument = instrument;
    report.side = side;
    if (report.kind === 'fill') {
      const signed = side === 'buy' ? report.lots : -report.lots;
      // News of a fill may arrive after the settlement that has paid it out already.
      if (!this.#settledIn.has(instrument)) this.#positions[instrument] = (this.#positions[instrument] ?? 0) + signed;
    }
    const ended = report.kind === 'rejected' && report.lots > 0;
    if (report.kind === 'fill' || report.kind === 'removed' || ended) {
      const open = this.#open(side);
      open[instrument] = (open[instrument] ?? 0) - orders.release(slot, ended ? orders.open(slot) : report.lots);
    }
    if (orders.open(slot) === 0) orders.remove(report.order);
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
    this.#orders.add(order, instrument, side, counted);
    const open = this.#open(side);
    open[instrument] = (open[instrument] ?? 0) + counted;
  }
}
