import { z } from 'zod';
import { nonNegative, positive } from '../../../config/quantity.ts';
import { defineQuoter } from './quoter.ts';
import { ruleQuote, vegaHeld } from './rule-quote.ts';

const POINTS = 100;

/**
 * A practitioner's rule in vol (models 4d (5)): around the tracked surface, with V the vega of the whole position,
 *
 *   half-spread h = max(floor, share · half-spread of the screen) + widening · min(1, V/V_lim)²,
 *   shift −s_max · clip(V/V_lim, −1, 1), the same for every series.
 *
 * Where a side of the screen is missing, the floor holds alone.
 */
export const leanedSurface = defineQuoter({
  kind: 'leaned-surface',
  summary: 'as wide as the screen around the tracked surface, shifted and widened by the vega of the position',
  params: z.strictObject({
    halfSpreadMinimum: positive({ about: 'least half-spread, in vol: 0.004 is 0.4 vol points' }).default(0.004),
    screenShare: nonNegative({ about: 'half-spread as a share of that of the others' }).default(1),
    leanMaximum: nonNegative({ about: 'shift at the limit of vega, in vol' }).default(0.015),
    widening: nonNegative({ about: 'what the limit of vega adds to the half-spread, in vol' }).default(0.01),
    vegaLimit: positive({ about: 'vega of the position, in dollars per vol point, at which shift and widening end' }).default(600),
  }),
  create: ({ halfSpreadMinimum, screenShare, leanMaximum, widening, vegaLimit }) => ({
    prepare: () => {},
    quote: (view, series, out) => {
      const vega = view.theo.vega[series] ?? 0;
      const full = Math.max(-1, Math.min(1, vegaHeld(view) / (POINTS * vegaLimit)));
      const screen = (screenShare * ((view.ask[series] ?? Number.NaN) - (view.bid[series] ?? Number.NaN))) / 2;
      const neutral = Math.max(halfSpreadMinimum * vega, Number.isNaN(screen) ? 0 : screen);
      ruleQuote(view, series, view.theo.price[series] ?? 0, neutral, -leanMaximum * full * vega, widening * full * full * vega, out);
    },
  }),
});
