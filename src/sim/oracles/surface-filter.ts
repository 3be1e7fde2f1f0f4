import { Gaussian } from './gaussian.ts';
import type { PathLaw } from './path-law.ts';
import { SeenValues, StepBelief } from './step-belief.ts';
import type { SurfaceLaw } from './surface-law.ts';
import { SEEN, type SeenStep, STATE, STATES } from './surface-state.ts';

/**
 * The best forecast of one who sees only what a maker sees but knows the law of the market: a switching Kalman filter over all factors at once, with the
 * generalised pseudo-Bayesian merge (Tugnait 1982; Bar-Shalom, Li and Kirubarajan 2001, sec. 11.6). A belief is kept for each history of regimes of the
 * last `order` − 1 steps; each runs through each regime's law, and branches that end in one history are merged into one Gaussian. At order 2
 * that is one belief per regime. What a higher order changes says how much the merge costs (test/sim/oracles/convergence.slow.test.ts).
 */
export class SurfaceFilter {
  readonly #law: SurfaceLaw;
  readonly #path: PathLaw;
  /** Regimes, and histories; the last regime of history h is h mod n. */
  readonly #n: number;
  readonly #histories: number;
  readonly #beliefs: Gaussian[];
  readonly #chances: Float64Array;
  readonly #branches: Gaussian[];
  readonly #step: StepBelief;
  readonly #seen = new SeenValues();
  readonly #weights: Float64Array;
  #rootBefore: number | undefined;
  #isOpen = false;
  /** Whether a step has been seen, so that regimes may have changed since. */
  #stepped = false;

  constructor(law: SurfaceLaw, path: PathLaw, order = 2) {
    this.#law = law;
    this.#path = path;
    this.#step = new StepBelief(law);
    this.#n = law.regimes.length;
    this.#histories = 1;
    for (let depth = 1; depth < order; depth += 1) this.#histories *= this.#n;
    this.#beliefs = Array.from({ length: this.#histories }, () => new Gaussian(STATES));
    this.#branches = Array.from({ length: this.#histories * this.#n }, () => new Gaussian(STATES));
    // At the opening all histories that end in a regime are alike: the first of them stands for all.
    this.#chances = new Float64Array(this.#histories);
    this.#chances.set(law.opening.chances);
    this.#weights = new Float64Array(this.#histories * this.#n);
  }

  /** Chance that the next step is one of regime `j`, by its place in the law. */
  regimeChance(j: number): number {
    let sum = 0;
    for (let h = 0; h < this.#histories; h += 1) sum += this.#chance(h, j);
    return sum;
  }

  /** Takes in a step. */
  see(seen: SeenStep): void {
    const root = Math.sqrt(seen.prints);
    if (this.#isOpen) {
      this.#learn(seen, root);
      this.#rootBefore = root;
    } else {
      this.#seen.open(seen);
      for (const belief of this.#beliefs) {
        belief.mean.set(this.#law.opening.mean);
        belief.covariance.set(this.#law.opening.covariance);
      }
      this.#isOpen = true;
    }
  }

  /** Expected true factor at a horizon (by its place) less the tracked one now. */
  forecast(horizon: number, factor: number): number {
    let sum = 0;
    for (const [h, { mean }] of this.#beliefs.entries()) {
      for (let j = 0; j < this.#n; j += 1) {
        const chance = this.#chance(h, j);
        if (chance > 0) sum += chance * (this.#path.change(j, horizon, factor, mean) - (mean[STATE.error + factor] ?? 0));
      }
    }
    return sum;
  }

  /** Chance of a history, and that the next step is in j. At the opening there was no step before. */
  #chance(history: number, j: number): number {
    const last = history % this.#n;
    const transition = this.#stepped ? (this.#law.transitions[last * this.#n + j] ?? 0) : last === j ? 1 : 0;
    return (this.#chances[history] ?? 0) * transition;
  }

  #learn(seen: SeenStep, root: number): void {
    this.#seen.see(seen);
    for (const [h, belief] of this.#beliefs.entries()) {
      for (let j = 0; j < this.#n; j += 1) {
        const prior = this.#chance(h, j);
        const branch = this.#branches[h * this.#n + j];
        this.#weights[h * this.#n + j] = Number.NEGATIVE_INFINITY;
        if (prior <= 0 || branch === undefined) continue;
        this.#step.predict(belief, j);
        this.#weights[h * this.#n + j] = Math.log(prior) + this.#step.observe(SEEN, this.#seen.values) + this.#printsLog(j, root);
        this.#step.into(branch);
      }
    }
    this.#merge();
    this.#stepped = true;
  }

  /** The first step has none before it, and so tells nothing by the number of its prints. */
  #printsLog(j: number, root: number): number {
    const law = this.#law.regimes[j]?.prints;
    if (law === undefined || this.#rootBefore === undefined) return 0;
    const z = (root - law.constant - law.persistence * this.#rootBefore) / law.sd;
    return -0.5 * z * z - Math.log(law.sd);
  }

  /** Branches of histories that differ in their oldest regime alone become one belief. */
  #merge(): void {
    const weights = this.#weights;
    let top = Number.NEGATIVE_INFINITY;
    for (const log of weights) top = Math.max(top, log);
    let total = 0;
    for (let b = 0; b < weights.length; b += 1) {
      weights[b] = Math.exp((weights[b] ?? 0) - top);
      total += weights[b] ?? 0;
    }
    for (const [h, belief] of this.#beliefs.entries()) {
      const parts: Gaussian[] = [];
      const shares: number[] = [];
      let chance = 0;
      for (let b = h; b < weights.length; b += this.#histories) {
        const weight = weights[b] ?? 0;
        const branch = this.#branches[b];
        if (weight <= 0 || branch === undefined) continue;
        parts.push(branch);
        shares.push(weight);
        chance += weight;
      }
      this.#chances[h] = chance / total;
      if (chance > 0)
        belief.mix(
          parts,
          shares.map((share) => share / chance),
        );
    }
  }
}
