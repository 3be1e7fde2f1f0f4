import { type Lots, lots, type Ticks } from '../core/units.ts';
import type { BitstampEvent } from '../data/bitstamp-orders.ts';
import { opposite, type Side } from '../market/order.ts';
import { BITSTAMP_CLASSES, type BitstampClass } from './bitstamp-classes.ts';
import { type CrossedFigures, CrossedSpells } from './crossed-spells.ts';
import { FeedBook, type Touch } from './feed-book.ts';
import { netTouch } from './net-touch.ts';
import { PredictedFills } from './predicted-fills.ts';
import { comparedRows, noRows } from './replay-class.ts';
import { ReplayedMarket } from './replayed-market.ts';
import { type UnannouncedOrder, unannouncedOrders } from './unannounced-orders.ts';

/** Fills of the feed and of our exchange. The feed reports each fill twice, once for each of the two orders. */
export interface FillFigures {
  /** Matches that our exchange made, and of these the ones that were taken back since the feed contradicted them. */
  readonly made: number;
  readonly withdrawn: number;
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
const SIDES: readonly Side[] = ['buy', 'sell'];
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
  readonly #market: ReplayedMarket;
  readonly #feed = new FeedBook();
  readonly #predicted = new PredictedFills();
  readonly #spells = new CrossedSpells();
  readonly #deleted = new Set<number>();
  readonly #unannounced: ReadonlyMap<number, UnannouncedOrder>;
  /** Unannounced orders that have not been put into the books yet, the first to arrive last. */
  readonly #awaited: UnannouncedOrder[];
  readonly #classes = noRows<BitstampClass>(BITSTAMP_CLASSES);
  readonly #fills = { made: 0, withdrawn: 0, reported: 0, exact: 0, rounded: 0, differing: 0, unpredicted: 0 };
  #events = 0;
  #repriced = 0;

  constructor(events: readonly BitstampEvent[]) {
    this.#market = new ReplayedMarket(events.length);
    const unannounced = unannouncedOrders(events);
    this.#unannounced = new Map(unannounced.map((order) => [order.order, order]));
    this.#awaited = unannounced.reverse();
  }

  step(event: BitstampEvent): void {
    this.#events += 1;
    const fault = this.#deleted.has(event.order) ? 'late' : this.#apply(event);
    this.#spells.event(event, this.#feed.isCrossed);
    this.#classes[fault ?? (this.#unannounced.has(event.order) ? 'unannounced' : this.#touch())] += 1;
  }

  result(): BitstampReplay {
    this.#market.verify();
    return {
      events: this.#events,
      compared: comparedRows<BitstampClass>(BITSTAMP_CLASSES, this.#classes),
      equal: this.#classes.equal,
      classes: this.#classes,
      fills: this.#fills,
      crossed: this.#spells.figures(),
      unannounced: this.#unannounced.size,
      repriced: this.#repriced,
    };
  }

  #touch(): BitstampClass {
    const { book } = this.#market;
    const isOurs = (side: Side, { price, lots: size }: Touch): boolean => book.best(side) === price && book.bestLots(side) === size;
    if (SIDES.every((side) => isOurs(side, this.#feed.touch(side)))) return 'equal';
    if (this.#predicted.size > 0 && SIDES.every((side) => isOurs(side, netTouch(this.#feed, this.#predicted, side)))) return 'in-flight';
    return this.#feed.isCrossed ? 'crossed' : 'touch-differs';
  }

  #apply(event: BitstampEvent): Fault | undefined {
    const { order, action, side, price, volume } = event;
    if (action === 'created') {
      if (this.#feed.get(order) !== undefined) return 'late';
      this.#arrive(order);
      this.#feed.put(order, side, price, volume);
      this.#submit(order, side, price, volume);
      return undefined;
    }
    this.#announce(order);
    const known = this.#feed.get(order);
    if (known === undefined) return this.#applyFirst(event);
    if (action === 'deleted') this.#deleted.add(order);
    if (action === 'deleted' && volume > 0) return this.#cancel(order, volume, known.volume);
    if (price !== known.price) return this.#reprice(event);
    if (volume > known.volume) {
      this.#feed.put(order, side, price, volume);
      this.#align(order);
      return 'volume-differs';
    }
    return volume < known.volume ? this.#fill(order, side, lots(known.volume - volume)) : undefined;
  }

  /** The first event of an order of whose size before nothing is known. */
  #applyFirst({ order, action, side, price, volume }: BitstampEvent): Fault {
    if (action === 'deleted') this.#deleted.add(order);
    else {
      this.#feed.put(order, side, price, volume);
      this.#submit(order, side, price, volume);
    }
    return 'unannounced';
  }

  #cancel(order: number, volume: Lots, before: Lots): Fault | undefined {
    this.#feed.remove(order);
    const isFilled = this.#predicted.outstanding(order) > ROUNDING_LOTS;
    this.#close(order);
    if (isFilled) return 'fill-withdrawn';
    return volume === before ? undefined : 'volume-differs';
  }

  /** The order has left the feed: what we made of it and the feed has not reported will not be reported any more. */
  #close(order: number): void {
    this.#market.cancel(order);
    for (let fill = this.#predicted.next(order); fill !== undefined; fill = this.#predicted.next(order)) {
      if (fill.isTakerTold || fill.isMakerTold) this.#predicted.tell(fill, order);
      else this.#withdraw(fill.taker);
    }
  }

  /** A market order goes on to the next level: it carries the price of that level, and buyers whose order is in dollars a new size. */
  #reprice({ order, action, side, price, volume }: BitstampEvent): Fault | undefined {
    this.#repriced += 1;
    if (action === 'deleted') this.#feed.remove(order);
    else this.#feed.put(order, side, price, volume);
    this.#withdraw(order);
    return undefined;
  }

  #fill(order: number, side: Side, size: Lots): Fault | undefined {
    const fill = this.#predicted.next(order);
    this.#fills.reported += 1;
    this.#feed.reduce(order, size);
    if (fill === undefined) {
      this.#fills.unpredicted += 1;
      const price = this.#market.priceOf(order);
      // Somebody whom the feed does not show traded with it: in turn where that may be, out of turn where not.
      if (price !== undefined && this.#market.isNext(order) && this.#market.resting(order) >= size) this.#market.take(side, price, size);
      this.#align(order);
      return 'fill-unpredicted';
    }
    const difference = Math.abs(fill.lots - size);
    if (difference > ROUNDING_LOTS) {
      this.#fills.differing += 1;
      this.#withdraw(fill.taker);
      this.#align(order);
      return 'fill-differs';
    }
    this.#predicted.tell(fill, order);
    if (difference === 0) this.#fills.exact += 1;
    else {
      this.#fills.rounded += 1;
      this.#align(order);
    }
    if (this.#feed.get(order) === undefined) this.#close(order);
    return difference === 0 ? undefined : 'fill-rounded';
  }

  /** Takes back what an order took and the feed has not reported, and lets it take anew. */
  #withdraw(taker: number): void {
    const makers = this.#predicted.withdraw(taker);
    this.#fills.withdrawn += makers.length;
    this.#market.cancel(taker);
    for (const maker of makers) this.#align(maker);
    this.#align(taker);
  }

  /** Gives an order in our book the lots that it has in the feed, without those that it has still to be told of. */
  #align(order: number): void {
    const known = this.#feed.get(order);
    const target = Math.max(0, (known?.volume ?? 0) - this.#predicted.outstanding(order));
    const open = this.#market.resting(order);
    if (target < open) this.#market.reduce(order, lots(open - target));
    if (target <= open || known === undefined) return;
    // To get lots back it has to come again, and so have those behind it.
    const behind = this.#market
      .queue(known.side, known.price)
      .filter((other) => other !== order && (this.#feed.get(other)?.sequence ?? 0) > known.sequence)
      .map((other) => ({ other, size: this.#market.resting(other) }));
    for (const { other } of behind) this.#market.cancel(other);
    this.#market.cancel(order);
    this.#submit(order, known.side, known.price, lots(target));
    for (const { other, size } of behind) this.#submit(other, known.side, known.price, size);
  }

  #submit(order: number, side: Side, price: Ticks, size: Lots): void {
    for (const { maker, lots: traded } of this.#market.submit(order, side, price, size)) {
      this.#fills.made += 1;
      this.#predicted.add(order, maker, traded);
    }
  }

  /** Puts in the unannounced orders that arrived before this one: numbers grow with arrival. */
  #arrive(order: number): void {
    for (let next = this.#awaited.at(-1); next !== undefined && next.order < order; next = this.#awaited.at(-1)) {
      this.#awaited.pop();
      const facing = this.#market.book.best(opposite(next.side));
      const isCrossing = facing !== undefined && (next.side === 'buy' ? next.price >= facing : next.price <= facing);
      // One that would trade is not where it is thought to be: it waits for its own event.
      if (!isCrossing) this.#announce(next.order);
    }
  }

  /** Puts in an unannounced order, once. */
  #announce(order: number): void {
    const known = this.#unannounced.get(order);
    if (known === undefined || this.#deleted.has(order) || this.#feed.get(order) !== undefined) return;
    this.#feed.put(order, known.side, known.price, known.volume);
    this.#submit(order, known.side, known.price, known.volume);
  }
}
