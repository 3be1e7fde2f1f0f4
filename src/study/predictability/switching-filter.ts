import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { Gaussian } from '../../sim/oracles/gaussian.ts';
import type { ForecastFits } from './forecast-fits.ts';
import type { RecordedWorld } from './recorded-world.ts';
import { RESPONSE, RESPONSES, type RegimeLaw, type SwitchingLaw } from './switching-law.ts';

/** The state: true factor, pressure in it, memory of demand, the tracker's error. */
const STATE = 4;
const [TRUTH, PRESSURE, MEMORY, ERROR] = [0, 1, 2, 3];
/** After a step: the state, and what is seen besides the tracked factor. */
const STEP = 7;
const FLOW = 4;
/** A surprise in the tracked factor of more standard deviations than this is a jump of the slow factor. */
const JUMP_SD = 5;

const unit = (index: number): Float64Array => Float64Array.from({ length: STEP }, (_, i) => (i === index ? 1 : 0));
/** Tracked factor = truth + error. */
const TRACKED = Float64Array.from({ length: STEP }, (_, i) => (i === TRUTH || i === ERROR ? 1 : 0));
const SEEN = [RESPONSE.flow, RESPONSE.signedPrints, RESPONSE.spotReturn].map((response, n) => ({ response, weights: unit(FLOW + n) }));

/**
 * The best forecast of one who sees only what a maker sees (the tracked factor, prints, the spot) but knows the law of the world: a switching Kalman
 * filter with the second-order generalised pseudo-Bayesian merge (Tugnait 1982; Bar-Shalom, Li and Kirubarajan 2001, sec. 11.6): each regime's
 * belief runs through each regime's law, and the branches that end in one regime are merged into one Gaussian. With the laws linear and Gaussian it is
 * exact but for that merge; see {@link SwitchingLaw} for what the laws leave out.
 */
export class SwitchingFilter {
  readonly #law: SwitchingLaw;
  readonly #n: number;
  /** Belief given the regime of the step just ended, and the chance of each. */
  readonly #beliefs: Gaussian[];
  readonly #chances: Float64Array;
  readonly #branches: Gaussian[];
  readonly #after: Gaussian[];
  readonly #step = new Gaussian(STEP);
  #opened = false;
  /** Whether a step has been seen, so that regimes may have changed since. */
  #stepped = false;

  constructor(law: SwitchingLaw) {
    this.#law = law;
    this.#n = law.regimes.length;
    this.#beliefs = law.regimes.map(() => new Gaussian(STATE));
    this.#branches = Array.from({ length: this.#n * this.#n }, () => new Gaussian(STATE));
    this.#after = law.regimes.map(() => new Gaussian(STATE));
    this.#chances = Float64Array.from(law.opening);
  }

  /** Chance of each regime of the law at the step that was seen last, before its own prints are known. */
  regimeChances(): number[] {
    return this.#law.regimes.map((_, j) => this.#law.regimes.reduce((sum, _law, i) => sum + this.#chance(i, j), 0));
  }

  /** Takes in a step of a world: reads of it what a maker sees, and no more. */
  see(world: RecordedWorld, factor: number, step: number): void {
    const at = step * FACTOR_COUNT + factor;
    const tracked = world.tracked[at] ?? 0;
    if (!this.#opened) {
      for (const belief of this.#beliefs) this.#open(belief, tracked);
      this.#opened = true;
      return;
    }
    const n = this.#n;
    const cut = this.#law.returnCut;
    const seen = [world.flow[at] ?? 0, world.signedPrints[step] ?? 0, Math.max(-cut, Math.min(cut, world.spotReturn[step] ?? 0))];
    const root = Math.sqrt(world.prints[step] ?? 0);
    const rootBefore = Math.sqrt(world.prints[step - 1] ?? 0);
    const logs = new Float64Array(n * n);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        const prior = this.#chance(i, j);
        const law = this.#law.regimes[j];
        const belief = this.#beliefs[i];
        const branch = this.#branches[i * n + j];
        logs[i * n + j] = Number.NEGATIVE_INFINITY;
        if (prior <= 0 || law === undefined || belief === undefined || branch === undefined) continue;
        this.#predict(belief, law);
        let log = Math.log(prior) + this.#observe(tracked, seen);
        const { constant, persistence, sd } = law.prints;
        // The first step of a world has no step before it.
        const z = step > 1 ? (root - constant - persistence * rootBefore) / sd : 0;
        log += -0.5 * z * z - Math.log(sd);
        logs[i * n + j] = log;
        this.#keep(branch);
      }
    }
    this.#merge(logs);
  }

  /**
   * Expected true factor at a horizon of `fits` less the tracked one now: the error that is believed to be in the tracked factor, and
   * the change that each regime's state law expects from the believed state.
   */
  forecast(fits: ForecastFits, horizon: number): number {
    let sum = 0;
    for (let i = 0; i < this.#n; i += 1) {
      const mean = this.#beliefs[i]?.mean;
      for (let j = 0; j < this.#n; j += 1) {
        const [constant, pressure, memory] = fits.state(this.#law.regimes[j]?.regime ?? 0, horizon);
        const change = constant + pressure * (mean?.[PRESSURE] ?? 0) + memory * (mean?.[MEMORY] ?? 0);
        sum += this.#chance(i, j) * (change - (mean?.[ERROR] ?? 0));
      }
    }
    return sum;
  }

  /** Chance that the step just ended was in regime i and the next one is in j. At the opening there was none before. */
  #chance(i: number, j: number): number {
    const transition = this.#stepped ? (this.#law.transitions[i * this.#n + j] ?? 0) : i === j ? 1 : 0;
    return (this.#chances[i] ?? 0) * transition;
  }

  #open(belief: Gaussian, tracked: number): void {
    const { openingMean, openingCovariance, error } = this.#law;
    belief.mean.set([tracked, openingMean[0], openingMean[1], 0]);
    const c = belief.covariance;
    c.fill(0);
    const variance = error.sd * error.sd;
    c[TRUTH * STATE + TRUTH] = variance;
    c[ERROR * STATE + ERROR] = variance;
    c[TRUTH * STATE + ERROR] = -variance;
    c[ERROR * STATE + TRUTH] = -variance;
    c[PRESSURE * STATE + PRESSURE] = openingCovariance[0];
    c[PRESSURE * STATE + MEMORY] = openingCovariance[1];
    c[MEMORY * STATE + PRESSURE] = openingCovariance[1];
    c[MEMORY * STATE + MEMORY] = openingCovariance[2];
  }

  /** The belief after one step of a law, into {@link #step}. */
  #predict(belief: Gaussian, law: RegimeLaw): void {
    const { error } = this.#law;
    const slope = new Float64Array(STEP * STATE);
    const shock = new Float64Array(STEP * RESPONSES);
    const constant = new Float64Array(STEP);
    /** Adds `weight` times a response to a variable after the step. */
    const take = (variable: number, response: number, weight: number): void => {
      constant[variable] = (constant[variable] ?? 0) + weight * (law.mean[response * 3] ?? 0);
      for (const [k, column] of [PRESSURE, MEMORY].entries()) {
        const at = variable * STATE + column;
        slope[at] = (slope[at] ?? 0) + weight * (law.mean[response * 3 + 1 + k] ?? 0);
      }
      shock[variable * RESPONSES + response] = (shock[variable * RESPONSES + response] ?? 0) + weight;
    };
    slope[TRUTH * STATE + TRUTH] = 1;
    slope[ERROR * STATE + ERROR] = error.persistence;
    take(TRUTH, RESPONSE.change, 1);
    take(PRESSURE, RESPONSE.pressure, 1);
    take(MEMORY, RESPONSE.memory, 1);
    take(ERROR, RESPONSE.change, -error.lag);
    for (const [n, { response }] of SEEN.entries()) take(FLOW + n, response, 1);
    const { mean, covariance } = this.#step;
    for (let i = 0; i < STEP; i += 1) {
      let value = constant[i] ?? 0;
      for (let k = 0; k < STATE; k += 1) value += (slope[i * STATE + k] ?? 0) * (belief.mean[k] ?? 0);
      mean[i] = value;
    }
    covariance.fill(0);
    addSandwich(covariance, slope, belief.covariance, STATE);
    addSandwich(covariance, shock, law.covariance, RESPONSES);
    covariance[ERROR * STEP + ERROR] = (covariance[ERROR * STEP + ERROR] ?? 0) + error.noiseSd * error.noiseSd;
  }

  /** Learns what was seen; returns its log-density. */
  #observe(tracked: number, seen: readonly number[]): number {
    let log = 0;
    for (const [n, { weights }] of SEEN.entries()) log += this.#step.observe(weights, seen[n] ?? 0);
    const { mean, variance } = this.#step.moments(TRACKED);
    const surprise = tracked - mean;
    if (surprise * surprise > JUMP_SD * JUMP_SD * variance) {
      const at = TRUTH * STEP + TRUTH;
      this.#step.covariance[at] = (this.#step.covariance[at] ?? 0) + surprise * surprise;
    }
    return log + this.#step.observe(TRACKED, tracked);
  }

  #keep(branch: Gaussian): void {
    for (let i = 0; i < STATE; i += 1) {
      branch.mean[i] = this.#step.mean[i] ?? 0;
      for (let j = 0; j < STATE; j += 1) branch.covariance[i * STATE + j] = this.#step.covariance[i * STEP + j] ?? 0;
    }
  }

  #merge(logs: Float64Array): void {
    const n = this.#n;
    const top = Math.max(...logs);
    const weights = logs.map((log) => Math.exp(log - top));
    const total = weights.reduce((a, b) => a + b, 0);
    for (let j = 0; j < n; j += 1) {
      const column = Float64Array.from({ length: n }, (_, i) => weights[i * n + j] ?? 0);
      const chance = column.reduce((a, b) => a + b, 0);
      const parts = Array.from({ length: n }, (_, i) => this.#branches[i * n + j] as Gaussian);
      this.#chances[j] = chance / total;
      if (chance > 0) {
        this.#after[j]?.mix(
          parts,
          column.map((weight) => weight / chance),
        );
      }
    }
    for (const [j, after] of this.#after.entries()) {
      this.#beliefs[j]?.mean.set(after.mean);
      this.#beliefs[j]?.covariance.set(after.covariance);
    }
    this.#stepped = true;
  }
}

/** Adds A · C · Aᵀ, with A of {@link STEP} rows and `columns` columns. */
function addSandwich(into: Float64Array, a: Float64Array, c: Float64Array, columns: number): void {
  for (let i = 0; i < STEP; i += 1) {
    const row = new Float64Array(columns);
    for (let k = 0; k < columns; k += 1) {
      const weight = a[i * columns + k] ?? 0;
      if (weight !== 0) for (let l = 0; l < columns; l += 1) row[l] = (row[l] ?? 0) + weight * (c[k * columns + l] ?? 0);
    }
    for (let j = 0; j < STEP; j += 1) {
      let sum = 0;
      for (let l = 0; l < columns; l += 1) sum += (row[l] ?? 0) * (a[j * columns + l] ?? 0);
      into[i * STEP + j] = (into[i * STEP + j] ?? 0) + sum;
    }
  }
}
