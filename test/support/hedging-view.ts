import type { HedgingView } from '../../src/agents/maker/hedging/hedger.ts';
import { TEST_SPOT } from './fake-desk.ts';
import { quotingView, type ViewChanges } from './quoting-view.ts';

const NOTHING_HELD = quotingView();

/** A view for hedgers in which a test sets what it is about; the rest is plain: nothing held, no delta, lots of 0.01 at the opening. */
export function hedgingView(changes: Partial<HedgingView> = {}, quoting?: ViewChanges): HedgingView {
  return {
    quoting: quoting === undefined ? NOTHING_HELD : quotingView(quoting),
    delta: 0,
    gamma: 0,
    spot: TEST_SPOT,
    lotSize: 0.01,
    rate: 0,
    nowSeconds: 0,
    isUnfinished: false,
    ...changes,
  };
}
