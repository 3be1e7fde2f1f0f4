import { normal } from '../../src/core/distributions.ts';
import { LinearRegression } from '../../src/core/linear-regression.ts';
import type { Rng } from '../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import type { RegimeStepLaw, SurfaceLaw } from '../../src/sim/oracles/surface-law.ts';
import { MOMENTUM_STEPS, REGRESSORS, type SeenStep, STATE, STATES, STEP, STEP_SIZE } from '../../src/sim/oracles/surface-state.ts';

const MOMENTUM_KEPT = Math.exp(-1 / MOMENTUM_STEPS);

/** A law of a step whose shocks are sums of independent ones, by these weights: `variable · STEP_SIZE + shock`. */
export interface DrawnLaw extends RegimeStepLaw {
  readonly loading: readonly number[];
}

/** A stable law, drawn at random: variables after a step are a bit of the state and shocks that go together. */
export function randomStepLaw(rng: Rng, regime: number): DrawnLaw {
  const mean = Array.from({ length: STEP_SIZE * REGRESSORS }, (_, i) => (i % REGRESSORS === 0 ? 0.1 : 0.2) * normal(rng));
  const loading = Array.from({ length: STEP_SIZE * STEP_SIZE }, (_, i) =>
    Math.floor(i / STEP_SIZE) === i % STEP_SIZE ? 1 : 0.2 * normal(rng),
  );
  const covariance = Array.from({ length: STEP_SIZE * STEP_SIZE }, (_, at) => {
    const [i, j] = [Math.floor(at / STEP_SIZE), at % STEP_SIZE];
    return Array.from({ length: STEP_SIZE }, (_, k) => loading[i * STEP_SIZE + k]! * loading[j * STEP_SIZE + k]!).reduce(
      (a, b) => a + b,
      0,
    );
  });
  const change = Array.from({ length: FACTOR_COUNT * REGRESSORS }, () => 0.1 * normal(rng));
  return { regime, mean, covariance, change, prints: { constant: 1, persistence: 0.5, sd: 1 }, loading };
}

/** Opens at means .1 · i, each variable with variance 1 and for itself. */
export function surfaceLaw(regimes: readonly RegimeStepLaw[], transitions: readonly number[]): SurfaceLaw {
  return {
    regimes,
    transitions,
    sizes: { contracts: [], weights: [] },
    opening: {
      chances: regimes.map(() => 1 / regimes.length),
      mean: Array.from({ length: STATES }, (_, i) => 0.1 * i),
      covariance: Array.from({ length: STATES * STATES }, (_, at) => (at % (STATES + 1) === 0 ? 1 : 0)),
    },
  };
}

/** What is seen before and after a step, so that a filter gets given values of the step's variables. */
export class Seeing {
  readonly tracked = new Float64Array(FACTOR_COUNT);
  #momentum = 0;

  opening(): SeenStep {
    const none = new Float64Array(FACTOR_COUNT);
    return { tracked: this.tracked.slice(), flow: none, told: none, signedPrints: 0, prints: 4, spotReturn: 0 };
  }

  /** Writes the fall that goes with the momentum into the values. */
  step(values: number[]): SeenStep {
    const momentum = values[STATE.momentum]!;
    values[STATE.fall] = Math.max(0, -momentum);
    const spotReturn = momentum - this.#momentum * MOMENTUM_KEPT;
    this.#momentum = momentum;
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.tracked[f]! += values[STEP.change + f]!;
    const of = (start: number): Float64Array => Float64Array.from({ length: FACTOR_COUNT }, (_, f) => values[start + f]!);
    return {
      tracked: this.tracked.slice(),
      flow: of(STEP.flow),
      told: of(STEP.told),
      signedPrints: values[STEP.signed]!,
      prints: 4,
      spotReturn,
    };
  }
}

/** Variables as sums of independent standard normals: a constant, then one weight per source. */
export class LinearPath {
  readonly #law: DrawnLaw;
  readonly #sources: number;
  readonly #seen: { readonly weights: Float64Array; readonly value: number }[] = [];
  #state: Float64Array[];
  #steps = 0;

  constructor(law: DrawnLaw, steps: number) {
    this.#law = law;
    this.#sources = STATES + steps * STEP_SIZE;
    this.#state = Array.from({ length: STATES }, (_, i) => {
      const weights = new Float64Array(1 + this.#sources);
      weights[0] = 0.1 * i;
      weights[1 + i] = 1;
      return weights;
    });
  }

  /** States as they are now. */
  get state(): readonly Float64Array[] {
    return this.#state;
  }

  learn(weights: Float64Array, value: number): void {
    this.#seen.push({ weights, value });
  }

  /** Goes on by a step, of which the values of some variables become known. */
  step(places: readonly number[], values: readonly number[]): void {
    const { mean, loading } = this.#law;
    const after = Array.from({ length: STEP_SIZE }, (_, i) => {
      const weights = new Float64Array(1 + this.#sources);
      weights[0] = mean[i * REGRESSORS]!;
      for (const [k, of] of this.#state.entries())
        for (let s = 0; s <= this.#sources; s += 1) weights[s]! += mean[i * REGRESSORS + 1 + k]! * of[s]!;
      for (let k = 0; k < STEP_SIZE; k += 1) weights[1 + STATES + this.#steps * STEP_SIZE + k]! += loading[i * STEP_SIZE + k]!;
      return weights;
    });
    for (const index of places) this.learn(after[index]!, values[index]!);
    this.#state = after.slice(0, STATES);
    this.#steps += 1;
  }

  /** Exact means of the state now, given all that is known: by regression on all of it at once, with no recursion. */
  expected(): Float64Array {
    const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, s) => (s === 0 ? 0 : sum + value * b[s]!), 0);
    const seen = this.#seen;
    return Float64Array.from(this.#state, (target) => {
      const beta = LinearRegression.ofMoments(
        seen.length,
        (i, j) => product(seen[i]!.weights, seen[j]!.weights),
        (i) => product(seen[i]!.weights, target),
      ).coefficients();
      return seen.reduce((sum, { weights, value }, i) => sum + beta[i]! * (value - weights[0]!), target[0]!);
    });
  }
}
