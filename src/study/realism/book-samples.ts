import type { Side } from '../../market/order.ts';
import { type MarketSamples, NO_SAMPLES, type PrintSample } from './market-samples.ts';

const MINUTE_SECONDS = 60;

/** A message of a recorded book, by what becomes of one resting order. */
export interface RecordedMessage {
  readonly seconds: number;
  readonly kind: 'submission' | 'reduction' | 'deletion' | 'execution' | 'hidden' | 'cross' | 'halt';
  readonly order: number;
  readonly lots: number;
  /** Of the resting order. */
  readonly side: Side;
}

/**
 * What a recorded book shows. Visible executions at one time on one side are matches of one order; reductions and hidden executions tell
 * nothing here.
 * @param midOf mid after the message at a row, in any unit of price; undefined where one side is empty.
 * @param lotSize shares that count as one contract.
 */
export function bookSamples(
  messages: readonly RecordedMessage[],
  midOf: (row: number) => number | undefined,
  lotSize: number,
): MarketSamples {
  const [first, last] = [messages[0], messages.at(-1)];
  if (first === undefined || last === undefined) return NO_SAMPLES;
  const spots = minuteEnds(messages, midOf);
  const born = new Map<number, number>();
  const cancelledLives: number[] = [];
  const prints: PrintSample[] = [];
  let [cancels, takerOrder, when] = [0, 0, ''];
  for (const { seconds, kind, order, lots, side } of messages) {
    if (kind === 'submission') born.set(order, seconds);
    else if (kind === 'deletion') {
      cancels += 1;
      const from = born.get(order);
      if (from !== undefined) cancelledLives.push(seconds - from);
      born.delete(order);
    } else if (kind === 'execution') {
      const now = `${seconds} ${side}`;
      if (now !== when) takerOrder += 1;
      when = now;
      const size = lots / lotSize;
      prints.push({ seconds: seconds - first.seconds, takerOrder, size, sign: side === 'buy' ? -1 : 1, vega: size });
    }
  }
  return { ...NO_SAMPLES, simulatedSeconds: last.seconds - first.seconds, spots, prints, cancelledLives, cancels };
}

/** The last mid of each full minute after the first message. */
function minuteEnds(messages: readonly RecordedMessage[], midOf: (row: number) => number | undefined): number[] {
  const spots: number[] = [];
  let end = (messages[0]?.seconds ?? 0) + MINUTE_SECONDS;
  let mid: number | undefined;
  for (const [row, { seconds }] of messages.entries()) {
    for (; seconds >= end; end += MINUTE_SECONDS) if (mid !== undefined) spots.push(mid);
    mid = midOf(row) ?? mid;
  }
  return spots;
}
