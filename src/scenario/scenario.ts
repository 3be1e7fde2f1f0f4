import type { AgentKind } from '../agents/agent.ts';
import type { InstrumentId } from '../core/units.ts';
import type { FundingTerms } from '../exchange/funding.ts';
import type { SelfTradePrevention } from '../exchange/order-book.ts';
import type { FeeSchedule, OrderLimits, PriceBand } from '../exchange/rules.ts';
import type { ForecastGrid } from '../forecast/baselines.ts';
import type { LatencyLaw } from '../kernel/latency.ts';
import type { Chain } from '../market/chain.ts';
import type { SessionCalendar } from '../market/session-calendar.ts';
import type { ValuationTerms } from '../pricing/theo.ts';
import type { PresetName } from '../processes/presets.ts';
import type { WorldSpec } from '../processes/world-spec.ts';

/** A checked scenario: all that a run is made from, but the seed. */
export interface Scenario {
  readonly name: string;
  readonly question: string;
  /** Named parameters that the world is made from: which kind of market it stands for. */
  readonly preset: PresetName;
  readonly durationSeconds: number;
  readonly chain: Chain;
  readonly valuation: ValuationTerms;
  readonly world: WorldSpec;
  readonly fees: FeeSchedule;
  readonly orderLimits: OrderLimits;
  readonly venue: VenueRules;
  readonly queueLimit: number;
  readonly eventsLimit: number;
  readonly forecast: ForecastGrid;
  /** In the order of their names: the order of the file has no effect. */
  readonly agents: readonly AgentSpec[];
  readonly subject: string;
  /** Changes by name, each a list of `path=value`. */
  readonly variants: ReadonlyMap<string, readonly string[]>;
}

/** What else the venue does by its own rules. Times are seconds from the opening. */
export interface VenueRules {
  readonly selfTrade: SelfTradePrevention;
  readonly priceBand: PriceBand | undefined;
  /** Time before an expiry over which the index is averaged for its settlement; 0 for the index of the last moment. */
  readonly settlementAverageSeconds: number;
  /** When the first day ends; each later one a day after. Never in a market with sessions: their closes end the days. */
  readonly dayEndsSeconds: number;
  /** Undefined: open around the clock. */
  readonly sessions: SessionCalendar | undefined;
  /** Undefined: none. */
  readonly funding: FundingTerms | undefined;
  /** Series that open for trading during the run, by time. */
  readonly listings: readonly { readonly atSeconds: number; readonly series: readonly InstrumentId[] }[];
}

export interface AgentSpec {
  readonly name: string;
  readonly kind: AgentKind;
  readonly params: unknown;
  /** How long messages are under way, per leg. */
  readonly latency: Readonly<Record<LatencyLeg, LatencyLaw>>;
  /** Times without a connection, in order, apart from each other. */
  readonly outages: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
}

/** A way that messages take: requests to the exchange; private reports back to the agent; public books and prints to the agent. */
export type LatencyLeg = 'order' | 'ack' | 'data';
