import { defineCommand, one } from '../command.ts';
import { jsonOption, numberOption } from '../options.ts';
import { replayLog } from '../replay-log.ts';

/** `volpit replay`: a logged run once more, from its requests alone. */
export const replay = defineCommand({
  about:
    'Feeds the requests of a log that `volpit run --record` wrote to a new exchange, without agents, world or forecaster, and holds each record, the trace hash, cash and positions against the log.',
  arguments: { log: one('log', 'folder of the log') },
  options: {
    at: numberOption('--at <seconds>', 'stop after this simulated time, and show all books', { minimum: 0, maximum: 1e7 }, undefined),
    json: jsonOption(),
  },
  examples: ['volpit replay runs/calm', 'volpit replay runs/calm --at 600'],
  action: (context, { log }, options) => replayLog(log, context, options),
});
