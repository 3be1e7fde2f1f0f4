import { InputError } from '../core/assert.ts';
import type { Streams } from '../core/rng.ts';
import { streams } from '../core/rng.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { World } from '../processes/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ForecasterCatalog } from '../sim/forecasters.ts';
import { Simulation } from '../sim/simulation.ts';
import { LinearRegression } from './linear-regression.ts';

/**
 * How a maker's view of the surface differs from the truth, measured on runs with full books: what replaces the books in the making of training
 * data (decision 15). The error of the tracker at one forecast step follows e′ = persistence · e − lag · Δx + noise, per factor, with Δx the
 * true change over the step.
 */
export interface ObservationModel {
  readonly persistence: readonly number[];
  readonly lag: readonly number[];
  readonly noiseSd: readonly number[];
  /** Root-mean-square error of the tracker, for the reader. */
  readonly errorSd: readonly number[];
  /** Candidates print when their reservation is at least this multiple of a screen's half-spread in vol. */
  readonly printRatio: number;
  readonly relativeWidth: number;
  readonly twoSidedShare: number;
  /** Forecast steps that were measured. */
  readonly steps: number;
}

const ERROR_LAG = 2;

/** Measures the model on runs of a scenario whose subject forecasts with the random walk, so that nothing trained enters. */
export function measureObservation(scenario: Scenario, seeds: readonly string[], forecasters: ForecasterCatalog): ObservationModel {
  const regressions = Array.from({ length: FACTOR_COUNT }, () => new LinearRegression(ERROR_LAG));
  const squares = new Float64Array(FACTOR_COUNT);
  const ratios: number[] = [];
  let errors = 0;
  let prints = 0;
  let widths = 0;
  let shares = 0;
  for (const seed of seeds) {
    const sim = new Simulation(scenario, { seed, forecasters });
    const before = { error: new Float64Array(FACTOR_COUNT), truth: new Float64Array(FACTOR_COUNT), known: false };
    for (let t = scenario.forecast.stepSeconds; t < scenario.durationSeconds; t += scenario.forecast.stepSeconds) {
      sim.advance(t);
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
      widths += seen.books.relativeWidth;
      shares += seen.books.twoSidedShare;
    }
    prints += customerPrints(sim);
    reservationRatios(scenario, streams(seed), ratios);
  }
  if (errors === 0)
    throw new InputError(scenario.name, [{ path: 'subject', message: 'the subject never saw a surface, so its view cannot be measured' }]);
  const fits = regressions.map((regression) => ({ beta: regression.coefficients(), ...regression.squares(), count: regression.count }));
  return {
    persistence: fits.map((fit) => fit.beta[0] ?? 0),
    lag: fits.map((fit) => -(fit.beta[1] ?? 0)),
    noiseSd: fits.map((fit) => Math.sqrt(fit.residual / fit.count)),
    errorSd: Array.from(squares, (square) => Math.sqrt(square / errors)),
    printRatio: upperQuantile(ratios, prints),
    relativeWidth: widths / errors,
    twoSidedShare: shares / errors,
    steps: errors,
  };
}

/** Prints in options in which a customer was the taker: fills of the agents that carry the customers. */
function customerPrints(sim: Simulation): number {
  return sim.desks
    .filter((_desk, i) => sim.scenario.agents[i]?.kind.rights.wishes === true)
    .reduce((sum, desk) => sum + sim.ledger.fills(desk.id), 0);
}

/** Reservations of all candidates of a run in units of a screen's half-spread. */
function reservationRatios(scenario: Scenario, chance: Streams, into: number[]): void {
  const world = new World({ ...scenario.world, lookaheadSteps: 0 }, scenario.chain, scenario.valuation, chance);
  const steps = Math.floor((scenario.durationSeconds * 1000) / scenario.world.stepMillis);
  for (let step = 0; step < steps; step += 1) {
    for (const candidate of world.candidates()) into.push(candidate.reservationVol / candidate.screenHalfSpread);
    world.advance();
  }
}

/** The value that `count` of the values reach or exceed. */
function upperQuantile(values: number[], count: number): number {
  values.sort((a, b) => b - a);
  return values[Math.max(0, Math.min(values.length - 1, count - 1))] ?? 0;
}
