import type { AgentSetup } from '../agents/agent.ts';
import type { Streams } from '../core/rng.ts';
import { MONEY_PER_DOLLAR, NANOS_PER_MILLI } from '../core/units.ts';
import { feePerLot } from '../exchange/rules.ts';
import type { AgentSpec, Scenario } from '../scenario/scenario.ts';
import type { ForecasterCatalog } from './forecasters.ts';
import type { HiddenView } from './oracles/oracle-models.ts';
import type { WorldClock } from './world-clock.ts';

/** What an agent may know at birth: the truth and the customers only where its kind has the right to them. */
export function agentSetup(
  { name, kind }: AgentSpec,
  scenario: Scenario,
  clock: WorldClock,
  chance: Streams,
  forecasters: ForecasterCatalog,
  view: HiddenView,
  note: (text: string) => void,
): AgentSetup {
  const { chain, fees, world } = scenario;
  return {
    name,
    chain,
    valuation: scenario.valuation,
    hasBasis: world.basis !== undefined,
    stepNanos: world.stepMillis * NANOS_PER_MILLI,
    forecastStepSeconds: scenario.forecast.stepSeconds,
    stream: (role) => chance.stream(`agents/${name}/${role}`),
    feePerUnit: (instrument, price, liquidity, index) => {
      const listing = chain.instruments[instrument];
      return listing === undefined ? 0 : feePerLot(listing, price, liquidity, index, fees) / MONEY_PER_DOLLAR / listing.lotSize;
    },
    note,
    requestRate: scenario.orderLimits.requestRate,
    oracle: kind.rights.oracle === true ? clock : undefined,
    wishes: kind.rights.wishes === true ? () => clock.wishes() : undefined,
    forecaster: (forecaster) => forecasters.model(forecaster, view),
  };
}
