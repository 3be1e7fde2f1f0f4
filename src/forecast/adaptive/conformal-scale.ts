import { invariant } from '../../core/assert.ts';
import { inverseNormalCdf } from '../../core/special.ts';
import { SortedWindow } from './sorted-window.ts';

/** How a scale learns. */
export interface ConformalTerms {
  /** Steps from a forecast to its outcome. Outcomes come every step and overlap, so each moves α by gain/horizon. */
  readonly horizonSteps: number;
  /** Groups with buffers of their own, told apart by what is known at the origin: 2 for calm and stressed. */
  readonly groups?: number;
  /** Scores that each group remembers. */
  readonly buffer?: number;
  /** g, the step of α per outcome that overlaps no other. */
  readonly gain?: number;
}

/** Share of outcomes outside the interval. */
const MISS = 0.2;
/** Half-width of a normal's 80 % interval in standard deviations. */
const EIGHTY = 1.281_551_565_544_600_4;
const BUFFER = 400;
const GAIN = 0.01;
/** Scores that stand for the calibration in training until outcomes have replaced them: quantiles of a normal's |z|. */
const PRIOR_SCORES = 50;
/** Beyond the largest score the interval doubles for each this much of α below 0, and below the smallest it halves above 1. */
const DOUBLING = 0.05;

/**
 * Keeps 80 % intervals honest while the market moves: what a predicted scale must be multiplied by for ±1.2816 of it to hold 80 % of outcomes.
 * Adaptive conformal inference (Gibbs and Candès 2021, NeurIPS 34): the multiplier is the 1 − α_t quantile of recent scores |error|/scale over
 * 1.2816, and α_{t+1} = α_t + g (0.2 − miss_t).
 *
 * Limits: after T outcomes of a group the share of misses is 0.2 + h (α_1 − α_{T+1})/(g T), exactly, whatever the data do. α stays within
 * [−0.05·log2(M/m) − d, 1 + 0.05·log2(M/m) + d] if scores lie between m and M and d is what the outcomes under way can add
 * (at most g): coverage is then wrong by at most (1.2 + 0.05·log2(M/m) + g)·h/(g T), and converges. Between groups nothing is shared. Naive twin and both
 * statements: test/forecast/adaptive/conformal-scale.test.ts.
 */
export class ConformalScale {
  readonly #windows: readonly SortedWindow[];
  readonly #alpha: Float64Array;
  readonly #gain: number;

  constructor({ horizonSteps, groups = 2, buffer = BUFFER, gain = GAIN }: ConformalTerms) {
    invariant(horizonSteps >= 1 && groups >= 1 && gain >= 0, 'expected horizon >= 1, groups >= 1 and gain >= 0');
    this.#windows = Array.from({ length: groups }, () => new SortedWindow(buffer));
    this.#alpha = new Float64Array(groups).fill(MISS);
    this.#gain = gain / horizonSteps;
    // In an order without pattern (a permutation by a step prime to the count), so that what leaves first is no tail.
    for (const window of this.#windows) {
      for (let i = 0; i < Math.min(PRIOR_SCORES, buffer); i += 1) {
        const place = (i * 21) % PRIOR_SCORES;
        window.push(inverseNormalCdf(0.5 + (place + 0.5) / (2 * PRIOR_SCORES)));
      }
    }
  }

  /** α of a group: the share that its quantile leaves outside. Not held within [0, 1]. */
  alpha(group = 0): number {
    return this.#alpha[group] ?? MISS;
  }

  /** What the predicted scale of a forecast made now is to be multiplied by; above 0. */
  multiplier(group = 0): number {
    const window = this.#windows[group];
    invariant(window !== undefined, () => `there is no group ${group}`);
    const alpha = this.alpha(group);
    const n = window.count;
    const rank = Math.ceil((1 - alpha) * (n + 1)) - 1;
    const score = Math.max(1e-6, window.ranked(rank));
    const beyond = alpha < 0 ? -alpha : alpha > 1 ? 1 - alpha : 0;
    return (score * Math.exp((Math.LN2 * beyond) / DOUBLING)) / EIGHTY;
  }

  /**
   * Takes in an outcome, when it is known.
   *
   * @param group that of the forecast's origin.
   * @param score |error| over the predicted scale, before the multiplier.
   * @param multiplier the one that the forecast was made with.
   */
  learn(group: number, score: number, multiplier: number): void {
    const window = this.#windows[group];
    invariant(window !== undefined, () => `there is no group ${group}`);
    if (!Number.isFinite(score)) return;
    const missed = score > EIGHTY * multiplier ? 1 : 0;
    this.#alpha[group] = this.alpha(group) + this.#gain * (MISS - missed);
    window.push(score);
  }
}
