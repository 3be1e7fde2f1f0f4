import type { Agent, Desk } from '../../src/agents/agent.ts';
import {
  agentId,
  type InstrumentId,
  type Lots,
  lots,
  NANOS_PER_SECOND,
  NANOS_PER_YEAR,
  type Nanos,
  nanos,
  type OrderId,
  orderId,
  type Ticks,
  ticks,
} from '../../src/core/units.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import { REMOVAL } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { Chain } from '../../src/market/chain.ts';
import type { Bbo } from '../../src/market/data.ts';
import { type OrderRequest, type Report, type Side, signOf } from '../../src/market/order.ts';
import { TEST_FEES, TEST_SPOT } from './fake-desk.ts';

const AGENT = agentId(0);
const OTHER = agentId(1);

/**
 * One agent at a real exchange without latency, and another participant whose orders a test sends. The agent is woken by
 * `wake`; what became of its orders reaches it, in order, by `deliver` at the end of each wake.
 */
export class ExchangeDesk implements Desk {
  now: Nanos = nanos(0);
  isOpen = true;
  indexDollars: number | undefined;
  /** The agent's own resting orders that it traded against, or would have: a well-behaved one has none. */
  prevented = 0;
  /** Orders that the agent sent, replacements included. */
  readonly sent: { readonly instrument: InstrumentId; readonly side: Side; readonly price: number; readonly lots: number }[] = [];
  wakes: Nanos[] = [];
  readonly exchange: Exchange;
  readonly #agent: Agent;
  readonly #reports: Report[] = [];
  readonly #held = new Map<InstrumentId, number>();
  readonly #open = new Map<OrderId, { readonly instrument: InstrumentId; readonly side: Side; left: number }>();
  #orders = 0;

  constructor(chain: Chain, agent: Agent) {
    this.#agent = agent;
    this.exchange = new Exchange(
      chain,
      { fees: TEST_FEES, limits: { lotsPerOrder: 100_000, ordersPerAgent: 10_000 }, agents: 2 },
      {
        report: (owner, report) => {
          if (owner === AGENT) this.#reports.push({ ...report });
        },
        match: () => {},
        changed: () => {},
        record: (kind, _instrument, owner, _order, _price, _lots, extra) => {
          if (kind === TRACE.removed && owner === AGENT && extra === REMOVAL.prevented) this.prevented += 1;
        },
      },
    );
    this.exchange.setIndex(TEST_SPOT);
  }

  get nowYears(): number {
    return this.now / NANOS_PER_YEAR;
  }

  open(): void {
    this.#agent.onOpen(this);
  }

  /** Wakes the agent at this time, and gives it the news of what it did. Returns the orders it sent. */
  wake(seconds: number): typeof this.sent {
    const before = this.sent.length;
    this.now = nanos(Math.round(seconds * NANOS_PER_SECOND));
    this.#agent.onWake?.(this);
    this.deliver();
    this.exchange.verify();
    return this.sent.slice(before);
  }

  deliver(): void {
    for (const report of this.#reports.splice(0)) {
      const order = this.#open.get(report.order);
      if (order !== undefined && report.kind === 'fill') {
        this.#held.set(order.instrument, (this.#held.get(order.instrument) ?? 0) + signOf(order.side) * report.lots);
        order.left -= report.lots;
      }
      const isOver = report.kind === 'removed' || report.kind === 'rejected' || order?.left === 0;
      if (isOver) this.#open.delete(report.order);
      this.#agent.onReport?.(order === undefined ? report : { ...report, instrument: order.instrument, side: order.side }, this);
    }
  }

  /** An order of somebody else, immediate or resting. */
  other(instrument: InstrumentId, side: Side, price: number, size: number, type: 'limit' | 'ioc' = 'ioc'): void {
    this.#orders += 1;
    this.exchange.submit(OTHER, orderId(this.#orders), { instrument, side, type, price: ticks(price), lots: lots(size) });
  }

  /** Prices and lots of the agent's book on a side, best first. */
  levels(instrument: InstrumentId, side: Side): (readonly [price: number, lots: number])[] {
    const levels: (readonly [number, number])[] = [];
    this.exchange.book(instrument).levels(side, Number.POSITIVE_INFINITY, (price, size) => levels.push([price, size]));
    return levels;
  }

  position(instrument: InstrumentId): Lots {
    return lots(this.#held.get(instrument) ?? 0);
  }

  openLots(instrument: InstrumentId, side: Side): Lots {
    let sum = 0;
    for (const order of this.#open.values()) if (order.instrument === instrument && order.side === side) sum += order.left;
    return lots(sum);
  }

  bbo(instrument: InstrumentId): Readonly<Bbo> {
    const book = this.exchange.book(instrument);
    return {
      bid: book.bestExcluding('buy', AGENT),
      bidLots: book.lotsExcluding('buy', AGENT),
      ask: book.bestExcluding('sell', AGENT),
      askLots: book.lotsExcluding('sell', AGENT),
    };
  }

  watch(): void {}
  watchQuietly(): void {}
  watchDepth(): void {}
  watchTrades(): void {}
  watchIndex(): void {}

  depth(instrument: InstrumentId, side: Side, visit: (price: Ticks, size: Lots) => void): void {
    this.exchange.book(instrument).levelsExcluding(side, AGENT, Number.POSITIVE_INFINITY, visit);
  }

  submit(request: OrderRequest): OrderId | undefined {
    const order = this.#track(request.instrument, request.side, request.price, request.lots);
    this.exchange.submit(AGENT, order, request);
    return order;
  }

  cancel(order: OrderId): void {
    this.exchange.cancel(AGENT, order);
  }

  replace(old: OrderId, price: Ticks, size: Lots): OrderId | undefined {
    const known = this.#open.get(old);
    if (known === undefined) return undefined;
    const order = this.#track(known.instrument, known.side, price, size);
    this.exchange.replace(AGENT, old, order, price, size);
    return order;
  }

  #track(instrument: InstrumentId, side: Side, price: Ticks, size: Lots): OrderId {
    this.#orders += 1;
    const order = orderId(this.#orders);
    this.#open.set(order, { instrument, side, left: size });
    this.sent.push({ instrument, side, price, lots: size });
    return order;
  }

  // What no built-in agent uses yet: a call is a mistake of the test.
  reduce = unused;
  cancelAll = unused;
  massQuote = unused;
  protect = unused;
  resetProtection = unused;
  listed = (instrument: InstrumentId): boolean => this.exchange.lifecycle.listed(instrument);

  wakeAt(at: Nanos): void {
    this.wakes.push(at);
  }
}

function unused(): never {
  throw new Error('the desk of this test does not take such requests');
}
