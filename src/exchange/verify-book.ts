import { invariant } from '../core/assert.ts';
import { NO_SLOT, type OrderPool } from './order-pool.ts';
import type { PriceLevels } from './price-levels.ts';

/**
 * Checks the parts of a book against one another; the cost is that of walking every order.
 * @throws InvariantError when the book is crossed or locked, or its parts disagree.
 */
export function verifyBook(bids: PriceLevels, asks: PriceLevels, pool: OrderPool): void {
  const bid = bids.size === 0 ? undefined : bids.price(bids.at(0));
  const ask = asks.size === 0 ? undefined : asks.price(asks.at(0));
  invariant(bid === undefined || ask === undefined || bid < ask, () => `book is crossed or locked: bid ${bid}, ask ${ask}`);
  let orders = 0;
  for (const [side, levels] of [
    ['buy', bids],
    ['sell', asks],
  ] as const) {
    for (let place = 0; place < levels.size; place += 1) {
      const level = levels.at(place);
      const price = levels.price(level);
      const better = place === 0 ? undefined : levels.price(levels.at(place - 1));
      invariant(better === undefined || (side === 'buy' ? better > price : better < price), () => `levels are out of order at ${price}`);
      verifyLevel(side, levels, level, pool);
      orders += levels.orders(level);
    }
  }
  invariant(orders === pool.size, () => `${orders} orders rest, ${pool.size} are indexed`);
}

function verifyLevel(side: 'buy' | 'sell', levels: PriceLevels, level: number, pool: OrderPool): void {
  const price = levels.price(level);
  let sum = 0;
  let orders = 0;
  let last = NO_SLOT;
  for (let slot = levels.first(level); slot !== NO_SLOT; slot = pool.next(slot)) {
    const id = pool.id(slot);
    invariant(pool.previous(slot) === last, () => `the queue at ${price} is broken at order ${id}`);
    invariant(pool.side(slot) === side && pool.level(slot) === level, () => `order ${id} does not belong to level ${price}`);
    invariant(pool.find(id) === slot, () => `order ${id} is not indexed`);
    invariant(pool.lots(slot) > 0, () => `order ${id} rests with ${pool.lots(slot)} lots`);
    sum += pool.lots(slot);
    orders += 1;
    last = slot;
  }
  invariant(orders > 0 && last === levels.last(level), () => `the queue at ${price} is empty, or has a wrong end`);
  invariant(orders === levels.orders(level) && sum === levels.lots(level), () => `totals at ${price} are not those of its orders`);
}
