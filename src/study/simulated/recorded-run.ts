import { randomWalkModel } from '../../forecast/baselines.ts';
import { FEATURES } from '../../forecast/features.ts';
import type { Forecast, Forecaster, ForecasterModel } from '../../forecast/forecaster.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { forecasterCatalog } from '../../sim/forecasters.ts';
import { blankRecord, type MarketRecord, type PrintTape } from '../../sim/oracles/market-record.ts';
import { signalInto, signalSteps } from '../../sim/oracles/signal.ts';
import { StepTape } from '../../sim/oracles/step-tape.ts';
import { Simulation } from '../../sim/simulation.ts';

const RETURN = FEATURES.indexOf('return');

/** Kind of the forecaster that a recorded subject asks for: the random walk, taking down what it is given. */
export const RECORDED_WALK = 'recorded-walk';

/**
 * Runs a scenario with full books, its subject forecasting with the random walk, and records at each forecast step what a forecaster is given and what
 * is true. A forecast changes no world and no customer, so any number of models can be scored on the same record, origin by origin; the quotes and hedges
 * in it are those of the walk. Yields after each step which share of the run is done.
 *
 * @param scenario whose subject's forecaster is {@link RECORDED_WALK}, and nobody else's.
 * @param look gets the run at each step, the close included, for what else is to be known of it.
 * @throws InputError as a run does.
 */
export function* recordedRun(
  scenario: Scenario,
  seed: string,
  look?: (sim: Simulation, step: number) => void,
): Generator<number, MarketRecord> {
  const { stepSeconds } = scenario.forecast;
  const steps = Math.floor(scenario.durationSeconds / stepSeconds);
  const record = blankRecord(steps, FEATURES.length);
  const tape = new TapeLog();
  const ahead = signalSteps(scenario);
  const walk = randomWalkModel(scenario.forecast);
  const recorder: ForecasterModel = {
    ...walk,
    kind: RECORDED_WALK,
    start: () => new Recorder(record, tape, walk.start(), () => Math.floor(sim.nowSeconds / stepSeconds)),
  };
  const sim: Simulation = new Simulation(scenario, { seed, forecasters: forecasterCatalog(scenario.forecast, [recorder]) });
  for (let step = 0; step <= steps; step += 1) {
    sim.advance(step * stepSeconds);
    look?.(sim, step);
    const { world } = sim;
    for (let f = 0; f < FACTOR_COUNT; f += 1) record.truth[step * FACTOR_COUNT + f] = world.factor(f);
    if (step === steps) break;
    for (let f = 0; f < FACTOR_COUNT; f += 1) record.pressure[step * FACTOR_COUNT + f] = world.exogenous.pressure(f);
    signalInto(world.exogenous, ahead, record.signal, step * FACTOR_COUNT);
    record.memory[step] = world.exogenous.demandMemory();
    record.excitation[step] = world.exogenous.demandExcitation();
    record.regime[step] = world.regime();
    yield (step + 1) / steps;
  }
  return { ...record, tape: tape.whole() };
}

/** Prints of a run so far. */
class TapeLog {
  readonly #contracts: number[] = [];
  readonly #exposures: number[] = [];

  add(contracts: number, exposures: Readonly<Float64Array>): void {
    this.#contracts.push(contracts);
    this.#exposures.push(...exposures);
  }

  whole(): PrintTape {
    return { contracts: Float64Array.from(this.#contracts), exposures: Float64Array.from(this.#exposures) };
  }
}

/** The random walk, taking down what it is given. */
class Recorder implements Forecaster {
  readonly #record: MarketRecord;
  readonly #log: TapeLog;
  readonly #walk: Forecaster;
  readonly #step: () => number;
  readonly #tape = new StepTape();

  constructor(record: MarketRecord, log: TapeLog, walk: Forecaster, step: () => number) {
    this.#record = record;
    this.#log = log;
    this.#walk = walk;
    this.#step = step;
  }

  trade(series: number, contracts: number, theo: TheoChain): void {
    this.#tape.add(series, contracts, theo);
    this.#log.add(contracts, this.#tape.exposure);
  }

  observe(factors: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    this.#walk.observe(factors, row);
    const record = this.#record;
    const step = this.#step();
    if (step >= record.steps) return;
    record.seen[step] = 1;
    record.rows.set(row, step * record.width);
    record.tracked.set(factors, step * FACTOR_COUNT);
    record.flow.set(this.#tape.flow, step * FACTOR_COUNT);
    record.signedPrints[step] = this.#tape.signed;
    record.prints[step] = this.#tape.count;
    record.spotReturn[step] = row[RETURN] ?? 0;
    this.#tape.clear();
  }

  forecast(): Forecast | undefined {
    return this.#walk.forecast();
  }
}
