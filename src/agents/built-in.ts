import type { AgentKind } from './agent.ts';
import { customers } from './customers.ts';
import { fixed } from './fixed.ts';
import { gammaHedger } from './gamma-hedger.ts';
import { informed } from './informed.ts';
import { makerKind } from './maker/maker.ts';
import { BUILT_IN_PARTS, type MakerParts } from './maker/parts.ts';
import { reference } from './reference.ts';
import { sniper } from './sniper.ts';
import { trend } from './trend.ts';
import { underlyingLiquidity } from './underlying-liquidity.ts';

/** The kinds of agents that come with volpit, the maker put together from these parts. */
export const agentsWith = (parts: MakerParts): readonly AgentKind[] => [
  customers,
  fixed,
  gammaHedger,
  informed,
  makerKind(parts),
  reference,
  sniper,
  trend,
  underlyingLiquidity,
];

/** The kinds of agents that come with volpit. A catalogue is a plain list: add to it, and hand the longer one over. */
export const BUILT_IN_AGENTS: readonly AgentKind[] = agentsWith(BUILT_IN_PARTS);
