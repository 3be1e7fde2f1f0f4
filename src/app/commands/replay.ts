import { InputError } from '../../core/assert.ts';
import { readBitstampOrders } from '../../data/bitstamp-orders.ts';
import { readLobsterBook } from '../../data/lobster-book.ts';
import { readLobsterMessages } from '../../data/lobster-messages.ts';
import { bitstampReplay } from '../../replay/bitstamp-replay.ts';
import { lobsterReplay } from '../../replay/lobster-replay.ts';
import { bitstampReplayText, lobsterReplayText, percentOf } from '../../replay/replay-text.ts';
import { defineCommand, one, optional } from '../command.ts';
import { EXIT } from '../exit.ts';
import { readText } from '../files.ts';
import { jsonOption, textOption } from '../options.ts';

/** A text of this size still fits one string. */
const FLOW_BYTES_MAXIMUM = 400 * 1_048_576;

/** A replay that is over, in both forms. */
interface Replayed {
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Replays of other systems' files, by the name of their format. */
const FORMATS: ReadonlyMap<string, (file: string, book: string | undefined) => Replayed> = new Map([
  ['lobster', replayedLobster],
  ['bitstamp-l3', replayedBitstamp],
]);

/** `volpit replay`: order flow that has happened, through our exchange. */
export const replay = defineCommand({
  about:
    'Drives the exchange with real order messages and compares its book with the recorded one after every event. Differences are the result, not an error.',
  arguments: {
    what: one('what', `format of the file: ${[...FORMATS.keys()].join(', ')}`),
    file: optional('file', 'messages or orders'),
  },
  options: { book: textOption('--book <file>', 'the book after each message (lobster)'), json: jsonOption() },
  examples: ['volpit replay lobster message_1.csv --book orderbook_1.csv', 'volpit replay bitstamp-l3 orders.csv --json'],
  async action({ output }, { what, file }, { book, json }) {
    const { text, document } = replayed(what, file, book);
    if (json) output.json('replay', { format: what, ...document });
    else output.print(text);
    return EXIT.ok;
  },
});

function replayed(what: string, file: string | undefined, book: string | undefined): Replayed {
  const format = FORMATS.get(what);
  if (format === undefined)
    throw new InputError(what, [{ path: '', message: `is no format: expected ${[...FORMATS.keys()].join(' or ')}` }]);
  if (file === undefined) throw new InputError(what, [{ path: '', message: 'expected the name of a file behind it' }]);
  return format(file, book);
}

function replayedLobster(file: string, bookFile: string | undefined): Replayed {
  if (bookFile === undefined) {
    throw new InputError('--book', [{ path: '', message: 'is missing: lobster needs the book after each message' }]);
  }
  const messages = readLobsterMessages(file, flowText(file));
  const book = readLobsterBook(bookFile, flowText(bookFile), messages.length);
  const { events, compared, equal, classes, ...lobster } = lobsterReplay(messages, book);
  const document = { source: file, book: bookFile, ...shares(events, compared, equal), classes, lobster };
  return { text: lobsterReplayText(file, { events, compared, equal, classes, ...lobster }), document };
}

function replayedBitstamp(file: string, bookFile: string | undefined): Replayed {
  if (bookFile !== undefined) {
    throw new InputError('--book', [{ path: '', message: 'has no meaning for bitstamp-l3: its events tell the whole book' }]);
  }
  const { events, compared, equal, classes, ...bitstamp } = bitstampReplay(readBitstampOrders(file, flowText(file)));
  const document = { source: file, ...shares(events, compared, equal), classes, bitstamp };
  return { text: bitstampReplayText(file, { events, compared, equal, classes, ...bitstamp }), document };
}

const flowText = (file: string): string => readText(file, { bytesMaximum: FLOW_BYTES_MAXIMUM });

function shares(events: number, compared: number, equal: number) {
  return { events, compared, equal, comparedPercent: percentOf(compared, events), equalPercent: percentOf(equal, compared) };
}
