import { InputError, type Issue } from '../../core/assert.ts';
import type { Rng } from '../../core/rng.ts';
import { BURN_IN_ROWS, type InputScaler } from './scaling.ts';

/**
 * What a net is trained on: sequences of rows, each a world of its own or a span of history that shares no target with
 * another. Arrays are row-major: sequence, step, then feature or output; an output is `horizon * factors + factor`.
 */
export interface TrainingSequences {
  readonly features: readonly string[];
  readonly factors: readonly string[];
  /** Increasing, whole multiples of `stepSeconds`. */
  readonly horizonsSeconds: readonly number[];
  /** Seconds between two rows. */
  readonly stepSeconds: number;
  /** Rows per sequence. */
  readonly steps: number;
  /**
   * Rows of each sequence that are read before the first that is scored; {@link BURN_IN_ROWS} where not given. Windows, of which only the last
   * row is scored, have all but one.
   */
  readonly burnIn?: number;
  readonly count: number;
  /** Inputs, each in its feature's own unit. */
  readonly rows: Readonly<Float32Array>;
  /** True factor at the horizon less the tracked factor now, in the factor's own unit; NaN where it is not known. */
  readonly targets: Readonly<Float32Array>;
  /** What else may be forecast of each row, where it is known of all of them. */
  readonly extras?: ExtraTargets;
}

/** Realised volatility and shocks over each horizon, row-major: sequence, step, horizon. */
export interface ExtraTargets {
  /** Realised variance of the spot up to the horizon, annual; at least 0. */
  readonly variance: Readonly<Float32Array>;
  /** 1 where a shock comes before the horizon, else 0. */
  readonly shock: Readonly<Float32Array>;
  /** What counts as a shock, in words. */
  readonly shockMeaning: string;
}

/** Whole sequences, by index: what the weights are fitted on, and what chooses the epoch. */
export interface SequenceSplit {
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

/** A spread below this multiple of the mean is the rounding of a constant. */
const CONSTANT_SPREAD = 1e-7;

/** Sequences that either part of a split must have: a score needs two independent samples to have an error. */
const SEQUENCES_MIN = 2;

/** Number of values that the net forecasts per row. */
export const outputsOf = (data: TrainingSequences): number => data.factors.length * data.horizonsSeconds.length;

/** Rows of each sequence that are not scored. */
export const burnInOf = (data: TrainingSequences): number => data.burnIn ?? BURN_IN_ROWS;

/** @throws InputError with the data's faults: lengths that do not fit, too few or too short sequences, or values that are not numbers. */
export function checkSequences(source: string, data: TrainingSequences): void {
  const issues: Issue[] = [];
  const expect = (holds: boolean, path: string, message: string): void => {
    if (!holds) issues.push({ path, message });
  };
  const { count, features, horizonsSeconds, rows, stepSeconds, steps, targets } = data;
  const burnIn = burnInOf(data);
  expect(Number.isInteger(burnIn) && burnIn >= 0, 'burnIn', `expected a whole number from 0, found ${burnIn}`);
  for (const key of ['features', 'factors', 'horizonsSeconds'] as const) {
    expect(
      data[key].length > 0 && new Set<string | number>(data[key]).size === data[key].length,
      key,
      'expected at least one, all different',
    );
  }
  expect(stepSeconds > 0, 'stepSeconds', `expected more than 0, found ${stepSeconds}`);
  horizonsSeconds.forEach((seconds, i) => {
    const ahead = seconds / stepSeconds;
    const whole = ahead > 0 && Math.abs(ahead - Math.round(ahead)) <= 1e-9 * ahead;
    expect(whole, `horizonsSeconds.${i}`, `expected a multiple of stepSeconds ${stepSeconds}, found ${seconds}`);
  });
  expect(
    Number.isInteger(count) && count >= 2 * SEQUENCES_MIN,
    'count',
    `expected at least ${2 * SEQUENCES_MIN} sequences, found ${count}`,
  );
  expect(Number.isInteger(steps) && steps > burnIn, 'steps', `expected more than the ${burnIn} rows of burn-in, found ${steps}`);
  const inputs = count * steps * features.length;
  const outputs = count * steps * outputsOf(data);
  expect(rows.length === inputs, 'rows', `expected ${inputs} values, sequences x steps x features, found ${rows.length}`);
  expect(targets.length === outputs, 'targets', `expected ${outputs} values, sequences x steps x outputs, found ${targets.length}`);
  const { extras } = data;
  const extra = count * steps * horizonsSeconds.length;
  for (const key of ['variance', 'shock'] as const) {
    const length = extras?.[key].length ?? extra;
    expect(length === extra, `extras.${key}`, `expected ${extra} values, sequences x steps x horizons, found ${length}`);
    const bad = extras?.[key].findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY)) ?? -1;
    expect(bad < 0, `extras.${key}.${bad}`, `expected a number of at least 0, found ${extras?.[key][bad]}`);
  }
  if (issues.length === 0) {
    const fault = (path: string, at: number, width: number, value: number | undefined, rule: string): void => {
      const row = Math.floor(at / width);
      issues.push({
        path: `${path}.${at}`,
        message: `expected ${rule}, found ${value} in sequence ${Math.floor(row / steps)}, step ${row % steps}`,
      });
    };
    const input = rows.findIndex((value) => !Number.isFinite(value));
    if (input >= 0) fault('rows', input, features.length, rows[input], 'a finite input');
    const target = targets.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    if (target >= 0) fault('targets', target, outputsOf(data), targets[target], 'a finite target, or NaN for an unknown one');
  }
  if (issues.length > 0) throw new InputError(source, issues);
}

/** The numbers 0 to count - 1 in random order (Fisher and Yates); `count` draws, whatever they are. */
export function permutation(count: number, rng: Rng): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i >= 0; i -= 1) {
    const other = Math.floor(rng.uniform() * (i + 1));
    const moved = order[i] ?? 0;
    order[i] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}

/** Parts the sequences at random, whole, each part in increasing order. At least two go to either part, whatever the share. */
export function splitSequences(count: number, validationShare: number, rng: Rng): SequenceSplit {
  const validation = Math.min(count - SEQUENCES_MIN, Math.max(SEQUENCES_MIN, Math.round(count * validationShare)));
  const order = permutation(count, rng);
  const increasing = (part: number[]): number[] => part.sort((a, b) => a - b);
  return { training: increasing(order.slice(validation)), validation: increasing(order.slice(0, validation)) };
}

/**
 * Mean and standard deviation of each feature over all rows of these sequences, and of no others. A feature that never
 * moves there gets the deviation 1, so that it stays at 0 as long as it does not move in a market either.
 */
export function fitScaler(data: TrainingSequences, sequences: readonly number[]): InputScaler {
  const moments = data.features.map((_, feature) => {
    const values = column(data.rows, data.steps, data.features.length, sequences, feature, 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
    const sd = Math.sqrt(variance);
    return { mean, sd: sd > CONSTANT_SPREAD * Math.abs(mean) ? sd : 1 };
  });
  return { mean: moments.map(({ mean }) => mean), sd: moments.map(({ sd }) => sd) };
}

/**
 * Root mean square of each output's known targets after the burn-in of these sequences: the error of the random walk.
 *
 * @throws InputError when an output has no known target there, or only zeros: there is nothing to learn.
 */
export function fitTargetScale(source: string, data: TrainingSequences, sequences: readonly number[]): number[] {
  const issues: Issue[] = [];
  const outputs = outputsOf(data);
  const scales = Array.from({ length: outputs }, (_, output) => {
    const known = column(data.targets, data.steps, outputs, sequences, output, burnInOf(data)).filter((value) => !Number.isNaN(value));
    const scale = Math.sqrt(known.reduce((sum, value) => sum + value * value, 0) / known.length);
    if (!(scale > 0)) {
      const found = known.length === 0 ? 'none is known' : `all ${known.length} are 0`;
      issues.push({ path: outputName(data, output), message: `expected targets other than 0 after the burn-in, but ${found}` });
    }
    return scale;
  });
  if (issues.length > 0) throw new InputError(source, issues);
  return scales;
}

/** Names of the features that never move over these sequences: {@link fitScaler} holds their inputs at 0. */
export function constantFeatures(data: TrainingSequences, sequences: readonly number[]): string[] {
  return data.features.filter((_, feature) => {
    const values = column(data.rows, data.steps, data.features.length, sequences, feature, 0);
    return values.every((value) => Math.abs(value - (values[0] ?? 0)) <= CONSTANT_SPREAD * Math.abs(values[0] ?? 0));
  });
}

/** Mean realised variance at each horizon after the burn-in of these sequences; 1 where nothing ever moves; empty without such data. */
export function fitVarianceScale(data: TrainingSequences, sequences: readonly number[]): number[] {
  const { extras, horizonsSeconds } = data;
  if (extras === undefined) return [];
  return horizonsSeconds.map((_, h) => {
    const values = column(extras.variance, data.steps, horizonsSeconds.length, sequences, h, burnInOf(data));
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    return mean > 0 ? mean : 1;
  });
}

/** An output in words: its factor and its horizon. */
export const outputName = (data: TrainingSequences, output: number): string =>
  `${data.factors[output % data.factors.length]} in ${data.horizonsSeconds[Math.floor(output / data.factors.length)]} s`;

/** One feature or output of these sequences, from a step on, sequence after sequence. */
export function column(
  values: Readonly<Float32Array>,
  steps: number,
  width: number,
  sequences: readonly number[],
  index: number,
  firstStep: number,
): Float64Array {
  const taken = new Float64Array(sequences.length * (steps - firstStep));
  let at = 0;
  for (const sequence of sequences) {
    for (let step = firstStep; step < steps; step += 1) {
      taken[at] = values[(sequence * steps + step) * width + index] ?? Number.NaN;
      at += 1;
    }
  }
  return taken;
}
