import type { Chain } from '../../market/chain.ts';
import { midTicks } from '../../market/data.ts';
import { priceFromTicks } from '../../market/instrument.ts';
import { SurfaceTracker, type TrackerTerms } from '../../pricing/surface-tracker.ts';
import type { ValuationTerms } from '../../pricing/theo.ts';
import type { Desk } from '../agent.ts';

/** What a maker makes of the books it can see: the spot, the tracked surface, and how wide the books are. */
export class MarketWatch {
  readonly tracker: SurfaceTracker;
  /** Mid of the underlying at the last look; undefined when its book was one-sided. */
  spot: number | undefined;
  /** Mean width of two-sided books in vol over the series' own vol, and the share of live series that were two-sided. */
  relativeWidth = 0;
  twoSidedShare = 0;
  readonly #chain: Chain;
  #lastSpot: number | undefined;

  constructor(chain: Chain, valuation: ValuationTerms, terms: TrackerTerms) {
    this.#chain = chain;
    this.tracker = new SurfaceTracker(chain, valuation, terms);
  }

  /** Opens the books it reads, and asks for notices of the underlying. */
  open(desk: Desk): void {
    desk.watch(this.#chain.underlying.id);
    for (const option of this.#chain.options) desk.watchQuietly(option.id);
  }

  /** Mid of the underlying, or the last known one. */
  get lastSpot(): number | undefined {
    return this.#lastSpot;
  }

  /** Reads the underlying's book alone. */
  lookAtSpot(desk: Desk): void {
    const mid = midTicks(desk.bbo(this.#chain.underlying.id));
    this.spot = mid === undefined ? undefined : priceFromTicks(this.#chain.underlying, mid);
    this.#lastSpot = this.spot ?? this.#lastSpot;
  }

  /** Reads all books and moves the tracker on. */
  look(desk: Desk): void {
    this.lookAtSpot(desk);
    if (this.#lastSpot === undefined) return;
    const theo = this.tracker.theo;
    let live = 0;
    let twoSided = 0;
    let widths = 0;
    for (const option of this.#chain.options) {
      const i = option.id - 1;
      const bbo = desk.bbo(option.id);
      const mid = midTicks(bbo);
      const expired = (this.#chain.expiries[option.expiry]?.years ?? 0) <= desk.nowYears;
      if (!expired) live += 1;
      if (mid === undefined || expired) {
        this.tracker.note(i, 0, 0);
        continue;
      }
      const width = ((bbo.ask ?? 0) - (bbo.bid ?? 0)) * option.tickSize;
      this.tracker.note(i, priceFromTicks(option, mid), width);
      twoSided += 1;
      const unit = (theo.vega[i] ?? 0) * (theo.vol[i] ?? 0);
      if (unit > 0) widths += Math.min(1, width / unit);
    }
    this.tracker.update(this.#lastSpot, desk.nowYears);
    this.relativeWidth = twoSided === 0 ? 0 : widths / twoSided;
    this.twoSidedShare = live === 0 ? 0 : twoSided / live;
  }
}
