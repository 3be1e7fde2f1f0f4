import type { AgentKind } from '../agents/agent.ts';
import type { FeeSchedule, OrderLimits } from '../exchange/rules.ts';
import type { ForecastGrid } from '../forecast/baselines.ts';
import type { LatencyLaw } from '../kernel/latency.ts';
import type { Chain } from '../market/chain.ts';
import type { ValuationTerms } from '../pricing/theo.ts';
import type { WorldSpec } from '../processes/world-spec.ts';

/** A checked scenario: all that a run is made from, but the seed. */
export interface Scenario {
  readonly name: string;
  readonly question: string;
  readonly durationSeconds: number;
  readonly chain: Chain;
  readonly valuation: ValuationTerms;
  readonly world: WorldSpec;
  readonly fees: FeeSchedule;
  readonly orderLimits: OrderLimits;
  readonly queueLimit: number;
  readonly eventsLimit: number;
  readonly forecast: ForecastGrid;
  /** In the order of their names: the order of the file has no effect. */
  readonly agents: readonly AgentSpec[];
  readonly subject: string;
  /** Changes by name, each a list of `path=value`. */
  readonly variants: ReadonlyMap<string, readonly string[]>;
}

export interface AgentSpec {
  readonly name: string;
  readonly kind: AgentKind;
  readonly params: unknown;
  /** How long messages are under way, per leg. */
  readonly latency: Readonly<Record<LatencyLeg, LatencyLaw>>;
}

/** A way that messages take: requests to the exchange; private reports back to the agent; public books and prints to the agent. */
export type LatencyLeg = 'order' | 'ack' | 'data';
