import type { Agent, Desk } from '../agents/agent.ts';
import { type AgentId, type InstrumentId, type Lots, type Nanos, nanos, type OrderId, type Ticks, yearsFromNanos } from '../core/units.ts';
import type { Feed } from '../exchange/feed.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_DELIVERY } from '../kernel/ties.ts';
import type { Bbo, Trade } from '../market/data.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, Report, SeriesQuote, Side, WantedQuote } from '../market/order.ts';
import type { IndexFeed } from './index-feed.ts';
import type { OrderGateway } from './order-gateway.ts';
import { OwnOrders } from './own-orders.ts';
import type { Addressee } from './report-courier.ts';

/** What all desks of one run share. */
export interface DeskServices {
  readonly kernel: Kernel;
  readonly gateway: () => OrderGateway;
  readonly feed: () => Feed;
  readonly index: IndexFeed;
  /** Whether the market is open. */
  readonly isOpen: () => boolean;
  readonly listed: (instrument: InstrumentId) => boolean;
  nextOrder(): OrderId;
}

/** One agent's access to the market: numbers its orders, holds its hard position limit (`OwnOrders`), and shows it delayed books. */
export class AgentDesk implements Desk, Addressee, Target {
  readonly id: AgentId;
  readonly name: string;
  readonly agent: Agent;
  /** Orders that the position limit kept back. */
  withheld = 0;
  readonly #services: DeskServices;
  readonly #target: number;
  readonly #own: OwnOrders;
  #connected = true;
  /** Wakes that wait for the market to open. */
  #waiting = 0;
  /** Instruments whose prints it asked for; undefined: all. */
  #printsOf: Set<InstrumentId> | undefined;

  /** @param positionLimits lots per instrument, ≥ 0: |position| may not exceed it even if all open orders of a side fill. */
  constructor(id: AgentId, name: string, agent: Agent, positionLimits: Float64Array, services: DeskServices) {
    this.id = id;
    this.name = name;
    this.agent = agent;
    this.#services = services;
    this.#target = services.kernel.register(this);
    this.#own = new OwnOrders(positionLimits);
  }

  get now(): Nanos {
    return this.#services.kernel.now;
  }

  get nowYears(): number {
    return yearsFromNanos(this.now);
  }

  get isOpen(): boolean {
    return this.#services.isOpen();
  }

  get indexDollars(): number | undefined {
    return this.#services.index.view(this.id);
  }

  position(instrument: InstrumentId): Lots {
    return this.#own.position(instrument);
  }

  openLots(instrument: InstrumentId, side: Side): Lots {
    return this.#own.openLots(instrument, side);
  }

  /** Lots of position limit in an instrument; Infinity where it has none. */
  positionLimit(instrument: InstrumentId): number {
    return this.#own.limit(instrument);
  }

  /** Visits its orders that may still be alive, oldest first. */
  forEachOrder(visit: (order: OrderId, instrument: InstrumentId, side: Side) => void): void {
    this.#own.forEach(visit);
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

  watchIndex(): void {
    this.#services.index.watch(this.id);
  }

  submit(request: OrderRequest): OrderId | undefined {
    if (!this.#allows(request.instrument, request.side, request.lots)) return undefined;
    const order = this.#services.nextOrder();
    this.#own.sent(order, request.instrument, request.side, request.lots);
    this.#services.gateway().submit(this.id, order, request);
    return order;
  }

  cancel(order: OrderId): void {
    if (this.#connected && this.#own.find(order) !== undefined) this.#services.gateway().cancel(this.id, order);
  }

  replace(order: OrderId, price: Ticks, size: Lots): OrderId | undefined {
    const old = this.#own.find(order);
    if (old === undefined) return undefined;
    const instrument = this.#own.instrumentOf(old);
    const side = this.#own.sideOf(old);
    // Both may trade until the report of the old one's end: both count.
    if (!this.#allows(instrument, side, size)) return undefined;
    const newOrder = this.#services.nextOrder();
    this.#own.sent(newOrder, instrument, side, size);
    this.#services.gateway().replace(this.id, order, newOrder, price, size);
    return newOrder;
  }

  reduce(order: OrderId, by: Lots): void {
    if (this.#connected && this.#own.find(order) !== undefined) {
      this.#services.gateway().send({ kind: 'reduce', agent: this.id, order, by });
    }
  }

  cancelAll(scope: CancelScope = {}): void {
    if (this.#connected) this.#services.gateway().send({ kind: 'cancel-all', agent: this.id, scope });
  }

  massQuote(wanted: readonly WantedQuote[]): { readonly message: OrderId; readonly quotes: readonly SeriesQuote[] } | undefined {
    // The old sides may trade until the exchange has the message: both count, as in a replacement.
    const isAllowed = ({ instrument, bid, ask }: WantedQuote): boolean =>
      (bid === undefined || bid === 'keep' || this.#allows(instrument, 'buy', bid.lots)) &&
      (ask === undefined || ask === 'keep' || this.#allows(instrument, 'sell', ask.lots));
    if (!this.#connected || !this.isOpen || !wanted.every(isAllowed)) return undefined;
    const message = this.#services.nextOrder();
    const orders: OrderId[] = [];
    const quotes = wanted.map(
      ({ instrument, bid, ask }): SeriesQuote => ({
        instrument,
        bid: this.#numbered(instrument, 'buy', bid, orders),
        ask: this.#numbered(instrument, 'sell', ask, orders),
      }),
    );
    this.#own.quoted(message, orders);
    this.#services.gateway().send({ kind: 'mass-quote', agent: this.id, message, quotes });
    return { message, quotes };
  }

  protect(settings: ProtectionSettings | undefined): void {
    if (this.#connected) this.#services.gateway().send({ kind: 'protect', agent: this.id, settings });
  }

  resetProtection(): void {
    if (this.#connected) this.#services.gateway().send({ kind: 'reset-protection', agent: this.id });
  }

  listed(instrument: InstrumentId): boolean {
    return this.#services.listed(instrument);
  }

  wakeAt(at: Nanos): void {
    this.#services.kernel.schedule(nanos(Math.max(at, this.now)), this.#target, 0, 0, TIE_DELIVERY);
  }

  on(): void {
    if (this.isOpen) this.agent.onWake?.(this);
    else this.#waiting += 1;
  }

  deliverReport(report: Report): void {
    this.#own.hear(report);
    this.agent.onReport?.(report, this);
  }

  deliverTrade(trade: Readonly<Trade>): void {
    this.agent.onTrade?.(trade, this);
  }

  /** Takes note that a settlement closed the position. */
  settled(instrument: InstrumentId): void {
    this.#own.settled(instrument);
  }

  /** Cuts the line to the exchange, or mends it; without it nothing is sent. What is on its way arrives. */
  connect(isConnected: boolean): void {
    this.#connected = isConnected;
    if (isConnected) this.agent.onConnected?.(this);
    else this.agent.onDisconnected?.(this);
  }

  /** The market has closed, or opened: while it is closed nothing is sent that adds an order, and nobody is woken. */
  sessionChanged(): void {
    if (!this.isOpen) {
      this.agent.onClosed?.(this);
      return;
    }
    this.agent.onReopened?.(this);
    for (; this.#waiting > 0; this.#waiting -= 1) this.wakeAt(this.now);
  }

  #allows(instrument: InstrumentId, side: Side, size: Lots): boolean {
    if (!this.#connected || !this.isOpen) return false;
    const allowed = this.#own.allows(instrument, side, size);
    if (!allowed) this.withheld += 1;
    return allowed;
  }

  /** A wanted side under an id of its own, counted as sent. */
  #numbered(instrument: InstrumentId, side: Side, wanted: WantedQuote['bid'], orders: OrderId[]): SeriesQuote['bid'] {
    if (wanted === undefined || wanted === 'keep') return wanted;
    const order = this.#services.nextOrder();
    this.#own.sent(order, instrument, side, wanted.lots);
    orders.push(order);
    return { order, price: wanted.price, lots: wanted.lots };
  }
}
