import { z } from 'zod';
import { defineHedger } from './hedger.ts';

/** Leaves delta open up to the maker's limit, which is kept all the same, as is the end of trading after a loss. */
export const none = defineHedger({
  kind: 'none',
  summary: 'hedges nothing below the limit of delta',
  params: z.strictObject({}),
  create: () => ({ band: () => ({ centre: 0, halfWidth: Number.POSITIVE_INFINITY }) }),
});
