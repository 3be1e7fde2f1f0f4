import type { Chain } from '../../market/chain.ts';
import { midTicks } from '../../market/data.ts';
import { type OptionSeries, priceFromTicks } from '../../market/instrument.ts';
import { SurfaceTracker, type TrackerTerms } from '../../pricing/surface-tracker.ts';
import type { AgentSetup, Desk } from '../agent.ts';

/** Share of each new width in what is taken for usual. */
const USUAL_WIDTH_GAIN = 0.1;

/**
 * What a maker makes of the books it can see: the spot and the tracked surface. Options are valued on the perpetual, or on the published index
 * where the perpetual may stand away from it.
 */
export class MarketWatch {
  readonly tracker: SurfaceTracker;
  /** What options are valued on, at the last look: the index where it is read, else the perpetual's mid, undefined when its book was one-sided. */
  spot: number | undefined;
  readonly #readsIndex: boolean;
  readonly #chain: Chain;
  /** Prices of the books at the last look: a book that has not moved since says nothing new. */
  readonly #bids: Float64Array;
  readonly #asks: Float64Array;
  /** Widths of late, in ticks. */
  readonly #usualWidths: Float64Array;
  #lastSpot: number | undefined;
  #lastPerpetual: number | undefined;

  constructor({ chain, valuation, hasBasis }: Pick<AgentSetup, 'chain' | 'valuation' | 'hasBasis'>, terms: TrackerTerms) {
    this.#chain = chain;
    this.#readsIndex = hasBasis;
    this.#bids = new Float64Array(chain.options.length);
    this.#asks = new Float64Array(chain.options.length);
    this.#usualWidths = new Float64Array(chain.options.length);
    this.tracker = new SurfaceTracker(chain, valuation, terms);
  }

  /** Opens the books it reads, and asks for notices of the underlying. */
  open(desk: Desk): void {
    desk.watch(this.#chain.underlying.id);
    if (this.#readsIndex) desk.watchIndex();
    for (const option of this.#chain.options) desk.watchQuietly(option.id);
  }

  /** {@link spot}, or the last known one. */
  get lastSpot(): number | undefined {
    return this.#lastSpot;
  }

  /** Last known mid of the perpetual: what a hedge trades at. */
  get lastPerpetual(): number | undefined {
    return this.#lastPerpetual;
  }

  /** Reads the perpetual's book and the index alone. */
  lookAtSpot(desk: Desk): void {
    const mid = midTicks(desk.bbo(this.#chain.underlying.id));
    const perpetual = mid === undefined ? undefined : priceFromTicks(this.#chain.underlying, mid);
    this.#lastPerpetual = perpetual ?? this.#lastPerpetual;
    this.spot = this.#readsIndex ? desk.indexDollars : perpetual;
    this.#lastSpot = this.spot ?? this.#lastSpot;
  }

  /** Forgets what was known of prices and the surface, as after a night: both are found anew in the books of the next session. */
  forget(): void {
    this.spot = undefined;
    this.#lastSpot = undefined;
    this.#lastPerpetual = undefined;
    this.#bids.fill(0);
    this.#asks.fill(0);
    this.tracker.forget();
  }

  /**
   * Reads all books and moves the tracker on. Each mark is taken in once, when it is new: its error stays the same until the next one, and
   * counting it again would not make it smaller. New is the side that has come nearer: somebody quotes there now, and what is further away was
   * there before. So a bid that has risen says what the series is worth, half of the usual width above it, and the offer that stands from
   * earlier does not.
   */
  look(desk: Desk): void {
    this.lookAtSpot(desk);
    if (this.#lastSpot === undefined) return;
    for (const option of this.#chain.options) {
      const i = option.id - 1;
      const bbo = desk.bbo(option.id);
      const expired = (this.#chain.expiries[option.expiry]?.years ?? 0) <= desk.nowYears;
      if (bbo.bid === undefined || bbo.ask === undefined || expired) {
        this.tracker.note(i, 0, 0);
        continue;
      }
      this.#read(option, bbo.bid, bbo.ask);
    }
    this.tracker.update(this.#lastSpot, desk.nowYears);
  }

  /** Tells the tracker what a two-sided book says anew, if it does. Prices in ticks. */
  #read(option: OptionSeries, bid: number, ask: number): void {
    const i = option.id - 1;
    const [bidBefore, askBefore] = [this.#bids[i] ?? 0, this.#asks[i] ?? 0];
    this.#bids[i] = bid;
    this.#asks[i] = ask;
    const width = ask - bid;
    const isFirst = askBefore === 0 || !this.tracker.ready;
    const usual = isFirst ? width : (this.#usualWidths[i] ?? width);
    this.#usualWidths[i] = usual + USUAL_WIDTH_GAIN * (width - usual);
    const [bidIsNew, askIsNew] = [bid > bidBefore, ask < askBefore];
    const isNews = isFirst || bidIsNew || askIsNew;
    const bothNew = isFirst || (bidIsNew && askIsNew);
    const value = bothNew ? (bid + ask) / 2 : bidIsNew ? bid + usual / 2 : ask - usual / 2;
    this.tracker.note(i, value * option.tickSize, isNews ? (bothNew ? width : usual) * option.tickSize : 0);
  }
}
