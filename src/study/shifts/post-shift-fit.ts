import { LinearRegression } from '../../core/linear-regression.ts';
import type { LstmModel } from '../../forecast/lstm/lstm-model.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ObservationModel } from '../observation-model.ts';
import type { ShiftKind } from './shift-kinds.ts';
import { outcomeOf, replay, shiftPath } from './shift-path.ts';

/** Steps under the new law before rows count: what is remembered of the old one has gone. */
const SETTLE_STEPS = 100;
const SHIFT_STEP = 60;
const ROWS_PER_WORLD = 600;
/** Ridge, as a share of the rows: it keeps inputs that do not move from mattering. */
const RIDGE = 1e-4;

/** The head that was fitted on the new law with as much data as one likes, and knows the truth: what an update can hope for at best. */
export class PostShiftFit {
  /** By output: coefficients of [hidden state, row, 1], in the output's unit. */
  readonly coefficients: readonly Float64Array[];
  /** By output: root-mean-square error over the net's own scale. */
  readonly scale: readonly number[];

  constructor(coefficients: readonly Float64Array[], scale: readonly number[]) {
    this.coefficients = coefficients;
    this.scale = scale;
  }

  /** Expected change of an output. */
  change(output: number, x: Readonly<Float64Array>): number {
    const beta = this.coefficients[output];
    let sum = 0;
    for (let i = 0; i < x.length; i += 1) sum += (beta?.[i] ?? 0) * (x[i] ?? 0);
    return sum;
  }
}

/** Writes [hidden state, row, 1] of a running net. */
export function headInput(hidden: Readonly<Float64Array>, input: Readonly<Float64Array>, out: Float64Array): void {
  out.set(hidden);
  out.set(input, hidden.length);
  out[hidden.length + input.length] = 1;
}

/**
 * Fits the head of a net anew on worlds under the law after a shift, at seeds `train/shift/<kind>/<n>`, targets being the truth: ridge regression on the
 * head's own input. Yields after each world which share is done.
 */
export function* postShiftFit(
  scenario: Scenario,
  observation: ObservationModel,
  net: LstmModel,
  kind: ShiftKind,
  worlds: number,
): Generator<number, PostShiftFit> {
  const horizons = scenario.forecast.horizonsSteps;
  const longest = Math.max(...horizons);
  const outputs = horizons.length * FACTOR_COUNT;
  const width = net.headInputs + 1;
  const first = SHIFT_STEP + SETTLE_STEPS;
  const steps = first + ROWS_PER_WORLD + longest;
  const regressions = Array.from({ length: outputs }, () => new LinearRegression(width));
  const x = new Float64Array(width);
  const squares = new Float64Array(outputs);
  const eachRow = (seed: string, visit: (output: number, target: number, scale: number) => void): void => {
    const path = shiftPath(scenario, observation, kind, seed, SHIFT_STEP, steps);
    const running = net.start();
    replay(path, (step, row, tracked) => {
      running.observe(tracked, row);
      const forecast = running.forecast();
      if (step < first || step >= first + ROWS_PER_WORLD || forecast === undefined) return;
      headInput(running.hidden, running.input, x);
      for (let o = 0; o < outputs; o += 1) {
        visit(o, outcomeOf(path, step, horizons[Math.floor(o / FACTOR_COUNT)] ?? 1, o % FACTOR_COUNT), forecast.scale[o] ?? 1);
      }
    });
  };
  for (let n = 0; n < worlds; n += 1) {
    eachRow(`train/shift/${kind.name}/${n}`, (o, target) => regressions[o]?.add(x, target));
    yield (0.9 * (n + 1)) / worlds;
  }
  const penalties = new Float64Array(width).fill(RIDGE * worlds * ROWS_PER_WORLD);
  penalties[width - 1] = 0;
  const coefficients = regressions.map((regression) => regression.coefficients(penalties));
  const fit = new PostShiftFit(coefficients, []);
  // Errors on worlds that the coefficients were not fitted on.
  const held = Math.max(1, Math.round(worlds / 10));
  for (let n = 0; n < held; n += 1) {
    eachRow(`train/shift/${kind.name}/held-${n}`, (o, target, scale) => {
      const error = (target - fit.change(o, x)) / scale;
      squares[o] = (squares[o] ?? 0) + (error * error) / (held * ROWS_PER_WORLD);
    });
  }
  return new PostShiftFit(coefficients, Array.from(squares, Math.sqrt));
}
