import type { Forecast, Forecaster, ForecasterModel } from '../../forecast/forecaster.ts';
import type { LstmModel } from '../../forecast/lstm/lstm-model.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { gaussianCrps } from '../evaluation/density-scores.ts';
import type { ObservationModel } from '../observation-model.ts';
import { headInput, type PostShiftFit, postShiftFit } from './post-shift-fit.ts';
import { SHIFT_KINDS, type ShiftKind } from './shift-kinds.ts';
import { outcomeOf, replay, type ShiftPath, shiftPath } from './shift-path.ts';

/** Losses of a forecast with a scale. */
export const SHIFT_LOSSES = ['squared', 'crps', 'log'] as const;
export type ShiftLoss = (typeof SHIFT_LOSSES)[number];

/** What is compared, and how much of it. */
export interface ShiftTerms {
  readonly net: LstmModel;
  /** Served forecasters, each in a market of its own; `frozen` is the net as it was trained. */
  readonly models: readonly ForecasterModel[];
  readonly observation: ObservationModel;
  /** Worlds with a shift, per kind. */
  readonly seeds: readonly string[];
  /** Worlds that the refit is fitted on, per kind. */
  readonly refitWorlds: number;
  /** Steps before the shift, in which forecasters learn the old law, and steps after it that count. */
  readonly stepsBefore: number;
  readonly stepsAfter: number;
}

/** Mean losses of all models over the steps after one shift. */
export interface ShiftOutcome {
  readonly kind: string;
  readonly seed: string;
  /** By model (`rw`, `refit`, `frozen`, then the others), loss and output: mean over the steps after the shift. */
  readonly losses: ReadonlyMap<string, Readonly<Record<ShiftLoss, Float64Array>>>;
  /** By model: squared error by block of {@link BLOCK_STEPS} steps and output (`block * outputs + output`). */
  readonly blocks: ReadonlyMap<string, Float64Array>;
  /** By model and output: share of outcomes inside the 80 % interval. */
  readonly coverage: ReadonlyMap<string, Float64Array>;
}

/** Steps over which losses are averaged where their course after a shift is followed. */
export const BLOCK_STEPS = 50;
const EIGHTY = 1.281_551_565_544_600_4;

/**
 * Runs worlds whose law changes at a known step, and scores forecasters on the truth in the steps after it: frozen, adaptive, and a head refitted on the new
 * law. All see the same worlds. Yields which share is done.
 */
export function* shiftStudy(scenario: Scenario, terms: ShiftTerms): Generator<number, ShiftOutcome[]> {
  const outcomes: ShiftOutcome[] = [];
  for (const [index, kind] of SHIFT_KINDS.entries()) {
    const done = (share: number): number => (index + share) / SHIFT_KINDS.length;
    const work = postShiftFit(scenario, terms.observation, terms.net, kind, terms.refitWorlds);
    let fitting = work.next();
    while (fitting.done !== true) {
      yield done(0.5 * fitting.value);
      fitting = work.next();
    }
    for (const [n, seed] of terms.seeds.entries()) {
      outcomes.push(shiftOutcome(scenario, terms, kind, seed, fitting.value));
      yield done(0.5 + (0.5 * (n + 1)) / terms.seeds.length);
    }
  }
  return outcomes;
}

function shiftOutcome(scenario: Scenario, terms: ShiftTerms, kind: ShiftKind, seed: string, refit: PostShiftFit): ShiftOutcome {
  const { observation, stepsBefore, stepsAfter } = terms;
  const horizons = scenario.forecast.horizonsSteps;
  const steps = stepsBefore + stepsAfter + Math.max(...horizons);
  const path = shiftPath(scenario, observation, kind, `shift/${seed}/${kind.name}`, stepsBefore, steps);
  return { kind: kind.name, seed, ...scoredPath(path, terms, horizons, refit) };
}

/** Losses on a path from the shift on. */
export function scoredPath(
  path: ShiftPath,
  { net, models, stepsBefore, stepsAfter }: Pick<ShiftTerms, 'net' | 'models' | 'stepsBefore' | 'stepsAfter'>,
  horizons: readonly number[],
  refit: PostShiftFit,
): Omit<ShiftOutcome, 'kind' | 'seed'> {
  const outputs = horizons.length * FACTOR_COUNT;
  const names = ['rw', 'refit', 'frozen', ...models.map((model) => model.kind)];
  const change = names.map(() => new Float64Array(path.steps * outputs));
  const scale = names.map(() => new Float64Array(path.steps * outputs));
  const frozen = net.start();
  const running = models.map((model) => model.start());
  const x = new Float64Array(net.headInputs + 1);
  const put = (model: number, list: Float64Array[], output: number, value: number): void => {
    const values = list[model];
    if (values !== undefined) values[output] = value;
  };
  replay(path, (step, row, tracked) => {
    frozen.observe(tracked, row);
    const said = frozen.forecast();
    headInput(frozen.hidden, frozen.input, x);
    const at = step * outputs;
    for (let o = 0; o < outputs; o += 1) {
      const own = (said?.scale[o] ?? 1) * (refit.scale[o] ?? 1);
      put(1, change, at + o, (said?.change[o] ?? 0) + refit.correction(o, x));
      put(0, scale, at + o, own);
      put(1, scale, at + o, own);
    }
    const spoken = [said, ...running.map((forecaster) => served(forecaster, tracked, row))];
    for (const [i, forecast] of spoken.entries()) {
      if (forecast === undefined) continue;
      change[2 + i]?.set(forecast.change, at);
      scale[2 + i]?.set(forecast.scale, at);
    }
  });
  const losses = new Map<string, Record<ShiftLoss, Float64Array>>();
  const blocks = new Map<string, Float64Array>();
  const coverage = new Map<string, Float64Array>();
  for (const [i, name] of names.entries()) {
    const mean = { squared: new Float64Array(outputs), crps: new Float64Array(outputs), log: new Float64Array(outputs) };
    const course = new Float64Array(Math.ceil(stepsAfter / BLOCK_STEPS) * outputs);
    const covered = new Float64Array(outputs);
    for (let step = stepsBefore; step < stepsBefore + stepsAfter; step += 1) {
      for (let o = 0; o < outputs; o += 1) {
        const outcome = outcomeOf(path, step, horizons[Math.floor(o / FACTOR_COUNT)] ?? 1, o % FACTOR_COUNT);
        const error = outcome - (change[i]?.[step * outputs + o] ?? 0);
        const s = scale[i]?.[step * outputs + o] ?? 1;
        mean.squared[o] = (mean.squared[o] ?? 0) + (error * error) / stepsAfter;
        mean.crps[o] = (mean.crps[o] ?? 0) + gaussianCrps(error, s) / stepsAfter;
        mean.log[o] = (mean.log[o] ?? 0) + (Math.log(s) + (error * error) / (2 * s * s)) / stepsAfter;
        const block = Math.floor((step - stepsBefore) / BLOCK_STEPS) * outputs + o;
        course[block] = (course[block] ?? 0) + (error * error) / BLOCK_STEPS;
        if (Math.abs(error) <= EIGHTY * s) covered[o] = (covered[o] ?? 0) + 1 / stepsAfter;
      }
    }
    losses.set(name, mean);
    blocks.set(name, course);
    coverage.set(name, covered);
  }
  return { losses, blocks, coverage };
}

function served(forecaster: Forecaster, tracked: Float64Array, row: Float64Array): Forecast | undefined {
  forecaster.observe(tracked, row);
  return forecaster.forecast();
}
