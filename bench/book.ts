import { performance } from 'node:perf_hooks';
import { LadderBook } from '../src/exchange/ladder-book.ts';
import type { OrderBook } from '../src/exchange/order-book.ts';
import type { Side } from '../src/market/order.ts';
import { NaiveBook } from '../test/support/naive-book.ts';
import { ADD, CANCEL, type Commands, Fills, mixedCommands, perform, RESTING } from './book-commands.ts';
import type { Figure } from './figure.ts';

const COMMANDS = 1_000_000;
/** The peer gets this many of the same commands: some seconds of them. */
const PEER_COMMANDS = 100_000;
/** The naive book searches 10,000 orders per command: these few show that it comes to the same. */
const NAIVE_COMMANDS = 150;
const ROUNDS = 4;

/** The package compared with: the order book with price and time priority that npm offers. Without it there is a figure and no ratio. */
const PEER = 'nodejs-order-book';

/** What is used of the peer. */
interface PeerBook {
  limit(order: PeerOrder): { readonly err: Error | null };
  market(order: PeerOrder): { readonly quantityLeft: number };
  cancel(id: string): unknown;
  /** Price and lots of each level: offers from the lowest, then bids from the highest. */
  depth(): [asks: [number, number][], bids: [number, number][]];
}
interface PeerOrder {
  readonly id: string;
  readonly side: Side;
  readonly size: number;
  readonly price: number;
}

/**
 * `book.mixed`: the commands of {@link mixedCommands}, each fill being told to a sink. The peer gets the same commands in the same process,
 * its orders made before the clock starts; it has no journal and prevents no self-trades. Both must end with the same lots at every price.
 *
 * The peer keeps orders as fields of an object, and is slower where their names are numbers, as in its own benchmark, than where they are
 * not: hence two figures.
 */
export async function bookMixed(): Promise<Figure[]> {
  const commands = mixedCommands(COMMANDS);
  const create = await peer();
  const peers = create === undefined ? [] : ['', 'id-'].map((prefix) => new PeerRun(create, commands, prefix));
  let value = 0;
  // Rounds take turns, so that whatever else the machine does hits all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    value = Math.max(value, ourRate(commands), ourRate(commands));
    for (const run of peers) run.round();
  }
  checkAgainstNaive(commands);
  const ours = { value, unit: 'ops/s' };
  const [numbers, others] = peers;
  if (numbers === undefined || others === undefined) return [{ name: 'book.mixed', ...ours }];
  return [
    { name: 'book.mixed', ...ours, peer: `${PEER}, ids are numbers`, peerValue: numbers.best, ratio: value / numbers.best },
    { name: 'book.mixed (other ids)', ...ours, peer: `${PEER}, ids are not numbers`, peerValue: others.best, ratio: value / others.best },
  ];
}

/** Commands per second. Of some rounds the best counts: others on the machine can only slow them down. */
function ourRate(commands: Commands): number {
  const book = new LadderBook();
  const sink = new Fills();
  perform(book, commands, 0, RESTING, sink);
  const start = performance.now();
  perform(book, commands, RESTING, RESTING + COMMANDS, sink);
  const rate = (1_000 * COMMANDS) / (performance.now() - start);
  if (sink.traded === 0 || Math.abs(book.orders - RESTING) > RESTING / 5)
    throw new Error(`${sink.traded} lots traded, ${book.orders} orders rest`);
  return rate;
}

/** Runs the first of the commands on the peer, again and again. */
class PeerRun {
  /** Commands per second, of the best round. */
  best = 0;
  readonly #create: () => PeerBook;
  readonly #commands: Commands;
  readonly #orders: readonly PeerOrder[];
  readonly #expected: string;

  /** @param prefix of the ids that the peer is given. */
  constructor(create: () => PeerBook, commands: Commands, prefix: string) {
    this.#create = create;
    this.#commands = commands;
    this.#orders = Array.from({ length: RESTING + PEER_COMMANDS }, (_, i) => peerOrder(commands, i, prefix));
    this.#expected = JSON.stringify(levelsAfter(new LadderBook(), commands, RESTING + PEER_COMMANDS));
  }

  round(): void {
    const book = this.#create();
    performOnPeer(book, this.#commands, this.#orders, 0, RESTING);
    const start = performance.now();
    performOnPeer(book, this.#commands, this.#orders, RESTING, RESTING + PEER_COMMANDS);
    this.best = Math.max(this.best, (1_000 * PEER_COMMANDS) / (performance.now() - start));
    const [asks, bids] = book.depth();
    if (JSON.stringify([bids, asks]) !== this.#expected) throw new Error(`${PEER} ends with another book`);
  }
}

function peerOrder({ sides, orders, prices, sizes }: Commands, i: number, prefix: string): PeerOrder {
  return { id: `${prefix}${orders[i]}`, side: sides[i] ?? 'buy', size: sizes[i] ?? 0, price: prices[i] ?? 0 };
}

/** Returns the lots traded by sweeps, so that its answers are looked at. */
function performOnPeer(book: PeerBook, { kinds }: Commands, orders: readonly PeerOrder[], start: number, end: number): number {
  let traded = 0;
  for (let i = start; i < end; i += 1) {
    const order = orders[i]!;
    if (kinds[i] === ADD) book.limit(order);
    else if (kinds[i] === CANCEL) book.cancel(order.id);
    else traded += order.size - book.market(order).quantityLeft;
  }
  return traded;
}

async function peer(): Promise<(() => PeerBook) | undefined> {
  try {
    // Named by a variable, so that neither types nor bundle need it.
    const loaded = (await import(PEER)) as { OrderBook: new () => PeerBook };
    return () => new loaded.OrderBook();
  } catch {
    return undefined;
  }
}

/** Price and lots of all levels, best first: bids, then offers. */
function levelsAfter(book: OrderBook, commands: Commands, end: number): [number, number][][] {
  perform(book, commands, 0, end, new Fills());
  return (['buy', 'sell'] as const).map((side) => {
    const levels: [number, number][] = [];
    book.levels(side, Number.POSITIVE_INFINITY, (price, size) => levels.push([price, size]));
    return levels;
  });
}

function checkAgainstNaive(commands: Commands): void {
  const [ours, naive] = [new LadderBook(), new NaiveBook()].map((book: OrderBook) => {
    levelsAfter(book, commands, RESTING + NAIVE_COMMANDS);
    return book.digest();
  });
  if (ours !== naive) throw new Error('the book and the naive one disagree');
}
