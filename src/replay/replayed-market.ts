import { InvariantError } from '../core/assert.ts';
import {
  type AgentId,
  agentId,
  type InstrumentId,
  instrumentId,
  type Lots,
  lots,
  type OrderId,
  orderId,
  type Ticks,
} from '../core/units.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { OrderBook } from '../exchange/order-book.ts';
import { buildChain } from '../market/chain.ts';
import { type OrderType, opposite, type Side } from '../market/order.ts';

const INSTRUMENT: InstrumentId = instrumentId(0);
/** The agent of the orders that take and never rest. */
const TAKER = agentId(0);
/** Nothing is paid: a replay is about books. */
const NO_FEES = { option: { maker: 0, taker: 0, premiumCap: 0 }, perpetual: { maker: 0, taker: 0 } };

/** A match with an order that rested. */
export interface ReplayedFill {
  readonly maker: number;
  readonly price: Ticks;
  readonly lots: Lots;
}

/** An order at rest. */
interface Resting {
  readonly order: OrderId;
  readonly agent: AgentId;
  readonly queue: Set<number>;
}

/**
 * The exchange with one instrument and no fees, driven by messages that know orders by their own numbers. Each resting order is that
 * of an agent of its own, so that nothing is held back as a self-trade. A number may come to rest again after its order has gone.
 */
export class ReplayedMarket {
  readonly #exchange: Exchange;
  readonly #book: OrderBook;
  readonly #orders = new Map<number, Resting>();
  readonly #numbers = new Map<OrderId, number>();
  /** Numbers of the orders at each price, oldest first: bids by price, offers by its negative. */
  readonly #queues = new Map<number, Set<number>>();
  readonly #idle: AgentId[] = [];
  readonly #fills: ReplayedFill[] = [];
  #agents = 1;
  #submitted = 0;

  /** @param ordersMaximum most orders that can ever be at rest at once. */
  constructor(ordersMaximum: number) {
    // Sizes of tick and lot are for money, of which there is none here.
    const contract = { tickSize: 1, lotSize: 1 };
    const chain = buildChain({ symbol: 'REPLAY', underlying: contract, options: contract, expiries: [] });
    const limits = { lotsPerOrder: Number.MAX_SAFE_INTEGER, ordersPerAgent: 1 };
    this.#exchange = new Exchange(
      chain,
      { fees: NO_FEES, limits, agents: ordersMaximum + 2 },
      {
        match: ({ makerOrder, price, lots: size }) => {
          this.#fills.push({ maker: this.#numberOf(makerOrder), price, lots: size });
        },
        report: (_agent, report) => {
          if (report.kind === 'rejected') throw new InvariantError(`the replay sent what the exchange refuses: ${report.reason}`);
        },
        changed: () => {},
        record: () => {},
      },
    );
    this.#exchange.setIndex(1);
    this.#book = this.#exchange.book(INSTRUMENT);
  }

  /** The book, to be read only. */
  get book(): OrderBook {
    return this.#book;
  }

  /** Lots that rest of an order; 0 when it does not. */
  resting(number: number): Lots {
    const order = this.#orders.get(number)?.order;
    return (order === undefined ? undefined : this.#book.resting(order)) ?? lots(0);
  }

  /** Whether the next order that trades against its side at any price would meet this one. */
  isNext(number: number): boolean {
    const order = this.#orders.get(number)?.order;
    if (order === undefined) return false;
    const side = this.#book.sideOf(order);
    return side !== undefined && this.#book.best(side) === this.#book.priceOf(order) && this.#book.lotsAhead(order) === 0;
  }

  /** Price of an order at rest. */
  priceOf(number: number): Ticks | undefined {
    const order = this.#orders.get(number)?.order;
    return order === undefined ? undefined : this.#book.priceOf(order);
  }

  /** Numbers of the orders at a price, the next to trade first. */
  queue(side: Side, price: Ticks): readonly number[] {
    return [...(this.#queues.get(queueKey(side, price)) ?? [])];
  }

  /** A new limit order: it trades with what it reaches and rests with what is left. Returns its matches; borrowed until the next call. */
  submit(number: number, side: Side, price: Ticks, size: Lots): readonly ReplayedFill[] {
    if (this.#orders.has(number)) throw new InvariantError(`order ${number} rests already`);
    const agent = this.#idle.pop() ?? agentId(this.#agents++);
    const order = this.#request(agent, number, side, 'limit', price, size);
    if (this.#book.resting(order) === undefined) {
      this.#numbers.delete(order);
      this.#idle.push(agent);
      return this.#fills;
    }
    const key = queueKey(side, price);
    const queue = this.#queues.get(key) ?? new Set();
    queue.add(number);
    this.#queues.set(key, queue);
    this.#orders.set(number, { order, agent, queue });
    return this.#fills;
  }

  /** An immediate-or-cancel order of somebody against the orders of `side`. Returns its matches; borrowed until the next call. */
  take(side: Side, price: Ticks, size: Lots): readonly ReplayedFill[] {
    const order = this.#request(TAKER, -1, opposite(side), 'ioc', price, size);
    this.#numbers.delete(order);
    return this.#fills;
  }

  /** Takes lots off a resting order, which keeps its place; with all it has, or more, it is cancelled. Nothing where it does not rest. */
  reduce(number: number, by: Lots): void {
    const resting = this.#orders.get(number);
    if (resting === undefined) return;
    this.#exchange.reduce(resting.agent, resting.order, by);
    this.#forgetIfGone(number);
  }

  /** Takes a resting order out of the book. Nothing where it does not rest. */
  cancel(number: number): void {
    const resting = this.#orders.get(number);
    if (resting === undefined) return;
    this.#exchange.cancel(resting.agent, resting.order);
    this.#forgetIfGone(number);
  }

  /** Takes all orders at a price out of the book. */
  clear(side: Side, price: Ticks): void {
    for (const number of this.queue(side, price)) this.cancel(number);
  }

  /** @throws InvariantError when the exchange contradicts itself. */
  verify(): void {
    this.#exchange.verify();
    for (const number of this.#orders.keys()) {
      if (this.resting(number) === 0) throw new InvariantError(`order ${number} is gone`);
    }
  }

  #request(agent: AgentId, number: number, side: Side, type: OrderType, price: Ticks, size: Lots): OrderId {
    this.#fills.length = 0;
    const order = orderId(this.#submitted++);
    this.#numbers.set(order, number);
    this.#exchange.submit(agent, order, { instrument: INSTRUMENT, side, type, price, lots: size });
    for (const { maker } of this.#fills) this.#forgetIfGone(maker);
    return order;
  }

  #numberOf(order: OrderId): number {
    const number = this.#numbers.get(order);
    if (number === undefined) throw new InvariantError(`the exchange speaks of the unknown order ${order}`);
    return number;
  }

  #forgetIfGone(number: number): void {
    const resting = this.#orders.get(number);
    if (resting === undefined || this.#book.resting(resting.order) !== undefined) return;
    this.#orders.delete(number);
    this.#numbers.delete(resting.order);
    resting.queue.delete(number);
    this.#idle.push(resting.agent);
  }
}

/** One key per side and price; prices are above 0. */
const queueKey = (side: Side, price: Ticks): number => (side === 'buy' ? price : -price);
