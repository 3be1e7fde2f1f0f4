import { InputError } from '../core/assert.ts';
import { CHAIN_FORMATS, type ChainFormat, chainFormat } from './chain-formats.ts';
import { headerOf } from './header-columns.ts';
import { isTradeTable, TRADE_COLUMNS } from './trade-table.ts';
import { isVolTable, VOL_COLUMNS } from './vol-table.ts';

/** A layout of market data: trades, vols over time, LOBSTER's messages or book, or one of the chain layouts. */
export type MarketFormat = 'trades' | 'vols' | 'lobster-messages' | 'lobster-book' | ChainFormat;

const LOBSTER_MESSAGES = /^time,(event)?type,order(id)?,(size|shares),price,(trade)?direction$/;
const LOBSTER_BOOK = /^(best)?(ask|offer)(price)?\d?,(best)?(ask|offer)(volume|size)\d?,(best)?bid(price)?\d?,(best)?bid(volume|size)\d?/;
const MESSAGE_COLUMNS = 6;
const LEVEL_COLUMNS = 4;

/**
 * The layout of a file of market data, by its header line, or by its first row where it has none, as LOBSTER's files.
 * @throws InputError naming the known layouts when it is none of them.
 */
export function marketFormat(source: string, text: string): MarketFormat {
  const header = headerOf(text);
  const plain = header.map((name) => name.toLowerCase().replace(/[^a-z0-9,]/g, '')).join(',');
  const isNumbers = header.length > 1 && header.every((cell) => /^-?\d+(\.\d+)?$/.test(cell));
  if (LOBSTER_MESSAGES.test(plain) || (isNumbers && header.length === MESSAGE_COLUMNS)) return 'lobster-messages';
  if (LOBSTER_BOOK.test(plain) || (isNumbers && header.length % LEVEL_COLUMNS === 0)) return 'lobster-book';
  if (isVolTable(text)) return 'vols';
  if (isTradeTable(text)) return 'trades';
  try {
    return chainFormat(source, text);
  } catch (error) {
    if (!(error instanceof InputError) || !error.issues.some(({ message }) => message.startsWith('is in no known layout'))) throw error;
    const layouts = [
      `trades (${TRADE_COLUMNS})`,
      `vols (${VOL_COLUMNS})`,
      'LOBSTER messages (time, type, order id, size, price, direction) with their order book',
      `a chain (${CHAIN_FORMATS.join(', ')}: docs/chain-formats.md)`,
    ];
    throw new InputError(source, [{ path: '', message: `is in no known layout; expected ${layouts.join('; ')}`, line: 1 }]);
  }
}
