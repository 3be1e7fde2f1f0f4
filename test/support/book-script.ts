import { agentId, type Lots, lots, type OrderId, orderId, type Ticks, ticks } from '../../src/core/units.ts';
import type { FillSink, OrderBook } from '../../src/exchange/order-book.ts';
import type { Side } from '../../src/market/order.ts';

/**
 * Runs a readable script against a book, and returns it with what happened in place of what was expected: a test compares
 * the two texts. A row is `command | outcome`; orders are named by owner and number (`A1`), owners by a letter.
 *
 *     place A1 sell 101 x5       | rests 5
 *     place B1 buy 101 x7        | 5@101 A1, rests 2          fills first, then what rests
 *     place A2 sell 101 x1       | A1 prevented x3, rests 1   self-trade prevention
 *     sweep C buy 103 x4         | 2@102 A2, traded 2
 *     sweep C buy any x4         | traded 0
 *     reduce B1 x1               | removed 1
 *     cancel B1                  | removed 1
 *     best buy / lots buy        | 101 / 2, or none
 *     best buy without A         | 100 x3: price and lots of others
 *     ahead B2                   | 4, or none
 *     clear                      | B2 x3, A3 x1
 *     book                       | followed by one row per level, offers on top, first in queue at the left:
 *       101 sell A1:5 A2:3
 */
export function ranScript(book: OrderBook, script: string): string {
  const run = new Script(book);
  const rows = normalised(script).split('\n');
  const out: string[] = [];
  for (const row of rows) {
    const command = row.split('|')[0]?.trim() ?? '';
    if (/^\d+ (buy|sell)/.test(command)) continue;
    if (command === 'book') out.push('book |', ...run.table());
    else out.push(`${command} | ${run.outcome(command.split(' '))}`.trim());
  }
  return out.join('\n');
}

/** A script without indentation, blank lines and runs of blanks. */
export function normalised(script: string): string {
  return script
    .split('\n')
    .map((row) => row.trim().replace(/ +/g, ' '))
    .filter((row) => row !== '')
    .map((row) => (/^book( \w+)?$/.test(row) ? `${row} |` : row))
    .join('\n');
}

class Script {
  readonly #book: OrderBook;
  readonly #names: string[] = [];
  #heard: string[] = [];
  readonly #sink: FillSink = {
    fill: (maker, owner, price, size) => {
      if (!this.#name(maker).startsWith(letter(owner))) throw new Error(`${this.#name(maker)} is not an order of ${letter(owner)}`);
      this.#heard.push(`${size}@${price} ${this.#name(maker)}`);
    },
    prevented: (maker, _price, remaining) => this.#heard.push(`${this.#name(maker)} prevented x${remaining}`),
  };

  constructor(book: OrderBook) {
    this.#book = book;
  }

  outcome(words: readonly string[]): string {
    const book = this.#book;
    const sink = this.#sink;
    const [verb = '', first = '', second = '', third = '', fourth = ''] = words;
    this.#heard = [];
    switch (verb) {
      case 'place': {
        this.#names.push(first);
        const rests = book.place(this.#id(first), owner(first), second as Side, ticks(Number(third)), size(fourth), sink);
        return [...this.#heard, `rests ${rests}`].join(', ');
      }
      case 'sweep': {
        const limit = third === 'any' ? undefined : ticks(Number(third));
        const traded = book.sweep(owner(first), second as Side, limit, size(fourth), sink);
        return [...this.#heard, `traded ${traded}`].join(', ');
      }
      case 'reduce':
        return `removed ${book.reduce(this.#id(first), size(second))}`;
      case 'cancel':
        return `removed ${book.reduce(this.#id(first), book.resting(this.#id(first)) ?? lots(1))}`;
      case 'best':
        return second === 'without' ? this.#others(first as Side, third) : shown(book.best(first as Side));
      case 'lots':
        return shown(book.bestLots(first as Side));
      case 'ahead':
        return shown(book.lotsAhead(this.#id(first)));
      case 'clear':
        book.clear((id, _owner, _side, _price, remaining) => this.#heard.push(`${this.#name(id)} x${remaining}`));
        return this.#heard.join(', ');
      default:
        throw new Error(`unknown command ${verb}`);
    }
  }

  /** One row per level, offers on top; each order found by its own id, and placed by what is ahead of it. */
  table(): string[] {
    const book = this.#book;
    const asks: string[] = [];
    const bids: string[] = [];
    for (const [side, rows] of [
      ['sell', asks],
      ['buy', bids],
    ] as const) {
      book.levels(side, Number.POSITIVE_INFINITY, (price, total, orders) => {
        const ids = this.#names.map((name) => this.#id(name)).filter((id) => book.sideOf(id) === side && book.priceOf(id) === price);
        ids.sort((a, b) => (book.lotsAhead(a) ?? 0) - (book.lotsAhead(b) ?? 0));
        const sum = ids.reduce((lotsSoFar, id) => lotsSoFar + (book.resting(id) ?? 0), 0);
        if (sum !== total || ids.length !== orders)
          throw new Error(`level ${price}: ${orders} orders of ${total} lots, but found ${ids.length} of ${sum}`);
        rows.push(`${price} ${side} ${ids.map((id) => `${this.#name(id)}:${book.resting(id)}`).join(' ')}`);
      });
    }
    return [...asks.reverse(), ...bids];
  }

  #others(side: Side, without: string): string {
    const price: Ticks | undefined = this.#book.bestExcluding(side, owner(without));
    const total: Lots = this.#book.lotsExcluding(side, owner(without));
    return price === undefined ? `none x${total}` : `${price} x${total}`;
  }

  #id(name: string): OrderId {
    return orderId(this.#names.indexOf(name) + 1);
  }

  #name(id: OrderId): string {
    return this.#names[id - 1] ?? `#${id}`;
  }
}

const owner = (name: string) => agentId(name.charCodeAt(0) - 65);
const letter = (id: number): string => String.fromCharCode(65 + id);
const size = (word: string): Lots => lots(Number(word.replace('x', '')));
const shown = (value: number | undefined): string => (value === undefined ? 'none' : String(value));
