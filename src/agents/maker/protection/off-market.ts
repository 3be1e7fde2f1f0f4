import { z } from 'zod';
import { fraction, positive, seconds, wholePositive } from '../../../config/quantity.ts';
import type { Chain } from '../../../market/chain.ts';
import type { OptionSeries } from '../../../market/instrument.ts';
import type { TheoChain } from '../../../pricing/theo.ts';
import type { Desk } from '../../agent.ts';
import { CALM, PULL, type Vote, WIDEN } from './level.ts';

export const offMarketParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    halfSpreads: positive({
      about:
        "a book disagrees when the maker's value lies outside of it by more than so many of its own half-spreads: its quotes would cross it",
    }).default(2),
    widenShare: fraction({ about: 'share of the books of an expiry that disagree, from which its quotes are widened' }).prefault(0.3),
    pullShare: fraction({ about: 'the same, from which they are pulled' }).prefault(0.5),
    refitSeconds: seconds({
      about: 'after so long the surface is looked for afresh in all books, as at the opening',
      above: 0,
    }).prefault(20),
    booksMinimum: wholePositive({ about: 'in fewer books than this nothing is seen' }).default(4),
  })
  .prefault({})
  .describe("the maker's values have left the market: its surface is wrong, or the market's is, and it cannot know which");

export type OffMarketParams = z.output<typeof offMarketParams>;

/**
 * Off the market: in how many two-sided books of others the maker's own value lies so far outside that its quotes would cross them. After a jump of
 * spot or vol the tracker may take half a minute to find the new surface, and until it has, whoever knows better trades with quotes around
 * the old one.
 *
 * @param halfSpreads own neutral half-spread by series, dollars; 0 where it has none.
 */
export function offMarket(
  params: OffMarketParams,
  chain: Chain,
  theo: TheoChain,
  desk: Desk,
  expiry: number,
  halfSpreads: (series: number) => number,
): Vote {
  const { widenShare, pullShare, booksMinimum } = params;
  let seen = 0;
  let outside = 0;
  for (const option of chain.options) {
    if (option.expiry !== expiry || isInside(option, theo.forward[expiry] ?? theo.spot)) continue;
    const slack = params.halfSpreads * halfSpreads(option.id - 1);
    const { bid, ask } = desk.bbo(option.id);
    if (bid === undefined || ask === undefined || slack === 0) continue;
    const value = theo.price[option.id - 1] ?? 0;
    seen += 1;
    if (value < bid * option.tickSize - slack || value > ask * option.tickSize + slack) outside += 1;
  }
  const share = seen === 0 ? 0 : outside / seen;
  if (seen < booksMinimum || share < Math.min(widenShare, pullShare)) return CALM;
  const reason = `own quotes would cross the market in ${outside} of ${seen} books`;
  return { level: share >= pullShare ? PULL : WIDEN, reason };
}

/** Books of options in the money say little of the surface, and much of how old their quotes are. */
const isInside = ({ right, strike }: OptionSeries, forward: number): boolean => (right === 'call' ? strike < forward : strike > forward);
