import { type Lots, lots, type Ticks } from '../core/units.ts';
import { opposite, type Side } from '../market/order.ts';
import { FeedBook, type Touch } from './feed-book.ts';
import { netTouch } from './net-touch.ts';
import { type PredictedFill, PredictedFills } from './predicted-fills.ts';
import { ReplayedMarket } from './replayed-market.ts';

/** How our touch stands to that of a feed. */
export type TouchStanding = 'equal' | 'in-flight' | 'crossed' | 'touch-differs';

/** A match that the feed has not reported by then, it never will: one of its two orders had gone without a word. */
const OVERDUE_MILLIS = 10_000;
const SIDES: readonly Side[] = ['buy', 'sell'];

/**
 * The book of a feed that shows orders before they are matched, next to ours, in which they are matched at once; and the matches of
 * ours that the feed has yet to report. For every order, what it has in the feed is what it has in ours and in those matches.
 */
export class MatchedFeed {
  readonly #market: ReplayedMarket;
  readonly #feed = new FeedBook();
  readonly #predicted = new PredictedFills();
  #millis = 0;
  #made = 0;
  #withdrawn = 0;
  #overdue = 0;

  /** @param ordersMaximum most orders that can ever be at rest at once. */
  constructor(ordersMaximum: number) {
    this.#market = new ReplayedMarket(ordersMaximum);
  }

  /** Matches that our exchange has made so far. */
  get made(): number {
    return this.#made;
  }

  /** Of these, the ones that were taken back. */
  get withdrawn(): number {
    return this.#withdrawn;
  }

  /** Of these, the ones of which the feed had not reported either half within ten seconds. */
  get overdue(): number {
    return this.#overdue;
  }

  /** Whether the feed's own book is crossed or locked. */
  get isCrossed(): boolean {
    return this.#feed.isCrossed;
  }

  /** What the feed shows of an order. */
  get(order: number): { readonly price: Ticks; readonly volume: Lots } | undefined {
    return this.#feed.get(order);
  }

  /** The first match of an order that the feed has yet to report for it. */
  nextFill(order: number): PredictedFill | undefined {
    return this.#predicted.next(order);
  }

  /** Lots of an order in matches that the feed has yet to report for it. */
  outstanding(order: number): number {
    return this.#predicted.outstanding(order);
  }

  /** Whether an order would trade if it came now. */
  isCrossing(side: Side, price: Ticks): boolean {
    const facing = this.#market.book.best(opposite(side));
    return facing !== undefined && (side === 'buy' ? price >= facing : price <= facing);
  }

  /** Lets the time pass; returns orders that must have gone without a word, since the feed does not report that they traded. */
  pass(millis: number): readonly number[] {
    this.#millis = millis;
    const gone: number[] = [];
    for (let fill = this.#predicted.overdue(millis - OVERDUE_MILLIS); fill !== undefined; ) {
      const { taker, maker, isTakerTold, isMakerTold, lots: size } = fill;
      this.#overdue += 1;
      if (isTakerTold || isMakerTold) {
        const silent = isTakerTold ? maker : taker;
        this.#predicted.tell(fill, silent);
        this.#feed.reduce(silent, size);
      } else {
        gone.push(maker);
        this.remove(maker);
      }
      fill = this.#predicted.overdue(millis - OVERDUE_MILLIS);
    }
    return gone;
  }

  /** A new order: ours trades at once with what it reaches. */
  add(order: number, side: Side, price: Ticks, volume: Lots): void {
    this.#feed.put(order, side, price, volume);
    this.#submit(order, side, price, volume);
  }

  /** An order has another price, or has grown: it comes anew, and what it took and was not reported it has not taken. */
  change(order: number, side: Side, price: Ticks, volume: Lots): void {
    this.#feed.put(order, side, price, volume);
    this.withdraw(order);
  }

  /** The feed reports that an order traded. Nothing is said of ours: see {@link confirm}, {@link withdraw}, {@link takeUnseen}. */
  report(order: number, size: Lots): void {
    this.#feed.reduce(order, size);
  }

  /** The report was of this match, give or take what rounding does: the lots that the feed shows are right. */
  confirm(fill: PredictedFill, order: number): void {
    this.#predicted.tell(fill, order);
    this.align(order);
    if (this.#feed.get(order) === undefined) this.#close(order);
  }

  /** The report was of a trade with somebody whom the feed does not show: in turn where that may be, out of turn where not. */
  takeUnseen(order: number, side: Side, size: Lots): void {
    const price = this.#market.priceOf(order);
    if (price !== undefined && this.#market.isNext(order) && this.#market.resting(order) >= size) this.#market.take(side, price, size);
    this.align(order);
  }

  /** An order leaves the feed untraded: what we made of it will not be reported any more. */
  remove(order: number): void {
    this.#feed.remove(order);
    this.#close(order);
  }

  /** Takes back what an order took and the feed has not reported, and lets it take anew. */
  withdraw(taker: number): void {
    const makers = this.#predicted.withdraw(taker);
    this.#withdrawn += makers.length;
    this.#market.cancel(taker);
    for (const maker of makers) this.align(maker);
    this.align(taker);
  }

  /** Gives an order in our book the lots that it has in the feed, without those that it has still to be told of. */
  align(order: number): void {
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

  /** Holds our touch against that of the feed, and where they differ, against that of the feed without what it has yet to report. */
  standing(): TouchStanding {
    const { book } = this.#market;
    const isOurs = (side: Side, { price, lots: size }: Touch): boolean => book.best(side) === price && book.bestLots(side) === size;
    if (SIDES.every((side) => isOurs(side, this.#feed.touch(side)))) return 'equal';
    if (this.#predicted.size > 0 && SIDES.every((side) => isOurs(side, netTouch(this.#feed, this.#predicted, side)))) return 'in-flight';
    return this.#feed.isCrossed ? 'crossed' : 'touch-differs';
  }

  /** @throws InvariantError when our exchange contradicts itself. */
  verify(): void {
    this.#market.verify();
  }

  #close(order: number): void {
    this.#market.cancel(order);
    for (let fill = this.#predicted.next(order); fill !== undefined; fill = this.#predicted.next(order)) {
      if (fill.isTakerTold || fill.isMakerTold) this.#predicted.tell(fill, order);
      else this.withdraw(fill.taker);
    }
  }

  #submit(order: number, side: Side, price: Ticks, size: Lots): void {
    for (const { maker, lots: traded } of this.#market.submit(order, side, price, size)) {
      this.#made += 1;
      this.#predicted.add(order, maker, traded, this.#millis);
    }
  }
}
