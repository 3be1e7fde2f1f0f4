import { z } from 'zod';
import { nonNegative } from '../../../config/quantity.ts';
import { defineHedger } from './hedger.ts';

/** The same band at all times, whatever the position: what formulas for the width are measured against. */
export const fixedBand = defineHedger({
  kind: 'fixed-band',
  summary: 'no-trade band of one width, whatever is held',
  params: z.strictObject({
    halfWidth: nonNegative({ about: 'delta that is left open on either side of 0, in units of the underlying' }).default(1),
  }),
  create: ({ halfWidth }) => ({ band: ({ lotSize }) => ({ centre: 0, halfWidth: Math.max(lotSize, halfWidth) }) }),
});
