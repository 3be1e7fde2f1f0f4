import type { Lots, Ticks } from '../core/units.ts';
import type { LobsterBook } from '../data/lobster-book.ts';
import { opposite, type Side } from '../market/order.ts';
import { keyOf, type LaterMessages } from './later-messages.ts';
import type { ReplayedMarket } from './replayed-market.ts';

/** How the best level of a side came to be known at a row. */
export type Standing = 'known' | 'later' | 'remembered' | 'unknown';

/**
 * One side of a replayed book, of which messages tell the best levels only. Prices at `#edge` and better are known; what rests behind
 * is a memory, true when it was covered. When a known level goes, one from behind comes into view, and is made known again: from the
 * messages to come, or from the book file.
 */
export class KnownLevels {
  readonly #side: Side;
  readonly #market: ReplayedMarket;
  readonly #later: LaterMessages;
  readonly #file: LobsterBook;
  /** Key of the worst price that is known; −∞ where the whole side is, ∞ where nothing is. */
  #edge = Number.POSITIVE_INFINITY;
  /** Numbers of the orders without a name, by price: they stand for all of which no message tells. */
  readonly #nameless = new Map<Ticks, number>();
  readonly #nextNameless: () => number;

  constructor(side: Side, market: ReplayedMarket, later: LaterMessages, file: LobsterBook, nextNameless: () => number) {
    this.#side = side;
    this.#market = market;
    this.#later = later;
    this.#file = file;
    this.#nextNameless = nextNameless;
  }

  /** False until the first level is known. */
  get isKnown(): boolean {
    return this.#edge < Number.POSITIVE_INFINITY;
  }

  /** The order that stands for one of which nothing was known before this message, or undefined. */
  nameless(price: Ticks): number | undefined {
    return this.#nameless.get(price);
  }

  /** Makes known what a message has brought into view. `isForetold` says whether later messages may be asked. */
  settle(row: number, isForetold: boolean): Standing {
    const known = this.#known();
    const { levels } = this.#file;
    if (known.length >= levels) {
      this.#edge = known.at(-1) ?? this.#edge;
      return 'known';
    }
    if (this.#edge === Number.NEGATIVE_INFINITY) return 'known';
    if (known.length > 0) {
      this.#fill(row, known.length);
      return 'known';
    }
    const told = isForetold && levels === 1 ? this.#later.best(this.#side, this.#edge) : undefined;
    if (told !== undefined) {
      this.#seed(0, told.price, told.lots);
      this.#edge = keyOf(this.#side, told.price);
      return 'later';
    }
    const isRemembered = this.isKnown && this.equals(row);
    this.#fill(row, 0);
    return isRemembered ? 'remembered' : 'unknown';
  }

  /** Whether the best level is that of the book file. */
  equals(row: number): boolean {
    const { book } = this.#market;
    return (
      book.best(this.#side) === this.#file.price(row, this.#side, 0) && book.bestLots(this.#side) === this.#file.lots(row, this.#side, 0)
    );
  }

  /** Forgets the side. */
  clear(): void {
    for (let best = this.#market.book.best(this.#side); best !== undefined; best = this.#market.book.best(this.#side)) {
      this.#market.clear(this.#side, best);
    }
    this.#edge = Number.POSITIVE_INFINITY;
  }

  /** Takes the side from the book file. */
  reset(row: number): void {
    this.clear();
    this.#fill(row, 0);
  }

  /** Keys of the known levels, best first. */
  #known(): number[] {
    const keys: number[] = [];
    this.#market.book.levels(this.#side, this.#file.levels, (price) => {
      if (keyOf(this.#side, price) >= this.#edge) keys.push(keyOf(this.#side, price));
    });
    return keys;
  }

  /** Takes the levels behind the first `known` from the book file. */
  #fill(row: number, known: number): void {
    for (let level = known; level < this.#file.levels; level += 1) {
      const price = this.#file.price(row, this.#side, level);
      if (price === undefined) {
        this.#clearTo(level, Number.NEGATIVE_INFINITY);
        this.#edge = Number.NEGATIVE_INFINITY;
        return;
      }
      this.#seed(level, price, this.#file.lots(row, this.#side, level));
      this.#edge = keyOf(this.#side, price);
    }
  }

  /** Puts a level of known size behind the first `known`: the orders that later messages name, then one without a name for the others. */
  #seed(known: number, price: Ticks, size: Lots): void {
    this.#clearTo(known, keyOf(this.#side, price));
    const facing = opposite(this.#side);
    for (let best = this.#market.book.best(facing); best !== undefined; best = this.#market.book.best(facing)) {
      if (keyOf(this.#side, price) < keyOf(this.#side, best)) break;
      this.#market.clear(facing, best);
    }
    let left: number = size;
    for (const { order, lots } of this.#later.at(this.#side, price, size)) {
      if (this.#market.resting(order) > 0) continue;
      this.#market.submit(order, this.#side, price, lots);
      left -= lots;
    }
    if (left === 0) return;
    const number = this.#nextNameless();
    this.#nameless.set(price, number);
    this.#market.submit(number, this.#side, price, left as Lots);
  }

  /** Takes out the levels behind the first `known` whose key is `key` or better. */
  #clearTo(known: number, key: number): void {
    for (;;) {
      let count = 0;
      let last: Ticks | undefined;
      this.#market.book.levels(this.#side, known + 1, (price) => {
        count += 1;
        last = price;
      });
      if (count <= known || last === undefined || keyOf(this.#side, last) < key) return;
      this.#market.clear(this.#side, last);
    }
  }
}
