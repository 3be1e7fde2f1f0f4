import type { ReplayClass } from './replay-class.ts';

/** What a row of a LOBSTER file can come to. */
export const LOBSTER_CLASSES = [
  { name: 'equal', isCompared: true, meaning: 'both touches follow from the messages so far and are those of the book file' },
  {
    name: 'equal-later',
    isCompared: true,
    meaning: 'a touch fell back to a level that only the messages to come determine; it is that of the book file',
  },
  { name: 'touch-differs', isCompared: true, meaning: 'a touch that follows from the messages is not that of the book file' },
  {
    name: 'sweep-order',
    isCompared: true,
    meaning: 'an order was executed before one in front of it that the same incoming order executed next, at the same time',
  },
  { name: 'out-of-turn', isCompared: true, meaning: 'an order was executed that price-time priority had others in front of' },
  { name: 'order-differs', isCompared: true, meaning: 'a message tells of an order that is not there, or has fewer lots or another price' },
  {
    name: 'remembered',
    isCompared: false,
    meaning: 'a touch fell back to a level that no message determines; what rested there before is what the book file shows',
  },
  {
    name: 'unknown-depth',
    isCompared: false,
    meaning: 'a touch fell back to a level that no message determines; it is taken from the book file',
  },
  { name: 'crossed', isCompared: false, meaning: 'the book file is crossed or locked, as in an auction: no continuous book is' },
] as const satisfies readonly ReplayClass<string>[];

export type LobsterClass = (typeof LOBSTER_CLASSES)[number]['name'];
