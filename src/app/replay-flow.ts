import { InputError } from '../core/assert.ts';
import { readBitstampOrders } from '../data/bitstamp-orders.ts';
import { readLobsterBook } from '../data/lobster-book.ts';
import { readLobsterMessages } from '../data/lobster-messages.ts';
import { bitstampReplay } from '../replay/bitstamp-replay.ts';
import { bitstampReplayText, lobsterReplayText, percentOf } from '../replay/flow-replay-text.ts';
import { lobsterReplay } from '../replay/lobster-replay.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit.ts';
import { readText } from './files.ts';

/** Formats of recorded order flow. */
export const FLOW_FORMATS = ['lobster', 'bitstamp-l3'] as const;
export type FlowFormat = (typeof FLOW_FORMATS)[number];

/** What a replay of order flow is made from, and how it is shown. */
export interface FlowReplayOptions {
  readonly file: string | undefined;
  /** The book after each message. */
  readonly book: string | undefined;
  readonly json: boolean;
}

/** A text of this size still fits one string. */
const FLOW_BYTES_MAXIMUM = 400 * 1_048_576;

/** A replay that is over, in both forms. */
interface Replayed {
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * Drives the exchange with recorded order flow, and compares the books.
 * @returns the exit code: differences are the result, not an error.
 * @throws InputError when a file cannot be understood, is missing, or has no use.
 */
export function replayFlow(format: FlowFormat, { output }: Context, { file, book, json }: FlowReplayOptions): number {
  if (file === undefined) throw new InputError(format, [{ path: '', message: 'expected the name of a file behind it' }]);
  const { text, document } = format === 'lobster' ? lobster(file, book) : bitstamp(file, book);
  if (json) output.json('replay', { format, ...document });
  else output.print(text);
  return EXIT.ok;
}

function lobster(file: string, bookFile: string | undefined): Replayed {
  if (bookFile === undefined) {
    throw new InputError('--book', [{ path: '', message: 'is missing: lobster needs the book after each message' }]);
  }
  const messages = readLobsterMessages(file, flowText(file));
  const replay = lobsterReplay(messages, readLobsterBook(bookFile, flowText(bookFile), messages.length));
  const { events, compared, equal, classes, ...others } = replay;
  const document = { source: file, book: bookFile, ...shares(events, compared, equal), classes, lobster: others };
  return { text: lobsterReplayText(file, replay), document };
}

function bitstamp(file: string, bookFile: string | undefined): Replayed {
  if (bookFile !== undefined) {
    throw new InputError('--book', [{ path: '', message: 'has no meaning for bitstamp-l3: its events tell the whole book' }]);
  }
  const replay = bitstampReplay(readBitstampOrders(file, flowText(file)));
  const { events, compared, equal, classes, ...others } = replay;
  return {
    text: bitstampReplayText(file, replay),
    document: { source: file, ...shares(events, compared, equal), classes, bitstamp: others },
  };
}

const flowText = (file: string): string => readText(file, { bytesMaximum: FLOW_BYTES_MAXIMUM });

function shares(events: number, compared: number, equal: number) {
  return { events, compared, equal, comparedPercent: percentOf(compared, events), equalPercent: percentOf(equal, compared) };
}
