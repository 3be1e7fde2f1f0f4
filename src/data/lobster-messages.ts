import { type Lots, lots, type Ticks, ticks } from '../core/units.ts';
import type { Side } from '../market/order.ts';
import { refuse } from './csv-table.ts';
import { NumberRows } from './number-rows.ts';

/**
 * What a message of LOBSTER tells. Of these, only the first four change the visible book; all four name one visible order.
 * A `reduction` takes lots off an order, a `deletion` all that it has left, an `execution` what has traded of it.
 */
export type LobsterKind = 'submission' | 'reduction' | 'deletion' | 'execution' | 'hidden' | 'cross' | 'halt';

const KINDS: readonly LobsterKind[] = ['submission', 'reduction', 'deletion', 'execution', 'hidden', 'cross', 'halt'];
const COLUMNS = ['time', 'type', 'order id', 'size', 'price', 'direction'] as const;
/** What a header may call the columns, letters only. */
const NAMES = [/^time$/, /^(event)?type$/, /^order(id)?$|^id$/, /^size$|^shares$/, /^price$/, /^(trade)?direction$/];

/** One row of a LOBSTER message file. */
export interface LobsterMessage {
  /** After midnight. */
  readonly seconds: number;
  readonly kind: LobsterKind;
  /** Number of the order in the file; 0 for orders that are not shown. */
  readonly order: number;
  /** Shares. */
  readonly lots: Lots;
  /** In units of 1/10,000 dollar. */
  readonly price: Ticks;
  /** Side of the resting order: an execution of a `buy` was sold into. Without a meaning for halts. */
  readonly side: Side;
}

/**
 * Reads a message file of LOBSTER (lobsterdata.com): time in seconds after midnight, type 1 to 7, order id, size, price in 1/10,000
 * dollar, direction (1 for a buy order). The files have no header; one in the usual order is allowed.
 * @throws InputError naming line and column of what is wrong: the first 20 faults.
 */
export function readLobsterMessages(source: string, text: string): LobsterMessage[] {
  const rows = new NumberRows(source, COLUMNS);
  const messages: LobsterMessage[] = [];
  let last = 0;
  const header = (names: readonly string[], line: number): undefined => {
    const isUsual = names.length === COLUMNS.length && names.every((name, i) => NAMES[i]?.test(name.toLowerCase().replace(/[^a-z]/g, '')));
    if (!isUsual) refuse(source, `has the header '${names.join(',').slice(0, 80)}', expected ${COLUMNS.join(', ')}`, line);
  };
  rows.each(text, header, () => {
    if (!rows.hasWidth(COLUMNS.length)) return;
    const seconds = rows.number(0, `seconds after midnight, not before those of the row above (${last})`, (value) => {
      return value >= last && value <= 86_400;
    });
    const type = rows.number(1, 'a type from 1 to 7', (value) => KINDS[value - 1] !== undefined);
    const kind = KINDS[type - 1];
    if (kind === undefined || Number.isNaN(seconds)) return;
    last = seconds;
    const isTold = kind === 'cross' || kind === 'halt';
    const least = isTold ? Number.MIN_SAFE_INTEGER : 1;
    const order = rows.whole(2, isTold ? least : kind === 'hidden' ? 0 : 1);
    const size = rows.whole(3, least);
    const price = rows.whole(4, least);
    const direction = rows.number(5, '1 or -1', (value) => value === 1 || value === -1 || (isTold && value === 0));
    if (Number.isNaN(order + size + price + direction)) return;
    messages.push({ seconds, kind, order, lots: lots(size), price: ticks(price), side: direction === 1 ? 'buy' : 'sell' });
  });
  rows.end(messages.length);
  return messages;
}
