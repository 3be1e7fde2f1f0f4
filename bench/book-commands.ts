import { streams } from '../src/core/rng.ts';
import { type AgentId, agentId, type Lots, lots, type OrderId, orderId, type Ticks, ticks } from '../src/core/units.ts';
import { LadderBook } from '../src/exchange/ladder-book.ts';
import type { FillSink, OrderBook } from '../src/exchange/order-book.ts';
import type { Side } from '../src/market/order.ts';

/** Orders that rest before the clock starts, and about as many from then on. */
export const RESTING = 10_000;
const LEVELS = 200;

/** Adds an order that crosses nothing. */
export const ADD = 0;
/** Takes out a resting order, chosen evenly. */
export const CANCEL = 1;
/** A market order of the mean size of an order. */
export const SWEEP = 2;

/** Whose the sweeps are: nobody who adds, so that no order meets one of its own. */
export const TAKER = agentId(16);

/** Commands made before the clock starts, so that all books get the same and the drawing of chance costs none of them. */
export interface Commands {
  readonly kinds: Uint8Array;
  readonly sides: readonly Side[];
  /** New ids for adds; for cancels that of the order to take out. */
  readonly orders: readonly OrderId[];
  readonly prices: readonly Ticks[];
  readonly sizes: readonly Lots[];
}

/** Owner of the order that a command adds. */
export const ownerOf = (command: number) => agentId(command % 16);

/**
 * {@link RESTING} adds over 200 levels, 100 a side; then `count` commands: 50 % adds over those levels, 45 % cancels of a resting order
 * chosen evenly, 5 % sweeps of one mean order size, which keep the number resting near where it was.
 */
export function mixedCommands(count: number): Commands {
  const rng = streams('bench').stream('book.mixed');
  const below = (bound: number): number => Math.floor(rng.uniform() * bound);
  const total = RESTING + count;
  const commands = {
    kinds: new Uint8Array(total),
    sides: [] as Side[],
    orders: [] as OrderId[],
    prices: [] as Ticks[],
    sizes: [] as Lots[],
  };
  const live = new LiveOrders();
  const book = new LadderBook();
  const sink = new Fills(live);
  for (let i = 0; i < total; i += 1) {
    const chance = rng.uniform();
    const kind = i < RESTING || chance < 0.5 ? ADD : chance < 0.95 ? CANCEL : SWEEP;
    const side: Side = below(2) === 0 ? 'buy' : 'sell';
    const distance = 1 + below(LEVELS / 2);
    const price = ticks(side === 'buy' ? 1_000 - distance : 1_000 + distance);
    // Sizes of 1 to 9 have a mean of 5: a sweep takes one order, in the mean.
    const size = lots(kind === SWEEP ? 5 : 1 + below(9));
    const id = kind === CANCEL ? live.any(below) : orderId(i + 1);
    commands.kinds[i] = kind;
    commands.sides.push(side);
    commands.orders.push(id);
    commands.prices.push(price);
    commands.sizes.push(size);
    perform(book, commands, i, i + 1, sink);
    if (kind === ADD) live.add(id);
    else if (kind === CANCEL) live.remove(id);
  }
  return commands;
}

/** Runs the commands from `start` to before `end` through one of our books. */
export function perform(book: OrderBook, commands: Commands, start: number, end: number, sink: FillSink): void {
  const { kinds, sides, orders, prices, sizes } = commands;
  for (let i = start; i < end; i += 1) {
    const side = sides[i]!;
    if (kinds[i] === ADD) book.place(orders[i]!, ownerOf(i), side, prices[i]!, sizes[i]!, sink);
    else if (kinds[i] === CANCEL) book.reduce(orders[i]!, lots(9));
    else book.sweep(TAKER, side, undefined, sizes[i]!, sink);
  }
}

/**
 * Hears of fills. All benches of books use this one class: an exchange has one sink too, and a book that has been called with several kinds
 * is compiled for several kinds.
 */
export class Fills implements FillSink {
  /** Lots traded so far. */
  traded = 0;
  readonly #live: LiveOrders | undefined;

  constructor(live?: LiveOrders) {
    this.#live = live;
  }

  fill(maker: OrderId, _owner: AgentId, _price: Ticks, size: Lots, remaining: Lots): void {
    this.traded += size;
    if (remaining === 0) this.#live?.remove(maker);
  }

  prevented(): void {}
}

/** A set to draw from evenly. */
class LiveOrders {
  readonly #ids: OrderId[] = [];
  readonly #places = new Map<OrderId, number>();

  add(id: OrderId): void {
    this.#places.set(id, this.#ids.length);
    this.#ids.push(id);
  }

  any(below: (bound: number) => number): OrderId {
    return this.#ids[below(this.#ids.length)] ?? orderId(0);
  }

  remove(id: OrderId): void {
    const place = this.#places.get(id);
    const last = this.#ids.pop();
    if (place === undefined || last === undefined) return;
    this.#places.delete(id);
    if (last === id) return;
    this.#ids[place] = last;
    this.#places.set(last, place);
  }
}
