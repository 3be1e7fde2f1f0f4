import { every } from './hedging/every.ts';
import { fixedBand } from './hedging/fixed-band.ts';
import type { HedgerKind } from './hedging/hedger.ts';
import { none } from './hedging/none.ts';
import { whalleyWilmott } from './hedging/whalley-wilmott.ts';
import { zakamouline } from './hedging/zakamouline.ts';
import { asPrice } from './quoting/as-price.ts';
import { asVol } from './quoting/as-vol.ts';
import { factors } from './quoting/factors.ts';
import { fixedWidth } from './quoting/fixed-width.ts';
import { leanedSurface } from './quoting/leaned-surface.ts';
import { oneFactor } from './quoting/one-factor.ts';
import type { QuoterKind } from './quoting/quoter.ts';
import { zeroIntelligence } from './quoting/zero-intelligence.ts';
import { all } from './selection/all.ts';
import { nearestAtm } from './selection/nearest-atm.ts';
import { random } from './selection/random.ts';
import type { SelectorKind } from './selection/selector.ts';
import { staticValue } from './selection/static-value.ts';
import { value } from './selection/value.ts';

/** What a maker can be put together from. The first of each list is the default. */
export interface MakerParts {
  readonly quoters: readonly QuoterKind[];
  readonly selectors: readonly SelectorKind[];
  readonly hedgers: readonly HedgerKind[];
}

export const BUILT_IN_PARTS: MakerParts = {
  quoters: [factors, oneFactor, leanedSurface, asVol, asPrice, fixedWidth, zeroIntelligence],
  selectors: [value, staticValue, nearestAtm, all, random],
  hedgers: [whalleyWilmott, zakamouline, fixedBand, every, none],
};
