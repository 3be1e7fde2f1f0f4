import { z } from 'zod';
import { nonNegative, seconds } from '../../../config/quantity.ts';
import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import type { QuotingView } from './quoter.ts';

const DAYS_PER_YEAR = 365;

/** The risks that inventory is priced for: the four factors, and gamma. */
export const RISK_COUNT = FACTOR_COUNT + 1;

/** What a quoter believes of the moves that hedging in delta does not catch. */
export const gammaParams = z
  .strictObject({
    hedgeSeconds: seconds({ about: 'belief: time between two hedges of delta' }).prefault(60),
    jumpsPerYear: nonNegative({ about: 'belief: jumps of the spot in a year' }).default(12),
    jumpPerDailySd: nonNegative({ about: 'belief: standard deviation of a jump over that of a day without jumps' }).default(1.7),
  })
  .prefault({})
  .describe('risk of gamma beside that of the factors');

export type GammaParams = z.output<typeof gammaParams>;

/**
 * Variance per year of the pseudo-factor of gamma, whose exposure is Γ S² in dollars. A position that is hedged in delta at an interval h gains
 * ½ Γ S² (r² − σ²h) in it from a return r. Stoikov and Sağlam (2009) put such a term beside that of vega; here with
 *
 *   diffusion, r normal with variance σ²h:     Var[½ r²]/h = ½ σ⁴ h,
 *   λ jumps a year, J normal with variance s²: λ E[(½ J²)²] = ¾ λ s⁴.
 *
 * At σ = 0.5, h = 60 s, λ = 12 and s = 1.7 days' moves the roots are 0.00024 and 0.0059: hedging leaves jumps. Exposure grows as 1/√T
 * at the money while that to the level shrinks as √T, so gamma matters near expiry and not elsewhere. The square is an upper bound once a jump is larger
 * than the move that the option still expects.
 *
 * @param vol annual, of the spot.
 */
export function gammaVariance({ hedgeSeconds, jumpsPerYear, jumpPerDailySd }: GammaParams, vol: number): number {
  const variance = vol * vol;
  const jump = (jumpPerDailySd * jumpPerDailySd * variance) / DAYS_PER_YEAR;
  return 0.5 * variance * variance * (hedgeSeconds / SECONDS_PER_YEAR) + 0.75 * jumpsPerYear * jump * jump;
}

/** At-the-money vol of the next expiry that is not over; 0 when all are. */
export function nearestVol({ chain, theo, nowYears }: QuotingView): number {
  const next = chain.expiries.find(({ years }) => years > nowYears);
  return next === undefined ? 0 : theo.surface.vol(next.index, 0);
}

/** Exposures of one contract to each risk: dollars per unit of a factor, and Γ S². */
export function riskExposures({ theo }: QuotingView, series: number, out: Float64Array): Float64Array {
  for (let f = 0; f < FACTOR_COUNT; f += 1) out[f] = theo.exposures[series * FACTOR_COUNT + f] ?? 0;
  out[FACTOR_COUNT] = (theo.gamma[series] ?? 0) * theo.spot * theo.spot;
  return out;
}
