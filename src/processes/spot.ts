import { exponential, normal } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import type { SpotParameters } from './world-spec.ts';

/**
 * Spot under stochastic volatility with correlated jumps:
 *
 *   d ln S = (μ − λk̄ − v/2) dt + √v dW₁ + J dN,  dv = κ(θ − v) dt + ξ√v dW₂ + Z dN,  corr(dW₁, dW₂) = ρ,
 *
 * J ~ N(μ_J, σ_J²), Z exponential, k̄ = E[e^J] − 1 (Duffie, Pan and Singleton 2000). Full-truncation Euler (Lord,
 * Koekkoek and van Dijk 2010), meant for steps of at most 15 minutes. Always five draws per step. Moments against
 * theory: test/processes/spot.test.ts.
 */
export class SpotProcess {
  /** Dollars. */
  spot: number;
  /** Annual variance; may dip below 0 between steps and is read as max(v, 0). */
  variance: number;
  /** Standard normal shock and log jump of the last step: the surface couples to them. */
  shock = 0;
  jump = 0;
  readonly #rng: Rng;

  constructor(spot: number, variance: number, rng: Rng) {
    this.spot = spot;
    this.variance = variance;
    this.#rng = rng;
  }

  /** Moves on by `years`; `thetaFactor` multiplies the long-run variance. */
  step(p: SpotParameters, years: number, thetaFactor: number): void {
    const rng = this.#rng;
    const z1 = normal(rng);
    const z2 = normal(rng);
    const jumps = rng.uniform() < p.jumpsPerYear * years;
    const size = normal(rng);
    const varianceJump = exponential(rng, p.varianceJumpMean);
    const v = Math.max(0, this.variance);
    const root = Math.sqrt(v * years);
    const compensator = p.jumpsPerYear * (Math.exp(p.jumpMean + (p.jumpSd * p.jumpSd) / 2) - 1);
    this.shock = z1;
    this.jump = jumps ? p.jumpMean + p.jumpSd * size : 0;
    this.spot *= Math.exp((p.drift - compensator - v / 2) * years + root * z1 + this.jump);
    const z = p.correlation * z1 + Math.sqrt(1 - p.correlation * p.correlation) * z2;
    this.variance += p.kappa * (p.theta * thetaFactor - v) * years + p.volOfVol * root * z + (jumps ? varianceJump : 0);
  }
}

/** Expected mean variance over a horizon from variance `v`, jumps included, with the regime held (annual). */
export function expectedMeanVariance(p: SpotParameters, v: number, years: number, thetaFactor: number): number {
  const longRun = p.theta * thetaFactor + (p.jumpsPerYear * p.varianceJumpMean) / p.kappa;
  const decay = (1 - Math.exp(-p.kappa * years)) / (p.kappa * years);
  return longRun + (Math.max(0, v) - longRun) * decay + p.jumpsPerYear * (p.jumpMean * p.jumpMean + p.jumpSd * p.jumpSd);
}
