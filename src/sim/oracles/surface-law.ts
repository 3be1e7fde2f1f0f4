import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { type ChainLaw, chainLaw } from './chain-law.ts';
import type { HiddenPath, MarketRecord } from './market-record.ts';
import { type PrintSizes, printSizes } from './print-sizes.ts';
import { REGRESSORS, STATE, STEP, STEP_SIZE } from './surface-state.ts';
import { type ViewLaw, viewLaws } from './view-law.ts';
import { HIDDEN, HIDDEN_REGRESSORS, MOVES, type WorldLaw, worldLaws } from './world-law.ts';

/** How everything moves within a step that starts in a regime. Plain data. */
export interface RegimeStepLaw {
  /** Regime's index in the scenario. */
  readonly regime: number;
  /** Mean of each variable after the step on a constant and the state before: `variable · REGRESSORS + regressor`. */
  readonly mean: readonly number[];
  /** Covariance of what is left: `variable · STEP_SIZE + variable`. */
  readonly covariance: readonly number[];
  /** Mean of the true change of each factor, in the same form. */
  readonly change: readonly number[];
  /** Square root of the number of prints: a first-order autoregression. */
  readonly prints: { readonly constant: number; readonly persistence: number; readonly sd: number };
}

/**
 * The hidden market in the form that a Kalman filter takes: all factors at once, linear and Gaussian within a regime, regimes a Markov chain.
 * What moves by itself is fitted on many worlds without books; how a maker sees it (the tracker's errors, the prints that it hears) on full runs whose
 * hidden state is on record.
 */
export interface SurfaceLaw extends ChainLaw {
  readonly sizes: PrintSizes;
  readonly regimes: readonly RegimeStepLaw[];
}

const F = FACTOR_COUNT;
/** Variables of a step that are moves of the world, in the order of {@link MOVES}: hidden state, then (true) changes. */
const MOVED = [...Array.from({ length: HIDDEN }, (_, i) => STATE.pressure + i), ...Array.from({ length: F }, (_, f) => STEP.change + f)];
/** Those that are seen of it: errors, telling prints, flow, signed prints. */
const VIEWED = [...Array.from({ length: F }, (_, f) => STATE.error + f), ...Array.from({ length: 2 * F + 1 }, (_, i) => STEP.told + i)];

/**
 * Fits the law.
 * @param worlds hidden paths, of any number; `records` of full runs.
 * @param kept share of the pressure that is left after a step, by regime of the scenario.
 * @param ahead steps that informed traders see ahead; 0 where nobody is informed.
 */
export function fitSurfaceLaw(
  worlds: readonly HiddenPath[],
  records: readonly MarketRecord[],
  kept: readonly number[],
  ahead: number,
): SurfaceLaw {
  const { regimes: moves, signal } = worldLaws(worlds, kept, ahead);
  const sizes = printSizes(records);
  const views = viewLaws(records, sizes, kept.length, signal);
  const known = Array.from(kept.keys()).filter((regime) => moves.has(regime) && views.has(regime));
  return {
    ...chainLaw(worlds, records, known, signal),
    sizes,
    regimes: known.map((regime) => joined(regime, moves.get(regime) as WorldLaw, views.get(regime) as ViewLaw)),
  };
}

/** Puts what moves and how it is seen into one law of a step. */
function joined(regime: number, world: WorldLaw, view: ViewLaw): RegimeStepLaw {
  const mean = new Float64Array(STEP_SIZE * REGRESSORS);
  /** By variable: what it takes of each shock of the world, then of each of the view. */
  const width = MOVES + VIEWED.length;
  const loading = new Float64Array(STEP_SIZE * width);
  const add = (array: Float64Array, at: number, by: number): void => {
    array[at] = (array[at] ?? 0) + by;
  };
  /** Place among the regressors of a step of those of the world: the constant and the hidden state. */
  const place = (k: number): number => (k === 0 ? 0 : 1 + STATE.pressure + k - 1);
  for (const [m, variable] of MOVED.entries()) {
    for (let k = 0; k < HIDDEN_REGRESSORS; k += 1) add(mean, variable * REGRESSORS + place(k), world.mean[m * HIDDEN_REGRESSORS + k] ?? 0);
    add(loading, variable * width + m, 1);
  }
  const change = mean.slice(STEP.change * REGRESSORS, STEP.told * REGRESSORS);
  for (const [v, variable] of VIEWED.entries()) {
    const row = v * view.width;
    for (let k = 0; k < HIDDEN_REGRESSORS; k += 1) add(mean, variable * REGRESSORS + place(k), view.mean[row + k] ?? 0);
    for (let f = 0; f < F; f += 1) add(mean, variable * REGRESSORS + 1 + STATE.error + f, view.mean[row + HIDDEN_REGRESSORS + f] ?? 0);
    for (let m = 0; m < MOVES; m += 1) {
      const weight = view.mean[row + HIDDEN_REGRESSORS + F + m] ?? 0;
      for (let k = 0; k < HIDDEN_REGRESSORS; k += 1)
        add(mean, variable * REGRESSORS + place(k), weight * (world.mean[m * HIDDEN_REGRESSORS + k] ?? 0));
      add(loading, variable * width + m, weight);
    }
    for (let f = 0; f < F; f += 1) {
      const [weight, told] = [view.mean[row + HIDDEN_REGRESSORS + F + MOVES + f] ?? 0, STEP.told + f];
      if (weight === 0) continue;
      for (let k = 0; k < REGRESSORS; k += 1) add(mean, variable * REGRESSORS + k, weight * (mean[told * REGRESSORS + k] ?? 0));
      for (let k = 0; k < width; k += 1) add(loading, variable * width + k, weight * (loading[told * width + k] ?? 0));
    }
    add(loading, variable * width + MOVES + v, 1);
  }
  // A tracked factor changes by the true change and that of the error.
  for (let f = 0; f < F; f += 1) {
    const [to, error] = [STEP.change + f, STATE.error + f];
    for (let k = 0; k < REGRESSORS; k += 1) add(mean, to * REGRESSORS + k, mean[error * REGRESSORS + k] ?? 0);
    for (let k = 0; k < width; k += 1) add(loading, to * width + k, loading[error * width + k] ?? 0);
    add(mean, to * REGRESSORS + 1 + error, -1);
  }
  return { regime, mean: [...mean], covariance: covarianceOf(loading, width, world, view), change: [...change], prints: view.prints };
}

/** L · S · Lᵀ, S the covariance of shocks of the world and of the view, which know nothing of each other. */
function covarianceOf(loading: Float64Array, width: number, world: WorldLaw, view: ViewLaw): number[] {
  const shocks = (k: number, l: number): number => {
    if (k < MOVES && l < MOVES) return world.covariance[k * MOVES + l] ?? 0;
    return k >= MOVES && l >= MOVES ? (view.covariance[(k - MOVES) * VIEWED.length + l - MOVES] ?? 0) : 0;
  };
  const covariance = new Array<number>(STEP_SIZE * STEP_SIZE).fill(0);
  for (let i = 0; i < STEP_SIZE; i += 1) {
    const row = Array.from({ length: width }, (_, l) => {
      let sum = 0;
      for (let k = 0; k < width; k += 1) sum += (loading[i * width + k] ?? 0) * shocks(k, l);
      return sum;
    });
    for (let j = 0; j < STEP_SIZE; j += 1)
      covariance[i * STEP_SIZE + j] = row.reduce((sum, value, l) => sum + value * (loading[j * width + l] ?? 0), 0);
  }
  return covariance;
}
