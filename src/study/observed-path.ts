import { normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import { streams } from '../core/rng.ts';
import { FeatureBuilder } from '../forecast/features.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { TheoChain } from '../pricing/theo.ts';
import { World } from '../processes/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ObservationModel } from './observation-model.ts';
import { eagerness } from './print-rule.ts';

/** Called at every forecast step; arrays are borrowed. */
export type PathVisitor = (step: number, row: Readonly<Float64Array>, tracked: Readonly<Float64Array>, world: World) => void;

/** Called at every print, `contracts` positive where a buyer crossed. `theo` is the chain at the view of the step; borrowed. */
export type PrintVisitor = (series: number, contracts: number, theo: TheoChain) => void;

const SECONDS_PER_YEAR = 31_536_000;

/**
 * A world seen without books: the same world and customers as in a full run at this seed, with the tracker replaced by the measured
 * observation model and the tape by the candidates that would have printed (decision 15). A hundred times as fast as a full run.
 *
 * @param view one model for the whole path, or that of each forecast step where the view itself changes.
 */
export function observedPath(
  scenario: Scenario,
  seed: string,
  view: ObservationModel | ((step: number) => ObservationModel),
  steps: number,
  visit: PathVisitor,
  print?: PrintVisitor,
): void {
  const chance = streams(seed);
  const world = new World({ ...scenario.world, lookaheadSteps: 0 }, scenario.chain, scenario.valuation, chance);
  const noise = chance.stream('observation/noise');
  const theo = new TheoChain(scenario.chain, scenario.valuation);
  let features = new FeatureBuilder(theo, scenario.forecast.stepSeconds);
  const tracked = new Float64Array(FACTOR_COUNT);
  const error = new Float64Array(FACTOR_COUNT);
  const truth = new Float64Array(FACTOR_COUNT);
  const perStep = Math.max(1, Math.round((scenario.forecast.stepSeconds * 1000) / scenario.world.stepMillis));
  const stepSeconds = scenario.world.stepMillis / 1000;
  const viewOf = typeof view === 'function' ? view : () => view;
  world.factorsInto(truth);
  startErrors(error, viewOf(0), noise);
  for (let step = 0; step < steps; step += 1) {
    let isFirst = step === 0;
    const observation = viewOf(step);
    // A maker sees nothing of a night, and begins the next session afresh.
    if (!world.isOpen) {
      while (!world.isOpen) world.advance();
      features = new FeatureBuilder(theo, scenario.forecast.stepSeconds);
      startErrors(error, observation, noise);
      isFirst = true;
    }
    observe(world, observation, noise, truth, error, tracked, isFirst);
    const seconds = world.step * stepSeconds;
    theo.move(tracked, world.spot(), seconds / SECONDS_PER_YEAR);
    theo.valueAll();
    const row = features.step({
      factors: tracked,
      spot: world.spot(),
      basis: scenario.world.basis === undefined ? undefined : world.basis(),
      hours: seconds / 3600,
    });
    visit(step, row, tracked, world);
    for (let i = 0; i < perStep; i += 1) {
      for (const candidate of world.candidates()) {
        if (eagerness(candidate, theo) < observation.printRatio) continue;
        const contracts = Math.min(candidate.contracts, observation.printContracts);
        const lots = Math.max(1, Math.round(contracts / candidate.option.lotSize));
        const signed = (candidate.side === 'buy' ? 1 : -1) * lots * candidate.option.lotSize;
        features.trade(candidate.option.id - 1, signed);
        print?.(candidate.option.id - 1, signed, theo);
      }
      world.advance();
    }
  }
}

/** Errors start in their stationary distribution. */
function startErrors(error: Float64Array, observation: ObservationModel, noise: Rng): void {
  for (let f = 0; f < FACTOR_COUNT; f += 1) error[f] = (observation.errorSd[f] ?? 0) * normal(noise);
}

function observe(
  world: World,
  observation: ObservationModel,
  noise: Rng,
  truth: Float64Array,
  error: Float64Array,
  tracked: Float64Array,
  first: boolean,
): void {
  for (let f = 0; f < FACTOR_COUNT; f += 1) {
    const now = world.factor(f);
    if (!first) {
      const moved = now - (truth[f] ?? 0);
      error[f] =
        (observation.persistence[f] ?? 0) * (error[f] ?? 0) -
        (observation.lag[f] ?? 0) * moved +
        (observation.noiseSd[f] ?? 0) * normal(noise);
    }
    truth[f] = now;
    tracked[f] = now + (error[f] ?? 0);
  }
}
