import { InvariantError } from '../core/assert.ts';
import { combineHash } from '../core/hash.ts';
import { type AgentId, type Lots, lots, type OrderId, type Ticks } from '../core/units.ts';
import { opposite, type Side } from '../market/order.ts';
import type { FillSink, OrderBook, SelfTradePrevention } from './order-book.ts';
import { NO_SLOT, OrderPool } from './order-pool.ts';
import { PriceLevels } from './price-levels.ts';
import { verifyBook } from './verify-book.ts';

/**
 * The order book of the exchange: orders in typed arrays, linked into one queue per price level.
 *
 * Adding and removing an order costs one look-up by id, adding also a bisection over the levels of its side; matching costs
 * a constant per order it touches. Nothing is allocated once the arrays have grown to the number of orders that rest at
 * once. It does the same as the naive book of the tests, call by call (test/exchange/order-book.test.ts).
 */
export class LadderBook implements OrderBook {
  readonly #bids = new PriceLevels('buy');
  readonly #asks = new PriceLevels('sell');
  readonly #pool = new OrderPool();
  readonly #prevention: SelfTradePrevention;
  /** The last match was ended by self-trade prevention. */
  #stopped = false;

  constructor(prevention: SelfTradePrevention = 'cancel-oldest') {
    this.#prevention = prevention;
  }

  get orders(): number {
    return this.#pool.size;
  }

  place(id: OrderId, owner: AgentId, side: Side, price: Ticks, size: Lots, sink: FillSink): Lots {
    if (!Number.isSafeInteger(price)) throw new InvariantError(`price ${price} is not whole`);
    if (this.#pool.find(id) !== undefined) throw new InvariantError(`order id ${id} is in use`);
    const left = this.#match(owner, opposite(side), price, size, sink);
    if (this.#stopped) return lots(0);
    if (left > 0) this.#rest(id, owner, side, price, left);
    return left;
  }

  sweep(owner: AgentId, side: Side, limit: Ticks | undefined, size: Lots, sink: FillSink): Lots {
    return (size - this.#match(owner, opposite(side), limit, size, sink)) as Lots;
  }

  fillable(owner: AgentId, side: Side, limit: Ticks, size: Lots): boolean {
    const pool = this.#pool;
    const levels = this.#side(opposite(side));
    const sign = side === 'buy' ? 1 : -1;
    let left: number = size;
    for (let place = 0; place < levels.size; place += 1) {
      const level = levels.at(place);
      if (sign * levels.price(level) > sign * limit) return false;
      for (let slot = levels.first(level); slot !== NO_SLOT; slot = pool.next(slot)) {
        if (pool.owner(slot) !== owner) left -= pool.lots(slot);
        else if (this.#prevention !== 'cancel-oldest') return false;
        if (left <= 0) return true;
      }
    }
    return false;
  }

  reduce(id: OrderId, by: Lots): Lots {
    if (!(by > 0 && Number.isSafeInteger(by))) throw new InvariantError(`reduction by ${by} lots`);
    const slot = this.#pool.find(id);
    if (slot === undefined) return lots(0);
    const open = this.#pool.lots(slot);
    if (by >= open) {
      this.#unlink(slot);
      return open;
    }
    this.#pool.setLots(slot, open - by);
    this.#side(this.#pool.side(slot)).change(this.#pool.level(slot), -by, 0);
    return by;
  }

  best(side: Side): Ticks | undefined {
    const levels = this.#side(side);
    return levels.size === 0 ? undefined : levels.price(levels.at(0));
  }

  bestLots(side: Side): Lots {
    const levels = this.#side(side);
    return levels.size === 0 ? lots(0) : levels.lots(levels.at(0));
  }

  bestExcluding(side: Side, owner: AgentId): Ticks | undefined {
    const level = this.#levelExcluding(side, owner);
    return level === undefined ? undefined : this.#side(side).price(level);
  }

  lotsExcluding(side: Side, owner: AgentId): Lots {
    const level = this.#levelExcluding(side, owner);
    return level === undefined ? lots(0) : this.#pool.lotsOfOthers(this.#side(side).first(level), owner);
  }

  levelsExcluding(side: Side, owner: AgentId, depth: number, visit: (price: Ticks, size: Lots) => void): void {
    const levels = this.#side(side);
    for (let place = 0, left = depth; place < levels.size && left > 0; place += 1) {
      const size = this.#pool.lotsOfOthers(levels.first(levels.at(place)), owner);
      if (size > 0) visit(levels.price(levels.at(place)), size);
      if (size > 0) left -= 1;
    }
  }

  resting(id: OrderId): Lots | undefined {
    const slot = this.#pool.find(id);
    return slot === undefined ? undefined : this.#pool.lots(slot);
  }

  ownerOf(id: OrderId): AgentId | undefined {
    const slot = this.#pool.find(id);
    return slot === undefined ? undefined : this.#pool.owner(slot);
  }

  sideOf(id: OrderId): Side | undefined {
    const slot = this.#pool.find(id);
    return slot === undefined ? undefined : this.#pool.side(slot);
  }

  priceOf(id: OrderId): Ticks | undefined {
    const slot = this.#pool.find(id);
    return slot === undefined ? undefined : this.#side(this.#pool.side(slot)).price(this.#pool.level(slot));
  }

  lotsAhead(id: OrderId): Lots | undefined {
    const slot = this.#pool.find(id);
    if (slot === undefined) return undefined;
    let sum = 0;
    for (let ahead = this.#pool.previous(slot); ahead !== NO_SLOT; ahead = this.#pool.previous(ahead)) sum += this.#pool.lots(ahead);
    return lots(sum);
  }

  levels(side: Side, depth: number, visit: (price: Ticks, size: Lots, orders: number) => void): void {
    const levels = this.#side(side);
    const count = Math.min(depth, levels.size);
    for (let place = 0; place < count; place += 1) {
      const level = levels.at(place);
      visit(levels.price(level), levels.lots(level), levels.orders(level));
    }
  }

  clear(removed: (id: OrderId, owner: AgentId, side: Side, price: Ticks, remaining: Lots) => void): void {
    const pool = this.#pool;
    for (const side of ['buy', 'sell'] as const) {
      const levels = this.#side(side);
      while (levels.size > 0) {
        const level = levels.at(0);
        const slot = levels.first(level);
        const price = levels.price(level);
        this.#unlink(slot);
        removed(pool.id(slot), pool.owner(slot), side, price, pool.lots(slot));
      }
    }
  }

  digest(): number {
    const pool = this.#pool;
    let hash = 0;
    for (const side of ['buy', 'sell'] as const) {
      const levels = this.#side(side);
      hash = combineHash(hash, levels.size);
      for (let place = 0; place < levels.size; place += 1) {
        const level = levels.at(place);
        hash = combineHash(combineHash(combineHash(hash, levels.price(level)), levels.lots(level)), levels.orders(level));
        for (let slot = levels.first(level); slot !== NO_SLOT; slot = pool.next(slot)) {
          hash = combineHash(combineHash(combineHash(hash, pool.id(slot)), pool.owner(slot)), pool.lots(slot));
        }
      }
    }
    return hash;
  }

  /** Walks all that is kept, for checks while a run is under way. @throws InvariantError as {@link verifyBook}. */
  verify(): void {
    verifyBook(this.#bids, this.#asks, this.#pool);
  }

  #side(side: Side): PriceLevels {
    return side === 'buy' ? this.#bids : this.#asks;
  }

  /** The best level at which an order of somebody else rests. */
  #levelExcluding(side: Side, owner: AgentId): number | undefined {
    const levels = this.#side(side);
    for (let place = 0; place < levels.size; place += 1) {
      const level = levels.at(place);
      for (let slot = levels.first(level); slot !== NO_SLOT; slot = this.#pool.next(slot)) {
        if (this.#pool.owner(slot) !== owner) return level;
      }
    }
    return undefined;
  }

  /** Trades against `side` at `limit` or better; returns the lots left over. */
  #match(taker: AgentId, side: Side, limit: Ticks | undefined, size: Lots, sink: FillSink): Lots {
    if (!(size > 0 && Number.isSafeInteger(size))) throw new InvariantError(`order of ${size} lots`);
    const pool = this.#pool;
    const levels = this.#side(side);
    let left: number = size;
    this.#stopped = false;
    while (left > 0 && levels.reaches(limit)) {
      const level = levels.at(0);
      const slot = levels.first(level);
      const price = levels.price(level);
      const open = pool.lots(slot);
      if (pool.owner(slot) === taker) {
        if (this.#prevention !== 'cancel-newest') {
          this.#unlink(slot);
          sink.prevented(pool.id(slot), price, open);
        }
        if (this.#prevention === 'cancel-oldest') continue;
        this.#stopped = true;
        break;
      }
      const traded = left < open ? left : open;
      left -= traded;
      if (traded === open) {
        this.#unlink(slot);
      } else {
        pool.setLots(slot, open - traded);
        levels.change(level, -traded, 0);
      }
      sink.fill(pool.id(slot), pool.owner(slot), price, traded as Lots, (open - traded) as Lots);
    }
    return left as Lots;
  }

  /** Puts an order at the end of the queue of its price. */
  #rest(id: OrderId, owner: AgentId, side: Side, price: Ticks, size: Lots): void {
    const levels = this.#side(side);
    const level = levels.open(price);
    levels.append(level, this.#pool.add(id, owner, side, level, size, levels.last(level)), size);
  }

  #unlink(slot: number): void {
    const pool = this.#pool;
    this.#side(pool.side(slot)).detach(pool.level(slot), pool.previous(slot), pool.next(slot), pool.lots(slot));
    pool.remove(slot);
  }
}
