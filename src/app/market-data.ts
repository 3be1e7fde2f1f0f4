import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { readChain } from '../data/chain-formats.ts';
import { readLobsterBook } from '../data/lobster-book.ts';
import { readLobsterMessages } from '../data/lobster-messages.ts';
import { type MarketFormat, marketFormat } from '../data/market-formats.ts';
import { readTradeTable } from '../data/trade-table.ts';
import { readVolTable, type VolRow } from '../data/vol-table.ts';
import { bookSamples } from '../study/realism/book-samples.ts';
import { chainSamples } from '../study/realism/chain-samples.ts';
import { joinedSamples } from '../study/realism/joined-samples.ts';
import type { MarketSamples } from '../study/realism/market-samples.ts';
import { tradeSamples } from '../study/realism/trade-samples.ts';
import { type PanelRow, VolPanel } from '../study/realism/vol-panel.ts';
import type { OptionSpec } from './command.ts';
import { readText } from './files.ts';

/** A text of this size still fits one string. */
const BYTES_MAXIMUM = 400 * 1_048_576;
/** Shares that an option of a share stands for. */
const SHARES_PER_CONTRACT = 100;
/** A vol this many times nearer or farther than a tenor still stands for it. */
const TENOR_RATIO_MAXIMUM = 1.4;

/** A file that was measured, and what it was read as. */
export interface MeasuredFile {
  readonly file: string;
  readonly format: MarketFormat;
}

/** A data set of one or more files. */
export interface MarketData {
  readonly files: readonly MeasuredFile[];
  readonly samples: MarketSamples;
}

/** `--against <file>` */
export function againstOption(): OptionSpec<readonly string[]> {
  return {
    flags: '--against <file>',
    about:
      'measure the same facts on real data: trades or vols over time as CSV, LOBSTER messages (their order book beside them), or a chain that calibrate reads; may be repeated',
    initial: [],
    initialText: 'none',
    repeatable: true,
    read: (text, previous) => [...previous, text],
  };
}

/**
 * Reads a data set from its files, each in the layout that its header tells. Several chains are taken together; of every other kind what is in
 * several files is taken from the first.
 * @throws InputError when a file cannot be understood, or is a LOBSTER book without its messages.
 */
export function readMarketData(paths: readonly string[]): MarketData {
  const texts = paths.map((path) => ({ path, text: readText(path, { bytesMaximum: BYTES_MAXIMUM }) }));
  const files = texts.map(({ path, text }) => ({ path, text, format: marketFormat(path, text) }));
  const books = new Set<string>();
  const parts: MarketSamples[] = [];
  const chains: { snapshot: ReturnType<typeof readChain>; seconds: number }[] = [];
  for (const { path, text, format } of files) {
    if (format === 'trades') parts.push(tradeSamples(readTradeTable(path, text)));
    else if (format === 'vols') parts.push({ ...joinedSamples([]), panel: new VolPanel(readVolTable(path, text).map(panelRow)) });
    else if (format === 'lobster-messages') {
      const book = bookBeside(path, files.find((file) => file.format === 'lobster-book' && !books.has(file.path))?.path);
      books.add(book);
      parts.push(lobsterSamples(path, text, book));
    } else if (format !== 'lobster-book') {
      const snapshot = readChain(path, text, format);
      chains.push({ snapshot, seconds: Date.parse(snapshot.at) / 1000 });
    }
  }
  const idle = files.find(({ path, format }) => format === 'lobster-book' && !books.has(path));
  if (idle !== undefined) {
    throw new InputError(idle.path, [{ path: '', message: 'is an order book of LOBSTER; name its messages with --against too' }]);
  }
  if (chains.length > 0) parts.push(chainSamples(chains.sort((a, b) => a.seconds - b.seconds)));
  return { files: files.map(({ path, format }) => ({ file: basename(path), format })), samples: joinedSamples(parts) };
}

/** The order book of a message file: one that was named, else the one that LOBSTER puts beside it. */
function bookBeside(messages: string, named: string | undefined): string {
  if (named !== undefined) return named;
  const name = basename(messages).replace('message', 'orderbook');
  const path = join(dirname(messages), name);
  if (name !== basename(messages) && existsSync(path)) return path;
  throw new InputError(messages, [
    { path: '', message: `is a message file of LOBSTER, and its order book is not beside it; name it with another --against` },
  ]);
}

function lobsterSamples(path: string, text: string, bookPath: string): MarketSamples {
  const messages = readLobsterMessages(path, text);
  const book = readLobsterBook(bookPath, readText(bookPath, { bytesMaximum: BYTES_MAXIMUM }), messages.length);
  const mid = (row: number): number | undefined => {
    const [bid, ask] = [book.price(row, 'buy', 0), book.price(row, 'sell', 0)];
    return bid === undefined || ask === undefined ? undefined : (bid + ask) / 2;
  };
  return bookSamples(messages, mid, SHARES_PER_CONTRACT);
}

function panelRow({ seconds, spot, vols, riskReversals }: VolRow): PanelRow {
  const [week, month, quarter] = [7, 30, 90].map((days) => nearest(vols, days));
  const reversal = nearest(riskReversals, 30);
  return {
    seconds,
    ...(spot === undefined ? {} : { spot }),
    ...(week === undefined ? {} : { week }),
    ...(month === undefined ? {} : { month }),
    ...(quarter === undefined ? {} : { quarter }),
    ...(reversal === undefined ? {} : { skew: -reversal }),
  };
}

/** Of the tenor nearest to so many days, by ratio. */
function nearest(values: ReadonlyMap<number, number>, days: number): number | undefined {
  const distance = (tenor: number): number => Math.abs(Math.log(tenor / days));
  const [tenor] = [...values.keys()].sort((a, b) => distance(a) - distance(b));
  return tenor !== undefined && distance(tenor) <= Math.log(TENOR_RATIO_MAXIMUM) ? values.get(tenor) : undefined;
}
