import type { Lots } from '../core/units.ts';
import type { LobsterBook } from '../data/lobster-book.ts';
import type { LobsterMessage } from '../data/lobster-messages.ts';
import { opposite, type Side } from '../market/order.ts';
import { KnownLevels, type Standing } from './known-levels.ts';
import { isVisible, keyOf, LaterMessages } from './later-messages.ts';
import { LOBSTER_CLASSES, type LobsterClass } from './lobster-classes.ts';
import { comparedRows, noRows } from './replay-class.ts';
import { ReplayedMarket } from './replayed-market.ts';

/** Rows of one side: where its best level follows from messages, and where it is then that of the book file. */
export interface SideFigures {
  readonly compared: number;
  readonly equal: number;
}

/** What came of a replay of LOBSTER files. Every row of the messages is in exactly one class. */
export interface LobsterReplay {
  readonly events: number;
  readonly compared: number;
  readonly equal: number;
  readonly classes: Readonly<Record<LobsterClass, number>>;
  readonly sides: Readonly<Record<'bid' | 'ask', SideFigures>>;
  /** Levels per side in the book file. */
  readonly levels: number;
  /** Messages about prices behind the touch: none where the message file has one level. */
  readonly behindTouch: number;
  /** Executions of visible orders, and those of the order that our exchange would have traded next, and no other. */
  readonly executions: number;
  readonly inTurn: number;
  /** Messages that change no visible book: hidden executions, crosses, halts. */
  readonly invisible: number;
}

type Fault = 'sweep-order' | 'out-of-turn' | 'order-differs' | 'crossed';
const SIDES: readonly Side[] = ['buy', 'sell'];

/**
 * Drives our exchange with the messages of a LOBSTER file, and holds its touch against the book file after each.
 *
 * A submission is a limit order, a reduction keeps its place, a deletion is a cancellation, and an execution is an
 * immediate-or-cancel order of that price and size which has to meet just that order. See docs/replay.md for what a file of
 * few levels leaves open, and what is done about it.
 */
export function lobsterReplay(messages: readonly LobsterMessage[], book: LobsterBook): LobsterReplay {
  const replay = new Replay(messages, book);
  for (const [row, message] of messages.entries()) replay.step(row, message);
  return replay.result();
}

class Replay {
  readonly #messages: readonly LobsterMessage[];
  readonly #file: LobsterBook;
  readonly #market: ReplayedMarket;
  readonly #later: LaterMessages;
  readonly #sides: Readonly<Record<Side, KnownLevels>>;
  readonly #classes = noRows<LobsterClass>(LOBSTER_CLASSES);
  readonly #figures: Record<Side, { compared: number; equal: number }> = {
    buy: { compared: 0, equal: 0 },
    sell: { compared: 0, equal: 0 },
  };
  readonly #behindTouch: number;
  #executions = 0;
  #inTurn = 0;
  /** The row before was crossed: the book has to be taken from the file once it is not. */
  #isLost = false;

  constructor(messages: readonly LobsterMessage[], file: LobsterBook) {
    this.#messages = messages;
    this.#file = file;
    const submissions = messages.filter(({ kind }) => kind === 'submission').length;
    // Each order that was submitted, each that was there before and is named, and one without a name per level and row.
    this.#market = new ReplayedMarket(submissions + 2 * messages.length + 2 * file.levels);
    this.#later = new LaterMessages(messages);
    this.#behindTouch = messages.filter((message, row) => isVisible(message) && this.#isBehind(row, message)).length;
    let nameless = 0;
    const side = (each: Side): KnownLevels => new KnownLevels(each, this.#market, this.#later, file, () => --nameless);
    this.#sides = { buy: side('buy'), sell: side('sell') };
  }

  step(row: number, message: LobsterMessage): void {
    const fault = isVisible(message) && this.#sides[message.side].isKnown && !this.#isLost ? this.#apply(row, message) : undefined;
    this.#later.pass(message);
    this.#classes[this.#classOf(row, fault)] += 1;
  }

  result(): LobsterReplay {
    this.#market.verify();
    const classes = this.#classes;
    return {
      events: this.#messages.length,
      compared: comparedRows<LobsterClass>(LOBSTER_CLASSES, classes),
      equal: classes.equal + classes['equal-later'],
      classes,
      sides: { bid: this.#figures.buy, ask: this.#figures.sell },
      levels: this.#file.levels,
      behindTouch: this.#behindTouch,
      executions: this.#executions,
      inTurn: this.#inTurn,
      invisible: this.#messages.filter((message) => !isVisible(message)).length,
    };
  }

  #isBehind(row: number, { side, price }: LobsterMessage): boolean {
    const touch = row === 0 ? undefined : this.#file.price(row - 1, side, 0);
    return touch !== undefined && keyOf(side, price) < keyOf(side, touch);
  }

  /** Does what a message says. */
  #apply(row: number, { kind, order, side, price, lots: size }: LobsterMessage): Fault | undefined {
    const market = this.#market;
    if (kind === 'submission') {
      const facing = market.book.best(opposite(side));
      if (facing !== undefined && keyOf(side, price) >= keyOf(side, facing)) return 'crossed';
      if (market.resting(order) > 0) return 'order-differs';
      market.submit(order, side, price, size);
      return undefined;
    }
    const isNamed = market.resting(order) > 0;
    const number = isNamed ? order : this.#sides[side].nameless(price);
    if (kind === 'execution') this.#executions += 1;
    if (number === undefined || market.priceOf(number) !== price) return 'order-differs';
    const open = market.resting(number);
    if (size > open || (kind === 'deletion' && isNamed && size < open)) {
      market.cancel(number);
      return 'order-differs';
    }
    if (kind === 'execution' && market.isNext(number)) return this.#execute(number, side, price, size);
    market.reduce(number, size);
    if (kind !== 'execution') return undefined;
    return this.#isSwept(row, market.queue(side, price)[0]) ? 'sweep-order' : 'out-of-turn';
  }

  #execute(number: number, side: Side, price: LobsterMessage['price'], size: Lots): Fault | undefined {
    const fills = this.#market.take(side, price, size);
    if (fills.length !== 1 || fills[0]?.maker !== number || fills[0].lots !== size) return 'out-of-turn';
    this.#inTurn += 1;
    return undefined;
  }

  /** Whether messages of the same time, right behind this row, execute an order too. */
  #isSwept(row: number, order: number | undefined): boolean {
    const { seconds } = this.#messages[row] ?? {};
    for (let next = row + 1; ; next += 1) {
      const message = this.#messages[next];
      if (message?.seconds !== seconds || message?.kind !== 'execution') return false;
      if (message.order === order) return true;
    }
  }

  #classOf(row: number, fault: Fault | undefined): LobsterClass {
    const bid = this.#file.price(row, 'buy', 0);
    const ask = this.#file.price(row, 'sell', 0);
    const isCrossed = bid !== undefined && ask !== undefined && bid >= ask;
    if (isCrossed || this.#isLost || fault === 'crossed') {
      this.#isLost = isCrossed;
      for (const side of SIDES) this.#sides[side].clear();
      if (!isCrossed) for (const side of SIDES) this.#sides[side].reset(row);
      return 'crossed';
    }
    const standings = SIDES.map((side) => this.#sides[side].settle(row, this.#behindTouch === 0));
    const differing = SIDES.filter((side, i) => !this.#isAsExpected(row, side, standings[i] ?? 'unknown'));
    for (const side of differing) this.#sides[side].reset(row);
    if (fault !== undefined) return fault;
    if (differing.length > 0) return 'touch-differs';
    if (standings.includes('unknown')) return 'unknown-depth';
    if (standings.includes('remembered')) return 'remembered';
    return standings.includes('later') ? 'equal-later' : 'equal';
  }

  #isAsExpected(row: number, side: Side, standing: Standing): boolean {
    if (standing === 'unknown' || standing === 'remembered') return true;
    const figures = this.#figures[side];
    const isEqual = this.#sides[side].equals(row);
    figures.compared += 1;
    if (isEqual) figures.equal += 1;
    return isEqual;
  }
}
