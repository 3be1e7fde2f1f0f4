import { streams } from '../../core/rng.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { World } from '../../processes/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { blankPath, type HiddenPath } from './market-record.ts';

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
  const world = new World({ ...scenario.world, lookaheadSteps: 0 }, scenario.chain, scenario.valuation, streams(seed));
  const path = blankPath(steps);
  let spot = world.spot();
  for (let step = 0; step <= steps; step += 1) {
    for (let f = 0; f < FACTOR_COUNT; f += 1) path.truth[step * FACTOR_COUNT + f] = world.factor(f);
    if (step === steps) break;
    for (let f = 0; f < FACTOR_COUNT; f += 1) path.pressure[step * FACTOR_COUNT + f] = world.pressure(f);
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
