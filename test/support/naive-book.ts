import { combineHash } from '../../src/core/hash.ts';
import { type AgentId, type Lots, lots, type OrderId, type Ticks } from '../../src/core/units.ts';
import type { FillSink, OrderBook, SelfTradePrevention } from '../../src/exchange/order-book.ts';
import { opposite, type Side } from '../../src/market/order.ts';

interface Resting {
  readonly id: OrderId;
  readonly owner: AgentId;
  readonly side: Side;
  readonly price: Ticks;
  lots: number;
}

/** An order book that is plainly right and slow: one list of orders in the order of arrival, searched and sorted each time. */
export class NaiveBook implements OrderBook {
  #resters: Resting[] = [];
  readonly #prevention: SelfTradePrevention;
  #stopped = false;

  constructor(prevention: SelfTradePrevention = 'cancel-oldest') {
    this.#prevention = prevention;
  }

  get orders(): number {
    return this.#resters.length;
  }

  place(id: OrderId, owner: AgentId, side: Side, price: Ticks, size: Lots, sink: FillSink): Lots {
    const left = lots(size - this.#match(owner, side, price, size, sink));
    if (this.#stopped) return lots(0);
    if (left > 0) this.#resters.push({ id, owner, side, price, lots: left });
    return left;
  }

  sweep(owner: AgentId, side: Side, limit: Ticks | undefined, size: Lots, sink: FillSink): Lots {
    return this.#match(owner, side, limit, size, sink);
  }

  /** By doing it on a copy. */
  fillable(owner: AgentId, side: Side, limit: Ticks, size: Lots): boolean {
    const copy = new NaiveBook(this.#prevention);
    copy.#resters = this.#resters.map((order) => ({ ...order }));
    return copy.sweep(owner, side, limit, size, { fill: () => {}, prevented: () => {} }) === size;
  }

  reduce(id: OrderId, by: Lots): Lots {
    const order = this.#find(id);
    const taken = Math.min(by, order?.lots ?? 0);
    if (order !== undefined) this.#take(order, taken);
    return lots(taken);
  }

  best = (side: Side): Ticks | undefined => this.#queue(side)[0]?.price;
  bestLots = (side: Side): Lots => total(this.#queue(side).filter((order) => order.price === this.best(side)));
  bestExcluding = (side: Side, owner: AgentId): Ticks | undefined => this.#others(side, owner)[0]?.price;
  lotsExcluding = (side: Side, owner: AgentId): Lots =>
    total(this.#others(side, owner).filter((order) => order.price === this.bestExcluding(side, owner)));

  levelsExcluding(side: Side, owner: AgentId, depth: number, visit: (price: Ticks, size: Lots) => void): void {
    const others = this.#others(side, owner);
    for (const price of [...new Set(others.map((order) => order.price))].slice(0, depth)) {
      visit(price, total(others.filter((order) => order.price === price)));
    }
  }

  resting = (id: OrderId): Lots | undefined => this.#find(id)?.lots as Lots | undefined;
  ownerOf = (id: OrderId): AgentId | undefined => this.#find(id)?.owner;
  sideOf = (id: OrderId): Side | undefined => this.#find(id)?.side;
  priceOf = (id: OrderId): Ticks | undefined => this.#find(id)?.price;

  lotsAhead(id: OrderId): Lots | undefined {
    const order = this.#find(id);
    if (order === undefined) return undefined;
    const level = this.#queue(order.side).filter((other) => other.price === order.price);
    return total(level.slice(0, level.indexOf(order)));
  }

  levels(side: Side, depth: number, visit: (price: Ticks, size: Lots, orders: number) => void): void {
    const queue = this.#queue(side);
    for (const price of [...new Set(queue.map((order) => order.price))].slice(0, depth)) {
      const level = queue.filter((order) => order.price === price);
      visit(price, total(level), level.length);
    }
  }

  clear(removed: (id: OrderId, owner: AgentId, side: Side, price: Ticks, remaining: Lots) => void): void {
    const orders = [...this.#queue('buy'), ...this.#queue('sell')];
    this.#resters = [];
    for (const order of orders) removed(order.id, order.owner, order.side, order.price, lots(order.lots));
  }

  digest(): number {
    const numbers: number[] = [];
    for (const side of ['buy', 'sell'] as const) {
      const queue = this.#queue(side);
      const prices = new Set(queue.map((order) => order.price));
      numbers.push(prices.size);
      for (const price of prices) {
        const level = queue.filter((order) => order.price === price);
        numbers.push(price, total(level), level.length, ...level.flatMap((order) => [order.id, order.owner, order.lots]));
      }
    }
    return numbers.reduce(combineHash, 0);
  }

  #match(taker: AgentId, side: Side, limit: Ticks | undefined, size: Lots, sink: FillSink): Lots {
    let left: number = size;
    this.#stopped = false;
    for (const maker of this.#queue(opposite(side))) {
      const crosses = limit === undefined || (side === 'buy' ? maker.price <= limit : maker.price >= limit);
      if (left === 0 || !crosses) break;
      if (maker.owner === taker) {
        if (this.#prevention !== 'cancel-newest') {
          sink.prevented(maker.id, maker.price, lots(maker.lots));
          this.#take(maker, maker.lots);
        }
        this.#stopped = this.#prevention !== 'cancel-oldest';
        if (this.#stopped) break;
      } else {
        const traded = Math.min(left, maker.lots);
        left -= traded;
        this.#take(maker, traded);
        sink.fill(maker.id, maker.owner, maker.price, lots(traded), lots(maker.lots));
      }
    }
    return lots(size - left);
  }

  /** Best price first, then first come; the sort is stable. */
  #queue(side: Side): Resting[] {
    const orders = this.#resters.filter((order) => order.side === side);
    return orders.sort((a, b) => (side === 'buy' ? b.price - a.price : a.price - b.price));
  }

  #others = (side: Side, owner: AgentId): Resting[] => this.#queue(side).filter((order) => order.owner !== owner);
  #find = (id: OrderId): Resting | undefined => this.#resters.find((order) => order.id === id);

  #take(order: Resting, by: number): void {
    order.lots -= by;
    if (order.lots === 0) this.#resters = this.#resters.filter((other) => other !== order);
  }
}

const total = (orders: readonly Resting[]): Lots => lots(orders.reduce((sum, order) => sum + order.lots, 0));
