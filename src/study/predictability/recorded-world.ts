import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { StepTape } from '../../sim/oracles/step-tape.ts';
import type { ObservationModel } from '../observation-model.ts';
import { observedPath } from '../observed-path.ts';

/** Minutes over which flow is averaged, besides the last step. */
export const FLOW_MINUTES = [5, 10, 20] as const;

/**
 * One world on the forecast grid: what is true, and what a maker sees of it. Arrays by factor are indexed `step · factors + factor`.
 * Prints, counts and returns of a step are those between the step before and it; 0 at step 0.
 */
export interface RecordedWorld {
  readonly steps: number;
  /** True observed factors, the pressure in them, and the tracker's view of them. */
  readonly truth: Float64Array;
  readonly pressure: Float64Array;
  readonly tracked: Float64Array;
  /** Net demand that is remembered, and the regime. */
  readonly memory: Float64Array;
  readonly regime: Int32Array;
  /** Signed contracts of the prints times their exposure to the factor, over the chain's root-mean-square exposure. */
  readonly flow: Float64Array;
  /** {@link flow} with exponential decay over each of {@link FLOW_MINUTES}: index `(step · factors + factor) · windows + window`. */
  readonly decayedFlow: Float64Array;
  /** Prints, signed by who crossed, and unsigned. */
  readonly signedPrints: Float64Array;
  readonly prints: Float64Array;
  /** Log return of the spot. */
  readonly spotReturn: Float64Array;
  /** Jumps of the spot up to and including each step; a jump is a return of more than {@link JUMP_SD} implied standard deviations. */
  readonly jumps: Int32Array;
}

const JUMP_SD = 10;
const SECONDS_PER_YEAR = 31_536_000;

/** Whether the spot jumps after step `from` and not after step `to`. */
export function jumpsBetween(world: RecordedWorld, from: number, to: number): boolean {
  return (world.jumps[Math.min(to, world.steps - 1)] ?? 0) > (world.jumps[Math.max(0, from)] ?? 0);
}

/** Records a world as the world-only path shows it (decision 15): `steps` forecast steps from the opening. */
export function recordedWorld(scenario: Scenario, seed: string, observation: ObservationModel, steps: number): RecordedWorld {
  const windows = FLOW_MINUTES.length;
  const keep = FLOW_MINUTES.map((minutes) => Math.exp(-scenario.forecast.stepSeconds / (60 * minutes)));
  const byFactor = (): Float64Array => new Float64Array(steps * FACTOR_COUNT);
  const world = {
    steps,
    truth: byFactor(),
    pressure: byFactor(),
    tracked: byFactor(),
    memory: new Float64Array(steps),
    regime: new Int32Array(steps),
    flow: byFactor(),
    decayedFlow: new Float64Array(steps * FACTOR_COUNT * windows),
    signedPrints: new Float64Array(steps),
    prints: new Float64Array(steps),
    spotReturn: new Float64Array(steps),
    jumps: new Int32Array(steps),
  };
  const rootYears = Math.sqrt(scenario.forecast.stepSeconds / SECONDS_PER_YEAR);
  const tape = new StepTape();
  let spot = 0;
  observedPath(
    scenario,
    seed,
    observation,
    steps,
    (step, _row, tracked, now) => {
      world.tracked.set(tracked, step * FACTOR_COUNT);
      world.memory[step] = now.demandMemory();
      world.regime[step] = now.regime();
      world.signedPrints[step] = tape.signed;
      world.prints[step] = tape.count;
      world.spotReturn[step] = step === 0 ? 0 : Math.log(now.spot() / spot);
      spot = now.spot();
      const hasJumped = Math.abs(world.spotReturn[step] ?? 0) > JUMP_SD * Math.exp(now.factor(0)) * rootYears;
      world.jumps[step] = (world.jumps[step - 1] ?? 0) + (hasJumped ? 1 : 0);
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const at = step * FACTOR_COUNT + f;
        const fresh = tape.flow[f] ?? 0;
        world.truth[at] = now.factor(f);
        world.pressure[at] = now.pressure(f);
        world.flow[at] = fresh;
        for (let w = 0; w < windows; w += 1) {
          const before = step === 0 ? 0 : (world.decayedFlow[(at - FACTOR_COUNT) * windows + w] ?? 0);
          world.decayedFlow[at * windows + w] = before * (keep[w] ?? 0) + fresh;
        }
      }
      tape.clear();
    },
    (series, contracts, theo) => tape.add(series, contracts, theo),
  );
  return world;
}
