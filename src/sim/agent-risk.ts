import type { AgentId } from '../core/units.ts';
import type { Simulation } from './simulation.ts';

/** Greeks of an agent's whole position at the world's fair values. */
export interface AgentRisk {
  /** Units of the underlying. */
  readonly delta: number;
  /** Change of delta in units for a 1 % move of the spot. */
  readonly gamma: number;
  /** Dollars per vol point. */
  readonly vega: number;
  /** Dollars per day. */
  readonly theta: number;
}

/** Sums an agent's true position over the fair chain. */
export function agentRisk(sim: Simulation, agent: AgentId): AgentRisk {
  const { chain } = sim.scenario;
  const { fair } = sim.clock;
  const sum = { delta: sim.ledger.position(agent, chain.underlying.id) * chain.underlying.lotSize, gamma: 0, vega: 0, theta: 0 };
  for (const option of chain.options) {
    const i = option.id - 1;
    const units = sim.ledger.position(agent, option.id) * option.lotSize;
    sum.delta += units * (fair.delta[i] ?? 0);
    sum.gamma += (units * (fair.gamma[i] ?? 0) * fair.spot) / 100;
    sum.vega += (units * (fair.vega[i] ?? 0)) / 100;
    sum.theta += (units * (fair.theta[i] ?? 0)) / 365;
  }
  return sum;
}
