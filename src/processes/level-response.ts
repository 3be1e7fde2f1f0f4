import type { RegimeSpec } from './world-spec.ts';

/**
 * Change of the level (ln of the at-the-money vol at 30 days) per unit of log return of the spot, as a regression over the regime's own path finds
 * it: covariance of the two over variance of the return, of diffusion and jumps together, at the variance that the regime has in the long run,
 *
 *   β = (ρ s √v + b m)/(v + m),  v = θ + λ E[Z]/κ,  m = λ (μ_J² + σ_J²),
 *
 * with s the annual standard deviation of the level, ρ its correlation with the spot's shock and b its move per unit of jump. It is what ties
 * vol to moves that are not on that path: a fall of 1 % lifts vols by |β| % of themselves. Checked against simulated paths in
 * test/processes/level-response.test.ts.
 */
export function levelPerReturn({ spot, surface }: RegimeSpec, daysPerYear: number): number {
  const variance = spot.theta + (spot.jumpsPerYear * spot.varianceJumpMean) / spot.kappa;
  const jumpVariance = spot.jumpsPerYear * (spot.jumpMean * spot.jumpMean + spot.jumpSd * spot.jumpSd);
  const total = variance + jumpVariance;
  // Nothing moves: there is no regression.
  if (!(total > 0)) return 0;
  const levelSd = (surface.dailySd[0] ?? 0) * Math.sqrt(daysPerYear);
  return (surface.spotLevelCorrelation * levelSd * Math.sqrt(variance) + surface.levelPerSpotJump * jumpVariance) / total;
}
