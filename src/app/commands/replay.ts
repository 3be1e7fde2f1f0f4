import { InputError } from '../../core/assert.ts';
import { defineCommand, one, optional } from '../command.ts';
import { jsonOption, numberOption, textOption } from '../options.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { FLOW_FORMATS, replayFlow } from '../replay-flow.ts';
import { replayLog } from '../replay-log.ts';

/** `volpit replay`: a logged run once more, from its requests alone, or the order flow of a real venue through our exchange. */
export const replay = defineCommand({
  about: `Feeds the requests of a log that \`volpit run --record\` wrote to a new exchange, without agents, world or forecaster, and holds each record, the trace hash, cash and positions against the log. With the name of a format (${FLOW_FORMATS.join(', ')}) and a file of it, drives the exchange with the order flow of a real venue, and compares its book with the recorded one after every event: there, differences are the result, not an error.`,
  arguments: {
    what: one('what', `folder of a log, or a format: ${FLOW_FORMATS.join(', ')}`),
    file: optional('file', 'messages or orders, behind a format'),
  },
  options: {
    book: textOption('--book <file>', 'the book after each message (lobster)'),
    at: numberOption('--at <seconds>', 'stop after this simulated time, and show all books (log)', { minimum: 0, maximum: 1e7 }, undefined),
    plugin: pluginOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit replay runs/calm',
    'volpit replay runs/calm --at 600',
    'volpit replay lobster message_1.csv --book orderbook_1.csv',
    'volpit replay bitstamp-l3 orders.csv --json',
  ],
  async action(context, { what, file }, { book, at, plugin, json }) {
    const refuse = (source: string, message: string): never => {
      throw new InputError(source, [{ path: '', message }]);
    };
    const format = FLOW_FORMATS.find((name) => name === what);
    if (format !== undefined) {
      if (at !== undefined) refuse('--at', `has no meaning for ${format}: it is for logs`);
      if (plugin.length > 0) refuse('--plugin', `has no meaning for ${format}: it is for logs`);
      return replayFlow(format, context, { file, book, json });
    }
    if (file !== undefined) refuse(what, `is no format: expected ${FLOW_FORMATS.join(' or ')}`);
    if (book !== undefined) refuse('--book', 'has no meaning for a log: its records tell the books');
    return replayLog(what, context, { at, json, kinds: await agentCatalog(plugin) });
  },
});
