import type { ReplayClass } from './replay-class.ts';

/** What an event of a Bitstamp file can come to. */
export const BITSTAMP_CLASSES = [
  { name: 'equal', isCompared: true, meaning: 'our touch is that of the feed, and a reported fill is the one that our matching had made' },
  { name: 'fill-rounded', isCompared: true, meaning: 'a reported fill differs from ours by 1 or 2 units of 1e-8 coins' },
  { name: 'fill-differs', isCompared: true, meaning: 'a reported fill has another size than the one that our matching had made' },
  { name: 'fill-unpredicted', isCompared: true, meaning: 'a fill is reported of an order that our matching did not fill' },
  { name: 'fill-withdrawn', isCompared: true, meaning: 'an order is cancelled that our matching had filled' },
  { name: 'volume-differs', isCompared: true, meaning: 'an order grows, or is cancelled with other lots than it had' },
  {
    name: 'touch-differs',
    isCompared: true,
    meaning: 'our touch is not that of the feed, and matches that it has yet to report do not explain it',
  },
  {
    name: 'in-flight',
    isCompared: false,
    meaning: 'our touch is that of the feed without the lots of matches that we have made and it has yet to report',
  },
  { name: 'crossed', isCompared: false, meaning: 'the feed shows a crossed book, and matches that it has yet to report do not explain it' },
  { name: 'unannounced', isCompared: false, meaning: 'the order was never announced: what is known of it, its later events tell' },
  { name: 'late', isCompared: false, meaning: 'the order was reported as deleted before: events out of order, or twice' },
] as const satisfies readonly ReplayClass<string>[];

export type BitstampClass = (typeof BITSTAMP_CLASSES)[number]['name'];
