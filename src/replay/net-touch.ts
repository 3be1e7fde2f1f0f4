import { lots, type Ticks } from '../core/units.ts';
import type { Side } from '../market/order.ts';
import type { FeedBook, Touch } from './feed-book.ts';
import type { PredictedFills } from './predicted-fills.ts';

/** The best level that a feed shows, without the lots that our matching has traded and the feed has yet to report. */
export function netTouch(feed: FeedBook, predicted: PredictedFills, side: Side): Touch {
  const traded = new Map<Ticks, number>();
  for (const order of predicted.orders()) {
    const known = feed.get(order);
    if (known?.side === side) traded.set(known.price, (traded.get(known.price) ?? 0) + predicted.outstanding(order));
  }
  let touch: Touch = { price: undefined, lots: lots(0) };
  // No more levels than have trades can be used up.
  feed.levels(side, traded.size + 1, (price, size) => {
    const left = size - (traded.get(price) ?? 0);
    if (touch.price === undefined && left > 0) touch = { price, lots: lots(left) };
  });
  return touch;
}
