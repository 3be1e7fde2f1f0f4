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
/** Pulls to the frozen head that are tried, as shares of the rows; held-out worlds choose, so that a refit is no worse than the frozen head but by chance. */
const PULLS = [1e-4, 1e-2, 0.1, 1, 10] as const;
/** Share of the worlds, on top, that choose. */
const HELD_SHARE = 0.2;

/** The head that was fitted on the new law with as much data as one likes, and knows the truth: what an update can hope for at best. */
export class PostShiftFit {
  /** By output: coefficients of [hidden state, row, 1] of what is added to the frozen forecast, in the output's unit. */
  readonly coefficients: readonly Float64Array[];
  /** By output: root-mean-square error over the net's own scale. */
  readonly scale: readonly number[];

  constructor(coefficients: readonly Float64Array[], scale: readonly number[]) {
    this.coefficients = coefficients;
    this.scale = scale;
  }

  /** What is added to the frozen forecast of an output. */
  correction(output: number, x: Readonly<Float64Array>): number {
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
 * Fits the head of a net anew on worlds under the law after a shift, at seeds `train/shift/<kind>/<n>`, targets being the truth: ridge regression of the frozen
 * forecast's errors on the head's own input, the ridge chosen by held-out worlds. Yields after each world which share is done.
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
  const eachRow = (seed: string, visit: (output: number, error: number, scale: number) => void): void => {
    const path = shiftPath(scenario, observation, kind, seed, SHIFT_STEP, steps);
    const running = net.start();
    replay(path, (step, row, tracked) => {
      running.observe(tracked, row);
      const forecast = running.forecast();
      if (step < first || step >= first + ROWS_PER_WORLD || forecast === undefined) return;
      headInput(running.hidden, running.input, x);
      for (let o = 0; o < outputs; o += 1) {
        const outcome = outcomeOf(path, step, horizons[Math.floor(o / FACTOR_COUNT)] ?? 1, o % FACTOR_COUNT);
        visit(o, outcome - (forecast.change[o] ?? 0), forecast.scale[o] ?? 1);
      }
    });
  };
  for (let n = 0; n < worlds; n += 1) {
    eachRow(`train/shift/${kind.name}/${n}`, (o, error) => regressions[o]?.add(x, error));
    yield (0.9 * (n + 1)) / worlds;
  }
  const fits = PULLS.map((pull) => {
    const penalties = new Float64Array(width).fill(pull * worlds * ROWS_PER_WORLD);
    return new PostShiftFit(
      regressions.map((regression) => regression.coefficients(penalties)),
      [],
    );
  });
  const held = Math.max(1, Math.round(worlds * HELD_SHARE));
  const squares = PULLS.map(() => new Float64Array(outputs));
  const ratios = PULLS.map(() => new Float64Array(outputs));
  for (let n = 0; n < held; n += 1) {
    eachRow(`train/shift/${kind.name}/held-${n}`, (o, error, scale) => {
      for (const [p, fit] of fits.entries()) {
        const left = error - fit.correction(o, x);
        add(squares[p], o, left * left);
        add(ratios[p], o, (left * left) / (scale * scale * held * ROWS_PER_WORLD));
      }
    });
    yield 0.9 + (0.1 * (n + 1)) / held;
  }
  const best = Array.from({ length: outputs }, (_, o) => {
    const losses = squares.map((square) => square[o] ?? 0);
    return losses.indexOf(Math.min(...losses));
  });
  return new PostShiftFit(
    best.map((p, o) => fits[p]?.coefficients[o] ?? new Float64Array(width)),
    best.map((p, o) => Math.sqrt(ratios[p]?.[o] ?? 1)),
  );
}

function add(sums: Float64Array | undefined, at: number, value: number): void {
  if (sums !== undefined) sums[at] = (sums[at] ?? 0) + value;
}
