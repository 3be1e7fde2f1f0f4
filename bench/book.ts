import { streams } from '../src/core/rng.ts';
import { agentId, type Lots, lots, nanos, type OrderId, orderId, type Ticks, ticks } from '../src/core/units.ts';
import { LadderBook } from '../src/exchange/ladder-book.ts';
import type { FillSink, OrderBook } from '../src/exchange/order-book.ts';
import { Kernel } from '../src/kernel/kernel.ts';
import type { Side } from '../src/market/order.ts';
import { NaiveBook } from '../test/support/naive-book.ts';
import type { Figure } from './figure.ts';

const RESTING = 10_000;
const LEVELS = 200;
const COMMANDS = 1_000_000;
/** The naive book searches 10,000 orders per command: it gets this many of the same commands. */
const NAIVE_COMMANDS = 1_500;
const ROUNDS = 5;

const ADD = 0;
const CANCEL = 1;
const SWEEP = 2;
const TAKER = agentId(99);

/** Commands made before the clock starts, so that both books get the same and the drawing of chance costs neither. */
interface Commands {
  readonly kinds: Uint8Array;
  readonly sides: readonly Side[];
  readonly orders: readonly OrderId[];
  readonly prices: readonly Ticks[];
  readonly sizes: readonly Lots[];
}

/**
 * `book.mixed`: 10,000 orders rest over 200 levels, 100 a side; then 50 % adds over those levels, 45 % cancels of a resting
 * order chosen evenly, 5 % sweeps of one mean order size, which keep the number resting near 10,000.
 */
export function bookMixed(): Figure {
  const commands = mixedCommands();
  if (digestAfter(new LadderBook(), commands) !== digestAfter(new NaiveBook(), commands)) throw new Error('the two books disagree');
  const value = bestRate(() => new LadderBook(), commands, COMMANDS, ROUNDS);
  const peerValue = bestRate(() => new NaiveBook(), commands, NAIVE_COMMANDS, 1);
  return { name: 'book.mixed', value, unit: 'ops/s', peer: 'naive book', peerValue, ratio: value / peerValue };
}

function mixedCommands(): Commands {
  const rng = streams('bench').stream('book.mixed');
  const below = (bound: number): number => Math.floor(rng.uniform() * bound);
  const total = RESTING + COMMANDS;
  const kinds = new Uint8Array(total);
  const sides: Side[] = [];
  const orders: OrderId[] = [];
  const prices: Ticks[] = [];
  const sizes: Lots[] = [];
  const live: OrderId[] = [];
  const places = new Map<OrderId, number>();
  const gone = (id: OrderId): void => {
    const place = places.get(id);
    const last = live.pop();
    if (place === undefined || last === undefined) return;
    places.delete(id);
    if (last === id) return;
    live[place] = last;
    places.set(last, place);
  };
  const book = new LadderBook();
  const sink: FillSink = { fill: (maker, _owner, _price, _size, remaining) => remaining === 0 && gone(maker), prevented: gone };
  for (let i = 0; i < total; i += 1) {
    const chance = rng.uniform();
    const kind = i < RESTING || chance < 0.5 ? ADD : chance < 0.95 ? CANCEL : SWEEP;
    const side: Side = below(2) === 0 ? 'buy' : 'sell';
    const distance = 1 + below(LEVELS / 2);
    const price = ticks(side === 'buy' ? 1_000 - distance : 1_000 + distance);
    // Sizes of 1 to 9 have a mean of 5: a sweep takes one order, in the mean.
    const size = lots(kind === SWEEP ? 5 : 1 + below(9));
    const id = kind === CANCEL ? (live[below(live.length)] ?? orderId(0)) : orderId(i + 1);
    kinds[i] = kind;
    sides.push(side);
    orders.push(id);
    prices.push(price);
    sizes.push(size);
    if (kind === ADD) {
      book.place(id, agentId(i % 16), side, price, size, sink);
      places.set(id, live.length);
      live.push(id);
    } else if (kind === CANCEL) {
      book.reduce(id, lots(9));
      gone(id);
    } else {
      book.sweep(TAKER, side, undefined, size, sink);
    }
  }
  return { kinds, sides, orders, prices, sizes };
}

function digestAfter(book: OrderBook, commands: Commands): number {
  run(book, commands, 0, RESTING + NAIVE_COMMANDS / 10, { fill: () => {}, prevented: () => {} });
  return book.digest();
}

/** Commands per second, the best of some rounds: others on the machine can only slow it down. */
function bestRate(create: () => OrderBook, commands: Commands, count: number, rounds: number): number {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const book = create();
    let traded = 0;
    const sink: FillSink = { fill: (_maker, _owner, _price, size) => (traded += size), prevented: () => {} };
    run(book, commands, 0, RESTING, sink);
    const start = performance.now();
    run(book, commands, RESTING, RESTING + count, sink);
    best = Math.max(best, (1_000 * count) / (performance.now() - start));
    if (traded === 0 || Math.abs(book.orders - RESTING) > RESTING / 5) throw new Error(`${traded} lots traded, ${book.orders} orders rest`);
  }
  return best;
}

function run(book: OrderBook, commands: Commands, start: number, end: number, sink: FillSink): void {
  const { kinds, sides, orders, prices, sizes } = commands;
  for (let i = start; i < end; i += 1) {
    const side = sides[i]!;
    if (kinds[i] === ADD) book.place(orders[i]!, agentId(i % 16), side, prices[i]!, sizes[i]!, sink);
    else if (kinds[i] === CANCEL) book.reduce(orders[i]!, lots(9));
    else book.sweep(TAKER, side, undefined, sizes[i]!, sink);
  }
}

const PENDING = 10_000;
const EVENTS = 2_000_000;

/**
 * `kernel.events`: 10,000 events are pending; each that is processed schedules one more, up to one second later. The peer
 * is a binary heap of objects under the same load.
 */
export function kernelEvents(): Figure {
  const rng = streams('bench').stream('kernel.events');
  const delays = Float64Array.from({ length: 65_536 }, () => Math.floor(rng.uniform() * 1e9));
  let value = 0;
  let peerValue = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    value = Math.max(value, kernelRate(delays));
    peerValue = Math.max(peerValue, objectHeapRate(delays));
  }
  return { name: 'kernel.events', value, unit: 'events/s', peer: 'heap of objects', peerValue, ratio: value / peerValue };
}

function kernelRate(delays: Float64Array): number {
  const kernel = new Kernel({ seed: 'bench', queueCapacity: PENDING + 1 });
  let next = 0;
  const target = kernel.register({
    on: (code, payload) => {
      next = (next + 1) & 65_535;
      kernel.schedule(nanos(kernel.now + delays[next]!), target, code, payload);
    },
  });
  for (let i = 0; i < PENDING; i += 1) kernel.schedule(nanos(delays[i]!), target, 0, i);
  const start = performance.now();
  kernel.advance(nanos(Number.MAX_SAFE_INTEGER), EVENTS);
  return (1_000 * EVENTS) / (performance.now() - start);
}

interface Entry {
  time: number;
  readonly sequence: number;
  readonly act: (payload: number) => void;
  readonly payload: number;
}

const earlier = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

function objectHeapRate(delays: Float64Array): number {
  const heap: Entry[] = [];
  let sequence = 0;
  let next = 0;
  let now = 0;
  const push = (time: number, act: (payload: number) => void, payload: number): void => {
    const entry = { time, sequence: sequence++, act, payload };
    let node = heap.length;
    heap.push(entry);
    for (let parent = (node - 1) >> 1; node > 0 && earlier(entry, heap[parent]!); parent = (node - 1) >> 1) {
      heap[node] = heap[parent]!;
      node = parent;
    }
    heap[node] = entry;
  };
  const pop = (): Entry => {
    const first = heap[0]!;
    const entry = heap.pop()!;
    if (heap.length === 0) return first;
    let node = 0;
    for (let child = 1; child < heap.length; child = 2 * node + 1) {
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child += 1;
      if (!earlier(heap[child]!, entry)) break;
      heap[node] = heap[child]!;
      node = child;
    }
    heap[node] = entry;
    return first;
  };
  const act = (payload: number): void => {
    next = (next + 1) & 65_535;
    push(now + delays[next]!, act, payload);
  };
  for (let i = 0; i < PENDING; i += 1) push(delays[i]!, act, i);
  const start = performance.now();
  for (let i = 0; i < EVENTS; i += 1) {
    const event = pop();
    now = event.time;
    event.act(event.payload);
  }
  return (1_000 * EVENTS) / (performance.now() - start);
}
