import { LinearRegression } from '../../core/linear-regression.ts';
import { RidgeSystem } from '../../forecast/linear/ridge-system.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { HiddenPath } from './market-record.ts';
import { afterJumps, hiddenInto, momentumAfter, STATE, STATES } from './surface-state.ts';

const F = FACTOR_COUNT;
/** Hidden variables: the state without the tracker's errors. */
export const HIDDEN = STATES - F;
/** A constant and them. */
export const HIDDEN_REGRESSORS = 1 + HIDDEN;
/** What moves in a step: they, then the true changes of the factors. */
export const MOVES = HIDDEN + F;
/** A regime with fewer steps than this is left out. */
export const STEPS_MINIMUM = 200;
/** Ridge penalty, as a share of each regressor's sum of squares: only against regressors that hardly move. */
export const PENALTY = 1e-6;

const PRESSURE = Array.from({ length: F }, (_, f) => 1 + f);
const [MEMORY, EXCITATION, MOMENTUM, FALL] = [1 + 2 * F, 2 + 2 * F, 3 + 2 * F, 4 + 2 * F];
/**
 * What may move what. Pressure decays as it is known to, so what is fitted is the push of those who come, whose number and direction hang on demand and
 * on moves of the spot; what is left of a factor's change is the slow factor's own, which hangs on nothing; nor do the spot's moves. What signals have to do
 * with all of them follows ({@link whole}).
 */
const INFLUENCES: readonly (readonly number[])[] = [
  ...PRESSURE.map(() => [0, MEMORY, EXCITATION, MOMENTUM, FALL]),
  ...PRESSURE.map((): number[] => []),
  [0, MEMORY, EXCITATION, MOMENTUM, FALL],
  [0, MEMORY, EXCITATION, MOMENTUM, FALL],
  [0, MOMENTUM],
  [0, MOMENTUM, FALL],
  ...PRESSURE.map((): number[] => []),
];

/** How a world moves within a step that starts in one regime: linear means, and the covariance of what is left. */
export interface WorldLaw {
  /** `move · HIDDEN_REGRESSORS + regressor`. */
  readonly mean: Float64Array;
  /** `move · MOVES + move`. */
  readonly covariance: Float64Array;
}

/** Reads a path's steps: the regime and the regressors before each, and the moves. Arrays are borrowed. */
export class PathMoves {
  readonly before = new Float64Array(HIDDEN_REGRESSORS).fill(1);
  readonly moves = new Float64Array(MOVES);
  readonly #path: HiddenPath;
  readonly #state = new Float64Array(STATES);
  #momentum = 0;

  constructor(path: HiddenPath) {
    this.#path = path;
  }

  /** Moves on from the step before to this one; steps must be read in order, from 1 on. */
  read(step: number): void {
    const { truth, spotReturn } = this.#path;
    this.before.set(hiddenInto(this.#path, step - 1, this.#momentum, this.#state).subarray(STATE.pressure), 1);
    this.#momentum = momentumAfter(this.#momentum, spotReturn[step] ?? 0);
    this.moves.set(hiddenInto(this.#path, step, this.#momentum, this.#state).subarray(STATE.pressure));
    for (let f = 0; f < F; f += 1) this.moves[HIDDEN + f] = (truth[step * F + f] ?? 0) - (truth[(step - 1) * F + f] ?? 0);
  }

  /** As at the start: the next step is the first that is seen. */
  forget(): void {
    this.#momentum = 0;
  }
}

/** Laws by regime, and the covariance of the signals: `factor · factors + factor`, 0 where nobody is informed. */
export interface WorldLaws {
  readonly regimes: ReadonlyMap<number, WorldLaw>;
  readonly signal: Float64Array;
}

/** A signal is at least of so many steps: of fewer one of a wild regime could be wider than all of them together. */
const AHEAD_MINIMUM = 10;

/**
 * Laws of the regimes that worlds have been in for long enough, steps near jumps left out.
 * @param kept share of the pressure that is left after a step, by regime: known, and far better so than fitted on what also moves by itself.
 * @param ahead steps that informed traders see ahead; 0 where nobody is informed.
 */
export function worldLaws(worlds: readonly HiddenPath[], kept: readonly number[], ahead: number): WorldLaws {
  const own = new Float64Array(MOVES);
  /** Gives pushes in the places of pressures, nothing in those of signals, and the slow factors' own moves in those of changes. */
  const each = (visit: (regime: number, before: Float64Array) => void): void => {
    for (const world of worlds) {
      const disturbed = afterJumps(world);
      const reader = new PathMoves(world);
      for (let step = 1; step < world.steps; step += 1) {
        reader.read(step);
        if (disturbed[step] === 1) continue;
        const regime = world.regime[step - 1] ?? 0;
        own.set(reader.moves);
        for (let f = 0; f < F; f += 1) {
          const [before, after] = [reader.before[1 + f] ?? 0, reader.moves[f] ?? 0];
          own[f] = after - (kept[regime] ?? 0) * before;
          own[F + f] = 0;
          own[HIDDEN + f] = (reader.moves[HIDDEN + f] ?? 0) - (after - before);
        }
        visit(regime, reader.before);
      }
    }
  };
  const systems = kept.map(() => new RidgeSystem(HIDDEN_REGRESSORS, MOVES));
  each((regime, before) => systems[regime]?.add(before, own));
  const means = new Map(
    systems.flatMap((system, regime) => (system.count < STEPS_MINIMUM ? [] : [[regime, coefficients(system, INFLUENCES)] as const])),
  );
  const spreads = new Map([...means].map(([regime, mean]) => [regime, new Spread(mean, HIDDEN_REGRESSORS, MOVES)]));
  each((regime, before) => spreads.get(regime)?.add(before, own));
  const covariances = new Map([...spreads].map(([regime, spread]) => [regime, spread.covariance()]));
  const signal = new Float64Array(F * F);
  const steps = [...means.keys()].reduce((sum, regime) => sum + (systems[regime]?.count ?? 0), 0);
  for (const [regime, covariance] of covariances) {
    const width = ahead === 0 ? 0 : (Math.max(AHEAD_MINIMUM, ahead) * (systems[regime]?.count ?? 0)) / steps;
    for (let at = 0; at < F * F; at += 1) plus(signal, at, width * slowOf(covariance, at));
  }
  const regimes = new Map(
    [...means].map(([regime, mean]) => [regime, whole(mean, covariances.get(regime) ?? new Float64Array(), signal, kept[regime] ?? 0)]),
  );
  return { regimes, signal };
}

/** Of a covariance of moves, that of the slow factors' own. */
const slowOf = (covariance: Readonly<Float64Array>, at: number): number =>
  covariance[(HIDDEN + Math.floor(at / F)) * MOVES + HIDDEN + (at % F)] ?? 0;

/**
 * Puts the signal into a law of own moves. Slow factors are random walks: what they do next is a part of the signal, so with V the covariance of signals and C that of a
 * move with the slow ones, the move is C · V⁻¹ · signal in the mean. This holds for all that goes with the slow factors, returns of the spot too: else
 * a filter would take what it sees of them for news about the future, which in a random walk is never seen in the past. What comes into sight is as wide as
 * what goes, in any regime, so that V stays what it is, and a filter that is told nothing believes nothing, to the last digits.
 */
function hearing(mean: Float64Array, covariance: Float64Array, signal: Readonly<Float64Array>): void {
  if (signal.every((value) => value === 0)) return;
  const own = Float64Array.from(covariance);
  for (let m = 0; m < MOVES; m += 1) {
    const loads = LinearRegression.ofMoments(
      F,
      (f, g) => signal[f * F + g] ?? 0,
      (f) => own[m * MOVES + HIDDEN + f] ?? 0,
    ).coefficients();
    for (let f = 0; f < F; f += 1) {
      plus(mean, m * HIDDEN_REGRESSORS + 1 + F + f, loads[f] ?? 0);
      for (let n = 0; n < MOVES; n += 1) plus(covariance, m * MOVES + n, -(loads[f] ?? 0) * (own[(HIDDEN + f) * MOVES + n] ?? 0));
    }
  }
  for (let at = 0; at < F * F; at += 1) plus(covariance, (F + Math.floor(at / F)) * MOVES + F + (at % F), slowOf(own, at));
}

/**
 * Pressure after a step is what is kept and the push; the signal loses what the slow factor has moved and gains what comes into sight; a factor changes by
 * the change of its pressure and of its slow part.
 */
function whole(
  own: Readonly<Float64Array>,
  ownCovariance: Readonly<Float64Array>,
  signals: Readonly<Float64Array>,
  kept: number,
): WorldLaw {
  const mean = Float64Array.from(own);
  const covariance = Float64Array.from(ownCovariance);
  hearing(mean, covariance, signals);
  const isInformed = signals.some((value) => value !== 0);
  /** Adds a share of one move to another: to its mean, and to its row and column of the covariance. */
  const add = (from: number, to: number, share: number): void => {
    for (let k = 0; k < HIDDEN_REGRESSORS; k += 1)
      plus(mean, to * HIDDEN_REGRESSORS + k, share * (mean[from * HIDDEN_REGRESSORS + k] ?? 0));
    for (let m = 0; m < MOVES; m += 1) plus(covariance, to * MOVES + m, share * (covariance[from * MOVES + m] ?? 0));
    for (let m = 0; m < MOVES; m += 1) plus(covariance, m * MOVES + to, share * (covariance[m * MOVES + from] ?? 0));
  };
  for (let f = 0; f < F; f += 1) {
    const [pressure, signal, change] = [f, F + f, HIDDEN + f];
    if (isInformed) add(change, signal, -1);
    add(pressure, change, 1);
    plus(mean, pressure * HIDDEN_REGRESSORS + 1 + pressure, kept);
    plus(mean, change * HIDDEN_REGRESSORS + 1 + pressure, kept - 1);
    plus(mean, signal * HIDDEN_REGRESSORS + 1 + signal, 1);
  }
  return { mean, covariance };
}

function plus(array: Float64Array, at: number, by: number): void {
  array[at] = (array[at] ?? 0) + by;
}

/** Coefficients of each output on the regressors that may move it (the constant first), 0 on others: `output · regressors + regressor`. */
export function coefficients(system: RidgeSystem, influences: readonly (readonly number[])[]): Float64Array {
  const mean = new Float64Array(system.outputs * system.regressors);
  for (const [output, subset] of influences.entries()) {
    const beta = system.solve(subset, output, PENALTY);
    for (const [n, regressor] of subset.entries()) mean[output * system.regressors + regressor] = beta[n] ?? 0;
  }
  return mean;
}

/** Covariance about zero of what a linear mean leaves. */
export class Spread {
  readonly #mean: Float64Array;
  readonly #regressors: number;
  readonly #rest: Float64Array;
  readonly #products: Float64Array;
  #count = 0;

  constructor(mean: Float64Array, regressors: number, outputs: number) {
    this.#mean = mean;
    this.#regressors = regressors;
    this.#rest = new Float64Array(outputs);
    this.#products = new Float64Array(outputs * outputs);
  }

  add(x: Readonly<Float64Array>, y: Readonly<Float64Array>): void {
    const n = this.#rest.length;
    for (let i = 0; i < n; i += 1) {
      let expected = 0;
      for (let k = 0; k < this.#regressors; k += 1) expected += (this.#mean[i * this.#regressors + k] ?? 0) * (x[k] ?? 0);
      this.#rest[i] = (y[i] ?? 0) - expected;
    }
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1)
        this.#products[i * n + j] = (this.#products[i * n + j] ?? 0) + (this.#rest[i] ?? 0) * (this.#rest[j] ?? 0);
    this.#count += 1;
  }

  covariance(): Float64Array {
    return this.#products.map((product) => product / Math.max(1, this.#count));
  }
}
