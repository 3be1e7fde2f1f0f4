import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { World } from '../../processes/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/**
 * World steps that informed traders see ahead of them; 0 where nobody is informed. Of several, those who see least far: up to there all see the surface, and
 * what comes soon is told by all of them.
 */
export function signalSteps({ agents, world }: Scenario): number {
  const seconds = agents.map(({ kind, params }) => kind.lookaheadSeconds(params)).filter((ahead) => ahead > 0);
  return seconds.length === 0 ? 0 : Math.min(world.lookaheadSteps, Math.round((Math.min(...seconds) * 1000) / world.stepMillis));
}

/** Writes the signal of a world as it is now. */
export function signalInto(world: World, ahead: number, out: Float64Array, at: number): void {
  for (let f = 0; f < FACTOR_COUNT; f += 1)
    out[at + f] = ahead === 0 ? 0 : world.factor(f, ahead) - world.pressure(f, ahead) - (world.factor(f) - world.pressure(f));
}
