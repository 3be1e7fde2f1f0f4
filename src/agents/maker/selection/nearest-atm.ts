import { z } from 'zod';
import { wholePositive } from '../../../config/quantity.ts';
import type { QuotingView } from '../quoting/quoter.ts';
import { chooseRanked } from './ranking.ts';
import { type Candidacy, defineSelector, type SelectionView, type Selector } from './selector.ts';

/** Distance of a strike from the forward in standard deviations of its expiry; without sign. */
export function moneyness({ chain, theo }: QuotingView, series: number): number {
  const option = chain.options[series];
  if (option === undefined) return Number.POSITIVE_INFINITY;
  const sd = theo.surface.vol(option.expiry, 0) * Math.sqrt(theo.yearsLeft(series));
  return Math.abs(Math.log(option.strike / (theo.forward[option.expiry] ?? theo.spot))) / sd;
}

/** The strikes nearest to the money of each expiry, whatever they are worth: what desks begin with. */
export const nearestAtm = defineSelector({
  kind: 'nearest-atm',
  summary: 'the strikes nearest to the money of each expiry, call and put',
  params: z.strictObject({
    strikes: wholePositive({ about: 'strikes of each expiry, each with its call and its put' }).default(4),
  }),
  create: ({ strikes }): Selector => ({
    choose(view: SelectionView): void {
      const { chain } = view.quoting;
      const nearest = new Set<number>();
      for (const { index } of chain.expiries) {
        const distances = new Map<number, number>();
        for (const { id, expiry, strike } of chain.options) {
          if (expiry === index && view.candidacies[id - 1]?.score !== undefined) distances.set(strike, moneyness(view.quoting, id - 1));
        }
        const kept = [...distances].sort((a, b) => a[1] - b[1] || a[0] - b[0]).slice(0, strikes);
        for (const { id, expiry, strike } of chain.options) {
          if (expiry === index && kept.some(([k]) => k === strike)) nearest.add(id - 1);
        }
      }
      const rank = ({ series }: Candidacy): number | undefined => (nearest.has(series) ? -moneyness(view.quoting, series) : undefined);
      chooseRanked(view, rank, {
        told: ({ series }) => `${moneyness(view.quoting, series).toFixed(2)} standard deviations from the money`,
      });
    },
  }),
});
