import type { Chain } from '../../market/chain.ts';
import { midTicks } from '../../market/data.ts';
import { type OptionSeries, priceFromTicks } from '../../market/instrument.ts';
import { SurfaceTracker, type TrackerTerms } from '../../pricing/surface-tracker.ts';
import type { AgentSetup, Desk } from '../agent.ts';

/** Share of each new distance in what is taken for usual. */
const DISTANCE_GAIN = 0.02;
/** Below so many ticks per 1.00 of vol, prices say nothing about vols: a twentieth of a tick per point. */
const VEGA_TICKS_MINIMUM = 5;

/**
 * What a maker makes of the books it can see: the spot and the tracked surface. Options are valued on the perpetual, or on the published index
 * where the perpetual may stand away from it.
 */
export class MarketWatch {
  readonly tracker: SurfaceTracker;
  /** What options are valued on, at the last look: the index where it is read, else the perpetual's mid, undefined when its book was one-sided. */
  spot: number | undefined;
  /** Premium of the perpetual over the index at the last look, as a fraction; undefined where the index is not read, or one of the two was not seen. */
  basis: number | undefined;
  readonly #readsIndex: boolean;
  readonly #chain: Chain;
  /** Prices of the books at the last look: a book that has not moved since says nothing new. */
  readonly #bids: Float64Array;
  readonly #asks: Float64Array;
  /** By expiry, in vol: how far from the value quotes come in that take the lead. Not a number before any has. */
  readonly #distances: Float64Array;
  #lastSpot: number | undefined;
  #lastPerpetual: number | undefined;

  constructor({ chain, valuation, hasBasis }: Pick<AgentSetup, 'chain' | 'valuation' | 'hasBasis'>, terms: TrackerTerms) {
    this.#chain = chain;
    this.#readsIndex = hasBasis;
    this.#bids = new Float64Array(chain.options.length);
    this.#asks = new Float64Array(chain.options.length);
    this.#distances = new Float64Array(chain.expiries.length).fill(Number.NaN);
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
    this.basis = this.#readsIndex && perpetual !== undefined && this.spot !== undefined ? perpetual / this.spot - 1 : undefined;
  }

  /** Looks for the surface afresh in all books, as at the opening, with the spot as it is. */
  startOver(): void {
    this.#bids.fill(0);
    this.#asks.fill(0);
    this.#distances.fill(Number.NaN);
    this.tracker.forget();
  }

  /** Forgets what was known of prices and the surface, as after a night: both are found anew in the books of the next session. */
  forget(): void {
    this.spot = undefined;
    this.basis = undefined;
    this.#lastSpot = undefined;
    this.#lastPerpetual = undefined;
    this.startOver();
  }

  /**
   * Reads all books and moves the tracker on. Each mark is taken in once, when it is new: its error stays the same until the next one, and
   * counting it again would not make it smaller. New is the side that has come nearer: somebody quotes there now, and what is further away was
   * there before. So a bid that has risen says what the series is worth, by the usual distance of such bids from it, and the offer that stands
   * from earlier does not.
   */
  look(desk: Desk): void {
    this.lookAtSpot(desk);
    if (this.#lastSpot === undefined) return;
    // What was known until now, at the spot of now: what new quotes are held against.
    if (this.tracker.ready) this.tracker.revalue(this.#lastSpot, desk.nowYears);
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
    const [bidIsNew, askIsNew] = [bid > bidBefore, ask < askBefore];
    const { tickSize } = option;
    const { theo } = this.tracker;
    const vega = theo.vega[i] ?? 0;
    if (!this.tracker.ready || askBefore === 0 || (bidIsNew && askIsNew) || vega < VEGA_TICKS_MINIMUM * tickSize) {
      const isNews = !this.tracker.ready || bidIsNew || askIsNew || askBefore === 0;
      this.tracker.note(i, ((bid + ask) / 2) * tickSize, isNews ? (ask - bid) * tickSize : 0);
    } else if (bidIsNew || askIsNew) {
      const value = theo.price[i] ?? 0;
      const distance = bidIsNew ? value - bid * tickSize : ask * tickSize - value;
      const half = ((askBefore - bidBefore) * tickSize) / 2;
      const usual = this.#usual(option.expiry, distance / vega, half / vega) * vega;
      this.tracker.note(i, bidIsNew ? bid * tickSize + usual : ask * tickSize - usual, 2 * usual);
    } else {
      this.tracker.note(i, 0, 0);
    }
  }

  /**
   * How far from the value, in vol, quotes come in that take the lead on their side: learnt over the series of an expiry, bids and offers
   * alike, so that a value that is taken too high makes the one as much too far as the other too near. `firstVol` is what to begin with.
   */
  #usual(expiry: number, distanceVol: number, firstVol: number): number {
    const known = this.#distances[expiry] ?? Number.NaN;
    const before = Number.isNaN(known) ? firstVol : known;
    const usual = Math.max(0, before + DISTANCE_GAIN * (distanceVol - before));
    this.#distances[expiry] = usual;
    return usual;
  }
}
