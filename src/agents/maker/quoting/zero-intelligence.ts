import { z } from 'zod';
import { positive } from '../../../config/quantity.ts';
import { defineQuoter } from './quoter.ts';
import { ruleQuote } from './rule-quote.ts';

/**
 * The baseline of El Aoud and Abergel (2015): bid and offer at the value less and plus a share of its vega, whatever is held or expected. Their 0.005 is
 * half a vol point on each side.
 */
export const zeroIntelligence = defineQuoter({
  kind: 'zero-intelligence',
  summary: 'a share of vega on each side of the tracked value, whatever is held or expected',
  params: z.strictObject({
    vegaShare: positive({ about: 'half-spread as a share of vega per 1.00 of vol: 0.005 is half a vol point' }).default(0.005),
  }),
  create: ({ vegaShare }) => ({
    prepare: () => {},
    quote: (view, series, out) => {
      ruleQuote(view, series, view.theo.price[series] ?? 0, vegaShare * (view.theo.vega[series] ?? 0), 0, 0, out);
    },
  }),
});
