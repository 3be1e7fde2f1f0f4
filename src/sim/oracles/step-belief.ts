import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { Gaussian } from './gaussian.ts';
import type { SurfaceLaw } from './surface-law.ts';
import { fallOf, momentumAfter, REGRESSORS, type SeenStep, STATE, STATES, STEP, STEP_SIZE } from './surface-state.ts';

/** A surprise of more standard deviations than this in a tracked factor is a jump of the slow factor. */
const JUMP_SD = 5;
const UNITS = Array.from({ length: STEP_SIZE }, (_, index) => Float64Array.from({ length: STEP_SIZE }, (_, i) => (i === index ? 1 : 0)));

/** One step of a Kalman filter in one regime: from a belief about the state before, by the regime's law and what is seen, to one about the state after. */
export class StepBelief {
  readonly #step = new Gaussian(STEP_SIZE);
  readonly #row = new Float64Array(STATES);
  readonly #means: readonly Float64Array[];
  readonly #noises: readonly Float64Array[];

  constructor(law: SurfaceLaw) {
    this.#means = law.regimes.map(({ mean }) => Float64Array.from(mean));
    this.#noises = law.regimes.map(({ covariance }) => Float64Array.from(covariance));
  }

  /** Expects a step of regime `j`, by its place in the law. */
  predict(before: Gaussian, j: number): void {
    const { mean, covariance } = this.#step;
    const law = this.#means[j] ?? mean;
    const noise = this.#noises[j] ?? covariance;
    const row = this.#row;
    const p = before.covariance;
    for (let i = 0; i < STEP_SIZE; i += 1) {
      const own = i * REGRESSORS;
      let value = law[own] ?? 0;
      for (let k = 0; k < STATES; k += 1) value += (law[own + 1 + k] ?? 0) * (before.mean[k] ?? 0);
      mean[i] = value;
      row.fill(0);
      for (let l = 0; l < STATES; l += 1) {
        const weight = law[own + 1 + l] ?? 0;
        if (weight !== 0) for (let k = 0; k < STATES; k += 1) row[k] = (row[k] ?? 0) + weight * (p[l * STATES + k] ?? 0);
      }
      for (let m = 0; m <= i; m += 1) {
        let sum = noise[i * STEP_SIZE + m] ?? 0;
        const other = m * REGRESSORS + 1;
        for (let k = 0; k < STATES; k += 1) sum += (row[k] ?? 0) * (law[other + k] ?? 0);
        covariance[i * STEP_SIZE + m] = sum;
        covariance[m * STEP_SIZE + i] = sum;
      }
    }
  }

  /** Learns what some variables of the step are; returns the log-density of that. */
  observe(places: readonly number[], values: Readonly<Float64Array>): number {
    const { mean, covariance } = this.#step;
    let log = 0;
    for (const index of places) {
      const value = values[index] ?? 0;
      if (index >= STEP.change && index < STEP.told) {
        const at = index * STEP_SIZE + index;
        const surprise = value - (mean[index] ?? 0);
        if (surprise * surprise > JUMP_SD * JUMP_SD * (covariance[at] ?? 0)) covariance[at] = (covariance[at] ?? 0) + surprise * surprise;
      }
      log += this.#step.observe(UNITS[index] ?? values, value);
    }
    return log;
  }

  /** What is believed of the state after the step. */
  into(after: Gaussian): void {
    for (let a = 0; a < STATES; a += 1) {
      after.mean[a] = this.#step.mean[a] ?? 0;
      for (let b = 0; b < STATES; b += 1) after.covariance[a * STATES + b] = this.#step.covariance[a * STEP_SIZE + b] ?? 0;
    }
  }
}

/** What was seen of steps, one after the other, in the form that a {@link StepBelief} learns from. */
export class SeenValues {
  /** By variable of the step; of the state the momentum alone; borrowed. */
  readonly values = new Float64Array(STEP_SIZE);
  readonly #tracked = new Float64Array(FACTOR_COUNT);
  #momentum = 0;

  /** The first step: there is no change yet. */
  open({ tracked }: SeenStep): void {
    this.#tracked.set(tracked);
  }

  see(seen: SeenStep): void {
    const { values } = this;
    this.#momentum = momentumAfter(this.#momentum, seen.spotReturn);
    values[STATE.momentum] = this.#momentum;
    values[STATE.fall] = fallOf(this.#momentum);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      values[STEP.change + f] = (seen.tracked[f] ?? 0) - (this.#tracked[f] ?? 0);
      values[STEP.flow + f] = seen.flow[f] ?? 0;
      values[STEP.told + f] = seen.told[f] ?? 0;
    }
    values[STEP.signed] = seen.signedPrints;
    this.#tracked.set(seen.tracked);
  }
}
