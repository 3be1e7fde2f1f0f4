import { z } from 'zod';
import { chooseRanked } from './ranking.ts';
import { defineSelector, type SelectionView, type Selector } from './selector.ts';

/** The series with the highest expected gain as it were without a forecast: what a choice by the forecast is to be held against. */
export const staticValue = defineSelector({
  kind: 'static-value',
  summary: 'highest expected gain without the forecast, inside all budgets',
  params: z.strictObject({}),
  create: (): Selector => ({
    choose(view: SelectionView): void {
      const scores = view.staticScores();
      const rank = ({ series }: { readonly series: number }): number | undefined => scores[series];
      chooseRanked(view, rank, { told: (candidacy) => `expected gain without forecast ${(rank(candidacy) ?? 0).toFixed(1)} $/h` });
    },
  }),
});
