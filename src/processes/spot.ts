import { exponential, normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import { inverseNormalCdf } from '../core/special.ts';
import { VarianceStep } from './variance-step.ts';
import type { SpotParameters } from './world-spec.ts';

/**
 * Spot under stochastic volatility with correlated jumps:
 *
 *   d ln S = (μ − λk̄ − Av/2) dt + √(Av) dW₁ + J dN,  dv = κ(θ − v) dt + ξ√v dW₂ + Z dN,  corr(dW₁, dW₂) = ρ,
 *
 * J ~ N(μ_J, σ_J²), Z exponential, k̄ = E[e^J] − 1 (Duffie, Pan and Singleton 2000). A ≥ 0 is the activity of the hour: it speeds up the
 * spot's diffusion alone. Variance and jumps keep to calendar time, so that where A has mean 1 and knows nothing of v, E[∫Av dt] = E[∫v dt] over
 * every horizon, whatever the speed of either: what is expected to be realised is what the model says ({@link expectedMeanVariance}).
 *
 * The variance moves by Andersen's quadratic-exponential scheme ({@link VarianceStep}); the log spot follows with the weights that fit it, and
 * with the correction that keeps e^(−μt)·S a martingale (section 4.3 there). Steps may be of any length in which two jumps are
 * unlikely: there is at most one. Always five draws per step. Moments against theory: test/processes/spot.test.ts and spot.slow.test.ts.
 */
export class SpotProcess {
  /** Dollars. */
  spot: number;
  /** Annual variance, at least 0. */
  variance: number;
  /** Standard normal shock of the last step's diffusion, and its log jump: the surface couples to them. */
  shock = 0;
  jump = 0;
  readonly #rng: Rng;
  /** What follows from parameters and length of step alone, made anew when they change. */
  #parameters: SpotParameters | undefined;
  #years = 0;
  #varianceStep: VarianceStep | undefined;
  #drift = 0;
  #independent = 0;

  constructor(spot: number, variance: number, rng: Rng) {
    this.spot = spot;
    this.variance = variance;
    this.#rng = rng;
  }

  /** Moves on by `years`; `thetaFactor` multiplies the long-run variance, `activity` the variance of the spot's diffusion. */
  step(p: SpotParameters, years: number, thetaFactor: number, activity = 1): void {
    const rng = this.#rng;
    const uniform = rng.uniform();
    const own = normal(rng);
    const jumps = rng.uniform() < p.jumpsPerYear * years;
    const size = normal(rng);
    const varianceJump = exponential(rng, p.varianceJumpMean);
    const variance = this.#stepOf(p, years);
    const quantile = inverseNormalCdf(uniform);
    variance.move(this.variance, p.theta * thetaFactor, uniform, quantile);
    this.shock = p.correlation * quantile + this.#independent * own;
    this.jump = jumps ? p.jumpMean + p.jumpSd * size : 0;
    this.spot *= Math.exp(this.#drift + this.#diffusion(variance, p.correlation, activity, own) + this.jump);
    this.variance = variance.next + (jumps ? varianceJump : 0);
  }

  /** Log return of the diffusion, of which the exponential has mean 1. */
  #diffusion(variance: VarianceStep, correlation: number, activity: number, own: number): number {
    if (variance.noisePerSurprise === 0) {
      const square = activity * variance.integral;
      return Math.sqrt(square) * this.shock - square / 2;
    }
    const common = Math.sqrt(activity) * correlation * variance.noisePerSurprise;
    const told = correlation * correlation;
    const square = activity * Math.max(0, (1 - told) * variance.integral + told * variance.untold);
    return common * variance.surprise - variance.cumulant(common) + Math.sqrt(square) * own - square / 2;
  }

  #stepOf(p: SpotParameters, years: number): VarianceStep {
    if (this.#varianceStep !== undefined && this.#parameters === p && this.#years === years) return this.#varianceStep;
    this.#parameters = p;
    this.#years = years;
    // At most one jump in a step: its own compensator, which is λk̄·dt where that is small.
    const growth = Math.min(1, p.jumpsPerYear * years) * Math.expm1(p.jumpMean + (p.jumpSd * p.jumpSd) / 2);
    this.#drift = p.drift * years - Math.log1p(growth);
    this.#independent = Math.sqrt(1 - p.correlation * p.correlation);
    this.#varianceStep = new VarianceStep(p, years);
    return this.#varianceStep;
  }
}

/** Expected mean variance over a horizon from variance `v`, jumps included, with the regime held and activity at its mean (annual). */
export function expectedMeanVariance(p: SpotParameters, v: number, years: number, thetaFactor: number): number {
  const longRun = p.theta * thetaFactor + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa;
  const decay = (1 - Math.exp(-p.kappa * years)) / (p.kappa * years);
  return longRun + (v - longRun) * decay + p.jumpsPerYear * (p.jumpMean * p.jumpMean + p.jumpSd * p.jumpSd);
}
