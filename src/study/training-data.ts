import { invariant } from '../core/assert.ts';
import { FEATURES } from '../forecast/features.ts';
import type { TrainingSequences } from '../forecast/lstm/sequences.ts';
import { FACTOR_COUNT, FACTORS } from '../pricing/factors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ObservationModel } from './observation-model.ts';
import { SHOCK_MEANING } from './realised-path.ts';
import { blankSeenPath, seeRun, seeWorld } from './seen-path.ts';

/** One scenario with the observation model measured on it. */
export interface TrainingSource {
  readonly scenario: Scenario;
  readonly observation: ObservationModel;
}

/** When a scenario forecasts, and how far: the same text, the same grid. */
export function gridText({ forecast }: Scenario): string {
  return `every ${forecast.stepSeconds} s, ${forecast.horizonsSteps.join(', ')} steps ahead`;
}

/** Where sequences come from: worlds without books, seen as was measured; or full runs, as the subject saw them. */
export const SEQUENCE_ORIGINS = ['worlds', 'books'] as const;
export type SequenceOrigin = (typeof SEQUENCE_ORIGINS)[number];

/**
 * Sequences for the training of a forecaster: worlds of the given scenarios in turn, at seeds `train/<seed>/<n>` that no user's seed can
 * reach (decision 17). Targets are the true factor at each horizon minus the tracked one now (decision 13), known at every step
 * because each world runs on for the longest horizon; beside them the variance that the spot realises and whether there is a shock
 * ({@link RealisedPath}). From full runs a target is unknown where the subject saw no surface. Yields after each sequence how many are made: a
 * caller may pause there, or leave.
 *
 * @param sources all on one forecast grid; for full runs the subject of each records what it sees ({@link recordedRun}).
 * @param steps rows per sequence.
 * @param first number of the first of them: each is the same whoever makes it, and with whatever others.
 */
export function* trainingSequences(
  sources: readonly TrainingSource[],
  seed: string,
  count: number,
  steps: number,
  first = 0,
  origin: SequenceOrigin = 'worlds',
): Generator<number, TrainingSequences> {
  const grid = sources[0]?.scenario.forecast ?? { stepSeconds: 30, horizonsSteps: [1] };
  invariant(
    sources.every(({ scenario }) => gridText(scenario) === gridText(sources[0]?.scenario ?? scenario)),
    'all scenarios of a training must have one forecast grid',
  );
  const horizons = grid.horizonsSteps;
  const longest = Math.max(...horizons);
  const outputs = horizons.length * FACTOR_COUNT;
  const rows = new Float32Array(count * steps * FEATURES.length);
  const targets = new Float32Array(count * steps * outputs);
  const variance = new Float32Array(count * steps * horizons.length);
  const shock = new Float32Array(count * steps * horizons.length);
  const path = blankSeenPath(steps, steps + longest, grid.stepSeconds);
  for (let n = 0; n < count; n += 1) {
    const source = sources[(first + n) % sources.length];
    if (source === undefined) break;
    if (origin === 'worlds') seeWorld(source, `train/${seed}/${first + n}`, path);
    else seeRun(source.scenario, `train/${seed}/${first + n}`, path);
    rows.set(path.rows, n * path.rows.length);
    for (let step = 0; step < steps; step += 1) {
      horizons.forEach((ahead, h) => {
        for (let f = 0; f < FACTOR_COUNT; f += 1) {
          const at = (n * steps + step) * outputs + h * FACTOR_COUNT + f;
          targets[at] = (path.truth[(step + ahead) * FACTOR_COUNT + f] ?? 0) - (path.tracked[step * FACTOR_COUNT + f] ?? 0);
        }
        const at = (n * steps + step) * horizons.length + h;
        variance[at] = path.realised.variance(step, ahead);
        shock[at] = path.realised.hasShock(step, ahead) ? 1 : 0;
      });
    }
    yield n + 1;
  }
  return {
    features: FEATURES,
    factors: FACTORS,
    horizonsSeconds: horizons.map((ahead) => ahead * grid.stepSeconds),
    stepSeconds: grid.stepSeconds,
    steps,
    count,
    rows,
    targets,
    extras: { variance, shock, shockMeaning: SHOCK_MEANING },
  };
}
