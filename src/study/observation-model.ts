import { InputError } from '../core/assert.ts';
import { LinearRegression } from '../core/linear-regression.ts';
import type { Streams } from '../core/rng.ts';
import { streams } from '../core/rng.ts';
import { NANOS_PER_YEAR } from '../core/units.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { TheoChain } from '../pricing/theo.ts';
import { World } from '../processes/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from '../sim/desk.ts';
import type { ForecasterCatalog } from '../sim/forecasters.ts';
import { Simulation } from '../sim/simulation.ts';
import { eagerness, fittedPrintRule, type PrintRule } from './print-rule.ts';

/**
 * How a maker's view of the surface differs from the truth, measured on runs with full books: what replaces the books in the making of training
 * data (decision 15). The error of the tracker at one forecast step follows e′ = persistence · e − lag · Δx + noise, per factor, with Δx the
 * true change over the step.
 */
export interface ObservationModel extends PrintRule {
  readonly persistence: readonly number[];
  readonly lag: readonly number[];
  readonly noiseSd: readonly number[];
  /** Root-mean-square error of the tracker, for the reader. */
  readonly errorSd: readonly number[];
  /** Forecast steps that were measured. */
  readonly steps: number;
}

const ERROR_LAG = 2;

/**
 * Measures the model on runs of a scenario whose subject forecasts with the random walk, so that nothing trained enters. Yields after each
 * forecast step which share of the runs is done: a caller may pause there, or leave.
 *
 * @param look gets each run at each forecast step, for what else is to be measured on the same runs.
 * @throws InputError when the subject never saw a surface.
 */
export function* measureObservation(
  scenario: Scenario,
  seeds: readonly string[],
  forecasters: ForecasterCatalog,
  look?: (sim: Simulation, run: number) => void,
): Generator<number, ObservationModel> {
  const regressions = Array.from({ length: FACTOR_COUNT }, () => new LinearRegression(ERROR_LAG));
  const squares = new Float64Array(FACTOR_COUNT);
  const candidates: { readonly eagerness: number; readonly contracts: number }[] = [];
  let errors = 0;
  let prints = 0;
  let contracts = 0;
  for (const [run, seed] of seeds.entries()) {
    const sim = new Simulation(scenario, { seed, forecasters });
    const before = { error: new Float64Array(FACTOR_COUNT), truth: new Float64Array(FACTOR_COUNT), known: false };
    for (let t = scenario.forecast.stepSeconds; t < scenario.durationSeconds; t += scenario.forecast.stepSeconds) {
      sim.advance(t);
      yield (run + t / scenario.durationSeconds) / seeds.length;
      look?.(sim, run);
      const seen = sim.subject.agent.inspect?.();
      if (seen?.factors === undefined) continue;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const truth = sim.world.factor(f);
        const error = (seen.factors[f] ?? 0) - truth;
        if (before.known) regressions[f]?.add([before.error[f] ?? 0, truth - (before.truth[f] ?? 0)], error);
        before.error[f] = error;
        before.truth[f] = truth;
        squares[f] = (squares[f] ?? 0) + error * error;
      }
      before.known = true;
      errors += 1;
    }
    for (const desk of customersOf(sim)) {
      prints += sim.ledger.fills(desk.id);
      for (const option of scenario.chain.options) contracts += sim.ledger.traded(desk.id, option.id) * option.lotSize;
    }
    addCandidates(scenario, streams(seed), candidates);
  }
  if (errors === 0)
    throw new InputError(scenario.name, [{ path: 'subject', message: 'the subject never saw a surface, so its view cannot be measured' }]);
  const fits = regressions.map((regression) => ({ beta: regression.coefficients(), ...regression.squares(), count: regression.count }));
  return {
    persistence: fits.map((fit) => fit.beta[0] ?? 0),
    lag: fits.map((fit) => -(fit.beta[1] ?? 0)),
    noiseSd: fits.map((fit) => Math.sqrt(fit.residual / fit.count)),
    errorSd: Array.from(squares, (square) => Math.sqrt(square / errors)),
    ...fittedPrintRule(candidates, prints, contracts),
    steps: errors,
  };
}

/** The desks that carry the customers: they trade in options alone, and only as takers. */
function customersOf(sim: Simulation): AgentDesk[] {
  return sim.desks.filter((_desk, i) => sim.scenario.agents[i]?.kind.rights.wishes === true);
}

/** All candidates of a run who would pay more than the fair value. */
function addCandidates(scenario: Scenario, chance: Streams, into: { eagerness: number; contracts: number }[]): void {
  const world = new World({ ...scenario.world, lookaheadSteps: 0 }, scenario.chain, scenario.valuation, chance);
  const theo = new TheoChain(scenario.chain, scenario.valuation);
  const factors = new Float64Array(FACTOR_COUNT);
  const steps = Math.floor((scenario.durationSeconds * 1000) / scenario.world.stepMillis);
  for (let step = 0; step < steps; step += 1) {
    world.factorsInto(factors);
    theo.move(factors, world.spot(), (step * world.stepNanos) / NANOS_PER_YEAR);
    for (const candidate of world.candidates()) {
      if (candidate.reservationVol <= 0) continue;
      theo.value(candidate.option);
      into.push({ eagerness: eagerness(candidate, theo), contracts: candidate.contracts });
    }
    world.advance();
  }
}
