import { quoteCurvature, shareOf } from './hamiltonian.ts';
import type { QuotingView } from './quoter.ts';

/** Steps of the secant in which clips and liquidity settle. */
const ROUNDS = 3;
/** Least share: clips that cost several times what customers give are beyond an expansion. */
const SHARE_MINIMUM = 0.1;

/**
 * z λ h″(x/V)/V of a quoted series at the cost x of its fee and half a clip, in contracts per year and dollar: what it adds to the liquidity per squared
 * exposure. 0 of others.
 *
 * @param clip what a clip adds to its own cost, dollars.
 */
export function curvaturePerYear(view: QuotingView, series: number, clip: number): number {
  const vega = view.theo.vega[series] ?? 0;
  if (view.isQuoted[series] !== 1 || vega <= 0) return 0;
  const cost = ((view.fee[series] ?? 0) + clip) / vega;
  return (view.terms.size * (view.perYear[series] ?? 0) * quoteCurvature(cost, view.beta[series] ?? 0)) / vega;
}

/**
 * z (H_b′ − H_a′) of a quoted series at the same cost, contracts per year: how many more a neutral quote is expected to sell than to buy. Sellers hit the
 * bid, buyers the offer; −h′ = u/(1 + u) is the chance that the best distance is met.
 */
export function imbalancePerYear(view: QuotingView, series: number, clip: number): number {
  const vega = view.theo.vega[series] ?? 0;
  if (view.isQuoted[series] !== 1 || vega <= 0) return 0;
  const u = shareOf(((view.fee[series] ?? 0) + clip) / vega, view.beta[series] ?? 0);
  return (view.terms.size * (view.perYear[series] ?? 0) * (4 * (view.buyers[series] ?? 0.5) - 2) * u) / (1 + u);
}

/**
 * Liquidity at the cost of fees and half clips, as a share of that at fees alone. The two sides of a quote cost fee + clip ± lean, so the expansion of
 * their gains that is exact to the second order of the lean stands at fee + clip. But clips cost by M, and M goes as 1/√D: both are found together. One
 * share for all series, weighted by what their clips cost.
 *
 * @param clips by series: what a clip adds to its own cost, with the liquidity at fees alone; divided by the root of the share here.
 */
export function settleClips(view: QuotingView, clips: Float64Array): number {
  const liquidityAt = (share: number): number => {
    let sum = 0;
    for (let i = 0; i < clips.length; i += 1) {
      const clip = clips[i] ?? 0;
      if (clip > 0) sum += curvaturePerYear(view, i, clip / Math.sqrt(share)) * clip;
    }
    return sum;
  };
  const before = liquidityAt(Number.POSITIVE_INFINITY);
  if (before <= 0) return 1;
  let last = 1;
  let missed = liquidityAt(last) / before - last;
  let share = Math.max(SHARE_MINIMUM, last + missed);
  for (let round = 0; round < ROUNDS; round += 1) {
    const miss = liquidityAt(share) / before - share;
    if (miss === missed) break;
    const next = Math.min(1, Math.max(SHARE_MINIMUM, share - (miss * (share - last)) / (miss - missed)));
    last = share;
    missed = miss;
    share = next;
  }
  for (let i = 0; i < clips.length; i += 1) clips[i] = (clips[i] ?? 0) / Math.sqrt(share);
  return share;
}
