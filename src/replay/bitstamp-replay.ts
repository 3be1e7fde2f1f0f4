import { type Lots, lots } from '../core/units.ts';
import type { BitstampEvent } from '../data/bitstamp-orders.ts';
import type { Side } from '../market/order.ts';
import { BITSTAMP_CLASSES, type BitstampClass } from './bitstamp-classes.ts';
import { type CrossedFigures, CrossedSpells } from './crossed-spells.ts';
import { MatchedFeed } from './matched-feed.ts';
import { comparedRows, noRows } from './replay-class.ts';
import { type UnannouncedOrder, unannouncedOrders } from './unannounced-orders.ts';

/** Fills of the feed and of our exchange. The feed reports each fill twice, once for each of the two orders. */
export interface FillFigures {
  /** Matches that our exchange made, of these the ones that were taken back, and the ones that the feed had not reported in ten seconds. */
  readonly made: number;
  readonly withdrawn: number;
  readonly overdue: number;
  /** Reports of the feed: of just the lots that we made, of up to 2 units of 1e-8 more or less, of others, and of none of ours. */
  readonly reported: number;
  readonly exact: number;
  readonly rounded: number;
  readonly differing: number;
  readonly unpredicted: number;
}

/** What came of a replay of Bitstamp events. Every event is in exactly one class. */
export interface BitstampReplay {
  readonly events: number;
  readonly compared: number;
  readonly equal: number;
  readonly classes: Readonly<Record<BitstampClass, number>>;
  readonly fills: FillFigures;
  readonly crossed: CrossedFigures;
  /** Orders whose creation is not in the file. */
  readonly unannounced: number;
  /** Changes of the price of an order: market orders take that of each level they reach. */
  readonly repriced: number;
}

/** Sizes of orders given in dollars are rounded by the venue. */
const ROUNDING_LOTS = 2;
type Fault = Exclude<BitstampClass, 'equal' | 'touch-differs' | 'in-flight' | 'crossed'>;

/**
 * Drives our exchange with the order events of Bitstamp, and holds its touch against the feed's after each.
 *
 * A created order is a limit order: where it crosses, our exchange matches it at once. The feed shows it in a crossed book first, and
 * reports the fills about a tenth of a second later: each such report is held against the match that our exchange made. See
 * docs/replay.md.
 */
export function bitstampReplay(events: readonly BitstampEvent[]): BitstampReplay {
  const replay = new Replay(events);
  for (const event of events) replay.step(event);
  return replay.result();
}

class Replay {
  readonly #books: MatchedFeed;
  readonly #spells = new CrossedSpells();
  readonly #gone = new Set<number>();
  readonly #unannounced: ReadonlyMap<number, UnannouncedOrder>;
  /** Unannounced orders that have not been put into the books yet, the first to arrive last. */
  readonly #awaited: UnannouncedOrder[];
  readonly #classes = noRows<BitstampClass>(BITSTAMP_CLASSES);
  readonly #reports = { reported: 0, exact: 0, rounded: 0, differing: 0, unpredicted: 0 };
  #events = 0;
  #repriced = 0;

  constructor(events: readonly BitstampEvent[]) {
    this.#books = new MatchedFeed(events.length);
    const unannounced = unannouncedOrders(events);
    this.#unannounced = new Map(unannounced.map((order) => [order.order, order]));
    this.#awaited = unannounced.reverse();
  }

  step(event: BitstampEvent): void {
    this.#events += 1;
    for (const order of this.#books.pass(event.receivedMillis)) this.#gone.add(order);
    const fault = this.#gone.has(event.order) ? 'late' : this.#apply(event);
    this.#spells.event(event, this.#books.isCrossed);
    this.#classes[fault ?? (this.#unannounced.has(event.order) ? 'unannounced' : this.#books.standing())] += 1;
  }

  result(): BitstampReplay {
    this.#books.verify();
    const { made, withdrawn, overdue } = this.#books;
    return {
      events: this.#events,
      compared: comparedRows<BitstampClass>(BITSTAMP_CLASSES, this.#classes),
      equal: this.#classes.equal,
      classes: this.#classes,
      fills: { made, withdrawn, overdue, ...this.#reports },
      crossed: this.#spells.figures(),
      unannounced: this.#unannounced.size,
      repriced: this.#repriced,
    };
  }

  #apply(event: BitstampEvent): Fault | undefined {
    const { order, action, side, price, volume } = event;
    if (action === 'created') {
      if (this.#books.get(order) !== undefined) return 'late';
      this.#arrive(order);
      this.#books.add(order, side, price, volume);
      return undefined;
    }
    this.#announce(order);
    const known = this.#books.get(order);
    if (action === 'deleted') this.#gone.add(order);
    if (known === undefined) {
      // Nothing tells what it had before.
      if (action === 'changed') this.#books.add(order, side, price, volume);
      return 'unannounced';
    }
    if (action === 'deleted' && volume > 0) return this.#cancel(order, volume, known.volume);
    if (price !== known.price) {
      // A market order goes on to the next level: it carries the price of that level, and buyers whose order is in dollars a new size.
      this.#repriced += 1;
      if (action === 'deleted') this.#books.remove(order);
      else this.#books.change(order, side, price, volume);
      return undefined;
    }
    if (volume > known.volume) {
      this.#books.change(order, side, price, volume);
      return 'volume-differs';
    }
    return volume < known.volume ? this.#fill(order, side, lots(known.volume - volume)) : undefined;
  }

  #cancel(order: number, volume: Lots, before: Lots): Fault | undefined {
    const isFilled = this.#books.outstanding(order) > ROUNDING_LOTS;
    this.#books.remove(order);
    if (isFilled) return 'fill-withdrawn';
    return volume === before ? undefined : 'volume-differs';
  }

  #fill(order: number, side: Side, size: Lots): Fault | undefined {
    const fill = this.#books.nextFill(order);
    this.#reports.reported += 1;
    this.#books.report(order, size);
    if (fill === undefined) {
      this.#reports.unpredicted += 1;
      this.#books.takeUnseen(order, side, size);
      return 'fill-unpredicted';
    }
    const difference = Math.abs(fill.lots - size);
    if (difference > ROUNDING_LOTS) {
      this.#reports.differing += 1;
      this.#books.withdraw(fill.taker);
      this.#books.align(order);
      return 'fill-differs';
    }
    this.#books.confirm(fill, order);
    if (difference === 0) this.#reports.exact += 1;
    else this.#reports.rounded += 1;
    return difference === 0 ? undefined : 'fill-rounded';
  }

  /** Puts in the unannounced orders that arrived before this one: numbers grow with arrival. */
  #arrive(order: number): void {
    for (let next = this.#awaited.at(-1); next !== undefined && next.order < order; next = this.#awaited.at(-1)) {
      this.#awaited.pop();
      // One that would trade is not where it is thought to be: it waits for its own event.
      if (!this.#books.isCrossing(next.side, next.price)) this.#announce(next.order);
    }
  }

  /** Puts in an unannounced order, once. */
  #announce(order: number): void {
    const known = this.#unannounced.get(order);
    if (known === undefined || this.#gone.has(order) || this.#books.get(order) !== undefined) return;
    this.#books.add(order, known.side, known.price, known.volume);
  }
}
