import { LinearRegression } from '../../core/linear-regression.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { ObservationModel } from '../observation-model.ts';
import { jumpsBetween, type RecordedWorld } from './recorded-world.ts';

/** What happens within a step: change of the truth; pressure, memory after it; flow, signed prints, return. */
export const RESPONSES = 6;
export const RESPONSE = { change: 0, pressure: 1, memory: 2, flow: 3, signedPrints: 4, spotReturn: 5 } as const;
const STATE = 3;
/** Returns are cut off here, in mean absolute returns: a jump of the spot says no more than a very large move. */
const RETURN_CUT = 6;
/** A regime with fewer steps than this in the recorded worlds is left out. */
const STEPS_MINIMUM = 200;

/** How one factor moves within a step that starts in a regime, jumps of the spot aside. */
export interface RegimeLaw {
  /** Regime's index in the scenario. */
  readonly regime: number;
  /** Mean of each response, on (1, pressure, memory) at the start of the step: `response · 3 + regressor`. */
  readonly mean: Float64Array;
  /** Covariance of what is left, `response · 6 + response`. */
  readonly covariance: Float64Array;
  /** Square root of the number of prints: a first-order autoregression. */
  readonly prints: { readonly constant: number; readonly persistence: number; readonly sd: number };
}

/**
 * The hidden world in the form that a Kalman filter takes: linear and Gaussian within a regime, regimes a Markov chain. Its coefficients are
 * fitted on worlds whose hidden state is on record, so it needs no knowledge of how flow is drawn; what is lost is skewed sizes, the curvature
 * of the response of direction to memory, and clusters that outlast a step and are in neither state.
 */
export interface SwitchingLaw {
  readonly regimes: readonly RegimeLaw[];
  /** Chance of regime j at the next step from regime i: `i · regimes + j`. */
  readonly transitions: Float64Array;
  /** Chances of the regimes at the opening. */
  readonly opening: Float64Array;
  /** Mean and covariance of (pressure, memory) at the opening. */
  readonly openingMean: readonly [number, number];
  readonly openingCovariance: readonly [number, number, number];
  readonly returnCut: number;
  /** The tracker's error: e′ = persistence · e − lag · change + noise. */
  readonly error: { readonly persistence: number; readonly lag: number; readonly noiseSd: number; readonly sd: number };
}

/** Responses over the step that ends at `step`. */
export function responses(world: RecordedWorld, factor: number, step: number, returnCut: number, out: Float64Array): Float64Array {
  const at = step * FACTOR_COUNT + factor;
  out[RESPONSE.change] = (world.truth[at] ?? 0) - (world.truth[at - FACTOR_COUNT] ?? 0);
  out[RESPONSE.pressure] = world.pressure[at] ?? 0;
  out[RESPONSE.memory] = world.memory[step] ?? 0;
  out[RESPONSE.flow] = world.flow[at] ?? 0;
  out[RESPONSE.signedPrints] = world.signedPrints[step] ?? 0;
  out[RESPONSE.spotReturn] = Math.max(-returnCut, Math.min(returnCut, world.spotReturn[step] ?? 0));
  return out;
}

/** Fits the law of one factor on recorded worlds. */
export function switchingLaw(
  worlds: readonly RecordedWorld[],
  regimes: number,
  factor: number,
  observation: ObservationModel,
): SwitchingLaw {
  const returnCut = RETURN_CUT * meanAbsoluteReturn(worlds);
  const steps = new Float64Array(regimes);
  for (const world of worlds)
    for (let step = 1; step < world.steps; step += 1) {
      const regime = world.regime[step - 1] ?? 0;
      steps[regime] = (steps[regime] ?? 0) + 1;
    }
  const kept = Array.from(steps.keys()).filter((regime) => (steps[regime] ?? 0) >= STEPS_MINIMUM);
  const known = kept.length > 0 ? kept : [steps.indexOf(Math.max(...steps))];
  const opening = openings(worlds, known, factor);
  return {
    regimes: known.map((regime) => regimeLaw(worlds, regime, factor, returnCut)),
    transitions: transitionMatrix(worlds, known),
    ...opening,
    returnCut,
    error: {
      persistence: observation.persistence[factor] ?? 0,
      lag: observation.lag[factor] ?? 0,
      noiseSd: observation.noiseSd[factor] ?? 0,
      sd: observation.errorSd[factor] ?? 0,
    },
  };
}

function meanAbsoluteReturn(worlds: readonly RecordedWorld[]): number {
  let sum = 0;
  let count = 0;
  for (const world of worlds) {
    for (let step = 1; step < world.steps; step += 1) sum += Math.abs(world.spotReturn[step] ?? 0);
    count += world.steps - 1;
  }
  return sum / Math.max(1, count);
}

function regimeLaw(worlds: readonly RecordedWorld[], regime: number, factor: number, returnCut: number): RegimeLaw {
  const fits = Array.from({ length: RESPONSES }, () => new LinearRegression(STATE));
  const prints = new LinearRegression(2);
  const x = new Float64Array(STATE);
  const y = new Float64Array(RESPONSES);
  const each = (visit: (world: RecordedWorld, step: number) => void): void => {
    for (const world of worlds)
      for (let step = 1; step < world.steps; step += 1)
        if (world.regime[step - 1] === regime && !jumpsBetween(world, step - 1, step)) visit(world, step);
  };
  const read = (world: RecordedWorld, step: number): void => {
    x[0] = 1;
    x[1] = world.pressure[(step - 1) * FACTOR_COUNT + factor] ?? 0;
    x[2] = world.memory[step - 1] ?? 0;
    responses(world, factor, step, returnCut, y);
  };
  each((world, step) => {
    read(world, step);
    for (let i = 0; i < RESPONSES; i += 1) fits[i]?.add(x, y[i] ?? 0);
    if (step > 1) prints.add([1, Math.sqrt(world.prints[step - 1] ?? 0)], Math.sqrt(world.prints[step] ?? 0));
  });
  const mean = Float64Array.from(fits.flatMap((fit) => [...fit.coefficients()]));
  const covariance = new Float64Array(RESPONSES * RESPONSES);
  let count = 0;
  each((world, step) => {
    read(world, step);
    for (let i = 0; i < RESPONSES; i += 1) for (let k = 0; k < STATE; k += 1) y[i] = (y[i] ?? 0) - (mean[i * STATE + k] ?? 0) * (x[k] ?? 0);
    for (let i = 0; i < RESPONSES; i += 1)
      for (let j = 0; j < RESPONSES; j += 1)
        covariance[i * RESPONSES + j] = (covariance[i * RESPONSES + j] ?? 0) + (y[i] ?? 0) * (y[j] ?? 0);
    count += 1;
  });
  for (let i = 0; i < covariance.length; i += 1) covariance[i] = (covariance[i] ?? 0) / Math.max(1, count);
  const [constant = 0, persistence = 0] = prints.coefficients();
  const printsSd = prints.count === 0 ? 1 : Math.sqrt(prints.squares().residual / prints.count);
  // A regime in which nobody ever trades says nothing by that.
  return { regime, mean, covariance, prints: { constant, persistence, sd: printsSd > 0 ? printsSd : 1 } };
}

function transitionMatrix(worlds: readonly RecordedWorld[], known: readonly number[]): Float64Array {
  const n = known.length;
  const counts = new Float64Array(n * n);
  for (const world of worlds) {
    for (let step = 1; step < world.steps; step += 1) {
      const from = known.indexOf(world.regime[step - 1] ?? 0);
      const to = known.indexOf(world.regime[step] ?? 0);
      if (from >= 0 && to >= 0) counts[from * n + to] = (counts[from * n + to] ?? 0) + 1;
    }
  }
  for (let i = 0; i < n; i += 1) {
    const total = counts.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0);
    for (let j = 0; j < n; j += 1) counts[i * n + j] = total > 0 ? (counts[i * n + j] ?? 0) / total : i === j ? 1 : 0;
  }
  return counts;
}

function openings(worlds: readonly RecordedWorld[], known: readonly number[], factor: number) {
  const opening = new Float64Array(known.length);
  const sums = { p: 0, m: 0, pp: 0, pm: 0, mm: 0 };
  for (const world of worlds) {
    const at = known.indexOf(world.regime[0] ?? 0);
    if (at >= 0) opening[at] = (opening[at] ?? 0) + 1;
    const [p, m] = [world.pressure[factor] ?? 0, world.memory[0] ?? 0];
    sums.p += p;
    sums.m += m;
    sums.pp += p * p;
    sums.pm += p * m;
    sums.mm += m * m;
  }
  const n = Math.max(1, worlds.length);
  const total = opening.reduce((a, b) => a + b, 0);
  const [p, m] = [sums.p / n, sums.m / n];
  return {
    opening: opening.map((count) => (total > 0 ? count / total : 1 / known.length)),
    openingMean: [p, m] as const,
    openingCovariance: [sums.pp / n - p * p, sums.pm / n - p * m, sums.mm / n - m * m] as const,
  };
}
