import { FEATURES } from '../forecast/features.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ObservationModel } from './observation-model.ts';
import { observedPath } from './observed-path.ts';
import { RealisedPath } from './realised-path.ts';
import { recordedRun } from './simulated/recorded-run.ts';

/** One market as a maker saw it, and what was true in it: written over for each market. */
export interface SeenPath {
  /** Steps that have a row, and those that have a truth. */
  readonly steps: number;
  readonly outcomes: number;
  /** `step · features + feature`. */
  readonly rows: Float32Array;
  /** Tracked factor, `step · factors + factor`; NaN where no surface was seen, so that no target is known. */
  readonly tracked: Float64Array;
  readonly truth: Float64Array;
  readonly realised: RealisedPath;
}

/** A path of nothing yet. */
export function blankSeenPath(steps: number, outcomes: number, stepSeconds: number): SeenPath {
  return {
    steps,
    outcomes,
    rows: new Float32Array(steps * FEATURES.length),
    tracked: new Float64Array(steps * FACTOR_COUNT),
    // Full runs have a truth at their close too.
    truth: new Float64Array((outcomes + 1) * FACTOR_COUNT),
    realised: new RealisedPath(outcomes + 1, stepSeconds),
  };
}

/** A world without books, through the eyes that were measured. */
export function seeWorld(
  { scenario, observation }: { readonly scenario: Scenario; readonly observation: ObservationModel },
  seed: string,
  into: SeenPath,
): void {
  observedPath(scenario, seed, observation, into.outcomes, (step, row, tracked, world) => {
    for (let f = 0; f < FACTOR_COUNT; f += 1) into.truth[step * FACTOR_COUNT + f] = world.factor(f);
    into.realised.note(step, world.spot(), world.factor(0), world.regime());
    if (step >= into.steps) return;
    into.rows.set(row, step * FEATURES.length);
    into.tracked.set(tracked, step * FACTOR_COUNT);
  });
}

/** A full run, as long as there are outcomes, whose subject quotes on the random walk and records what it sees. */
export function seeRun(scenario: Scenario, seed: string, into: SeenPath): void {
  const durationSeconds = into.outcomes * scenario.forecast.stepSeconds;
  const run = recordedRun({ ...scenario, durationSeconds }, seed, ({ world }, step) =>
    into.realised.note(step, world.spot(), world.factor(0), world.regime()),
  );
  let slice = run.next();
  while (slice.done !== true) slice = run.next();
  const record = slice.value;
  into.truth.set(record.truth);
  into.rows.set(record.rows.subarray(0, into.rows.length));
  into.tracked.set(record.tracked.subarray(0, into.tracked.length));
  for (let step = 0; step < into.steps; step += 1) {
    if (record.seen[step] !== 1) into.tracked.fill(Number.NaN, step * FACTOR_COUNT, (step + 1) * FACTOR_COUNT);
  }
}
