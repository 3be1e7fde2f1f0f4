import { FEATURES } from '../../forecast/features.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ObservationModel } from '../observation-model.ts';
import { observedPath } from '../observed-path.ts';
import { type ShiftKind, shiftedScenario } from './shift-kinds.ts';

/** What a forecaster sees on a path, step by step, and the truth that it is scored on. */
export interface ShiftPath {
  readonly steps: number;
  /** Features, row by row. */
  readonly rows: Readonly<Float64Array>;
  /** Tracked and true factors, step by step. */
  readonly tracked: Readonly<Float64Array>;
  readonly truth: Readonly<Float64Array>;
}

/** A path whose law changes at a step. */
export function shiftPath(
  scenario: Scenario,
  observation: ObservationModel,
  kind: ShiftKind,
  seed: string,
  shiftStep: number,
  steps: number,
): ShiftPath {
  const rows = new Float64Array(steps * FEATURES.length);
  const tracked = new Float64Array(steps * FACTOR_COUNT);
  const truth = new Float64Array(steps * FACTOR_COUNT);
  const after = kind.view(observation);
  const view = (step: number): ObservationModel => (step < shiftStep ? observation : after);
  observedPath(shiftedScenario(scenario, kind, shiftStep), seed, view, steps, (step, row, seen, world) => {
    rows.set(row, step * FEATURES.length);
    tracked.set(seen, step * FACTOR_COUNT);
    for (let f = 0; f < FACTOR_COUNT; f += 1) truth[step * FACTOR_COUNT + f] = world.factor(f);
  });
  return { steps, rows, tracked, truth };
}

/** Calls back at each step of a path with its row and tracked factors; borrowed views. */
export function replay(path: ShiftPath, visit: (step: number, row: Float64Array, tracked: Float64Array) => void): void {
  const rows = path.rows as Float64Array;
  const tracked = path.tracked as Float64Array;
  for (let step = 0; step < path.steps; step += 1) {
    visit(
      step,
      rows.subarray(step * FEATURES.length, (step + 1) * FEATURES.length),
      tracked.subarray(step * FACTOR_COUNT, (step + 1) * FACTOR_COUNT),
    );
  }
}

/** True factor so many steps after a step, less the factor tracked at it. */
export function outcomeOf(path: ShiftPath, step: number, ahead: number, factor: number): number {
  return (path.truth[(step + ahead) * FACTOR_COUNT + factor] ?? 0) - (path.tracked[step * FACTOR_COUNT + factor] ?? 0);
}
