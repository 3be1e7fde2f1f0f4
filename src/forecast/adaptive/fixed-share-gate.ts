import { invariant } from '../../core/assert.ts';

/** How a gate learns. */
export interface GateTerms {
  /** Weights before any outcome, one per expert, each above 0; they are scaled to add up to 1. */
  readonly start: readonly number[];
  /** Steps from a forecast to its outcome. Outcomes come every step and overlap, so each counts as 1/horizon of one. */
  readonly horizonSteps: number;
  /** η, per unit of loss. ½ where losses are squared errors over their variance: the weights are then those of Bayes for normal errors. */
  readonly rate?: number;
  /** Part of the weight that goes back to the start with each outcome that overlaps no other: 1 to 2 %. */
  readonly share?: number;
}

const RATE = 0.5;
const SHARE = 0.01;
/** Outcomes further than this many scales from 0 count as if they stood there: one jump must not decide between experts. */
const OUTCOME_LIMIT = 4;

/**
 * Weights of several experts for one target: exponentially weighted recent loss with a fixed share (Herbster and Warmuth 1998, Machine Learning
 * 32; the share goes to the start weights, as in Bousquet and Warmuth 2002, JMLR 3). With losses l, weights w and the start s,
 *
 *   v_i = w_i e^(−η l_i / h) / Σ,  w_i ← (1 − α/h) v_i + (α/h) s_i,
 *
 * so no expert ever dies: its weight stays above (α/h)·s_i, and it can come back. Losses are handed over when they are known, h steps after the
 * forecast.
 *
 * Limits: with one outcome per step (h = 1) the mix loss −Σ ln(Σ w_i e^(−η l_i))/η exceeds that of any sequence of experts with k changes by at most
 * [ln(1/s_first) + Σ over changes of ln(1/(α s_new)) + (T − k − 1) ln(1/(1 − α))]/η, whatever the losses
 * (test/forecast/adaptive/fixed-share-gate.test.ts). The loss of the weighted mean is below the mix loss only where η times the loss is
 * exp-concave; for squared errors over their variance, η = ½ and outcomes beyond one scale that is not so, and no bound is claimed.
 */
export class FixedShareGate {
  /** Weights, one per expert, adding up to 1; borrowed, changed by {@link learn}. */
  readonly weights: Readonly<Float64Array>;
  readonly #weights: Float64Array;
  readonly #start: Float64Array;
  readonly #losses: Float64Array;
  readonly #rate: number;
  readonly #share: number;

  constructor({ start, horizonSteps, rate = RATE, share = SHARE }: GateTerms) {
    const total = start.reduce((sum, weight) => sum + weight, 0);
    invariant(
      start.length > 0 && start.every((weight) => weight > 0 && Number.isFinite(weight)),
      'each expert starts with a weight above 0',
    );
    invariant(horizonSteps >= 1 && rate >= 0 && share >= 0 && share < 1, 'expected horizon >= 1, rate >= 0 and 0 <= share < 1');
    this.#start = Float64Array.from(start, (weight) => weight / total);
    this.#weights = this.#start.slice();
    this.weights = this.#weights;
    this.#losses = new Float64Array(start.length);
    this.#rate = rate / horizonSteps;
    this.#share = share / horizonSteps;
  }

  /** Weighted mean of what the experts say: `values[offset + i * stride]` for expert i. */
  combined(values: ArrayLike<number>, offset = 0, stride = 1): number {
    let sum = 0;
    for (let i = 0; i < this.#weights.length; i += 1) sum += (this.#weights[i] ?? 0) * (values[offset + i * stride] ?? 0);
    return sum;
  }

  /** Takes in the losses of one outcome, one per expert. Losses that are not finite are refused, and the weights stay. */
  learn(losses: ArrayLike<number>): void {
    const weights = this.#weights;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < weights.length; i += 1) {
      const loss = losses[i] ?? Number.NaN;
      if (!Number.isFinite(loss)) return;
      least = Math.min(least, loss);
    }
    let total = 0;
    for (let i = 0; i < weights.length; i += 1) {
      const weight = (weights[i] ?? 0) * Math.exp(-this.#rate * ((losses[i] ?? 0) - least));
      weights[i] = weight;
      total += weight;
    }
    for (let i = 0; i < weights.length; i += 1)
      weights[i] = ((1 - this.#share) * (weights[i] ?? 0)) / total + this.#share * (this.#start[i] ?? 0);
  }

  /**
   * Takes in an outcome: the loss of each expert is its squared error in units of `scale`, the standard deviation that was expected of the error. The
   * outcome counts at most {@link OUTCOME_LIMIT} scales from 0.
   *
   * @param values what the experts had said, `values[offset + i * stride]` for expert i.
   */
  learnOutcome(outcome: number, scale: number, values: ArrayLike<number>, offset = 0, stride = 1): void {
    if (!(scale > 0)) return;
    const seen = Math.max(-OUTCOME_LIMIT, Math.min(OUTCOME_LIMIT, outcome / scale));
    for (let i = 0; i < this.#losses.length; i += 1) {
      const error = seen - (values[offset + i * stride] ?? 0) / scale;
      this.#losses[i] = error * error;
    }
    this.learn(this.#losses);
  }

  /** Moves a part of all weights back to the start: what an alarm does. */
  restart(part: number): void {
    for (let i = 0; i < this.#weights.length; i += 1)
      this.#weights[i] = (1 - part) * (this.#weights[i] ?? 0) + part * (this.#start[i] ?? 0);
  }
}
