import type { InstrumentId } from '../core/units.ts';
import type { ForecasterReport } from '../forecast/forecaster.ts';
import type { Side } from '../market/order.ts';
import type { QuoteExplanation } from './explanation.ts';

/** A limit and what is used of it. */
export interface LimitUse {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly limit: number;
}

/** A forecast as its maker holds it: expected changes and scales, indexed horizon · factors + factor, from `origin` at `madeSeconds`. */
export interface ForecastInspection {
  readonly madeSeconds: number;
  readonly origin: readonly number[];
  readonly horizonsSeconds: readonly number[];
  readonly change: readonly number[];
  readonly scale: readonly number[];
}

/** A hedge that an agent sent, and why. */
export interface HedgeInspection {
  readonly atSeconds: number;
  readonly instrument: InstrumentId;
  readonly side: Side;
  /** Of the underlying, as asked for; not all of it need have traded. */
  readonly units: number;
  /**
   * What called for it: the band around delta, the limit of delta, an end of trading, a package that was left with an open leg; in options, more risk
   * saved than the trade costs, or prices of others that contradict each other (instrument and side are those of the first leg).
   */
  readonly kind: 'band' | 'limit' | 'flatten' | 'leftover' | 'vega' | 'arbitrage';
  /** The same in figures. */
  readonly reason: string;
}

/** What a guard of an agent's protection has done. */
export interface GuardInspection {
  readonly guard: string;
  /** Times that it began to ask for more than level normal. */
  readonly activations: number;
  /** The highest level that it asked for: `widen`, `reduce-only`, `pull`, `flatten`. */
  readonly highest: string;
}

/** What an agent's protection has done so far. */
export interface ProtectionInspection {
  /** Seconds at each level, from `normal` to `flatten`: the highest that any guard held, of the whole chain or of an expiry. */
  readonly secondsAt: Readonly<Record<string, number>>;
  /** Guards that have asked for something, in the order in which they first did. */
  readonly guards: readonly GuardInspection[];
}

/** One side of a series as its maker has decided on it. */
export interface SideInspection {
  /** Dollars; undefined where nothing is quoted. */
  readonly price: number | undefined;
  /** Contracts. */
  readonly size: number;
  /** Why it is not quoted, or smaller than meant: the choice of series, a guard, a limit. */
  readonly reason: string;
}

/** What an agent tells a reader about itself between events. Everything is optional but its state. */
export interface AgentInspection {
  /** `quoting`, `warming-up`, `widened`, `reduce-only`, `pulled`, `flattening`, `stopped`, with the reason behind a colon. */
  readonly state: string;
  readonly limits: readonly LimitUse[];
  /** Weight of half the variance of its position in what it maximises, dollars⁻¹; absent where it weighs none. */
  readonly riskAversion?: number;
  /** Kind of its forecaster, or `none`. */
  readonly forecaster: string;
  /** Tracked surface factors; undefined before the first fit. */
  readonly factors: readonly number[] | undefined;
  /** Its latest forecast; undefined before the first. */
  readonly forecast: ForecastInspection | undefined;
  /** How its forecaster stands, where it learns in the market. */
  readonly learning?: ForecasterReport | undefined;
  /** Its latest hedge; absent where it does not say, or before the first. */
  readonly lastHedge?: HedgeInspection | undefined;
  /** Absent where the agent has none. */
  readonly protection?: ProtectionInspection | undefined;
  readonly warmup: { readonly seen: number; readonly needed: number };
  /** Its own value of a series in dollars, lean and forecast included; undefined when it has none. */
  theo(instrument: InstrumentId): number | undefined;
  /** Why it quotes a series as it does; absent where its kind cannot tell. */
  explain?(instrument: InstrumentId): QuoteExplanation;
  /** Whether it quotes a series, and why or why not. */
  selection(instrument: InstrumentId): { readonly selected: boolean; readonly reason: string };
  /** How the two sides of a series stand, and why; absent where the agent does not say. */
  decision?(instrument: InstrumentId): { readonly bid: SideInspection; readonly ask: SideInspection } | undefined;
}
