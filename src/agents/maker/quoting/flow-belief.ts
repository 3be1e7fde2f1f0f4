import type { Chain } from '../../../market/chain.ts';
import { screenHalfSpread, strikeWeight, tenorWeight } from '../../../pricing/flow-shape.ts';
import type { TheoChain } from '../../../pricing/theo.ts';

const HOURS_PER_YEAR = 8760;
const DAYS_PER_YEAR = 365;
const YEARS_30_DAYS = 30 / 365;

/**
 * Slope β of the customers' acceptance in vol, for an expiry: 1.156/y0 (economics 1).
 * @param reservationPerVol y0 at 30 days as a share of the at-the-money vol.
 */
export function acceptanceSlope(theo: TheoChain, expiry: number, reservationPerVol: number): number {
  return 1.156 / screenHalfSpread(reservationPerVol, theo.surface.vol(expiry, 0), theo.surface.yearsLeft(expiry) / YEARS_30_DAYS);
}

/**
 * Candidates per year on one side of each series, by the usual shape of demand over strikes and tenors.
 * @param perHour over the whole chain, both sides.
 * @param out by series; 0 where an expiry is over.
 */
export function believedFlow(chain: Chain, theo: TheoChain, nowYears: number, perHour: number, out: Float64Array): void {
  let total = 0;
  out.fill(0);
  for (const expiry of chain.expiries) {
    const left = expiry.years - nowYears;
    if (left <= 0) continue;
    const sd = theo.surface.vol(expiry.index, 0) * Math.sqrt(left);
    const mine = chain.options.filter((option) => option.expiry === expiry.index);
    let sum = 0;
    for (const option of mine) {
      const k = Math.log(option.strike / (theo.forward[expiry.index] ?? theo.spot));
      const weight = strikeWeight(k / sd, option.right === 'call' ? k >= 0 : k <= 0);
      out[option.id - 1] = weight;
      sum += weight;
    }
    const tenor = tenorWeight(left * DAYS_PER_YEAR);
    total += tenor;
    for (const option of mine) out[option.id - 1] = ((out[option.id - 1] ?? 0) * tenor) / sum;
  }
  const scale = total === 0 ? 0 : (0.5 * perHour * HOURS_PER_YEAR) / total;
  for (let i = 0; i < out.length; i += 1) out[i] = (out[i] ?? 0) * scale;
}
