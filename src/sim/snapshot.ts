import type { QuoteExplanation } from '../agents/explanation.ts';
import type { InstrumentId } from '../core/units.ts';
import type { Right } from '../market/instrument.ts';

/**
 * What a screen may know of a run at one moment: plain values, copied, never changed afterwards. Taking one touches no
 * random stream and schedules nothing, so a run is the same whether it is watched or not. Prices and strikes in dollars,
 * sizes in units of the underlying, vols annual (0.50 is 50 %), times in seconds since the opening.
 */
export interface Snapshot {
  readonly scenario: string;
  readonly seed: string;
  readonly nowSeconds: number;
  readonly horizonSeconds: number;
  readonly events: number;
  readonly done: boolean;
  readonly market: MarketView;
  readonly expiries: readonly ExpiryView[];
  readonly series: readonly SeriesView[];
  readonly book: BookView;
  readonly forecast: ForecastView;
  readonly subject: SubjectView;
  /** Why the subject quotes the selected series as it does; absent where that is no option, or the subject cannot tell. */
  readonly explanation?: QuoteExplanation;
  /** Latest last. */
  readonly log: readonly LogLine[];
}

export interface MarketView {
  readonly regime: string;
  readonly spot: number;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  /** Annualised, of the fundamental spot over the run so far. */
  readonly realisedVol: number | undefined;
  /** Prints in option series so far, and the units they came to. */
  readonly prints: number;
  readonly volume: number;
}

/** One expiry: at-the-money vols as the world has them, as the subject tracks them, and as it expects them at its longest horizon. */
export interface ExpiryView {
  readonly label: string;
  readonly years: number;
  readonly forward: number;
  readonly worldAtmVol: number;
  readonly trackedAtmVol: number | undefined;
  readonly forecastAtmVol: number | undefined;
  /** Smile at log-moneyness −2…2 standard deviations: the world's and the subject's. */
  readonly smile: readonly { readonly strike: number; readonly world: number; readonly tracked: number | undefined }[];
}

/** One option series. `our…` are the subject's resting quotes, inside the book's totals. */
export interface SeriesView {
  readonly id: InstrumentId;
  readonly symbol: string;
  readonly expiry: number;
  readonly strike: number;
  readonly right: Right;
  readonly bid: number | undefined;
  readonly bidSize: number;
  readonly ask: number | undefined;
  readonly askSize: number;
  readonly ourBid: number | undefined;
  readonly ourBidSize: number;
  readonly ourAsk: number | undefined;
  readonly ourAskSize: number;
  /** The world's fair value, and the subject's own value including its forecast. */
  readonly fair: number;
  readonly theo: number | undefined;
  readonly vol: number;
  readonly position: number;
  /** Chosen by the subject's selector, and why (or why not). */
  readonly selected: boolean;
  readonly reason: string;
}

/** The book of the instrument that the reader selected. */
export interface BookView {
  readonly id: InstrumentId;
  readonly symbol: string;
  /** Best first. `ours` is the part that belongs to the subject; `ahead` the size in front of its first order, if it has one here. */
  readonly bids: readonly BookLevelView[];
  readonly asks: readonly BookLevelView[];
  readonly lastTrades: readonly {
    readonly seconds: number;
    readonly price: number;
    readonly size: number;
    readonly aggressor: 'buy' | 'sell';
  }[];
}

export interface BookLevelView {
  readonly price: number;
  readonly size: number;
  readonly orders: number;
  readonly ours: number;
  readonly ahead: number | undefined;
}

/** The subject's forecast: one row per factor. */
export interface ForecastView {
  readonly kind: string;
  readonly horizonsSeconds: readonly number[];
  readonly factors: readonly {
    readonly name: string;
    readonly tracked: number | undefined;
    /** Per horizon: expected change, and its scale. Empty before the first forecast. */
    readonly change: readonly number[];
    readonly scale: readonly number[];
  }[];
  /** Steps seen, and steps needed before the first forecast. */
  readonly warmup: { readonly seen: number; readonly needed: number };
}

/** The agent that the run is about. Dollars. */
export interface SubjectView {
  readonly name: string;
  readonly kind: string;
  /** `quoting`, `reduce-only`, `pulled`, `stopped`, with its reason. */
  readonly state: string;
  readonly pnl: { readonly total: number; readonly byCause: readonly { readonly cause: string; readonly amount: number }[] };
  /** Samples of the total for the line, oldest first, thinned to a few hundred. */
  readonly history: readonly { readonly seconds: number; readonly total: number }[];
  readonly greeks: { readonly delta: number; readonly gamma: number; readonly vega: number; readonly theta: number };
  /** Each limit with what is used of it now; the same unit, named. */
  readonly limits: readonly { readonly name: string; readonly unit: string; readonly value: number; readonly limit: number }[];
  readonly fills: number;
  readonly volume: number;
  readonly fees: number;
}

export interface LogLine {
  readonly seconds: number;
  readonly kind: 'fill' | 'trade' | 'regime' | 'hedge' | 'limit' | 'forecast' | 'info';
  readonly text: string;
}
