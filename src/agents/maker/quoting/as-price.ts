import { z } from 'zod';
import { nonNegative, seconds } from '../../../config/quantity.ts';
import { SECONDS_PER_YEAR } from '../../../core/units.ts';
import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import { avellanedaStoikov } from './avellaneda-stoikov.ts';
import { nearestVol } from './gamma-risk.ts';
import { defineQuoter, type QuotingView } from './quoter.ts';

/**
 * Variance of a contract's price per year, dollars²: what the factors do to it, bᵀΣb (vega times the vol of vol, and the same for slope and wings), and
 * the part of its delta that hedging leaves open, (share · delta · S σ)².
 */
export function priceVariance(view: QuotingView, series: number, residualDelta: number, spotVol: number): number {
  const { theo, covariance } = view;
  const at = series * FACTOR_COUNT;
  const open = residualDelta * (theo.delta[series] ?? 0) * theo.spot * spotVol;
  let variance = open * open;
  for (let f = 0; f < FACTOR_COUNT; f += 1) {
    for (let g = 0; g < FACTOR_COUNT; g += 1) {
      variance += (theo.exposures[at + f] ?? 0) * (covariance[f * FACTOR_COUNT + g] ?? 0) * (theo.exposures[at + g] ?? 0);
    }
  }
  return variance;
}

/**
 * Avellaneda and Stoikov (2008) contract by contract, in price: r = s − qγσ²τ with q the contracts held of this series alone, as if each series were a
 * stock of its own. That is what it costs not to see that all of them hang on the same few factors.
 *
 * σ² is {@link priceVariance}. Their end of the day T − t becomes a horizon τ that stays: a market that does not close has no end.
 */
export const asPrice = defineQuoter({
  kind: 'as-price',
  summary: 'Avellaneda and Stoikov in price, each series for itself',
  params: z.strictObject({
    horizonSeconds: seconds({ about: 'time over which inventory and forecast count' }).prefault(1800),
    residualDelta: nonNegative({ about: 'share of a contract’s delta that hedging leaves open' }).default(0.05),
  }),
  create: ({ horizonSeconds, residualDelta }) => ({
    prepare: () => {},
    quote: (view, series, out) => {
      const { riskAversion, size } = view.terms;
      const variance = priceVariance(view, series, residualDelta, nearestVol(view));
      const each = (riskAversion * variance * horizonSeconds) / SECONDS_PER_YEAR;
      avellanedaStoikov(view, series, horizonSeconds, (view.units[series] ?? 0) * each, 0.5 * size * each, out);
    },
  }),
});
