import { z } from 'zod';
import { positive } from '../../../config/quantity.ts';
import { defineQuoter } from './quoter.ts';
import { midOfOthers, ruleQuote } from './rule-quote.ts';

/**
 * A constant distance c from the middle of the market: bid = m − c, ask = m + c (the baseline of models 4d (1)). It has no view of value, of
 * inventory or of what comes. Where it goes by the mid of the others and there is none, by its tracked value.
 */
export const fixedWidth = defineQuoter({
  kind: 'fixed-width',
  summary: 'a constant distance from the mid of the others, whatever is held or expected',
  params: z.strictObject({
    around: z.enum(['mid', 'value']).default('mid').describe('middle of the quotes: the mid of the others, or the tracked value'),
    unit: z.enum(['vol', 'dollars']).default('vol').describe('unit of the half-spread: vol (0.01 is one point), or dollars'),
    halfSpread: positive({ about: 'distance of bid and offer from the middle, in its unit' }).default(0.008),
  }),
  create: ({ around, unit, halfSpread }) => ({
    prepare: () => {},
    quote: (view, series, out) => {
      const mid = around === 'mid' ? midOfOthers(view, series) : Number.NaN;
      const centre = Number.isNaN(mid) ? (view.theo.price[series] ?? 0) : mid;
      ruleQuote(view, series, centre, unit === 'vol' ? halfSpread * (view.theo.vega[series] ?? 0) : halfSpread, 0, 0, out);
    },
  }),
});
