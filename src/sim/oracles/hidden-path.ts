import { streams } from '../../core/rng.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { World } from '../../processes/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { blankPath, type HiddenPath } from './market-record.ts';

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

const SECONDS_PER_YEAR = 31_536_000;

/**
 * The hidden side of a world without books: a hundred times as fast as a run, and the same world as in a run at this seed but for what hedging does to
 * the spot. Steps while the market is closed are left out.
 */
export function hiddenPath(scenario: Scenario, seed: string): HiddenPath {
  const { stepSeconds } = scenario.forecast;
  const steps = Math.floor(scenario.durationSeconds / stepSeconds);
  const perStep = Math.max(1, Math.round((stepSeconds * 1000) / scenario.world.stepMillis));
  const rootYears = Math.sqrt(stepSeconds / SECONDS_PER_YEAR);
  const ahead = signalSteps(scenario);
  const world = new World({ ...scenario.world, lookaheadSteps: ahead }, scenario.chain, scenario.valuation, streams(seed));
  const path = blankPath(steps);
  let spot = world.spot();
  for (let step = 0; step <= steps; step += 1) {
    for (let f = 0; f < FACTOR_COUNT; f += 1) path.truth[step * FACTOR_COUNT + f] = world.factor(f);
    if (step === steps) break;
    for (let f = 0; f < FACTOR_COUNT; f += 1) path.pressure[step * FACTOR_COUNT + f] = world.pressure(f);
    signalInto(world, ahead, path.signal, step * FACTOR_COUNT);
    path.memory[step] = world.demandMemory();
    path.excitation[step] = world.demandExcitation();
    path.regime[step] = world.regime();
    path.spotReturn[step] = Math.log(world.spot() / spot) / (Math.exp(world.factor(0)) * rootYears);
    spot = world.spot();
    for (let i = 0; i < perStep; i += 1) world.advance();
    while (!world.isOpen) world.advance();
  }
  return path;
}
