import { agentId, type Lots, lots, type OrderId, orderId, ticks } from '../../src/core/units.ts';
import type { FillSink, OrderBook } from '../../src/exchange/order-book.ts';
import type { Side } from '../../src/market/order.ts';

/** A command in small numbers; `pick` chooses among the ids given out so far. */
export interface BookCommand {
  readonly op: 'place' | 'sweep' | 'market' | 'reduce' | 'cancel' | 'clear';
  readonly owner: number;
  readonly side: Side;
  readonly price: number;
  readonly lots: number;
  readonly pick: number;
}

/** Gives a book commands one by one, and notes all that it says, as numbers. */
export class BookDriver {
  /** What the last command said: fills, preventions, removals, then its result. */
  readonly said: number[] = [];
  readonly #book: OrderBook;
  #placed = 0;
  readonly #sink: FillSink = {
    fill: (maker, owner, price, size, remaining) => this.said.push(1, maker, owner, price, size, remaining),
    prevented: (maker, price, remaining) => this.said.push(2, maker, price, remaining),
  };

  constructor(book: OrderBook) {
    this.#book = book;
  }

  run(command: BookCommand): void {
    const { said } = this;
    const book = this.#book;
    const sink = this.#sink;
    const { side } = command;
    const owner = agentId(command.owner);
    const size = lots(command.lots);
    said.length = 0;
    switch (command.op) {
      case 'place':
        this.#placed += 1;
        said.push(book.place(orderId(this.#placed), owner, side, ticks(command.price), size, sink));
        break;
      case 'sweep':
        said.push(book.sweep(owner, side, ticks(command.price), size, sink));
        break;
      case 'market':
        said.push(book.sweep(owner, side, undefined, size, sink));
        break;
      case 'reduce':
        said.push(book.reduce(this.#picked(command), size));
        break;
      case 'cancel':
        said.push(book.reduce(this.#picked(command), lots(1_000_000)));
        break;
      case 'clear':
        book.clear((id, ownerOf, sideOf, price, remaining) => said.push(3, id, ownerOf, sideOf === 'buy' ? 0 : 1, price, remaining));
        break;
    }
  }

  /** All the questions that a reader may ask, for one id and one owner. */
  answers(command: BookCommand): unknown[] {
    const book = this.#book;
    const id = this.#picked(command);
    const owner = agentId(command.owner);
    const levels: number[][] = [];
    for (const side of ['buy', 'sell'] as const) book.levels(side, 3, (price, size, orders) => levels.push([price, size, orders]));
    const others: number[][] = [];
    for (const side of ['buy', 'sell'] as const) book.levelsExcluding(side, owner, 3, (price, size) => others.push([price, size]));
    const top = (['buy', 'sell'] as const).map((side) => [
      book.best(side),
      book.bestLots(side),
      book.bestExcluding(side, owner),
      book.lotsExcluding(side, owner),
    ]);
    return [book.orders, book.resting(id), book.ownerOf(id), book.sideOf(id), book.priceOf(id), book.lotsAhead(id), ...top, levels, others];
  }

  #picked(command: BookCommand): OrderId {
    // The latest ids, since most of the older ones are gone; sometimes one that was never given out.
    return orderId(Math.max(0, this.#placed + 1 - command.pick));
  }
}

/** Total lots of all resting orders of a side: what is there to be traded. */
export function depth(book: OrderBook, side: Side): Lots {
  let sum = 0;
  book.levels(side, Number.POSITIVE_INFINITY, (_, size) => (sum += size));
  return lots(sum);
}
