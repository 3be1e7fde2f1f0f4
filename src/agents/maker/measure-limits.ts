import { z } from 'zod';
import { positive } from '../../config/quantity.ts';
import type { Chain } from '../../market/chain.ts';
import { MEASURE_COUNT, MEASURES, measureTable, scopeOf } from './exposures.ts';

/** A maker's hard limits. Open quotes count as if they were filled where it says so. */
export const limitParams = z
  .strictObject({
    positionPerSeries: positive({ about: 'contracts, long or short, open quotes included' }).default(20),
    vega: positive({ about: 'dollars per vol point, all series, open quotes included' }).default(6000),
    gamma: positive({ about: 'change of delta in units for a 1 % move, open quotes included' }).default(10),
    theta: positive({ about: 'dollars per day, open quotes included' }).default(25_000),
    delta: positive({ about: 'units of the underlying, held; beyond it hedges ignore the band' }).default(8),
    openDelta: positive({ about: 'units of the underlying, open quotes included: what a sweep of all quotes of a kind may leave' }).default(
      60,
    ),
    perExpiry: z
      .strictObject({
        delta: positive({ about: 'units, of the options of an expiry; as `openDelta` if left out' }).optional(),
        gamma: positive({ about: 'units for a 1 % move; as in all if left out' }).optional(),
        vega: positive({ about: 'dollars per vol point; as in all if left out' }).optional(),
        theta: positive({ about: 'dollars per day; as in all if left out' }).optional(),
      })
      .prefault({})
      .describe('the same for the options of each expiry, open quotes included'),
    lossDollars: positive({ about: 'loss against the opening, at its own marks, after which it stops' }).default(50_000),
  })
  .prefault({});

export type MakerLimits = z.output<typeof limitParams>;

/** Limits of what may be held with all quotes of a kind filled: a `measureTable`. */
export function measureLimits(limits: MakerLimits, chain: Chain): Float64Array {
  const table = measureTable(chain);
  const whole = { ...limits, delta: limits.openDelta };
  MEASURES.forEach((measure, m) => {
    table[m] = whole[measure];
    for (const { index } of chain.expiries) table[scopeOf(index) * MEASURE_COUNT + m] = limits.perExpiry[measure] ?? whole[measure];
  });
  return table;
}
