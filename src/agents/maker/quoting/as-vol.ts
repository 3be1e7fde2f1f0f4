import { z } from 'zod';
import { positive, seconds } from '../../../config/quantity.ts';
import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import { avellanedaStoikov } from './avellaneda-stoikov.ts';
import { gammaParams, gammaVariance } from './gamma-risk.ts';
import { defineQuoter, type QuotingView } from './quoter.ts';

/**
 * Vega of the position in the expiry of a series, dollars per 1.00 of vol, and its dollar gamma there as a strike feels it: each series weighted by
 * exp(−½ d²) at d bandwidths between the strikes. One bandwidth is `bandwidth` standard deviations of the spot until expiry.
 */
export function localRisk(view: QuotingView, series: number, bandwidth: number): { readonly vega: number; readonly gamma: number } {
  const { chain, theo, units } = view;
  const own = chain.options[series];
  if (own === undefined) return { vega: 0, gamma: 0 };
  const width = bandwidth * theo.surface.vol(own.expiry, 0) * Math.sqrt(theo.yearsLeft(series));
  const squared = theo.spot * theo.spot;
  let vega = 0;
  let gamma = 0;
  for (const { id, expiry, strike } of chain.options) {
    const held = units[id - 1] ?? 0;
    if (held === 0 || expiry !== own.expiry) continue;
    const d = Math.log(strike / own.strike) / width;
    vega += held * (theo.vega[id - 1] ?? 0);
    gamma += held * (theo.gamma[id - 1] ?? 0) * squared * Math.exp(-0.5 * d * d);
  }
  return { vega, gamma };
}

/**
 * Avellaneda and Stoikov (2008) in vol: the vol of an expiry, σ, is the price that moves, with the variance (σξ)² a year, and the vega held in the
 * expiry is the inventory, Q. In vol, with V the series' own vega and Γ its dollar gamma,
 *
 *   r = σ − γτ [(σξ)² Q + v_Γ (Γ/V) G],   half-spread ½ z γτ [(σξ)² V + v_Γ Γ²/V] + (1/γzV) ln(1 + γzV/κ),
 *
 * where G is the gamma that is held near the strike ({@link localRisk}) and v_Γ its variance ({@link gammaVariance}): a strike in the middle of a large
 * position is not worth what the same option is away from it. Expiries and their vols are taken to move apart from each other.
 */
export const asVol = defineQuoter({
  kind: 'as-vol',
  summary: 'Avellaneda and Stoikov in vol, each expiry for itself, with the gamma held near the strike',
  params: z.strictObject({
    horizonSeconds: seconds({ about: 'time over which inventory and forecast count' }).prefault(1800),
    volOfVol: positive({ about: 'belief: annual standard deviation of the log of an expiry’s vol' }).default(1.2),
    bandwidth: positive({ about: 'how near a strike gamma counts: standard deviations of the spot until expiry' }).default(0.5),
    gamma: gammaParams,
  }),
  create: ({ horizonSeconds, volOfVol, bandwidth, gamma }) => ({
    prepare: () => {},
    quote: (view, series, out) => {
      const { riskAversion, size } = view.terms;
      const { theo } = view;
      const vol = theo.surface.vol(view.chain.options[series]?.expiry ?? 0, 0);
      const weight = (riskAversion * horizonSeconds) / SECONDS_PER_YEAR;
      const ofVega = weight * vol * volOfVol * vol * volOfVol;
      const ofGamma = weight * gammaVariance(gamma, vol);
      const vega = theo.vega[series] ?? 0;
      const ownGamma = (theo.gamma[series] ?? 0) * theo.spot * theo.spot;
      const held = localRisk(view, series, bandwidth);
      const inventory = ofVega * held.vega * vega + ofGamma * held.gamma * ownGamma;
      const clip = 0.5 * size * (ofVega * vega * vega + ofGamma * ownGamma * ownGamma);
      avellanedaStoikov(view, series, horizonSeconds, inventory, clip, out);
    },
  }),
});
