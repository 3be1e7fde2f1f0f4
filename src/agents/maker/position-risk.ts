import type { Chain } from '../../market/chain.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Desk } from '../agent.ts';

/** Greeks of an agent's whole position at its own values. */
export interface PositionRisk {
  /** Units of the underlying. */
  delta: number;
  /** Change of delta per dollar of spot, and for a 1 % move. */
  gamma: number;
  gammaPerPercent: number;
  /** Dollars per vol point. */
  vega: number;
  /** Dollars per day. */
  theta: number;
  /** Dollars per unit of each factor. */
  readonly exposures: Float64Array;
}

export const blankRisk = (): PositionRisk => ({
  delta: 0,
  gamma: 0,
  gammaPerPercent: 0,
  vega: 0,
  theta: 0,
  exposures: new Float64Array(FACTOR_COUNT),
});

/** Sums the position that the desk reports over the chain's values. */
export function positionRisk(chain: Chain, theo: TheoChain, desk: Desk, out: PositionRisk): PositionRisk {
  out.delta = desk.position(chain.underlying.id) * chain.underlying.lotSize;
  out.gamma = 0;
  out.vega = 0;
  out.theta = 0;
  out.exposures.fill(0);
  for (const option of chain.options) {
    const held = desk.position(option.id);
    if (held === 0) continue;
    const i = option.id - 1;
    const units = held * option.lotSize;
    out.delta += units * (theo.delta[i] ?? 0);
    out.gamma += units * (theo.gamma[i] ?? 0);
    out.vega += (units * (theo.vega[i] ?? 0)) / 100;
    out.theta += (units * (theo.theta[i] ?? 0)) / 365;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      out.exposures[f] = (out.exposures[f] ?? 0) + units * (theo.exposures[i * FACTOR_COUNT + f] ?? 0);
    }
  }
  out.gammaPerPercent = (out.gamma * theo.spot) / 100;
  return out;
}
