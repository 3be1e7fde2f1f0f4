import { z } from 'zod';
import { fraction, positive, seconds } from '../../../config/quantity.ts';
import { fastMarketParams } from './fast-market.ts';
import { offMarketParams } from './off-market.ts';
import { refusalParams } from './refusals.ts';
import { staleFeedParams } from './stale-feed.ts';
import { staleForecastParams } from './stale-forecast.ts';
import { unwindParams } from './unwind.ts';
import { useParams } from './use-of-limit.ts';
import { venueProtectionParams } from './venue-protection.ts';

/** Protection of a maker: guards that vote for a level, and what the levels do. */
export const protectionParams = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        'false: none of the guards, nor the protection of the venue; limits of open quotes and the loss that stops it hold all the same',
      ),
    calmSeconds: seconds({ about: 'a level falls when no guard has called for it in so long' }).prefault(10),
    widen: positive({ about: 'multiplies half-spreads that are to be wider', minimum: 1 }).default(1.5),
    fastMarket: fastMarketParams,
    staleFeed: staleFeedParams,
    offMarket: offMarketParams,
    staleForecast: staleForecastParams,
    limits: useParams,
    softLoss: fraction({ about: 'share of a loss limit from which only sides that lower what is held are quoted' }).prefault(0.8),
    refusals: refusalParams,
    venue: venueProtectionParams,
    restart: z
      .union([z.literal('never'), seconds({ about: 'time', above: 0 })])
      .default('never')
      .describe('when a maker that has stopped begins again: `never`, or a time after it stopped; losses then count from there'),
    unwind: unwindParams,
  })
  .prefault({})
  .describe('guards against what a maker cannot see, with a graded response: widen, reduce-only, pull, flatten');

export type ProtectionParams = z.output<typeof protectionParams>;
