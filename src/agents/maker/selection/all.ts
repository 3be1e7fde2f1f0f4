import { z } from 'zod';
import { chooseRanked } from './ranking.ts';
import { defineSelector, type SelectionView, type Selector } from './selector.ts';

/** Every series that can be quoted, in the order of the chain, as many as are allowed. */
export const all = defineSelector({
  kind: 'all',
  summary: 'every series, up to the number allowed',
  params: z.strictObject({}),
  create: (): Selector => ({
    choose: (view: SelectionView) => chooseRanked(view, ({ series }) => -series, { told: () => 'quotes all' }),
  }),
});
