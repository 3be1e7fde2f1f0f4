import { textTable, wrapped } from '../core/text-table.ts';
import { BITSTAMP_CLASSES } from './bitstamp-classes.ts';
import type { BitstampReplay } from './bitstamp-replay.ts';
import { LOBSTER_CLASSES } from './lobster-classes.ts';
import type { LobsterReplay } from './lobster-replay.ts';
import type { ReplayClass } from './replay-class.ts';

const WIDTH = 120;

/** What every replay comes to. */
interface Outcome<Name extends string> {
  readonly events: number;
  readonly compared: number;
  readonly equal: number;
  readonly classes: Readonly<Record<Name, number>>;
}

/** A part of a whole as percent, 0 of nothing. */
export const percentOf = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

/** Rounded toward zero, so that 100 % means all. */
function percent(part: number, whole: number): string {
  return `${(Math.floor(percentOf(part, whole) * 100 + 1e-9) / 100).toFixed(2)} %`;
}

/** A replay of LOBSTER files for a terminal: how much is equal, rows by class, what each class means, and the queue's figures. */
export function lobsterReplayText(source: string, replay: LobsterReplay): string {
  const { executions, inTurn, invisible, levels, sides } = replay;
  const { bid, ask } = sides;
  const notes = [
    `best bid: ${bid.equal} of ${bid.compared} rows equal; best ask: ${ask.equal} of ${ask.compared}; levels in the book file: ${levels}`,
    `executions of visible orders: ${executions}, of which ${inTurn} (${percent(inTurn, executions)}) met the order that our queue had first; messages of hidden orders, crosses and halts: ${invisible}`,
  ];
  return replayText(source, replay, LOBSTER_CLASSES, notes);
}

/** A replay of Bitstamp events for a terminal: how much is equal, events by class, what each class means, fills and crossed books. */
export function bitstampReplayText(source: string, replay: BitstampReplay): string {
  const { fills, crossed, unannounced, repriced } = replay;
  const notes = [
    `reports of fills: ${fills.reported}; as our matching made them: ${fills.exact} (${percent(fills.exact, fills.reported)}), but for rounding: ${fills.rounded}, with other lots: ${fills.differing}, not at all: ${fills.unpredicted}; matches made: ${fills.made}, taken back: ${fills.withdrawn}, not reported in 10 s: ${fills.overdue}`,
    `spells with the feed's book crossed: ${crossed.spells}, of ${crossed.events} events; begun by a new order: ${crossed.byNewOrder}, by a new price of a market order: ${crossed.byNewPrice}; ended by a fill: ${crossed.endedByFill}, by a cancellation: ${crossed.endedByCancel}; median ${crossed.medianMillis} ms, longest ${crossed.maximumMillis} ms`,
    `orders never announced: ${unannounced}; changes of a price: ${repriced}`,
  ];
  return replayText(source, replay, BITSTAMP_CLASSES, notes);
}

function replayText<Name extends string>(
  source: string,
  { events, compared, equal, classes }: Outcome<Name>,
  known: readonly ReplayClass<Name>[],
  notes: readonly string[],
): string {
  const found = known.filter(({ name }) => classes[name] > 0);
  const head = [
    `${source}: ${events} events through the exchange`,
    `compared: ${compared} (${percent(compared, events)}); equal: ${equal} (${percent(equal, compared)} of those compared)`,
  ];
  const rows = found.map(({ name, isCompared }) => [
    name,
    String(classes[name]),
    percent(classes[name], events),
    isCompared ? 'yes' : 'no',
  ]);
  const meanings = found.map(({ name, meaning }) => `${name}: ${meaning}`);
  const blocks = [head, [textTable([['class', 'events', 'share', 'compared'], ...rows])], meanings, notes];
  return `${blocks.map((lines) => lines.map((line) => (line.includes('\n') ? line : wrapped(line, WIDTH))).join('\n')).join('\n\n')}\n`;
}
