import { quoteCurvature, shareOf } from './hamiltonian.ts';
import type { QuotingView } from './quoter.ts';

/** Rounds in which the lean for a side that outnumbers the other is found: liquidity without it, then with. A third moves quotes by 0.001 points. */
export const LEAN_ROUNDS = 2;
/** Steps of the secant in which clips and liquidity settle. */
const ROUNDS = 3;
/** Least share: clips that cost several times what customers give are beyond an expansion. */
const SHARE_MINIMUM = 0.1;
/** Most of it: the secant may step past what any lean can do. */
const SHARE_MAXIMUM = 2;

/**
 * z λ h″(x/V)/V of a quoted series, in contracts per year and dollar: what it adds to the liquidity per squared exposure. The mean of both sides, each at the
 * rate at which it is met and at the cost x of its fee and half a clip, less or plus the lean. 0 of others.
 *
 * @param clip what a clip adds to its own cost, dollars.
 * @param lean what the value is shifted by, dollars: a bid costs as much less, an offer as much more.
 */
export function curvaturePerYear(view: QuotingView, series: number, clip: number, lean = 0): number {
  const vega = view.theo.vega[series] ?? 0;
  if (view.isQuoted[series] !== 1 || vega <= 0) return 0;
  const cost = (view.fee[series] ?? 0) + clip;
  const beta = view.beta[series] ?? 0;
  const rate = view.terms.size * (view.perYear[series] ?? 0);
  if (lean === 0) return (rate * quoteCurvature(cost / vega, beta)) / vega;
  const buyers = view.buyers[series] ?? 0.5;
  return (rate * (buyers * quoteCurvature((cost + lean) / vega, beta) + (1 - buyers) * quoteCurvature((cost - lean) / vega, beta))) / vega;
}

/**
 * z (H_b′ − H_a′) of a quoted series at the same costs, contracts per year: how many more a quote is expected to sell than to buy. Sellers hit the
 * bid, buyers the offer; −h′ = u/(1 + u) is the chance that the best distance is met.
 */
export function imbalancePerYear(view: QuotingView, series: number, clip: number, lean = 0): number {
  const vega = view.theo.vega[series] ?? 0;
  if (view.isQuoted[series] !== 1 || vega <= 0) return 0;
  const cost = (view.fee[series] ?? 0) + clip;
  const beta = view.beta[series] ?? 0;
  const buyers = view.buyers[series] ?? 0.5;
  const chance = (x: number): number => {
    const u = shareOf(x / vega, beta);
    return u / (1 + u);
  };
  return view.terms.size * (view.perYear[series] ?? 0) * 2 * (buyers * chance(cost + lean) - (1 - buyers) * chance(cost - lean));
}

/**
 * Liquidity at the cost of fees, half clips and leans, as a share of that at fees alone. The two sides of a quote cost fee + clip ± lean, so the
 * expansion of their gains that is exact to the second order of the lean stands at fee + clip, and where more come to buy than to sell, at the lean for it.
 * But clips cost by M, and M goes as 1/√D: both are found together. One share for all series, weighted by what their clips cost.
 *
 * @param clips by series: what a clip adds to its own cost, with the liquidity at fees alone.
 * @param leans by series, dollars: what the value is shifted by as one side outnumbers the other.
 */
export function settledShare(view: QuotingView, clips: Readonly<Float64Array>, leans: Readonly<Float64Array>): number {
  const liquidityAt = (share: number, leant: 0 | 1): number => {
    let sum = 0;
    for (let i = 0; i < clips.length; i += 1) {
      const clip = clips[i] ?? 0;
      if (clip > 0) sum += curvaturePerYear(view, i, clip / Math.sqrt(share), leant * (leans[i] ?? 0)) * clip;
    }
    return sum;
  };
  const before = liquidityAt(Number.POSITIVE_INFINITY, 0);
  if (before <= 0) return 1;
  let last = 1;
  let missed = liquidityAt(last, 1) / before - last;
  let share = within(last + missed);
  for (let round = 0; round < ROUNDS; round += 1) {
    const miss = liquidityAt(share, 1) / before - share;
    if (miss === missed) break;
    const next = within(share - (miss * (share - last)) / (miss - missed));
    last = share;
    missed = miss;
    share = next;
  }
  return share;
}

/** More than fees alone leave is possible where a lean makes the busier side cheaper. */
const within = (share: number): number => Math.min(SHARE_MAXIMUM, Math.max(SHARE_MINIMUM, share));
