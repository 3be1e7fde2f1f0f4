import { z } from 'zod';
import { chooseRanked } from './ranking.ts';
import { defineSelector, type SelectionView, type Selector } from './selector.ts';

const words = { told: ({ score }: { score: number | undefined }): string => `expected gain ${(score ?? 0).toFixed(1)} $/h` };

/**
 * The series with the highest expected gain, greedy on marginal value inside the budgets, with hysteresis and a minimum dwell. The forecast
 * enters through the gains: a slope or a skew that will change moves the chosen expiries and wings.
 */
export const value = defineSelector({
  kind: 'value',
  summary: 'highest expected gain with the forecast, inside all budgets',
  params: z.strictObject({}),
  create: (): Selector => ({ choose: (view: SelectionView) => chooseRanked(view, ({ score }) => score, words) }),
});
