import type { AgentSpec, Scenario } from '../scenario/scenario.ts';

/** Every participant's hard limits, in lots, by instrument: those of its kind for options, none for the underlying. */
export function positionLimits(scenario: Scenario, spec: AgentSpec): Float64Array {
  const limit = spec.kind.positionPerSeries(spec.params);
  return Float64Array.from(scenario.chain.instruments, (listing) =>
    limit === undefined || listing.kind !== 'option' ? Number.POSITIVE_INFINITY : Math.floor(limit / listing.lotSize + 1e-9),
  );
}
