import { z } from 'zod';
import { positive } from '../../../config/quantity.ts';
import { defineHedger, type HedgingView } from './hedger.ts';

const BASIS_POINTS = 10_000;

/**
 * A band around 0 of half-width (3/2 · k S Γ²/γ)^⅓ with proportional cost k, portfolio gamma Γ and risk aversion γ (Whalley and Wilmott 1997,
 * eq. 3.9), between one lot and a maximum.
 */
export const whalleyWilmott = defineHedger({
  kind: 'whalley-wilmott',
  summary: 'no-trade band for small costs, wider with gamma',
  params: z.strictObject({
    costBp: positive({ about: 'belief: cost of trading the underlying, in basis points' }).default(5),
    riskAversion: positive({ about: 'per dollar: sets the width of the no-trade band' }).default(0.0005),
    bandMaximum: positive({ about: 'widest half-band, in units of the underlying' }).default(2),
  }),
  create: ({ costBp, riskAversion, bandMaximum }) => ({
    band: ({ spot, gamma, lotSize }: HedgingView) => {
      const width = Math.cbrt((1.5 * (costBp / BASIS_POINTS) * spot * gamma * gamma) / riskAversion);
      return { centre: 0, halfWidth: Math.max(lotSize, Math.min(bandMaximum, width)) };
    },
  }),
});
