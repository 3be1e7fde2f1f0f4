import { z } from 'zod';
import { fraction, hours, nonNegative, positive, seconds, wholePositive } from '../config/quantity.ts';
import { sessionsSchema } from './session-hours.ts';

const listing = (tickSize: number, lotSize: number) =>
  z.strictObject({
    tickSize: positive({ about: 'smallest price step, in dollars per unit of the underlying' }).default(tickSize),
    lotSize: positive({ about: 'units of the underlying in one lot' }).default(lotSize),
  });

const days = z.number().describe('days (of 24 hours) from the opening to the expiry');

/** One expiry, with what its smile has of its own (`pricing/factors.ts`). */
export const expirySchema = z.strictObject({
  days,
  label: z.string().min(1).max(24).optional().describe('name shown for the expiry; by default its days, as in 30d'),
  strikes: z.array(positive()).min(1).max(200).describe('strikes in dollars, increasing'),
  carry: z.number().min(-2).max(2).default(0).describe('annual carry: forward = spot * exp(carry * years)'),
  levelRatio: positive({ about: 'at-the-money vol over that of the factor form' }).default(1),
  rhoOffset: z.number().min(-1).max(1).default(0).describe('SSVI rho of this expiry minus the common one'),
  etaRatio: positive({ about: 'SSVI eta of this expiry over the common one' }).default(1),
});

/** The venue: what is listed, and what trading costs. */
export const marketSchema = z.strictObject({
  symbol: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{0,11}$/, 'expected 1 to 12 capitals or digits, such as BTC')
    .describe('name of the underlying'),
  rate: z.number().min(-0.5).max(1).default(0).describe('annual discount rate'),
  underlying: listing(1, 0.01).prefault({}).describe('the perpetual future'),
  options: listing(5, 0.1)
    .extend({
      tickBands: z
        .array(
          z.strictObject({
            from: positive({ about: 'price in dollars', maximum: 1e9 }),
            tickSize: positive({ about: 'price step from there on', maximum: 1e9 }),
          }),
        )
        .max(10)
        .default([])
        .describe('larger price steps for dearer options: each from its price on, steps in multiples of tickSize'),
    })
    .prefault({})
    .describe('the option series'),
  expiries: z.array(expirySchema).min(1).max(40).describe('expiries, nearest first'),
  fees: z
    .strictObject({
      option: z
        .strictObject({
          maker: z.number().min(-0.01).max(0.01).default(0.0003).describe('fraction of the index price; negative is a rebate'),
          taker: z.number().min(-0.01).max(0.01).default(0.0003).describe('fraction of the index price'),
          premiumCap: fraction({ about: 'largest fee as a fraction of the premium' }).prefault(0.125),
          delivery: z
            .number()
            .min(0)
            .max(0.01)
            .default(0.00015)
            .describe('at settlement, fraction of the index price; capped as the others'),
        })
        .prefault({}),
      perpetual: z
        .strictObject({
          maker: z.number().min(-0.01).max(0.01).default(0).describe('fraction of the traded value; negative is a rebate'),
          taker: z.number().min(-0.01).max(0.01).default(0.0005).describe('fraction of the traded value'),
        })
        .prefault({}),
    })
    .prefault({}),
  selfTrade: z
    .enum(['cancel-oldest', 'cancel-newest', 'cancel-both'])
    .default('cancel-oldest')
    .describe('what goes when an agent would trade with itself: its resting order, what is left of its new one, or both'),
  priceBand: z
    .strictObject({
      fraction: positive({ about: 'of the reference price: the middle of the touch, else the last trade', maximum: 100 }),
      ticksMinimum: wholePositive({ about: 'least width of the band, in ticks' }).default(10),
    })
    .optional()
    .describe('how far above the reference a buyer may bid, and below it a seller may offer; no band by default'),
  settlement: z
    .strictObject({
      average: seconds({ about: 'time before the expiry over which the index is averaged', minimum: 0, maximum: 86_400 }).prefault(0),
    })
    .prefault({})
    .describe('the price at which options settle: the index of the last moment, or its average at the steps of the world'),
  dayEnds: hours({
    about: 'time from the opening to the end of the first day, when day orders end; 24 hours by default',
    above: 0,
  }).optional(),
  sessions: sessionsSchema.optional().describe('when the market is open, day after day; always, by default'),
  funding: z
    .strictObject({
      intervalHours: hours({ about: 'time between two payments, in whole steps of the world', above: 0 }).prefault(8),
      dampenerBp: nonNegative({
        about: 'premium over the index that costs nothing, in basis points for eight hours',
        maximum: 1000,
      }).default(2.5),
      capBp: positive({ about: 'largest rate, in basis points for eight hours', maximum: 1000 }).default(50),
    })
    .optional()
    .describe('payments between the holders of the perpetual for its distance from the index; none by default'),
  listings: z
    .array(
      z.strictObject({
        at: seconds({ about: 'time from the opening', minimum: 0 }),
        expiry: z.string().describe('label of the expiry'),
        strikes: z.array(positive()).min(1).optional().describe('of that expiry; by default all of them'),
      }),
    )
    .max(1000)
    .default([])
    .describe('series that open for trading only then'),
});

/** Bounds on a run: each is enforced, and an error names it. */
export const limitsSchema = z.strictObject({
  queue: wholePositive({ about: 'events under way at once', maximum: 10_000_000 }).default(1_000_000),
  events: wholePositive({ about: 'events in the whole run', maximum: 10_000_000_000 }).default(200_000_000),
  lotsPerOrder: wholePositive({ about: 'largest order, in lots', maximum: 1_000_000 }).default(100_000),
  ordersPerAgent: wholePositive({ about: 'orders that an agent may have at rest', maximum: 1_000_000 }).default(10_000),
  requestRate: z
    .strictObject({
      perSecond: positive({ about: 'new orders, replacements and mass quotes a second, in the long run', maximum: 1e9 }),
      burst: wholePositive({ about: 'of them at once' }).default(20),
    })
    .optional()
    .describe('what an agent may send; unlimited by default'),
});

export type MarketDocument = z.output<typeof marketSchema>;
