import { normal } from '../../../src/core/distributions.ts';
import type { Rng } from '../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import type { ObservationModel } from '../../../src/study/observation-model.ts';
import { FLOW_MINUTES, type RecordedWorld } from '../../../src/study/predictability/recorded-world.ts';

/** Law of a made-up level: a random walk with pressure on it that prints give away, seen with errors. Standard deviations per step. */
export interface MadeLaw {
  readonly walkSd: number;
  readonly errorSd: number;
  /** What is left of the pressure after a step, and its pushes. */
  readonly keep: number;
  readonly pushSd: number;
  /** Prints show the push with this error. */
  readonly flowSd: number;
  /** Spot returns by regime, and the chance of leaving it. */
  readonly returnSds: readonly number[];
  readonly switching: number;
}

export const PLAIN: MadeLaw = { walkSd: 1, errorSd: 1, keep: 0, pushSd: 0, flowSd: 1, returnSds: [1e-4], switching: 0 };

/** A world whose law is linear and Gaussian; only the level moves. */
export function madeWorld(law: MadeLaw, rng: Rng, steps: number): RecordedWorld {
  const byFactor = (): Float64Array => new Float64Array(steps * FACTOR_COUNT);
  const world: RecordedWorld = {
    steps,
    truth: byFactor(),
    pressure: byFactor(),
    tracked: byFactor(),
    memory: new Float64Array(steps),
    regime: new Int32Array(steps),
    flow: byFactor(),
    decayedFlow: new Float64Array(steps * FACTOR_COUNT * FLOW_MINUTES.length),
    signedPrints: new Float64Array(steps),
    prints: new Float64Array(steps),
    spotReturn: new Float64Array(steps),
    jumps: new Int32Array(steps),
  };
  let [slow, pressure, regime] = [0, 0, 0];
  const regimes = law.returnSds.length;
  for (let step = 0; step < steps; step += 1) {
    const at = step * FACTOR_COUNT;
    if (step > 0) {
      world.spotReturn[step] = (law.returnSds[regime] ?? 0) * normal(rng);
      const push = law.pushSd * normal(rng);
      pressure = law.keep * pressure + push;
      slow += law.walkSd * normal(rng);
      world.flow[at] = push + law.flowSd * normal(rng);
      if (rng.uniform() < law.switching) regime = (regime + 1) % regimes;
    }
    world.regime[step] = regime;
    world.pressure[at] = pressure;
    world.truth[at] = slow + pressure;
    world.tracked[at] = slow + pressure + law.errorSd * normal(rng);
    for (let w = 0; w < FLOW_MINUTES.length; w += 1) {
      const keep = Math.exp(-0.5 / (FLOW_MINUTES[w] ?? 1));
      const before = step === 0 ? 0 : (world.decayedFlow[(at - FACTOR_COUNT) * FLOW_MINUTES.length + w] ?? 0);
      world.decayedFlow[at * FLOW_MINUTES.length + w] = keep * before + (world.flow[at] ?? 0);
    }
  }
  return world;
}

/** The view of {@link madeWorld}: errors without memory. */
export function madeView({ errorSd }: MadeLaw): ObservationModel {
  const four = (value: number): number[] => new Array<number>(FACTOR_COUNT).fill(value);
  return {
    persistence: four(0),
    lag: four(0),
    noiseSd: four(errorSd),
    errorSd: four(errorSd),
    printRatio: 0,
    printContracts: 1,
    steps: 1,
  };
}
