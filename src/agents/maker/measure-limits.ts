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
    theta: positive({ about: 'dollars per day, open quotes included; none if left out' }).optional(),
    delta: positive({ about: 'units of the underlying, held; beyond it hedges ignore the band' }).default(8),
    openDelta: positive({ about: 'units of the underlying, open quotes included; eight times `delta` if left out' }).optional(),
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
    dayLossDollars: positive({ about: 'the same since the day began: a session, or 24 hours; none if left out' }).optional(),
    drawdownDollars: positive({ about: 'fall from the highest profit so far, after which it stops; none if left out' }).optional(),
    marginDollars: positive({ about: "loss in the worst cell of a venue's grid, at which quotes are pulled; none if left out" }).optional(),
  })
  .prefault({});

export type MakerLimits = z.output<typeof limitParams>;

const OPEN_DELTA_MULTIPLE = 8;

/** Limits of what may be held with all quotes of a kind filled: a `measureTable`. */
export function measureLimits(limits: MakerLimits, chain: Chain): Float64Array {
  const table = measureTable(chain);
  const whole = {
    delta: limits.openDelta ?? OPEN_DELTA_MULTIPLE * limits.delta,
    gamma: limits.gamma,
    vega: limits.vega,
    theta: limits.theta ?? Number.POSITIVE_INFINITY,
  };
  MEASURES.forEach((measure, m) => {
    table[m] = whole[measure];
    for (const { index } of chain.expiries) table[scopeOf(index) * MEASURE_COUNT + m] = limits.perExpiry[measure] ?? whole[measure];
  });
  return table;
}
